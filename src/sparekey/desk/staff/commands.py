"""What whoever runs the server may do about people: name the first admins, and take rights away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sparekey.core import admission
from sparekey.core.admission import Over, RightEnded, Role, Staffing
from sparekey.core.errors import InputError
from sparekey.desk import config
from sparekey.desk.staff.book import Book
from sparekey.desk.staff.invitations import invite
from sparekey.desk.store.opening import open_database
from sparekey.host.clock import SystemClock
from sparekey.host.entropy import SystemEntropy

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable
    from pathlib import Path

    from sparekey.desk.store.database import Database
    from sparekey.host.clock import Clock
    from sparekey.host.entropy import Entropy


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> tuple[argparse.ArgumentParser, ...]:
    """Add the commands; each gets its settings file from the caller."""
    invited = commands.add_parser("invite", help="a link that lets one of the first admins in")
    invited.add_argument(
        "--admin", action="store_true", required=True, help="others are invited in the console"
    )
    invited.add_argument("--name", required=True, help="what the person is called")
    staffed = commands.add_parser("staff", help="who works at this desk")
    dismissed = commands.add_parser("dismiss", help="take everything away from somebody, at once")
    dismissed.add_argument("person", metavar="ID", help="as `sparekey desk staff` shows it")
    made = (invited, staffed, dismissed)
    for command in made:
        command.set_defaults(call=lambda given: _run(given, print))
    return made


def _run(given: argparse.Namespace, say: Callable[[str], None]) -> int:
    settings, clock = config.load(given.config), SystemClock()
    database = open_database(settings)
    try:
        if given.command == "invite":
            invite_admin(database, given.name, settings.url, clock=clock, entropy=SystemEntropy(), say=say)
        elif given.command == "dismiss":
            dismiss(database, given.person, clock=clock, say=say)
        else:
            list_staff(database, clock=clock, say=say)
    finally:
        database.close()
    return 0


def invite_first(toml: Path, say: Callable[[str], None]) -> None:
    """Invite the first admin of a desk that was just made."""
    settings = config.load(toml)
    database = open_database(settings)
    try:
        invite_admin(database, "Admin", settings.url, clock=SystemClock(), entropy=SystemEntropy(), say=say)
    finally:
        database.close()
    say(f"For the second admin: sparekey desk invite --admin --name NAME --config {toml}")


def invite_admin(
    database: Database, name: str, url: str, *, clock: Clock, entropy: Entropy, say: Callable[[str], None]
) -> None:
    """Say a link that lets one admin in, once, within a day. Raises InputError (`name`)."""
    with database.writing() as connection:
        book = Book(connection, clock.wall())
        code = invite(book, entropy, clock.wall(), "", name, (Role.ADMIN,))
        have = len(book.admins())
    say(f"Give this link to {name}. It makes an admin once, within 24 hours:")
    say(f"  {url}/console/join#{code.shown}")
    if have >= admission.ADMINS:
        say(
            f"There are {have} admins already: two of them have to agree first, and then it waits for three days."
        )


def list_staff(database: Database, *, clock: Clock, say: Callable[[str], None]) -> None:
    """Say who is here."""
    with database.reading() as connection:
        for person in Book(connection, clock.wall()).everybody():
            roles = ", ".join(sorted(role.value for role in person.roles))
            say(f"{person.id}  {person.name}  ({roles or 'may do nothing'})")


def dismiss(database: Database, person: str, *, clock: Clock, say: Callable[[str], None]) -> None:
    """Take everything away from somebody, at once. Raises InputError (`person`)."""
    now = clock.wall()
    with database.writing() as connection:
        book = Book(connection, now)
        known = book.person(person)
        if known is None:
            raise InputError(
                "person", f"there is nobody with the id {person}; list them with: sparekey desk staff"
            )
        for kept in book.rights_of(person):
            if not isinstance(kept.state, Over):
                staffing = Staffing(now, book.founded(), book.admins(), book.admins(without=kept.state.right))
                book.store(admission.step(kept.state, RightEnded(""), staffing).state)
        book.end_sessions_of(person)
        book.note("", "right-ended", person)
    say(f"{known.name} may do nothing here any more.")

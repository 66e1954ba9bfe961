"""What whoever runs the server may do about people: name the first admins, and take rights away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sparekey.core import admission
from sparekey.core.admission import Over, RightEnded, Role, Staffing
from sparekey.core.errors import InputError
from sparekey.desk.staff.book import Book
from sparekey.desk.staff.invitations import invite

if TYPE_CHECKING:
    from collections.abc import Callable

    from sparekey.desk.store.database import Database
    from sparekey.host.clock import Clock
    from sparekey.host.entropy import Entropy


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

"""`sparekey desk token`: tokens of other programs, for whoever runs the server."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sparekey.core.errors import InputError
from sparekey.desk import config
from sparekey.desk.api.scopes import Scope
from sparekey.desk.api.tokens import DAYS_MOST, Tokens
from sparekey.desk.staff.book import Book
from sparekey.desk.store.opening import open_database
from sparekey.host.clock import SystemClock
from sparekey.host.entropy import SystemEntropy

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Sequence

    from sparekey.desk.store.database import Database
    from sparekey.host.clock import Clock
    from sparekey.host.entropy import Entropy


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> tuple[argparse.ArgumentParser, ...]:
    """Add the commands; each gets its settings file from the caller."""
    token = commands.add_parser("token", help="tokens of programs that call this desk")
    parts = token.add_subparsers(dest="part", required=True)
    made = parts.add_parser(
        "make",
        help="make one; it is printed once, and stored as a hash only",
        description="Makes a token with which a program calls this desk. It is printed once; its hash is kept.",
    )
    made.add_argument("--name", required=True, help="which program it is for")
    made.add_argument(
        "--scope",
        required=True,
        action="append",
        choices=[scope.value for scope in Scope],
        help="what it is for; more than one may be given",
    )
    made.add_argument("--days", type=int, default=90, help=f"how long it is good, at most {DAYS_MOST}; 90")
    listed = parts.add_parser("list", help="all tokens, without their secrets")
    revoked = parts.add_parser("revoke", help="withdraw one, at once")
    revoked.add_argument("id", metavar="ID", help="as `sparekey desk token list` shows it")
    for command in (made, listed, revoked):
        command.set_defaults(call=lambda given: _run(given, print))
    return made, listed, revoked


def _run(given: argparse.Namespace, say: Callable[[str], None]) -> int:
    settings = config.load(given.config)
    clock, entropy = SystemClock(), SystemEntropy()
    database = open_database(settings)
    try:
        if given.part == "make":
            scopes = [Scope(name) for name in given.scope]
            make(database, given.name, scopes, given.days, clock=clock, entropy=entropy, say=say)
            if not settings.api.on:
                say("The calls do not answer yet: desk.toml needs [api] on = true.")
        elif given.part == "revoke":
            revoke(database, given.id, clock=clock, entropy=entropy, say=say)
        else:
            list_all(database, clock=clock, entropy=entropy, say=say)
    finally:
        database.close()
    return 0


def make(
    database: Database,
    name: str,
    scopes: Sequence[Scope],
    days: int,
    *,
    clock: Clock,
    entropy: Entropy,
    say: Callable[[str], None],
) -> None:
    """Make one and say it, once. Raises InputError as `Tokens.make`."""
    made = Tokens(database, clock, entropy).make(name, scopes, days)
    _note(database, clock, "token-made", made.token.actor)
    say(f"The token of {made.token.name}, good until {_day(made.token.until)}. It is shown only now:")
    say(made.secret)


def list_all(database: Database, *, clock: Clock, entropy: Entropy, say: Callable[[str], None]) -> None:
    """Say which there are."""
    now = clock.wall()
    for token in Tokens(database, clock, entropy).all():
        held = f"good until {_day(token.until)}" if token.is_good(now) else "ended"
        held += ", waits for a second admin" if token.waits and token.is_good(now) else ""
        used = f"last call {_day(token.used)}" if token.used else "never called"
        scopes = " ".join(sorted(scope.value for scope in token.scopes))
        say(f"{token.id}  {token.name}  ({held}, {used})  {scopes}")


def revoke(
    database: Database, id_: str, *, clock: Clock, entropy: Entropy, say: Callable[[str], None]
) -> None:
    """Withdraw one. Raises InputError (`token`)."""
    if not Tokens(database, clock, entropy).revoke(id_):
        raise InputError("token", f"no token {id_} is good; list them with: sparekey desk token list")
    _note(database, clock, "token-ended", f"api-{id_}")
    say(f"Whoever holds the token {id_} is refused from now on.")


def _note(database: Database, clock: Clock, what: str, about: str) -> None:
    with database.writing() as connection:
        Book(connection, clock.wall()).note("", what, about)


def _day(at: int) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d")

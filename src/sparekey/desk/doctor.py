"""Says what is wrong with an installation, one line for each thing looked at. Changes nothing."""

from __future__ import annotations

import shutil
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from sqlalchemy import text

from sparekey.core.errors import InputError, SparekeyError, UnavailableError
from sparekey.core.tlog.leaf import read_leaf
from sparekey.core.tlog.tiles import TILE_WIDTH
from sparekey.desk.keyring import read_keys, read_secret
from sparekey.desk.keys.drafts import DRAFT
from sparekey.desk.log.opening import ledger_of
from sparekey.desk.log.verify import Memory, verify
from sparekey.desk.mail.smtp import SmtpMailer
from sparekey.desk.store.opening import connect
from sparekey.desk.store.schema import revision_of, revisions
from sparekey.desk.trust import check_trust, load_trust

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sparekey.desk.config import DeskConfig
    from sparekey.desk.log.ledger import Ledger
    from sparekey.desk.store.database import Database
    from sparekey.host.clock import Clock

ROOM = 1024**3
"""Bytes that should be free on the disk."""
SLACK = 60
"""Seconds by which clocks may differ."""


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at. `wrong`: what to mend, or "" when it is in order; `told` says what was found."""

    thing: str
    told: str = ""
    wrong: str = ""


def examine(config: DeskConfig, toml: Path, clock: Clock) -> Iterator[Finding]:
    """Look at everything, the one after the other, also after something was found wrong."""
    looks: list[tuple[str, Callable[[], str]]] = [
        ("settings", lambda: _settings(config, toml)),
        ("keys", lambda: _keys(config)),
        ("trust file", lambda: _trust(config)),
        ("witnesses", lambda: _witnesses(config)),
        ("disk", lambda: _disk(config)),
        ("database", lambda: _database(config)),
        ("clock", lambda: _clock(config, clock)),
        ("recovery log", lambda: _log(config)),
        ("mail server", lambda: _mail(config)),
    ]
    for thing, look in looks:
        try:
            yield Finding(thing, told=look())
        except SparekeyError as error:
            yield Finding(thing, wrong=error.hint or error.slug)


def _settings(config: DeskConfig, toml: Path) -> str:
    if stat.S_IMODE(toml.stat().st_mode) & 0o022:
        raise InputError("mode", f"others can change {toml}; mend it with: chmod go-w {toml}")
    for path in (config.smtp.password_file, config.database_password_file):
        if path is not None:
            read_secret(path)
    return f"{config.name} at {config.url}"


def _keys(config: DeskConfig) -> str:
    read_keys(config.keys)
    for path in config.trust.parent.glob("*root*.key"):
        raise InputError("root", f"{path} lies here; move it to a place without network")
    return "one for each purpose, for this user alone"


def _trust(config: DeskConfig) -> str:
    trust, _ = load_trust(config.trust, config.root)
    check_trust(trust, prefix=config.prefix, keyring=read_keys(config.keys))
    waits = f"; a draft of the next one waits in {DRAFT}" if config.trust.with_name(DRAFT).exists() else ""
    return f"version {trust.version}, leads here, and names our keys{waits}"


def _witnesses(config: DeskConfig) -> str:
    policy = load_trust(config.trust, config.root)[0].witnesses
    doors, names = {witness.name for witness in config.witnesses}, {key.name for key in policy.witnesses}
    if stray := doors - names:
        raise InputError("witness", f"the trust file names no witness {min(stray)}; take it out of desk.toml")
    if len(doors) < policy.needed:
        raise InputError("witness", f"devices ask for {policy.needed} witnesses, desk.toml has {len(doors)}")
    return f"devices ask for {policy.needed} of {len(names)}"


def _disk(config: DeskConfig) -> str:
    folder = config.trust.parent if "://" in config.database else Path(config.database).parent
    free = shutil.disk_usage(folder).free
    if free < ROOM:
        raise UnavailableError("disk", f"only {free // 1024**2} MB are free at {folder}")
    return f"{free // 1024**3} GB free"


def _database(config: DeskConfig) -> str:
    database = connect(config)
    try:
        with database.reading() as connection:
            step = revision_of(connection)
        if step is None:
            return "answers; it has no tables yet, the first start makes them"
        if step not in revisions():
            raise UnavailableError("store", "it was made by a newer sparekey; run that one")
        return (
            "answers" if step == revisions()[-1] else "answers; the next start brings its tables up to date"
        )
    finally:
        database.close()


def _clock(config: DeskConfig, clock: Clock) -> str:
    """Against the database's clock, where it has one of its own, and the newest entry of the log."""
    database = connect(config)
    try:
        now = clock.wall()
        if "://" in config.database:
            with database.reading() as connection:
                theirs = int(
                    connection.execute(text("SELECT extract(epoch FROM now())::bigint")).scalar_one()
                )
            if abs(theirs - now) > SLACK:
                raise UnavailableError(
                    "clock", f"this clock and the database's differ by {abs(theirs - now)} seconds"
                )
        newest = _newest(_ledger(config, database))
        if newest > now + SLACK:
            raise UnavailableError(
                "clock", f"the newest entry of the log is {newest - now} seconds in the future"
            )
        return "agrees with what it can be compared with"
    finally:
        database.close()


def _newest(ledger: Ledger) -> int:
    size = ledger.head().frontier.size
    leaves = list(ledger.all_leaves(size, max(size - TILE_WIDTH, 0)))
    return read_leaf(leaves[-1][-1]).time if leaves and leaves[-1] else 0


def _log(config: DeskConfig) -> str:
    database = connect(config)
    try:
        ledger = _ledger(config, database)
        if not ledger.head().note:
            return "not begun yet"
        return f"{verify(ledger, Memory(config.log_memory)).size} entries, whole and signed"
    finally:
        database.close()


def _ledger(config: DeskConfig, database: Database) -> Ledger:
    with database.reading() as connection:
        if revision_of(connection) is None:
            raise UnavailableError("store", "the database has no tables yet; the first start makes them")
    return ledger_of(read_keys(config.keys), load_trust(config.trust, config.root)[0], database)


def _mail(config: DeskConfig) -> str:
    mailer = SmtpMailer(config.smtp, greeting=urlsplit(config.url).hostname or "localhost")
    mailer.check()
    with mailer.session():
        return f"{config.smtp.host} takes our mail"

"""The phones that the owner paired, and the squares that pair one (spec/pairing.md)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sparekey.core.crypto import equal
from sparekey.core.errors import Refusal
from sparekey.core.keys import dated_key
from sparekey.core.messages.pairing import (
    PAIRING_TOKEN_LENGTH,
    SERIES_LIMIT,
    make_pairing,
    paired_code,
)
from sparekey.device.erase import Room

if TYPE_CHECKING:
    import sqlite3

    from sparekey.core.codes import Code
    from sparekey.core.messages.pairing import Pairing
    from sparekey.device.agent import Agent
    from sparekey.host.sqlite_store import SqliteFile

NAME_LIMIT = 40
"""Characters of a phone's name."""
PHONES_LIMIT = 8
"""As many as one screen shows."""
SQUARE_LASTS = 600
"""Seconds after which a square's code is taken no more."""
TRIES = 5
"""Wrong codes after which a square is over."""

SCHEMA = "CREATE TABLE phones (id INTEGER PRIMARY KEY, name TEXT NOT NULL, age INTEGER NOT NULL, wall INTEGER) STRICT"
SERIES_SCHEMA = (
    "CREATE TABLE phone_series (one INTEGER PRIMARY KEY CHECK (one = 1), series INTEGER NOT NULL,"
    " generation INTEGER NOT NULL) STRICT"
)


@dataclass(frozen=True)
class Phone:
    """One that was paired. `age`: of the device at that time; `wall`: Unix seconds, or None."""

    id: int
    name: str
    age: int
    wall: int | None


@dataclass
class _Square:
    """One that is shown. `uptime`: since when. Never written down."""

    pairing: Pairing
    code: Code = field(repr=False)
    uptime: int
    tries: int = 0


class Phones:
    """Safe from several threads. What is shown is in memory alone: a restart ends it."""

    def __init__(self, file: SqliteFile, agent: Agent) -> None:
        self._file = file
        self._agent = agent
        self._shown: dict[bytes, _Square] = {}
        agent.add(Room("phones", self._erase, self._is_empty, self._end_before))

    def all(self) -> tuple[Phone, ...]:
        """The oldest first."""
        rows = self._file.rows("SELECT id, name, age, wall FROM phones ORDER BY id")
        return tuple(Phone(*row) for row in rows)  # type: ignore[arg-type]  # STRICT tables hold what they say

    def show(self, page: bytes) -> Pairing:
        """A fresh square. `page`: whose; what was shown there before is over."""
        agent = self._agent
        key, now = dated_key(agent.keys.device_key), agent.now().moment.uptime
        pairing = make_pairing(
            key,
            desk=agent.trust.desk,
            token=agent.entropy.bytes(PAIRING_TOKEN_LENGTH),
            serial=agent.config.identity.serial,
            series=self._series(),
            age=agent.age(),
        )
        fresh = {
            held: square for held, square in self._shown.items() if now - square.uptime < SQUARE_LASTS
        } | {page: _Square(pairing, paired_code(key, pairing.token), now)}
        self._shown = dict(list(fresh.items())[-PHONES_LIMIT:])
        return pairing

    def shown(self, page: bytes) -> Pairing | None:
        """What is shown there and still good, or None."""
        square = self._held(page)
        return None if square is None else square.pairing

    def add(self, page: bytes, name: str, code: Code) -> Refusal | None:
        """The phone shows this code: it was paired."""
        square = self._held(page)
        if square is None:
            return Refusal.EXPIRED
        if not equal(square.code.text.encode(), code.text.encode()):
            square.tries += 1
            return Refusal.WRONG_CODE
        agent = self._agent
        with self._file.writing() as connection:
            (count,) = connection.execute("SELECT count(*) FROM phones").fetchone()
            if count >= PHONES_LIMIT:
                return Refusal.TOO_MANY_REQUESTS
            connection.execute(
                "INSERT INTO phones (name, age, wall) VALUES (?, ?, ?)",
                (name, agent.age(), agent.now().moment.wall),
            )
        self._shown.pop(page, None)
        return None

    def remove(self, number: int | None) -> bool:
        """Forget one, or with None every one, also a phone that is not in the list. All squares until now end, so the
        next one tells the desk that earlier pairings are over. False when there is no such phone.
        """
        with self._file.writing() as connection:
            gone = True
            if number is None:
                connection.execute("DELETE FROM phones")
            else:
                gone = connection.execute("DELETE FROM phones WHERE id = ?", (number,)).rowcount > 0
            if gone:
                self._raise(connection, self._agent.record.generation)
        self._shown.clear()
        return gone

    def _held(self, page: bytes) -> _Square | None:
        square, now = self._shown.get(page), self._agent.now().moment.uptime
        if square is None or now - square.uptime >= SQUARE_LASTS or square.tries >= TRIES:
            return None
        return square if square.pairing.series == self._series() else None

    def _series(self) -> int:
        rows = self._file.rows("SELECT series FROM phone_series")
        return int(str(rows[0][0])) if rows else 1

    def _raise(self, connection: sqlite3.Connection, generation: int) -> None:
        row = connection.execute("SELECT series FROM phone_series").fetchone()
        series = min((row[0] if row else 1) + 1, SERIES_LIMIT)
        connection.execute(
            "INSERT INTO phone_series VALUES (1, ?, ?)"
            " ON CONFLICT (one) DO UPDATE SET series = excluded.series, generation = excluded.generation",
            (series, generation),
        )

    def _end_before(self, generation: int) -> None:
        with self._file.writing() as connection:
            row = connection.execute("SELECT generation FROM phone_series").fetchone()
            if row is None or row[0] < generation:
                self._raise(connection, generation)
                connection.execute("DELETE FROM phones")
        self._shown.clear()

    def _is_empty(self) -> bool:
        return not self._file.rows("SELECT 1 FROM phones LIMIT 1")

    def _erase(self) -> None:
        with self._file.writing() as connection:
            connection.execute("DELETE FROM phones")
        self._shown.clear()

"""Calls that happen once, however often they arrive and at whichever node (draft-ietf-httpapi-idempotency-key-header).

A call with a key is claimed before it is carried out, and its answer stored afterwards. Where a node dies in between,
the claim ends by itself and the next try goes on: the mark of the claim stands in the history of the case, written
together with what happened, so that it does not happen again.
"""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select, update

from sparekey.core.crypto import sha256
from sparekey.core.errors import UnavailableError
from sparekey.desk.api.tables import api_calls

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sparekey.desk.cases.vault import Vault
    from sparekey.desk.store.database import Database

LEASE = 30
"""Seconds for which a call is left to whoever carries it out: about as long as a database takes to change over."""
KEPT = 86400
"""Seconds for which an answer is given again."""


@dataclass(frozen=True)
class Stored:
    """An answer to be given again. `headers`: those that belong to it."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)


@dataclass(frozen=True)
class Claim:
    """A call that is ours to carry out. `once`: marks whatever it changes."""

    mark: bytes = field(repr=False)
    once: bytes = field(repr=False)


class Busy(Enum):
    """Why a call is not carried out now; the value is a stable slug."""

    IN_PROGRESS = "in-progress"
    OTHER_CALL = "other-call"


class Repeats:
    """Every method raises UnavailableError when the database fails; then nothing changed, and a claim that could not be
    ended is given back by `settle` once the database is there again.
    """

    def __init__(self, database: Database, vault: Vault) -> None:
        self._database = database
        self._vault = vault
        self._owed: dict[bytes, Claim] = {}

    def claim(self, token: str, key: str, asked: bytes, now: int) -> Claim | Stored | Busy:
        """Begin a call. `key`: as its program made it up. `asked`: a hash of everything that is asked."""
        mark = sha256(f"{token} {key}".encode())
        with self._database.writing() as connection:
            connection.execute(
                delete(api_calls).where(api_calls.c.mark == mark, api_calls.c.at <= now - KEPT)
            )
            row = connection.execute(
                select(api_calls).where(api_calls.c.mark == mark).with_for_update()
            ).first()
            if row is None:
                values = {"mark": mark, "asked": asked, "at": now, "until": now + LEASE}
                connection.execute(insert(api_calls).values(**values))
                return Claim(mark, _once(mark, now))
            if row.asked != asked:
                return Busy.OTHER_CALL
            if row.answer is None:
                if now < row.until:
                    return Busy.IN_PROGRESS
                more = update(api_calls).where(api_calls.c.mark == mark)
                connection.execute(more.values(until=now + LEASE))
                return Claim(mark, _once(mark, row.at))
        status, headers, body = json.loads(self._vault.open(_name(mark), row.answer))
        return Stored(status, headers, body.encode())

    def keep(self, claim: Claim, answer: Stored) -> None:
        """The call is carried out, and this is its answer."""
        plain = json.dumps([answer.status, dict(answer.headers), answer.body.decode()])
        sealed = self._vault.seal(_name(claim.mark), plain.encode())
        with self._owing(claim), self._database.writing() as connection:
            row = update(api_calls).where(api_calls.c.mark == claim.mark, api_calls.c.answer.is_(None))
            connection.execute(row.values(answer=sealed, until=api_calls.c.at + KEPT))

    def release(self, claim: Claim) -> None:
        """Nothing was carried out: the same key may be used again."""
        with self._owing(claim), self._database.writing() as connection:
            mine = (api_calls.c.mark == claim.mark) & api_calls.c.answer.is_(None)
            connection.execute(delete(api_calls).where(mine))

    def leave(self, claim: Claim, now: int) -> None:
        """Nobody knows how far it was carried out: whoever sends it again goes on, under the same mark."""
        with self._owing(claim), self._database.writing() as connection:
            mine = (api_calls.c.mark == claim.mark) & api_calls.c.answer.is_(None)
            connection.execute(update(api_calls).where(mine).values(until=now))

    def settle(self, now: int) -> int:
        """Give back the claims whose end could not be stored. How many."""
        owed = list(self._owed.values())
        for claim in owed:
            self.leave(claim, now)
            self._owed.pop(claim.mark, None)
        return len(owed)

    @contextmanager
    def _owing(self, claim: Claim) -> Iterator[None]:
        try:
            yield
        except UnavailableError:
            self._owed[claim.mark] = claim
            raise

    def prune(self, now: int) -> None:
        """Forget what is over for a day."""
        with self._database.writing() as connection:
            connection.execute(delete(api_calls).where(api_calls.c.until <= now - KEPT))


def _once(mark: bytes, at: int) -> bytes:
    """Another one when the same key is used again after its answer is forgotten."""
    return sha256(mark + at.to_bytes(8, "big"))


def _name(mark: bytes) -> str:
    """What an answer is sealed for."""
    return f"call {mark.hex()}"

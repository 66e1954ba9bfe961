"""Tokens of other programs: shown once, stored as a hash, counted at every call, ended at once."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy import case, insert, select, update

from sparekey.core.codes import number_from_entropy
from sparekey.core.crypto import equal, sha256
from sparekey.core.errors import InputError
from sparekey.desk.api.scopes import ALONE, Scope
from sparekey.desk.api.tables import api_tokens

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from sqlalchemy import Row

    from sparekey.desk.store.database import Database
    from sparekey.host.clock import Clock
    from sparekey.host.entropy import Entropy

DAY = 86400
HOUR = 3600
DAYS_MOST = 366
"""Days for which a token is good, at most."""
NAME_LIMIT = 60
TOKENS_MOST = 100
"""Tokens that are good at one time."""

_FORM = re.compile(r"sparekey_([0-9A-HJKMNP-TV-Z]{8})_([0-9a-f]{64})", re.ASCII)


@dataclass(frozen=True)
class Token:
    """A token without its secret. `made`, `until`, `used`, `ended`: Unix seconds; `used` 0 for never, `ended` None for
    not withdrawn. `by`: who made it, a staff id, or empty. `waits`: a second admin has to agree first.
    """

    id: str
    name: str
    scopes: frozenset[Scope]
    by: str
    made: int
    until: int
    used: int
    ended: int | None = None
    waits: bool = False

    @property
    def actor(self) -> str:
        """What stands for its program where a staff id stands for a person."""
        return f"api-{self.id}"

    def holds(self, now: int) -> bool:
        """Neither withdrawn nor over, and nobody has to agree any more."""
        return self.is_good(now) and not self.waits

    def is_good(self, now: int) -> bool:
        """Neither withdrawn nor over."""
        return self.ended is None and now < self.until


@dataclass(frozen=True)
class Made:
    """A token that was just made. `secret`: what its program is to hold, to be shown now and never again."""

    token: Token
    secret: str = field(repr=False)


class Tokens:
    """All tokens of one desk. Every method raises UnavailableError when the database fails."""

    def __init__(self, database: Database, clock: Clock, entropy: Entropy) -> None:
        self._database = database
        self._clock = clock
        self._entropy = entropy

    def make(self, name: str, scopes: Sequence[Scope], days: int, by: str = "") -> Made:
        """A new one. What one admin may not let a program do alone waits for another; whoever runs the server waits for
        nobody. Raises InputError: `token-name`, `token-scopes`, `token-days`, `token-many`.
        """
        name, now = " ".join(name.split()), self._clock.wall()
        if not 0 < len(name) <= NAME_LIMIT or not name.isprintable():
            raise InputError("token-name", f"a token has a name of 1 to {NAME_LIMIT} characters")
        if not scopes:
            raise InputError("token-scopes", "a token is for something: name at least one scope")
        if not 1 <= days <= DAYS_MOST:
            raise InputError("token-days", f"a token is good for 1 to {DAYS_MOST} days")
        token = Token(
            id=number_from_entropy(self._entropy.bytes(5)),
            name=name,
            scopes=frozenset(scopes),
            by=by,
            made=now,
            until=now + days * DAY,
            used=0,
            waits=bool(by) and not ALONE.issuperset(scopes),
        )
        secret = f"sparekey_{token.id}_{self._entropy.bytes(32).hex()}"
        with self._database.writing() as connection:
            good = select(api_tokens.c.id).where(api_tokens.c.ended.is_(None), api_tokens.c.until > now)
            if len(connection.execute(good.limit(TOKENS_MOST)).all()) == TOKENS_MOST:
                raise InputError("token-many", f"there are {TOKENS_MOST} tokens; take some away first")
            connection.execute(
                insert(api_tokens).values(
                    id=token.id,
                    name=name,
                    scopes=" ".join(sorted(scope.value for scope in token.scopes)),
                    mark=sha256(secret.encode()),
                    by=by,
                    made=now,
                    until=token.until,
                    used=0,
                    hour=0,
                    calls=0,
                    agreed=None if token.waits else "",
                )
            )
        return Made(token, secret)

    def find(self, secret: str) -> Token | None:
        """Whose token this is, if it holds. What is wrong with it, nobody is told."""
        found = _FORM.fullmatch(secret)
        query = select(api_tokens).where(api_tokens.c.id == (found[1] if found else ""))
        with self._database.reading() as connection:
            row = connection.execute(query).first()
        known = bytes(32) if row is None else row.mark
        right = equal(known, sha256(secret.encode(errors="replace")))
        if row is None or not right:
            return None
        token = _token(row)
        return token if token.holds(self._clock.wall()) else None

    def count(self, token: Token) -> int:
        """One more call; how many there were in this clock hour, this one included. Stored when it returns."""
        now = self._clock.wall()
        hour, mine = now // HOUR, api_tokens.c.id == token.id
        calls = case((api_tokens.c.hour == hour, api_tokens.c.calls + 1), else_=1)
        more = update(api_tokens).where(mine).values(used=now, hour=hour, calls=calls)
        with self._database.writing(alone=False) as connection:
            return int(connection.execute(more.returning(api_tokens.c.calls)).scalar_one())

    def agree(self, id_: str, by: str) -> bool:
        """A second admin agrees. False when there is none such that waits, or it is this admin's own."""
        waits = api_tokens.c.agreed.is_(None) & api_tokens.c.ended.is_(None) & (api_tokens.c.by != by)
        with self._database.writing() as connection:
            agreed = update(api_tokens).where(api_tokens.c.id == id_, waits).values(agreed=by)
            return bool(connection.execute(agreed).rowcount)

    def revoke(self, id_: str) -> bool:
        """Withdraw one, at once. False when there is none such that is not withdrawn already."""
        which = (api_tokens.c.id == id_) & api_tokens.c.ended.is_(None)
        with self._database.writing() as connection:
            ended = connection.execute(update(api_tokens).where(which).values(ended=self._clock.wall()))
            return bool(ended.rowcount)

    def all(self) -> list[Token]:
        """Every token that was ever made, the newest first."""
        with self._database.reading() as connection:
            rows = connection.execute(select(api_tokens).order_by(api_tokens.c.made.desc(), api_tokens.c.id))
            return [_token(row) for row in rows]

    def names(self) -> Mapping[str, str]:
        """What the programs are called, by what stands for them in histories."""
        return {token.actor: token.name for token in self.all()}


def _token(row: Row[Any]) -> Token:
    scopes = frozenset(scope for scope in Scope if scope.value in row.scopes.split())
    return Token(
        row.id, row.name, scopes, row.by, row.made, row.until, row.used, row.ended, row.agreed is None
    )

"""How many mails went where, in one transaction: looked up for all who ask at once, and written at its end."""

from __future__ import annotations

from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, func, insert, select, update

from sparekey.core.mailing import Sent
from sparekey.desk.store.tables import mails, outbox, tally

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import Connection

    from sparekey.desk.store.ports import Counted, Queued

HOUR, DAY = 3600, 86400
TICKETED, TICKETLESS, HELD_BACK = "ticketed", "ticketless", "held-back"
FIRST_USE = "first-use"
"""Kinds in the tally."""

_FOR_REQUESTS = (
    select(
        mails.c.request_hash,
        mails.c.address_mark,
        func.min(mails.c.queued_at).label("first"),
        func.max(mails.c.queued_at).label("last"),
        func.count().label("many"),
    )
    .where(mails.c.request_hash.in_(bindparam("hashes", expanding=True)))
    .group_by(mails.c.request_hash, mails.c.address_mark)
)
_FOR_ADDRESSES = (
    select(
        mails.c.address_mark,
        func.count().label("day"),
        func.count().filter(mails.c.queued_at > bindparam("hour")).label("hour"),
    )
    .where(mails.c.address_mark.in_(bindparam("marks", expanding=True)), mails.c.queued_at > bindparam("day"))
    .group_by(mails.c.address_mark)
)
_FOR_KIND = select(func.coalesce(func.sum(tally.c.mails), 0)).where(
    tally.c.kind == bindparam("of"), tally.c.minute >= bindparam("since")
)
_MORE = (
    update(tally)
    .where(tally.c.kind == bindparam("of"), tally.c.minute == bindparam("at"))
    .values(mails=tally.c.mails + bindparam("more"))
)
_COUNT, _QUEUE, _FIRST = insert(mails), insert(outbox), insert(tally)


@contextmanager
def counting(connection: Connection) -> Iterator[Counting]:
    """The counts in this transaction. What is counted is written when the block ends without an error."""
    counts = Counting(connection)
    yield counts
    counts.write()


def tallied(connection: Connection, kind: str, now: int) -> int:
    """One more of anything that has a budget for each hour; how many there were before."""
    with counting(connection) as counts:
        return counts.tally(kind, now)


def first_seen(connection: Connection, hashes: Sequence[bytes]) -> dict[bytes, int]:
    """When the first mail for each request was queued, of those that had one."""
    found: dict[bytes, int] = {}
    for row in connection.execute(_FOR_REQUESTS, {"hashes": list(hashes)}):
        found[row.request_hash] = min(row.first, found.get(row.request_hash, row.first))
    return found


@dataclass
class _Went:
    """Mails of one request to one address. `last`: Unix seconds."""

    last: int | None = None
    many: int = 0


@dataclass
class _Got:
    """Mails to one address."""

    hour: int = 0
    day: int = 0


class Counting:
    """See `ports.DeskTransaction`. A transaction is one moment: every `now` in it is the same."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._first: dict[bytes, int | None] = {}
        self._went: dict[tuple[bytes, bytes], _Went] = {}
        self._got: dict[bytes, _Got] = {}
        self._kinds: dict[str, int] = {}
        self._more = Counter[tuple[str, int]]()
        self._mails: list[dict[str, Any]] = []
        self._waiting: list[dict[str, Any]] = []

    def expect(self, hashes: Sequence[bytes], marks: Sequence[bytes], now: int) -> None:
        """Look up the counts of these requests and addresses, as they are before this transaction."""
        requests = [each for each in dict.fromkeys(hashes) if each not in self._first]
        if requests:
            self._first.update(dict.fromkeys(requests))
            for row in self._connection.execute(_FOR_REQUESTS, {"hashes": requests}):
                known = self._first[row.request_hash]
                self._first[row.request_hash] = row.first if known is None else min(known, row.first)
                self._went[row.request_hash, row.address_mark] = _Went(row.last, row.many)
        addresses = [each for each in dict.fromkeys(marks) if each not in self._got]
        if addresses:
            self._got.update((each, _Got()) for each in addresses)
            since = {"marks": addresses, "hour": now - HOUR, "day": now - DAY}
            for row in self._connection.execute(_FOR_ADDRESSES, since):
                self._got[row.address_mark] = _Got(row.hour, row.day)

    def first_seen(self, request_hash: bytes) -> int | None:
        """When the first mail for a request was queued, also in this transaction."""
        self.expect([request_hash], [], 0)
        return self._first[request_hash]

    def sent(self, request_hash: bytes, address_mark: bytes, *, ticketed: bool, now: int) -> Sent:
        """What was queued so far, this transaction included."""
        self.expect([request_hash], [address_mark], now)
        went = self._went.get((request_hash, address_mark), _Went())
        got = self._got[address_mark]
        return Sent(
            since_last=None if went.last is None else now - went.last,
            for_request=went.many,
            address_hour=got.hour,
            address_day=got.day,
            kind_hour=self._kind(_kind(ticketed), now),
        )

    def queue(self, mail: Queued, now: int) -> None:
        """Put a mail into the outbox and count it."""
        self.count(mail, now)
        waiting = {
            "request": mail.request,
            "place": mail.place,
            "round": mail.round,
            "good_until": mail.good_until,
            "due": now,
            "attempts": 0,
        }
        self._waiting.append(waiting)

    def count(self, mail: Counted, now: int) -> None:
        """One more mail, whose words lie on another pile."""
        self.expect([mail.request_hash], [mail.address_mark], now)
        counted = {
            "request_hash": mail.request_hash,
            "address_mark": mail.address_mark,
            "queued_at": now,
            "keep_until": max(mail.keep_until, now + DAY),
        }
        self._mails.append(counted)
        if self._first[mail.request_hash] is None:
            self._first[mail.request_hash] = now
        went = self._went.setdefault((mail.request_hash, mail.address_mark), _Went())
        went.last, went.many = now, went.many + 1
        got = self._got[mail.address_mark]
        got.hour, got.day = got.hour + 1, got.day + 1
        self._one_more(_kind(mail.ticketed), now)

    def tally(self, kind: str, now: int) -> int:
        """One more of anything that has a budget for each hour; how many there were before."""
        before = self._kind(kind, now)
        self._one_more(kind, now)
        return before

    def hold_back(self, now: int) -> None:
        """Count a mail that must not go out."""
        self._one_more(HELD_BACK, now)

    def write(self) -> None:
        """Write what was counted and queued."""
        if self._mails:
            self._connection.execute(_COUNT, self._mails)
        if self._waiting:
            self._connection.execute(_QUEUE, self._waiting)
        for (kind, minute), more in sorted(self._more.items()):
            if self._connection.execute(_MORE, {"of": kind, "at": minute, "more": more}).rowcount == 0:
                self._connection.execute(_FIRST, {"kind": kind, "minute": minute, "mails": more})

    def _kind(self, kind: str, now: int) -> int:
        if kind not in self._kinds:
            since = {"of": kind, "since": (now - HOUR) // 60}
            self._kinds[kind] = int(self._connection.execute(_FOR_KIND, since).scalar_one())
        return self._kinds[kind]

    def _one_more(self, kind: str, now: int) -> None:
        self._more[kind, now // 60] += 1
        if kind in self._kinds:
            self._kinds[kind] += 1


def _kind(ticketed: bool) -> str:
    return TICKETED if ticketed else TICKETLESS

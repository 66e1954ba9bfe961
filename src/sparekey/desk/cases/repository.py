"""Cases in the desk's database: a state and its orders in one transaction, one winner where two decide at once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, cast

from sqlalchemy import delete, func, insert, or_, select, update

from sparekey.core.case import Closed, Ending, EnterInLog, Held, Issued, Opened, Proposed, TellOwner
from sparekey.core.errors import Refusal
from sparekey.core.table import Step
from sparekey.desk.cases.asking import Bundle, Dossier, Kept, Line, Past, Which
from sparekey.desk.cases.tables import (
    case_history,
    case_mails,
    case_notes,
    case_orders,
    case_uploads,
    cases,
)
from sparekey.host.snapshot import freeze, thaw

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from typing import Any

    from sqlalchemy import ColumnElement, Connection

    from sparekey.core.case import State
    from sparekey.desk.cases.vault import Vault
    from sparekey.desk.store.database import Database

Order = EnterInLog | TellOwner
LEASE = 60
"""Seconds for which orders are left to whoever stored or took them."""
NAMES: dict[type, str] = {
    Opened: "opened",
    Proposed: "proposed",
    Held: "held",
    Issued: "issued",
    Closed: "closed",
}
"""How states are called in lists."""
_LOOK_ALIKES = {"O": "0", "I": "1", "L": "1"}
_FILLERS = " -._/"
_FOLD = str.maketrans({**_LOOK_ALIKES, **dict.fromkeys(_FILLERS, "")})


@dataclass(frozen=True)
class Fresh:
    """A case that is to be opened, unless it is there."""

    number: str
    dossier: Dossier


@dataclass(frozen=True)
class Told:
    """What became of an event. `orders`: stored with it, each with its id."""

    kept: Kept
    refusal: Refusal | None
    orders: tuple[tuple[int, Order], ...] = ()


class CaseRepository:
    """Every method raises UnavailableError when the database fails; then nothing changed."""

    def __init__(self, database: Database, vault: Vault, waits: Callable[[Dossier], str]) -> None:
        """`waits`: for whom a case waits, as a slug."""
        self._database = database
        self._vault = vault
        self._waits = waits

    def add(
        self, fresh: Sequence[Fresh], past: Past, also: Callable[[Connection, Sequence[Fresh]], None]
    ) -> list[str]:
        """Open cases, all or none; the same request from the same opener, if not closed yet, stays the case that
        it is. `also`: what goes with the new ones in the transaction. Returns the numbers in their order.
        """
        with self._database.writing() as connection:
            there = _known(connection, fresh)
            numbers = dict(there)
            numbers |= {_key(case): case.number for case in reversed(fresh) if _key(case) not in there}
            new = [case for case in fresh if _key(case) not in there and numbers[_key(case)] == case.number]
            if new:
                connection.execute(insert(cases), [self._row(case) for case in new])
                connection.execute(insert(case_history), [_line_of(case.number, past) for case in new])
                also(connection, new)
        return [numbers[_key(case)] for case in fresh]

    def get(self, number: str) -> Kept | None:
        """One case."""
        with self._database.reading() as connection:
            row = connection.execute(select(cases).where(cases.c.number == number)).first()
        return None if row is None else self._kept(row)

    def tell(
        self, number: str, step: Callable[[Kept], Step[State]], past: Past, seen: int | None = None
    ) -> Told | None:
        """Apply an event; None when there is no such case. `seen`: the version that whoever decides looked at;
        when it is another one by now the answer is ALREADY_DONE. What `past.once` marks happens once: the second
        time nothing changes, and nothing is refused.
        """
        with self._database.writing() as connection:
            row = connection.execute(select(cases).where(cases.c.number == number).with_for_update()).first()
            if row is None:
                return None
            kept = self._kept(row)
            if was_once(connection, number, past.once):
                return Told(kept, None)
            if seen is not None and seen != kept.version:
                return Told(kept, Refusal.ALREADY_DONE)
            made = step(kept)
            if made.refusal is not None or (made.state == kept.state and not made.effects):
                return Told(kept, made.refusal)
            return self._store(connection, kept, made, past)

    def entered(self, number: str, index: int) -> None:
        """The issue of a case stands in the log."""
        with self._database.writing() as connection:
            connection.execute(update(cases).where(cases.c.number == number).values(log_index=index))

    def done(self, orders: Iterable[int]) -> None:
        """Forget orders. Doing so twice is fine."""
        with self._database.writing() as connection:
            connection.execute(delete(case_orders).where(case_orders.c.id.in_(tuple(orders))))

    def left_over(self, now: int, most: int) -> list[tuple[int, str, Order]]:
        """Take orders that somebody stored and did not carry out, oldest first: id, case, order."""
        due = case_orders.c.due <= now
        with self._database.reading() as connection:
            if connection.execute(select(case_orders.c.id).where(due).limit(1)).first() is None:
                return []
        query = select(case_orders).where(due).order_by(case_orders.c.id).limit(most)
        with self._database.writing() as connection:
            rows = connection.execute(query.with_for_update(skip_locked=True)).all()
            taken = case_orders.c.id.in_([row.id for row in rows])
            connection.execute(update(case_orders).where(taken).values(due=now + LEASE))
        return [(row.id, row.number, thaw(row.content, Order)) for row in rows]

    def due(self, now: int, most: int) -> list[str]:
        """Cases whose hold is over, the longest over first."""
        query = select(cases.c.number).where(cases.c.due.between(1, now)).order_by(cases.c.due).limit(most)
        with self._database.reading() as connection:
            return list(connection.execute(query).scalars())

    def lines(
        self,
        which: Which,
        *,
        after: tuple[int, str] = (0, ""),
        most: int = 50,
    ) -> list[Line]:
        """Cases, the oldest first. `after`: opening time and number of the last line of the page before."""
        at, number = after
        query = (
            select(cases)
            .where(or_(cases.c.opened > at, (cases.c.opened == at) & (cases.c.number > number)))
            .order_by(cases.c.opened, cases.c.number)
            .limit(most)
        )
        if which.statuses:
            query = query.where(cases.c.status.in_(which.statuses))
        if which.serial:
            query = query.where(_alike(cases.c.serial) == alike(which.serial))
        if which.batch:
            query = query.where(cases.c.batch == which.batch)
        if which.waits is not None:
            query = query.where(cases.c.waits == which.waits)
        if which.since:
            query = query.where(cases.c.opened >= which.since)
        if which.before:
            query = query.where(cases.c.opened < which.before)
        with self._database.reading() as connection:
            return [_line(row) for row in connection.execute(query)]

    def bundles(self, status: str, *, after: tuple[int, str], most: int) -> list[Bundle]:
        """Cases of one state, those that were opened together as one; the oldest first. `after`: opening time and
        number of the last one of the page before.
        """
        opened, (at, number) = func.min(cases.c.opened), after
        query = (
            select(
                cases.c.batch,
                func.min(cases.c.number).label("number"),
                func.count().label("amount"),
                opened.label("opened"),
                func.max(cases.c.changed).label("since"),
            )
            .where(cases.c.status == status)
            .group_by(cases.c.batch)
            .having(or_(opened > at, (opened == at) & (cases.c.batch > number)))
            .order_by(opened, cases.c.batch)
            .limit(most)
        )
        with self._database.reading() as connection:
            rows = connection.execute(query).all()
        return [
            Bundle(row.batch, row.number if row.amount == 1 else "", row.amount, row.opened, row.since)
            for row in rows
        ]

    def waiting(self, batch: str) -> dict[str, int]:
        """How many of the cases that were opened together wait for whom, by slug."""
        query = (
            select(cases.c.waits, func.count().label("amount"))
            .where(cases.c.batch == batch)
            .group_by(cases.c.waits)
        )
        with self._database.reading() as connection:
            return {row.waits: row.amount for row in connection.execute(query)}

    def idle(self, before: int, most: int) -> list[str]:
        """Open cases that nothing happened to since then."""
        query = select(cases.c.number).where(cases.c.status == NAMES[Opened], cases.c.changed < before)
        with self._database.reading() as connection:
            return list(connection.execute(query.limit(most)).scalars())

    def forget(self, before: int, most: int) -> int:
        """Forget closed cases that nothing happened to since then, and all that belongs to them. Returns how many."""
        query = select(cases.c.number).where(cases.c.status == NAMES[Closed], cases.c.changed < before)
        with self._database.writing() as connection:
            numbers = list(connection.execute(query.limit(most)).scalars())
            for table in (case_mails, case_notes, case_uploads, case_orders, case_history, cases):
                connection.execute(delete(table).where(table.c.number.in_(numbers)))
        return len(numbers)

    def others(self, kept: Kept, since: int) -> list[Line]:
        """Other cases of the same device or the same request, opened since then."""
        same = or_(cases.c.serial == kept.serial, cases.c.request_hash == kept.state.file.request)
        query = select(cases).where(same, cases.c.number != kept.number, cases.c.opened >= since)
        with self._database.reading() as connection:
            return [_line(row) for row in connection.execute(query.order_by(cases.c.opened.desc()).limit(50))]

    def history(self, number: str) -> list[Past]:
        """What happened to a case, oldest first."""
        query = select(case_history).where(case_history.c.number == number).order_by(case_history.c.id)
        with self._database.reading() as connection:
            rows = connection.execute(query).all()
        return [Past(row.at, row.what, row.by, row.role, row.detail) for row in rows]

    def note(self, number: str, past: Past) -> None:
        """Add a line to a case's history."""
        with self._database.writing() as connection:
            note(connection, number, past)

    def _row(self, case: Fresh) -> dict[str, object]:
        file, asker = case.dossier.state.file, case.dossier.asker
        return {
            "number": case.number,
            "serial": file.serial,
            "model": case.dossier.asked.model,
            "request_hash": file.request,
            "opener": asker.opener,
            "batch": asker.batch,
            "status": NAMES[Opened],
            "waits": self._waits(case.dossier),
            "ending": "",
            "due": 0,
            "opened": file.opened,
            "changed": file.opened,
            "version": 1,
            "log_index": None,
            "dossier": self._vault.seal(case.number, freeze(case.dossier)),
        }

    def _store(self, connection: Connection, kept: Kept, made: Step[State], past: Past) -> Told:
        dossier = replace(kept.dossier, state=made.state)
        state = made.state
        connection.execute(
            update(cases)
            .where(cases.c.number == kept.number)
            .values(
                status=NAMES[type(state)],
                waits=self._waits(dossier),
                ending=state.ending.value if isinstance(state, Closed) else "",
                due=state.until if isinstance(state, Held) else 0,
                changed=past.at,
                version=kept.version + 1,
                dossier=self._vault.seal(kept.number, freeze(dossier)),
            )
        )
        note(connection, kept.number, past)
        orders = []
        for effect in made.effects:
            stored = {"number": kept.number, "content": freeze(effect), "due": past.at + LEASE}
            made_id = insert(case_orders).values(stored).returning(case_orders.c.id)
            orders.append((connection.execute(made_id).scalar_one(), cast("Order", effect)))
        new = replace(kept, version=kept.version + 1, changed=past.at, dossier=dossier)
        return Told(new, made.refusal, tuple(orders))

    def _kept(self, row: Any) -> Kept:
        dossier: Dossier = thaw(self._vault.open(row.number, row.dossier), Dossier)
        return Kept(row.number, row.version, row.opened, row.changed, row.log_index, dossier)


def alike(serial: str) -> str:
    """A serial number without what people take for something else: 0 and O, 1 and I and L, dashes and spaces."""
    return serial.upper().translate(_FOLD)


def _alike(column: ColumnElement[str]) -> ColumnElement[str]:
    """The same in the database."""
    folded: ColumnElement[str] = func.upper(column)
    for seen, meant in (*_LOOK_ALIKES.items(), *((filler, "") for filler in _FILLERS)):
        folded = func.replace(folded, seen, meant)
    return folded


def _key(case: Fresh) -> tuple[bytes, bytes]:
    """What makes two of them the same: the request, and who opened it."""
    return case.dossier.state.file.request, case.dossier.asker.opener


def _known(connection: Connection, fresh: Sequence[Fresh]) -> dict[tuple[bytes, bytes], str]:
    """The numbers of those that are there already."""
    hashes = [case.dossier.state.file.request for case in fresh]
    openers = {case.dossier.asker.opener for case in fresh}
    query = select(cases.c.request_hash, cases.c.opener, cases.c.number).where(
        cases.c.request_hash.in_(hashes), cases.c.opener.in_(openers), cases.c.status != NAMES[Closed]
    )
    return {(row.request_hash, row.opener): row.number for row in connection.execute(query)}


def _line_of(number: str, past: Past) -> dict[str, object]:
    return {
        "number": number,
        "at": past.at,
        "what": past.what,
        "by": past.by,
        "role": past.role,
        "detail": past.detail,
        "once": past.once or None,
    }


def was_once(connection: Connection, number: str, once: bytes) -> bool:
    """Whether what this marks happened to a case already. Without a mark nothing did."""
    if not once:
        return False
    query = select(case_history.c.id).where(case_history.c.number == number, case_history.c.once == once)
    return connection.execute(query.limit(1)).first() is not None


def note(connection: Connection, number: str, past: Past) -> None:
    """Add a line to a case's history, in a transaction of another part."""
    connection.execute(insert(case_history).values(_line_of(number, past)))


def _line(row: Any) -> Line:
    return Line(
        row.number,
        row.serial,
        row.model,
        row.status,
        row.opened,
        row.changed,
        row.due,
        row.request_hash,
        row.waits,
        row.ending == Ending.CANCELLED_BY_OWNER.value,
    )

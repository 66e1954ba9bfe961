"""The registry's rows, each read and written on the connection of a transaction."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, delete, func, insert, select, update

from sparekey.core.registry import Disputed, DisputeState, Ended, Pending, Source, Why
from sparekey.desk.registry.tables import (
    device_owners,
    disputes,
    enrolled,
    enrolled_once,
    factory,
    news,
    stolen,
)
from sparekey.host.snapshot import freeze, thaw

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from sqlalchemy import Connection

STATUS: dict[type, str] = {Disputed: "disputed", Pending: "pending", Ended: "ended"}
"""How a dispute's states are called in lists."""
OPEN = (STATUS[Disputed], STATUS[Pending])
_REQUESTS = select(enrolled.c.serial, enrolled.c.request).where(
    enrolled.c.serial.in_(bindparam("serials", expanding=True))
)


@dataclass(frozen=True)
class Row:
    """One enrolled device. `request`: the sealed enrolment; `request_hash`: of it as it came."""

    serial: str
    request: bytes = field(repr=False)
    request_hash: bytes
    epoch: int
    source: Source
    confirmed: bool
    released: bool
    at: int


@dataclass(frozen=True)
class DisputeRow:
    """One dispute. `request`: the sealed enrolment that waits."""

    number: str
    serial: str
    request: bytes = field(repr=False)
    why: Why
    came: int
    tries: int
    state: DisputeState


@dataclass(frozen=True)
class News:
    """One mail to be written. `kind`: its folder. `place`: which of the sealed addresses. `until`: a moment that it
    tells, or 0.
    """

    kind: str
    request: bytes = field(repr=False)
    place: int
    good_until: int
    about: str = ""
    until: int = 0


def row_of(connection: Connection, serial: str, *, lock: bool = False) -> Row | None:
    """The enrolment in use."""
    query = select(enrolled).where(enrolled.c.serial == serial)
    found = connection.execute(query.with_for_update() if lock else query).first()
    return None if found is None else _row(found)


def requests_of(connection: Connection, serials: Sequence[str]) -> dict[str, bytes]:
    """The sealed enrolments in use of some devices, by serial; those that are not enrolled are not in it."""
    return {row.serial: row.request for row in connection.execute(_REQUESTS, {"serials": list(serials)})}


def put_row(connection: Connection, row: Row, sealed_to: bytes) -> None:
    """It is the one in use now."""
    values = {
        "request": row.request,
        "request_hash": row.request_hash,
        "sealed_to": sealed_to,
        "epoch": row.epoch,
        "source": row.source.value,
        "confirmed": row.confirmed,
        "released": row.released,
        "at": row.at,
    }
    changed = update(enrolled).where(enrolled.c.serial == row.serial).values(values)
    if connection.execute(changed).rowcount == 0:
        connection.execute(insert(enrolled).values(serial=row.serial, **values))


def sealed_to_others(connection: Connection, key: bytes, after: str, most: int) -> list[Row]:
    """Rows that are sealed to another key than this one, by serial."""
    query = (
        select(enrolled)
        .where(enrolled.c.sealed_to != key, enrolled.c.serial > after)
        .order_by(enrolled.c.serial)
        .limit(most)
        .with_for_update()
    )
    return [_row(found) for found in connection.execute(query)]


def seen_before(connection: Connection, request_hash: bytes) -> bool:
    """Whether the desk took it once, or people had to look at it."""
    query = select(enrolled_once.c.at).where(enrolled_once.c.request_hash == request_hash)
    return connection.execute(query).first() is not None


def remember(connection: Connection, request_hash: bytes, serial: str, now: int) -> None:
    """For ever."""
    connection.execute(insert(enrolled_once).values(request_hash=request_hash, serial=serial, at=now))


def listed(connection: Connection, serial: str) -> bytes | None:
    """The hash of the factory's token."""
    found = connection.execute(select(factory.c.token_hash).where(factory.c.serial == serial)).scalar()
    return None if found is None else bytes(found)


def is_stolen(connection: Connection, serial: str) -> bool:
    """Whether its owner reported it."""
    return stolen_since(connection, serial) > 0


def stolen_since(connection: Connection, serial: str) -> int:
    """When its owner reported it, Unix seconds; 0 when nobody did."""
    return connection.execute(select(stolen.c.at).where(stolen.c.serial == serial)).scalar() or 0


def mark_stolen(connection: Connection, serial: str, now: int) -> bool:
    """Reporting it twice is fine. Returns whether it is new."""
    if is_stolen(connection, serial):
        return False
    connection.execute(insert(stolen).values(serial=serial, at=now))
    return True


def mark_found(connection: Connection, serial: str) -> bool:
    """So is finding it twice."""
    return connection.execute(delete(stolen).where(stolen.c.serial == serial)).rowcount > 0


def owners_of(connection: Connection, serial: str) -> tuple[str, ...]:
    """Members of the staff whose own device it is."""
    query = select(device_owners.c.person).where(device_owners.c.serial == serial)
    return tuple(sorted(connection.execute(query.order_by(device_owners.c.person)).scalars()))


def add_owner(connection: Connection, serial: str, person: str) -> None:
    """Saying so twice is fine."""
    if person not in owners_of(connection, serial):
        connection.execute(insert(device_owners).values(serial=serial, person=person))


def remove_owner(connection: Connection, serial: str, person: str) -> None:
    """Saying so twice is fine, too."""
    theirs = (device_owners.c.serial == serial) & (device_owners.c.person == person)
    connection.execute(delete(device_owners).where(theirs))


def dispute_of(connection: Connection, number: str, *, lock: bool = False) -> DisputeRow | None:
    """One dispute."""
    query = select(disputes).where(disputes.c.number == number)
    found = connection.execute(query.with_for_update() if lock else query).first()
    return None if found is None else _dispute(found)


def open_disputes(connection: Connection, serial: str) -> list[DisputeRow]:
    """Those of one serial."""
    query = select(disputes).where(disputes.c.serial == serial, disputes.c.status.in_(OPEN))
    return [_dispute(found) for found in connection.execute(query.order_by(disputes.c.came))]


def dispute_list(connection: Connection, after: int, most: int) -> list[DisputeRow]:
    """Open ones that came later than this, oldest first."""
    query = select(disputes).where(disputes.c.status.in_(OPEN), disputes.c.came > after)
    found = connection.execute(query.order_by(disputes.c.came, disputes.c.number).limit(most))
    return [_dispute(row) for row in found]


def due_disputes(connection: Connection, now: int, most: int) -> list[str]:
    """Those whose 72 hours are over."""
    query = select(disputes.c.number).where(disputes.c.due.between(1, now)).order_by(disputes.c.due)
    return list(connection.execute(query.limit(most)).scalars())


def add_dispute(connection: Connection, row: DisputeRow) -> None:
    """A new one."""
    connection.execute(
        insert(disputes).values(
            number=row.number,
            serial=row.serial,
            request=row.request,
            request_hash=row.state.claim.request,
            why=row.why.value,
            status=STATUS[type(row.state)],
            due=0,
            came=row.came,
            tries=0,
            state=freeze(row.state),
        )
    )


def put_dispute(connection: Connection, number: str, state: DisputeState) -> None:
    """Its next state."""
    due = state.until if isinstance(state, Pending) else 0
    values = {"status": STATUS[type(state)], "due": due, "state": freeze(state)}
    connection.execute(update(disputes).where(disputes.c.number == number).values(values))


def count_try(connection: Connection, number: str) -> None:
    """Somebody typed a wrong code."""
    raised = update(disputes).where(disputes.c.number == number).values(tries=disputes.c.tries + 1)
    connection.execute(raised)


def add_news(connection: Connection, mail: News, now: int) -> None:
    """A mail that waits."""
    connection.execute(
        insert(news).values(
            kind=mail.kind,
            request=mail.request,
            place=mail.place,
            about=mail.about,
            until=mail.until,
            good_until=mail.good_until,
            due=now,
            attempts=0,
        )
    )


def devices(connection: Connection) -> int:
    """How many are enrolled."""
    return connection.execute(select(func.count()).select_from(enrolled)).scalar_one()


def _row(found: Any) -> Row:
    return Row(
        serial=found.serial,
        request=bytes(found.request),
        request_hash=bytes(found.request_hash),
        epoch=found.epoch,
        source=Source(found.source),
        confirmed=bool(found.confirmed),
        released=bool(found.released),
        at=found.at,
    )


def _dispute(found: Any) -> DisputeRow:
    state: DisputeState = thaw(bytes(found.state), DisputeState)
    return DisputeRow(
        found.number, found.serial, bytes(found.request), Why(found.why), found.came, found.tries, state
    )

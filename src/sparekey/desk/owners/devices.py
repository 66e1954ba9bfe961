"""What an owner paired, how it stands, and what they may do about it (spec/pairing.md)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, insert, select, update

from sparekey.core.crypto import key_id, sha256
from sparekey.core.errors import InputError, Refusal
from sparekey.core.evidence import EvidenceKind
from sparekey.core.messages.notice import Noticed
from sparekey.core.messages.pairing import paired_code, read_pairing
from sparekey.desk.owners.tables import NOBODY, pairings

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from sparekey.core.codes import Code
    from sparekey.core.messages.pairing import Pairing
    from sparekey.desk.cases.asking import Line
    from sparekey.desk.cases.service import Cases
    from sparekey.desk.owners.accounts import Owner
    from sparekey.desk.registry.registrar import Holding, Registrar
    from sparekey.host.clock import Clock

DEVICES_LIMIT = 500
"""Pairings of one account; ended ones count until they are removed."""
STOPPABLE = ("opened", "proposed", "held")
"""Cases in these states issued nothing yet."""
_ENDS = (Noticed.PASSWORD_RECOVERED, Noticed.ERASED)


class Ended(Enum):
    """By what a pairing ended; the value is stored."""

    RECOVERY = "recovery"
    SERIES = "series"
    OWNER = "owner"


@dataclass(frozen=True)
class Paired:
    """What a new pairing shows. `code`: to be typed at the device."""

    id: str
    serial: str
    code: Code


@dataclass(frozen=True)
class About:
    """A case about a device that may be stopped. `may_claim`: its owner's word would count. `claimed`: they gave it."""

    line: Line
    may_claim: bool
    claimed: bool

    @property
    def number(self) -> str:
        """The case's, as mails and support say it."""
        return f"{self.line.number[:4]}-{self.line.number[4:]}"


@dataclass(frozen=True)
class Mine:
    """A device in an owner's list. `ended`: why the pairing is over, or None. `cases`: those that may be stopped."""

    id: str
    serial: str
    at: int
    ended: Ended | None
    stolen: bool
    log_id: bytes | None
    cases: tuple[About, ...]

    def case(self, number: str) -> About | None:
        """One of them."""
        return next((case for case in self.cases if case.line.number == number), None)


class Devices:
    """Every method raises UnavailableError when the database fails; then nothing changed."""

    def __init__(self, *, desk: bytes, registrar: Registrar, cases: Cases, clock: Clock) -> None:
        self._desk = desk
        self._registrar = registrar
        self._cases = cases
        self._clock = clock
        self._database = registrar.database

    def pair(self, owner: Owner, text: str) -> Paired | Refusal:
        """Take a pairing. One `not-genuine` for whatever is wrong with it, so that it tells nothing about the device;
        `too-many-requests` when the list is full. The same link in the same account shows the same code again.
        """
        try:
            pairing = read_pairing(text)
        except InputError:
            return Refusal.NOT_GENUINE
        holding = self._registrar.holding(pairing.serial)
        if holding is None or pairing.desk != self._desk or not _is_of(pairing, holding):
            return Refusal.NOT_GENUINE
        token, now = sha256(pairing.token), self._clock.wall()
        with self._database.writing() as connection:
            row = connection.execute(select(pairings).where(pairings.c.token == token)).first()
            if row is not None and (row.owner != owner.id or row.ended is not None):
                return Refusal.NOT_GENUINE
            if row is None:
                refusal = self._refused(connection, owner, pairing)
                if refusal is not None:
                    return refusal
                self._put(connection, owner, pairing, holding, now)
        if row is None:
            self._registrar.tell(pairing.serial, "paired")
        return Paired(token[:8].hex(), pairing.serial, paired_code(holding.key, pairing.token))

    def mine(self, owner: Owner) -> list[Mine]:
        """The list, the newest first."""
        query = select(pairings).where(pairings.c.owner == owner.id).order_by(pairings.c.at.desc())
        with self._database.reading() as connection:
            rows = connection.execute(query).all()
        return [self._mine(row) for row in rows]

    def one(self, owner: Owner, id_: str) -> Mine | None:
        """One of them."""
        return next((device for device in self.mine(owner) if device.id == id_), None)

    def remove(self, owner: Owner, id_: str) -> None:
        """Take it out of the list."""
        with self._database.writing() as connection:
            query = select(pairings.c.token).where(pairings.c.owner == owner.id)
            for (token,) in connection.execute(query).all():
                if bytes(token)[:8].hex() == id_:
                    _let_go(connection, pairings.c.token == token, self._clock.wall())

    def report(self, owner: Owner, id_: str, *, stolen: bool) -> bool:
        """It was stolen, or it is back. False when it is not theirs (any more)."""
        device = self._held(owner, id_)
        if device is None:
            return False
        (self._registrar.report_stolen if stolen else self._registrar.report_found)(device.serial)
        return True

    def transfer(self, owner: Owner, id_: str) -> bool:
        """It goes to somebody else: every pairing of it ends. False when it is not theirs (any more)."""
        device = self._held(owner, id_)
        return device is not None and self._registrar.transfer(device.serial)

    def stop(self, owner: Owner, id_: str, number: str) -> Refusal | None:
        """The owner says no to a case about their device, before anything is issued."""
        device = self._held(owner, id_)
        if device is None or device.case(number) is None:
            return Refusal.NO_SUCH_REQUEST
        return self._cases.cancel(number).refusal

    def claim(self, owner: Owner, id_: str, number: str) -> Refusal | None:
        """The owner says that a case about their device is theirs: evidence (spec/support.md section 3)."""
        device = self._held(owner, id_)
        case = None if device is None else device.case(number)
        if device is None or case is None or not case.may_claim:
            return Refusal.NO_SUCH_REQUEST
        return self._cases.paired_phone(number, device.at).refusal

    def heard(self, serial: str, what: Noticed, age: int) -> None:
        """A device with a ticket said that this happened at this age: what was paired until then is over."""
        if what not in _ENDS:
            return
        older = (pairings.c.serial == serial) & (pairings.c.age <= age)
        with self._database.writing() as connection:
            _end(connection, older, Ended.RECOVERY, self._clock.wall())

    def _refused(self, connection: Connection, owner: Owner, pairing: Pairing) -> Refusal | None:
        same = (pairings.c.serial == pairing.serial) & (pairings.c.key == pairing.device)
        newest = select(func.max(pairings.c.series), func.max(pairings.c.age)).where(same)
        series, age = connection.execute(newest).one()
        if pairing.series < (series or 0) or pairing.age < (age or 0):
            return Refusal.NOT_GENUINE
        count = select(func.count()).select_from(pairings).where(pairings.c.owner == owner.id)
        full = connection.execute(count).scalar_one() >= DEVICES_LIMIT
        return Refusal.TOO_MANY_REQUESTS if full else None

    def _put(
        self, connection: Connection, owner: Owner, pairing: Pairing, holding: Holding, now: int
    ) -> None:
        before = (pairings.c.serial == pairing.serial) & (pairings.c.series < pairing.series)
        _end(connection, before, Ended.SERIES, now)
        again = (
            (pairings.c.owner == owner.id)
            & (pairings.c.serial == pairing.serial)
            & pairings.c.ended.is_not(None)
        )
        _let_go(connection, again, now)
        connection.execute(
            insert(pairings).values(
                token=sha256(pairing.token),
                owner=owner.id,
                serial=pairing.serial,
                key=pairing.device,
                series=pairing.series,
                age=pairing.age,
                epoch=holding.epoch,
                at=now,
            )
        )

    def _held(self, owner: Owner, id_: str) -> Mine | None:
        device = self.one(owner, id_)
        return None if device is None or device.ended is not None else device

    def _mine(self, row: Any) -> Mine:
        ended = Ended(row.why) if row.ended is not None else None
        holding = None if ended is not None else self._registrar.holding(row.serial)
        if ended is None:
            same = (
                holding is not None and holding.epoch == row.epoch and key_id(holding.key) == bytes(row.key)
            )
            ended = None if same else Ended.OWNER
        id_ = bytes(row.token)[:8].hex()
        if ended is not None:  # whoever has it now is no business of this account
            return Mine(id_, row.serial, row.at, ended, stolen=False, log_id=None, cases=())
        lines = [
            line
            for line in self._cases.find(row.serial)
            if line.serial == row.serial and line.status in STOPPABLE
        ]
        return Mine(
            id_,
            row.serial,
            row.at,
            None,
            self._registrar.standing(row.serial).stolen,
            self._registrar.log_id(row.serial),
            tuple(self._about(line, row.at, proved=holding is not None and holding.proved) for line in lines),
        )

    def _about(self, line: Line, since: int, *, proved: bool) -> About:
        case = self._cases.show(line.number, outside=True)
        claimed = case is not None and EvidenceKind.PAIRED_PHONE in case.file.kinds
        counts = proved and line.status == "opened" and self._cases.policy.counts(since, line.opened)
        return About(line, counts and not claimed, claimed)


def _is_of(pairing: Pairing, holding: Holding) -> bool:
    return pairing.device == key_id(holding.key) and pairing.holds(holding.key)


def _let_go(connection: Connection, which: Any, now: int) -> None:
    """It is nobody's any more. The row stays, so that its token, and what is older, is never taken again."""
    gone = {"owner": NOBODY, "ended": now, "why": Ended.OWNER.value}
    connection.execute(update(pairings).where(which).values(**gone))


def _end(connection: Connection, which: Any, why: Ended, now: int) -> None:
    running = which & pairings.c.ended.is_(None)
    connection.execute(update(pairings).where(running).values(ended=now, why=why.value))

"""Takes in what people and programs hand over, and opens a case for each thing that can be one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sparekey.core import mailing
from sparekey.core.case import Evidence, File, Opened
from sparekey.core.codes import number_from_entropy
from sparekey.core.crypto import derive, mac
from sparekey.core.evidence import EvidenceKind
from sparekey.desk.cases import budget
from sparekey.desk.cases.asking import Dossier, Past
from sparekey.desk.cases.carrying import TOLD
from sparekey.desk.cases.opening import Handed, Trouble
from sparekey.desk.cases.posting import ASKER, OWNERS, Kind, put_all, row
from sparekey.desk.cases.repository import Fresh
from sparekey.desk.cases.typed import Typed, read_typed

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlalchemy import Connection

    from sparekey.desk.cases.asking import Asker
    from sparekey.desk.cases.budget import Budget, Limit
    from sparekey.desk.cases.opening import Item, Opener
    from sparekey.desk.cases.repository import CaseRepository
    from sparekey.desk.registry.ports import Registry
    from sparekey.host.clock import Clock
    from sparekey.host.entropy import Entropy

BATCH = 200
"""Cases opened in one transaction."""


@dataclass(frozen=True)
class Source:
    """For whom cases are counted: `mark` of a program of a help desk, which has room of its own beside the public."""

    mark: bytes


@dataclass(frozen=True)
class Receipt:
    """What became of one thing that was handed in: a case, or what is wrong with it."""

    serial: str = ""
    number: str = ""
    trouble: Trouble | None = None


class Reception:
    """Opens cases. `ticket`: the desk's ticket key. `wake`: called when mail waits."""

    def __init__(
        self,
        *,
        repository: CaseRepository,
        opener: Opener,
        registry: Registry,
        counts: Budget,
        ticket: bytes,
        clock: Clock,
        entropy: Entropy,
        wake: Callable[[], None],
    ) -> None:
        self._repository = repository
        self._opener = opener
        self._registry = registry
        self._counts = counts
        self._ticket = ticket
        self._clock = clock
        self._entropy = entropy
        self._wake = wake

    def text(self, given: str | bytes, asker: Asker, source: Source | bytes) -> list[Receipt]:
        """Every request in a text, in its place. `source`: whom to count it for, or empty for the staff."""
        now = self._clock.wall()
        return self._open(self._opener.open(self._opener.items(given), now), asker, source, now)

    def part(self, items: Sequence[Item], asker: Asker, batch: str, first: str) -> list[Receipt]:
        """A part of a larger file that somebody of the staff handed in. `batch`: what its cases belong to. `first`: the
        number of its first case, empty when that is open already.
        """
        now = self._clock.wall()
        opened = self._opener.open(items, now)
        return self._open(opened, replace(asker, batch=batch), b"", now, first)

    def typed(self, typed: Typed, asker: Asker, source: Source | bytes) -> Receipt:
        """What a caller reads out."""
        now = self._clock.wall()
        return self._open((read_typed(typed, now),), asker, source, now)[0]

    def _open(
        self,
        handed: Sequence[Handed | Trouble],
        asker: Asker,
        source: Source | bytes,
        now: int,
        first: str = "",
    ) -> list[Receipt]:
        receipts = [
            Receipt(trouble=item) if isinstance(item, Trouble) else Receipt(item.serial) for item in handed
        ]
        good = [(place, item) for place, item in enumerate(handed) if isinstance(item, Handed)]
        past = Past(now, "opened", asker.agent, "agent" if asker.agent else "asker")
        for start in range(0, len(good), BATCH):
            part = good[start : start + BATCH]
            if not self._fits([item for _, item in part], source, now):
                for place, item in part:
                    receipts[place] = Receipt(item.serial, trouble=Trouble.TOO_MANY)
                continue
            fresh = []
            for _, item in part:
                number, first = first or number_from_entropy(self._entropy.bytes(5)), ""
                asker = asker if asker.batch else replace(asker, batch=number)
                fresh.append(self._fresh(number, item, asker, now))
            numbers = self._repository.add(
                fresh, past, lambda connection, new: self._mail(connection, new, now)
            )
            for (place, item), number in zip(part, numbers, strict=True):
                receipts[place] = Receipt(item.serial, number)
        self._wake()
        return receipts

    def _fits(self, items: Sequence[Handed], source: Source | bytes, now: int) -> bool:
        """What enrolled devices sealed has room of its own; what anybody could have made up shares a small one."""
        if not source:
            return True
        known = sum(item.asked.ticketed for item in items)
        unknown = len(items) - known
        if isinstance(source, Source):
            mark, others = source.mark, [(budget.OPENED_BY_PROGRAM, source.mark)]
        else:
            mark, others = source, [(budget.OPENED_HERE, source), (budget.OPENED, budget.ALL)]
        wanted: list[tuple[list[tuple[Limit, bytes]], int]] = [
            ([(budget.TICKETED, mark)], known),
            (others, unknown),
        ]
        return all(self._counts.take(limits, now, amount) for limits, amount in wanted if amount)

    def _fresh(self, number: str, item: Handed, asker: Asker, now: int) -> Fresh:
        evidence = (Evidence(EvidenceKind.REQUEST_FILE, "", now),) if item.asked.ticketed else ()
        file = File(
            number=number,
            serial=item.serial,
            request=item.hash,
            opened=now,
            requester=asker.requester,
            delivery=asker.address,
            standing=self._registry.standing(item.serial),
            evidence=evidence,
        )
        return Fresh(number, Dossier(Opened(file), item.asked, asker))

    def _mail(self, connection: Connection, fresh: Sequence[Fresh], now: int) -> None:
        """The asker hears once for all that was opened together; the owner of each device hears, but not without
        end.
        """
        devices = [self._device(case.dossier.state.file.serial) for case in fresh]
        heard = budget.take_each(connection, budget.MAILED_OWNER, devices, now)
        rows = [
            row(case.number, Kind.ASKED, place, now, now + TOLD)
            for case, fits in zip(fresh, heard, strict=True)
            if fits
            for place in OWNERS
        ]
        asker, first = fresh[0].dossier.asker, fresh[0].number
        if asker.address and asker.batch == first:
            mark = mailing.address_mark(self._ticket, asker.address)
            if budget.take(connection, ((budget.MAILED_ASKER, mark),), now):
                rows.append(row(first, Kind.OPENED, ASKER, now, now + TOLD))
        put_all(connection, rows)

    def _device(self, serial: str) -> bytes:
        return mac(derive(self._ticket, "device mark"), serial.encode())

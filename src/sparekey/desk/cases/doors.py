"""Who may look into a case from outside: whoever types a code that was mailed, or shows the secret of its program."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sparekey.core.codes import read_code
from sparekey.core.crypto import equal, sha256
from sparekey.core.errors import Refusal
from sparekey.desk.cases import budget
from sparekey.desk.cases.codes import Door
from sparekey.desk.cases.posting import DAY, OWNERS, Kind

if TYPE_CHECKING:
    from collections.abc import Callable

    from sparekey.core.codes import Code
    from sparekey.desk.cases.asking import Kept
    from sparekey.desk.cases.budget import Budget
    from sparekey.desk.cases.codes import CaseCodes
    from sparekey.desk.cases.posting import Posting
    from sparekey.desk.cases.repository import CaseRepository
    from sparekey.desk.registry.ports import Registry
    from sparekey.host.clock import Clock


MARKED_ROUND = 1 << 24
"""Rounds from here on are named by the mark of a call; those below it are counted."""


class Doors:
    """Checks codes. Every try is counted and stored before it is looked at."""

    def __init__(
        self,
        *,
        repository: CaseRepository,
        registry: Registry,
        codes: CaseCodes,
        posting: Posting,
        counts: Budget,
        clock: Clock,
        wake: Callable[[], None],
    ) -> None:
        self._repository = repository
        self._registry = registry
        self._codes = codes
        self._posting = posting
        self._counts = counts
        self._clock = clock
        self._wake = wake

    def enter(self, number: str, typed: str, source: bytes) -> Door | Refusal:
        """What a typed code opens: STATUS or OWNER. The same `wrong-code` for another code and for another case.

        Raises InputError when it has not the form of a code: that is no try.
        """
        code = read_code(typed)
        if not self._counted(number, source):
            return Refusal.TOO_MANY_TRIES
        kept = self._repository.get(number)
        batch = number if kept is None else kept.dossier.asker.batch
        status = self._codes.is_right(Door.STATUS, code, batch)
        owner = self._codes.is_right(Door.OWNER, code, number)
        if kept is None or not (status or owner):
            return Refusal.WRONG_CODE
        return Door.STATUS if status else Door.OWNER

    def status_code(self, number: str) -> Code:
        """The code for who asked, to be shown where no address was left."""
        kept = self._repository.get(number)
        return self._codes.code(Door.STATUS, number if kept is None else kept.dossier.asker.batch)

    def picked_up(self, number: str, pickup: bytes) -> Kept | None:
        """The case that a program opened with this secret; None for another secret and for another case."""
        kept = self._repository.get(number)
        known = b"" if kept is None else kept.dossier.asker.pickup
        return kept if equal(known or bytes(32), sha256(pickup)) else None

    def mail_mailbox_code(self, number: str, *, once: bytes = b"") -> None:
        """Send a code to the confirmed address, if there is one. Whoever asks learns nothing of that. `once`: the mark
        of a call that may be repeated; it names the round, so that one mail leaves for however many of them.
        """
        now = self._clock.wall()
        if self._counts.take(((budget.MAILED_MAILBOX, number.encode()),), now):
            marked = MARKED_ROUND | int.from_bytes(once[:3], "big")
            round_ = marked if once else self._posting.rounds(number, Kind.MAILBOX_CODE)
            self._posting.queue(number, Kind.MAILBOX_CODE, OWNERS[:1], now, now + DAY, round_)
            self._wake()

    def mailbox_refusal(self, number: str, typed: str, source: bytes) -> Refusal | None:
        """None when this is the code that was mailed to the confirmed address. Raises InputError as `enter`."""
        code = read_code(typed)
        if not self._counted(number, source):
            return Refusal.TOO_MANY_TRIES
        kept = self._repository.get(number)
        enrolled = None if kept is None else self._registry.opened(kept.serial)
        address = enrolled.addresses[0] if enrolled is not None and enrolled.confirmed else ""
        right = self._codes.is_right(Door.MAILBOX, code, number, address)
        return None if right and address else Refusal.WRONG_CODE

    def _counted(self, number: str, source: bytes) -> bool:
        limits = [(budget.TYPED_CODES, number.encode())]
        if source:
            limits.append((budget.TYPED_HERE, source))
        return self._counts.take(limits, self._clock.wall())

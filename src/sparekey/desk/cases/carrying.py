"""Carries out what the machine of a case orders: the log first, then who is to be told. Each may be done twice."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from sparekey.core.case import EnterInLog, Held, Issued, by_mail
from sparekey.core.errors import SparekeyError
from sparekey.desk.cases.posting import ASKER, DAY, OWNERS, Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sparekey.core.case import TellOwner
    from sparekey.desk.cases.answers import Answers
    from sparekey.desk.cases.posting import Posting
    from sparekey.desk.cases.repository import CaseRepository, Order
    from sparekey.host.clock import Clock

TOLD = 7 * DAY
"""Seconds for which a mail that tells something is worth sending."""
_KINDS = {
    "held": Kind.HELD,
    "cancelled": Kind.CANCELLED,
    "refused": Kind.REFUSED,
    "issued": Kind.ISSUED,
}

_LOG = logging.getLogger("sparekey.desk")


class Carrying:
    """Carries orders out. `wake`: called when mail waits."""

    def __init__(
        self,
        repository: CaseRepository,
        answers: Answers,
        posting: Posting,
        clock: Clock,
        wake: Callable[[], None],
    ) -> None:
        self._repository = repository
        self._answers = answers
        self._posting = posting
        self._clock = clock
        self._wake = wake

    def out(self, number: str, orders: Sequence[tuple[int, Order]]) -> None:
        """One order after the other; where one fails, it and those after it stay for the next time. What was
        decided is decided: nothing is raised.
        """
        try:
            for order, effect in orders:
                if isinstance(effect, EnterInLog):
                    self._enter(number, effect)
                else:
                    self._tell(number, order, effect)
                self._repository.done((order,))
        except SparekeyError as error:
            _LOG.error("order postponed", extra={"case": number, "why": error.slug})

    def _enter(self, number: str, effect: EnterInLog) -> None:
        kept = self._repository.get(number)
        if kept is not None and isinstance(kept.state, Issued):
            self._repository.entered(number, self._answers.enter(kept, effect, kept.state.at))

    def _tell(self, number: str, order: int, effect: TellOwner) -> None:
        """Queue the mails. The order's id is the round: the same order again queues nothing new."""
        kept, now = self._repository.get(number), self._clock.wall()
        if kept is None:
            return
        until = effect.until if isinstance(kept.state, Held) else now + TOLD
        self._posting.queue(number, _KINDS[effect.what], (ASKER, *OWNERS), now, until, order)
        if effect.what == "issued" and isinstance(kept.state, Issued):
            proposal = kept.state.proposal
            if by_mail(proposal.remedy, proposal.options):
                self._posting.queue(number, Kind.SECURE_CODE, OWNERS[:1], now, proposal.expires, order)
        self._wake()

"""Carries out what the machine of a case orders: the log first, then who is to be told. Each may be done twice."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from sparekey.core.case import EnterInLog, Issued
from sparekey.core.errors import SparekeyError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sparekey.desk.cases.answers import Answers
    from sparekey.desk.cases.repository import CaseRepository, Order

_LOG = logging.getLogger("sparekey.desk")


class Carrying:
    """Carries orders out."""

    def __init__(self, repository: CaseRepository, answers: Answers) -> None:
        self._repository = repository
        self._answers = answers

    def out(self, number: str, orders: Sequence[tuple[int, Order]]) -> None:
        """One order after the other; where one fails, it and those after it stay for the next time. What was
        decided is decided: nothing is raised.
        """
        try:
            for order, effect in orders:
                self._one(number, effect)
                self._repository.done((order,))
        except SparekeyError as error:
            _LOG.error("order postponed", extra={"case": number, "why": error.slug})

    def _one(self, number: str, effect: Order) -> None:
        kept = self._repository.get(number)
        if isinstance(effect, EnterInLog) and kept is not None and isinstance(kept.state, Issued):
            self._repository.entered(number, self._answers.enter(kept, effect, kept.state.at))

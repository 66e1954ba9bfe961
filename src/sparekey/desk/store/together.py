"""Many callers at once, one transaction for all of them: whoever comes while it is under way goes with the next one."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Generic, TypeVar

from sparekey.core.errors import MisuseError, SparekeyError, UnavailableError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Q = TypeVar("Q")
R = TypeVar("R")


class Together(Generic[Q, R]):
    """`serve`: answers those who wait, in their order; what goes wrong goes wrong for all of them. `most`: how much of
    `weigh` is served at once, unless one brings more. Safe to call from several threads; one of them leads.
    """

    def __init__(
        self,
        serve: Callable[[Sequence[Q]], Sequence[R]],
        *,
        most: int,
        weigh: Callable[[Q], int] = lambda _: 1,
    ) -> None:
        self._serve = serve
        self._most = most
        self._weigh = weigh
        self._waiting: list[_Ticket[Q, R]] = []
        self._list = threading.Lock()
        self._turn = threading.Lock()

    def ask(self, question: Q) -> R:
        """Wait for the answer. Raises what `serve` raises, as an error of one's own."""
        ticket: _Ticket[Q, R] = _Ticket(question)
        with self._list:
            self._waiting.append(ticket)
        with self._turn:
            while ticket.failed is None and not ticket.answers:
                self._lead()
        if not ticket.answers:
            raise ticket.failed or MisuseError("together", "somebody who waited was forgotten")
        return ticket.answers[0]

    def _lead(self) -> None:
        taken, weight = list[_Ticket[Q, R]](), 0
        with self._list:
            while self._waiting:
                weight += self._weigh(self._waiting[0].question)
                if taken and weight > self._most:
                    break
                taken.append(self._waiting.pop(0))
        try:
            answers = self._serve([ticket.question for ticket in taken])
        except BaseException as error:
            for ticket in taken:
                ticket.failed = for_each(error)
            if not isinstance(error, SparekeyError):
                raise
            return
        for ticket, answer in zip(taken, answers, strict=True):
            ticket.answers = (answer,)


class _Ticket(Generic[Q, R]):
    def __init__(self, question: Q) -> None:
        self.question = question
        self.answers: tuple[R, ...] = ()
        self.failed: SparekeyError | None = None


def for_each(error: BaseException) -> SparekeyError:
    """The error again, for a thread of its own."""
    if isinstance(error, SparekeyError):
        return type(error)(error.slug, error.hint)
    return UnavailableError("stopped", "the desk stopped for a moment; try again")

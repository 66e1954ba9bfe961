"""Many requests at once, one thread and one transaction for all of them: `store.together` for an event loop.

A thread for each request costs more than all that it does there: threads of one process wait for one another.
"""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING, Generic, TypeVar

from starlette.concurrency import run_in_threadpool

from sparekey.desk.store.together import for_each

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Q = TypeVar("Q")
R = TypeVar("R")


class Gathering(Generic[Q, R]):
    """`serve`: answers those who wait, in their order, in a thread; what goes wrong goes wrong for all of them. `most`:
    how many are served at once. Whoever comes meanwhile goes with the next ones.
    """

    def __init__(self, serve: Callable[[Sequence[Q]], Sequence[R]], *, most: int) -> None:
        self._serve = serve
        self._most = most
        self._waiting: deque[tuple[Q, asyncio.Future[R]]] = deque()
        self._leading: asyncio.Task[None] | None = None

    async def ask(self, question: Q) -> R:
        """Wait for the answer. Raises what `serve` raises, as an error of one's own."""
        future: asyncio.Future[R] = asyncio.get_running_loop().create_future()
        self._waiting.append((question, future))
        if self._leading is None or self._leading.done():
            self._leading = asyncio.create_task(self._lead())
        return await future

    async def _lead(self) -> None:
        while self._waiting:
            taken = [self._waiting.popleft() for _ in range(min(self._most, len(self._waiting)))]
            try:
                answers = await run_in_threadpool(self._serve, [question for question, _ in taken])
            except Exception as error:  # noqa: BLE001 - whoever asked raises it
                for place, (_, future) in enumerate(taken):
                    if not future.done():  # who asked may be gone
                        future.set_exception(for_each(error) if place else error)
            else:
                for (_, future), answer in zip(taken, answers, strict=True):
                    if not future.done():
                        future.set_result(answer)

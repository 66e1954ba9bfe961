"""The same work on many devices at once: bounded, each failing by itself, with one result for each."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Generic, TypeVar

from sparekey.core.errors import SparekeyError

AT_ONCE = 32

Thing = TypeVar("Thing")
Done = TypeVar("Done")


class End(Enum):
    """How it went with one device."""

    DONE = "done"
    REFUSED = "refused"
    """The device says no."""
    FAILED = "failed"
    """It was not reached, or what came back is wrong. Try this one again."""
    STOPPED = "stopped"
    """Another device answers there: nothing was sent. Look at it before anything else."""


@dataclass(frozen=True)
class Result(Generic[Thing, Done]):
    """`why`: in words, empty when done."""

    thing: Thing
    end: End
    done: Done | None = None
    why: str = ""


async def each(
    things: Sequence[Thing],
    work: Callable[[Thing], Awaitable[tuple[End, Done | None, str]]],
    *,
    tell: Callable[[Result[Thing, Done], int], None] = lambda _result, _left: None,
    at_once: int = AT_ONCE,
) -> list[Result[Thing, Done]]:
    """Results in the order of the things. `tell`: called as each one ends, with how many are left."""
    turns, left = asyncio.Semaphore(at_once), len(things)

    async def one(thing: Thing) -> Result[Thing, Done]:
        nonlocal left
        async with turns:
            try:
                end, done, why = await work(thing)
            except SparekeyError as error:
                end = End.STOPPED if error.slug == "tls-key" else End.FAILED
                done, why = None, error.hint or error.slug
        left -= 1
        result: Result[Thing, Done] = Result(thing, end, done, why)
        tell(result, left)
        return result

    return await asyncio.gather(*(one(thing) for thing in things))


def exit_code(results: Sequence[Result[Thing, Done]]) -> int:
    """For all of them: 0 done, 3 another device answers somewhere, 1 somebody says no, 4 somebody was not reached."""
    ends = {result.end for result in results}
    order = ((End.STOPPED, 3), (End.REFUSED, 1), (End.FAILED, 4))
    return next((number for end, number in order if end in ends), 0)

"""Several requests, one thread: everybody gets their own answer, and everybody hears of a failure."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from sparekey.core.errors import UnavailableError
from sparekey.desk.gathering import Gathering


def asked(gathering: Gathering[int, int], questions: Sequence[int]) -> list[int | BaseException]:
    """All at once."""

    async def ask() -> list[int | BaseException]:
        return await asyncio.gather(*map(gathering.ask, questions), return_exceptions=True)

    return asyncio.run(ask())


def inverse(questions: Sequence[int]) -> list[int]:
    return [1 // question for question in questions]


@pytest.mark.parametrize(("most", "sizes"), [(64, [5]), (2, [2, 2, 1])], ids=["all", "two at a time"])
def test_those_who_ask_at_once_are_served_together(most: int, sizes: list[int]) -> None:
    served: list[int] = []

    def serve(questions: Sequence[int]) -> list[int]:
        served.append(len(questions))
        return [question * 10 for question in questions]

    gathering = Gathering(serve, most=most)
    assert asked(gathering, [1, 2, 3, 4, 5]) == [10, 20, 30, 40, 50]
    assert served == sizes
    assert asked(gathering, [6]) == [60]


def test_what_goes_wrong_goes_wrong_for_all_and_stops_nobody_after_them() -> None:
    def serve(questions: Sequence[int]) -> list[int]:
        if 0 in questions:
            raise UnavailableError("store", "the database does not answer")
        return list(questions)

    gathering = Gathering(serve, most=2)
    one, two, three = asked(gathering, [0, 1, 2])
    assert [str(one), str(two)] == [str(UnavailableError("store", "the database does not answer"))] * 2
    assert one is not two
    assert three == 2


def test_a_bug_is_told_once_and_the_others_hear_that_the_desk_stopped() -> None:
    gathering = Gathering(inverse, most=64)
    one, two = asked(gathering, [0, 1])
    assert isinstance(one, ZeroDivisionError)
    assert isinstance(two, UnavailableError)
    assert asked(gathering, [1]) == [1]


def test_who_is_gone_hinders_nobody() -> None:
    gathering = Gathering(inverse, most=64)

    async def leave(question: int) -> int:
        gone, stays = (asyncio.create_task(gathering.ask(each)) for each in (1, question))
        await asyncio.sleep(0)
        gone.cancel()
        return await stays

    assert asyncio.run(leave(1)) == 1
    with pytest.raises(UnavailableError):
        asyncio.run(leave(0))

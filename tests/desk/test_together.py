"""Several callers, one transaction: everybody gets their own answer, and everybody hears of a failure."""

from __future__ import annotations

import threading
from collections.abc import Sequence

import pytest

from sparekey.core.errors import UnavailableError
from sparekey.desk.store.together import Together


def asked(together: Together[int, int], questions: Sequence[int], first: threading.Event) -> list[int | str]:
    """All at once, while the first is being served."""
    answers: list[int | str] = [0] * len(questions)

    def ask(place: int) -> None:
        try:
            answers[place] = together.ask(questions[place])
        except UnavailableError as error:
            answers[place] = error.slug

    threads = [threading.Thread(target=ask, args=(place,)) for place in range(len(questions))]
    threads[0].start()
    assert first.wait(10)
    for thread in threads[1:]:
        thread.start()
    while len(together._waiting) < len(threads) - 1:
        pass
    GO.set()
    for thread in threads:
        thread.join()
    return answers


GO = threading.Event()


@pytest.mark.parametrize(
    ("most", "sizes"), [(64, [1, 4]), (2, [1, 2, 2])], ids=["all together", "two at a time"]
)
def test_who_comes_while_one_is_served_goes_with_the_next(most: int, sizes: list[int]) -> None:
    GO.clear()
    served: list[int] = []
    first = threading.Event()

    def serve(questions: Sequence[int]) -> list[int]:
        served.append(len(questions))
        first.set()
        assert GO.wait(10)
        return [question * 10 for question in questions]

    assert asked(Together(serve, most=most), [1, 2, 3, 4, 5], first) == [10, 20, 30, 40, 50]
    assert served == sizes


def test_what_goes_wrong_goes_wrong_for_all_that_went_together() -> None:
    GO.clear()
    first = threading.Event()

    def serve(questions: Sequence[int]) -> list[int]:
        first.set()
        assert GO.wait(10)
        if len(questions) > 1:
            raise UnavailableError("store", "the database does not answer")
        return list(questions)

    assert asked(Together(serve, most=64), [1, 2, 3], first) == [1, "store", "store"]


def test_a_bug_is_raised_where_it_is_and_stops_nobody_after_it() -> None:
    def serve(questions: Sequence[int]) -> list[int]:
        return [1 // question for question in questions]

    together = Together(serve, most=64)
    with pytest.raises(ZeroDivisionError):
        together.ask(0)
    assert together.ask(1) == 1


def test_one_that_weighs_more_than_all_goes_alone() -> None:
    together: Together[list[int], int] = Together(
        lambda asked: [len(each) for each in asked], most=2, weigh=len
    )
    assert together.ask([1, 2, 3]) == 3

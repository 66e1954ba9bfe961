"""Answers leave on a beat: how long the desk worked is not to be heard."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from sparekey.desk.beat import BEAT, Beat
from sparekey.testing.clock import FixedClock


def heard(
    method: str, works: float, arrives: float = 0.0, path: str = "/help/codes"
) -> tuple[float, list[str]]:
    """When the answer leaves, in seconds after the last byte came; and what was sent."""
    clock, sent = FixedClock(), []
    left = 0.0

    async def app(_scope: Any, receive: Any, send: Any) -> None:
        await receive()
        clock.forward(works)
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"the same for everybody"})

    async def receive() -> dict[str, Any]:
        clock.forward(arrives)
        return {"type": "http.request", "body": b"x", "more_body": False}

    async def send(message: Any) -> None:
        nonlocal left
        sent.append(message["type"])
        left = left or clock.monotonic()

    async def sleep(seconds: float) -> None:
        clock.sleep(seconds)

    began = clock.monotonic()
    asyncio.run(Beat(app, clock, sleep)({"type": "http", "method": method, "path": path}, receive, send))
    return left - began - arrives, sent


@pytest.mark.parametrize(("works", "leaves"), [(0.001, 1), (0.0999, 1), (0.1001, 2), (0.35, 4)])
def test_T06_an_answer_leaves_on_the_beat_whatever_was_found(works: float, leaves: int) -> None:
    at, sent = heard("POST", works)
    assert at == pytest.approx(leaves * BEAT)
    assert sent == ["http.response.start", "http.response.body"]


def test_T06_who_sends_slowly_does_not_choose_the_beat() -> None:
    assert heard("POST", 0.003, arrives=0.017)[0] == pytest.approx(BEAT)


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize(
    "path", ["/help/case/view", "/unlock/view", "/link/cases/4F7Q0001", "/api/v1/cases/4F7Q0001"]
)
def test_T06_a_look_at_one_case_or_order_leaves_on_the_beat_too(method: str, path: str) -> None:
    assert heard(method, 0.003, path=path)[0] == pytest.approx(BEAT)


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_T06_whatever_changes_something_leaves_on_the_beat(method: str) -> None:
    assert heard(method, 0.003, path="/anywhere")[0] == pytest.approx(BEAT)


@pytest.mark.parametrize("path", ["/", "/help", "/R/4F7Q", "/log/checkpoint", "/static/web/base.css"])
def test_a_page_that_says_the_same_to_everybody_is_not_held_back(path: str) -> None:
    assert heard("GET", 0.003, path=path)[0] == pytest.approx(0.003)


def test_what_is_no_request_goes_through() -> None:
    seen = []

    async def app(scope: Any, _receive: Any, _send: Any) -> None:
        seen.append(scope["type"])

    asyncio.run(Beat(app, FixedClock())({"type": "lifespan"}, None, None))  # type: ignore[arg-type]
    assert seen == ["lifespan"]

"""Answers leave on a beat where the time that they took could tell somebody what was found."""

from __future__ import annotations

import asyncio
import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from sparekey.host.clock import Clock

BEAT = 0.1
"""Seconds. An answer that is ready earlier waits. What a device makes it take longer is a thousandth of a second; the
beat is longer than nearly every answer takes on a busy machine, since a difference shows where some miss a beat. The
mail that an answer sets going is written before it leaves.
"""
LOOKS = ("/help/case", "/unlock/", "/link/cases/", "/api/")
"""Below these, looking too asks about one case or order."""


class Beat:
    """Before the pages. Counts from the last byte of a request: whoever sends it slowly chooses no other beat."""

    def __init__(
        self, app: ASGIApp, clock: Clock, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    ) -> None:
        self._app = app
        self._clock = clock
        self._sleep = sleep

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Any request. A page that says the same to everybody is not held back."""
        if scope["type"] != "http" or _is_for_everybody(scope):
            await self._app(scope, receive, send)
            return
        came = self._clock.monotonic()

        async def coming() -> Message:
            nonlocal came
            message = await receive()
            if message["type"] == "http.request":
                came = self._clock.monotonic()
            return message

        async def going(message: Message) -> None:
            if message["type"] == "http.response.start":
                spent = self._clock.monotonic() - came
                await self._sleep(math.ceil(spent / BEAT) * BEAT - spent)
            await send(message)

        await self._app(scope, coming, going)


def _is_for_everybody(scope: Scope) -> bool:
    return scope["method"] in ("GET", "HEAD") and not scope["path"].startswith(LOOKS)

"""Answers to what is posted leave on a beat, so that the time they took tells nobody what was found."""

from __future__ import annotations

import asyncio
import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from sparekey.host.clock import Clock

BEAT = 0.025
"""Seconds. An answer that is ready earlier waits; a device that is known and one that is not differ by a
thousandth of a second."""


class Beat:
    """Before the pages. Counts from the last byte of a request: whoever sends it slowly chooses no other beat."""

    def __init__(
        self, app: ASGIApp, clock: Clock, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    ) -> None:
        self._app = app
        self._clock = clock
        self._sleep = sleep

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Any request. What is only looked at is not held back."""
        if scope["type"] != "http" or scope["method"] != "POST":
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

"""Serves a web face on one address until the process is told to end."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import uvicorn

from sparekey.core.errors import UnavailableError

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.applications import Starlette

_STEP = 0.01


async def serve(app: Starlette, host: str, port: int, ready: Callable[[], None]) -> None:
    """`ready` is called once it answers. Raises UnavailableError (`listen`) when the address is taken."""
    server = uvicorn.Server(
        uvicorn.Config(
            app, host=host, port=port, log_level="critical", server_header=False, timeout_graceful_shutdown=1
        )
    )
    running = asyncio.ensure_future(_run(server, host, port))
    while not server.started and not running.done():
        await asyncio.sleep(_STEP)
    if server.started:
        ready()
    await running


async def _run(server: uvicorn.Server, host: str, port: int) -> None:
    try:
        await server.serve()
    except SystemExit:  # how uvicorn says that it could not listen
        raise UnavailableError("listen", f"cannot listen at {host}:{port}") from None

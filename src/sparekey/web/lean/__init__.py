"""The part of Starlette that the device's pages use, in a tenth of the memory: a device has little.

Type checkers see Starlette's own classes, so that the web layer serves both; `tests/web/test_lean.py` holds these here
against them. The desk and the demo use Starlette itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.datastructures import Headers, MutableHeaders
    from starlette.requests import ClientDisconnect, HTTPConnection, Request
    from starlette.responses import (
        HTMLResponse,
        PlainTextResponse,
        RedirectResponse,
        Response,
        StreamingResponse,
    )
    from starlette.routing import Route
else:
    from sparekey.web.lean.headers import Headers, MutableHeaders
    from sparekey.web.lean.request import ClientDisconnect, HTTPConnection, Request
    from sparekey.web.lean.response import (
        HTMLResponse,
        PlainTextResponse,
        RedirectResponse,
        Response,
        StreamingResponse,
    )
    from sparekey.web.lean.router import Route

__all__ = [
    "ClientDisconnect",
    "HTMLResponse",
    "HTTPConnection",
    "Headers",
    "MutableHeaders",
    "PlainTextResponse",
    "RedirectResponse",
    "Request",
    "Response",
    "Route",
    "StreamingResponse",
]

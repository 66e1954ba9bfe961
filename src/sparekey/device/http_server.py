"""HTTP/1.1 for the device: ASGI over h11 on asyncio, and nothing besides.

A server that can do more takes some megabytes more, which a small device has not. What it must hold against is whoever
stands at its doors: a connection that stops in the middle of a request, or takes no answer, is ended (`HURRY`).
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import unquote

import h11

if TYPE_CHECKING:
    import socket
    import ssl

    from starlette.types import ASGIApp, Message, Scope

HANDSHAKE = 10
"""Seconds for TLS to come about."""
HURRY = 20
"""Seconds for a whole request to arrive, and for an answer to get any further on its way."""
IDLE = 5
"""Seconds for which a connection stays open for another request."""
HEAD_LIMIT = 16 * 1024
"""Bytes of a request's line and headers."""
AHEAD = 64 * 1024
"""Bytes of a body that are read before anybody wants them."""
BACKLOG = 128

_LOG = logging.getLogger("sparekey.device")


class Server:
    """Serves one application at any number of sockets. `tls`: None for plain HTTP."""

    def __init__(self, app: ASGIApp, tls: ssl.SSLContext | None = None) -> None:
        self.app = app
        self.is_tls = tls is not None
        self.is_ending = False
        self.connections: set[Connection] = set()
        self.served = 0
        self._tls = tls
        self._servers: list[asyncio.Server] = []

    async def listen(self, bound: socket.socket) -> None:
        """Listen at a socket that is bound already. Raises OSError."""
        server = await asyncio.get_running_loop().create_server(
            lambda: Connection(self),
            sock=bound,
            ssl=self._tls,
            backlog=BACKLOG,
            ssl_handshake_timeout=HANDSHAKE if self._tls else None,
        )
        self._servers.append(server)

    async def end(self, grace: float) -> None:
        """Listen no more; answers that are on their way get `grace` seconds."""
        self.is_ending = True
        for server in self._servers:
            server.close()
        working = [task for connection in list(self.connections) if (task := connection.end())]
        if working:
            await asyncio.wait(working, timeout=grace)
        for connection in list(self.connections):
            connection.abort()


class Connection(asyncio.Protocol):
    """One connection, one request after the other."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._loop = asyncio.get_running_loop()
        self._http = h11.Connection(h11.SERVER, max_incomplete_event_size=HEAD_LIMIT)
        self._writable, self._heard = asyncio.Event(), asyncio.Event()
        self._writable.set()
        self._timer: asyncio.TimerHandle | None = None
        self._task: asyncio.Task[None] | None = None
        self._body = bytearray()
        self._unsent = 0
        self._ended = self._given = self._gone = self._is_head = False

    # What the loop calls

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Somebody came."""
        self._transport = cast("asyncio.Transport", transport)
        self._server.connections.add(self)
        self._wait(HURRY)

    def connection_lost(self, _exc: Exception | None) -> None:
        """They went."""
        self._gone = True
        self._server.connections.discard(self)
        self._heard.set()
        self._writable.set()
        if self._timer is not None:
            self._timer.cancel()

    def pause_writing(self) -> None:
        """They take no more for now."""
        self._writable.clear()

    def resume_writing(self) -> None:
        """They do again."""
        self._writable.set()

    def data_received(self, data: bytes) -> None:
        """Some bytes of a request."""
        if self._task is None and self._http.their_state is h11.IDLE:
            self._wait(HURRY)
        self._http.receive_data(data)
        self._advance()

    # Reading

    def _advance(self) -> None:
        while not self._gone:
            try:
                event = self._http.next_event()
            except h11.RemoteProtocolError as error:
                self._refuse(error.error_status_hint)
                return
            if event is h11.PAUSED:  # the next request waits for this answer
                self._transport.pause_reading()
                return
            if isinstance(event, h11.Request):
                self._begin(event)
            elif isinstance(event, h11.Data):
                self._body += event.data
                if len(self._body) > AHEAD:
                    self._transport.pause_reading()
                self._heard.set()
            elif isinstance(event, h11.EndOfMessage):
                self._ended = True
                self._heard.set()
            else:
                return

    def _begin(self, request: h11.Request) -> None:
        raw_path, _, query = request.target.partition(b"?")
        self._body.clear()
        self._ended = self._given = False
        self._is_head = request.method == b"HEAD"
        scope: Scope = {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": request.http_version.decode("ascii"),
            "server": _place(self._transport.get_extra_info("sockname")),
            "client": _place(self._transport.get_extra_info("peername")),
            "scheme": "https" if self._server.is_tls else "http",
            "method": request.method.decode("ascii"),
            "root_path": "",
            "path": unquote(raw_path.decode("ascii", "replace")),
            "raw_path": raw_path,
            "query_string": query,
            "headers": list(request.headers),
        }
        self._task = self._loop.create_task(self._answer(scope))

    def _refuse(self, status: int) -> None:
        """What came is no request: say so, if nothing was said yet, and go."""
        if self._http.our_state in (h11.IDLE, h11.SEND_RESPONSE) and self._task is None:
            headers = [("content-length", "0"), ("connection", "close")]
            self._write(h11.Response(status_code=status, headers=headers), h11.EndOfMessage())
        self._transport.close()

    # Answering

    async def _answer(self, scope: Scope) -> None:
        try:
            await self._server.app(scope, self._receive, self._send)
        except Exception as error:  # noqa: BLE001 - the guard has shown the page; here the connection ends
            _LOG.warning("an answer broke off: %s", type(error).__name__)
        self._task = None
        self._server.served += 1
        if not self._gone:
            self._next()

    async def _receive(self) -> Message:
        if self._http.they_are_waiting_for_100_continue and not self._gone:
            self._write(h11.InformationalResponse(status_code=100, headers=[]))
        while not (self._gone or self._body or (self._ended and not self._given)):
            self._heard.clear()
            self._transport.resume_reading()
            await self._heard.wait()
        if self._gone:
            return {"type": "http.disconnect"}
        body, self._given = bytes(self._body), self._ended
        self._body.clear()
        return {"type": "http.request", "body": body, "more_body": not self._ended}

    async def _send(self, message: Message) -> None:
        if self._gone:
            return
        if message["type"] == "http.response.start":
            headers = [*message.get("headers", ())]
            if self._server.is_ending:
                headers.append((b"connection", b"close"))
            self._write(h11.Response(status_code=message["status"], headers=headers))
            return
        body = b"" if self._is_head else message.get("body", b"")
        events: list[Any] = [h11.Data(data=body)] if body else []
        if not message.get("more_body", False):
            events.append(h11.EndOfMessage())
        self._write(*events)
        await self._writable.wait()

    def _write(self, *events: Any) -> None:
        self._transport.write(b"".join(self._http.send(event) or b"" for event in events))

    def _next(self) -> None:
        """After an answer: wait for the next request, or go."""
        states = (self._http.our_state, self._http.their_state)
        if states != (h11.DONE, h11.DONE) or self._server.is_ending:
            self._transport.close()
            return
        self._http.start_next_cycle()
        self._wait(IDLE)
        self._transport.resume_reading()
        self._advance()

    # Whoever does not get on

    def _wait(self, seconds: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = self._loop.call_later(seconds, self._look)

    def _look(self) -> None:
        unsent = self._transport.get_write_buffer_size()
        stuck = unsent and unsent == self._unsent
        if stuck or self._http.their_state in (h11.IDLE, h11.SEND_BODY):
            self._transport.abort()
            return
        self._unsent = unsent
        self._wait(HURRY)

    # When the device ends

    def end(self) -> asyncio.Task[None] | None:
        """Go now, or after the answer that is on its way: that is what is returned."""
        if self._task is None:
            self._transport.close()
        return self._task

    def abort(self) -> None:
        """Go at once."""
        if self._task is not None:
            self._task.cancel()
        self._transport.abort()


def _place(name: object) -> tuple[str, int] | None:
    """Address and port; an IPv6 zone stays where Python leaves it out."""
    return (str(name[0]), int(name[1])) if isinstance(name, tuple) else None

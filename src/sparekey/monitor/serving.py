"""The witness's door: plain HTTP for a proxy in front, few callers at once, small submissions."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

from sparekey.core.errors import SparekeyError
from sparekey.core.tlog.note import NOTE_LIMIT

if TYPE_CHECKING:
    import socket

    from sparekey.monitor.witness import Witness

AT_ONCE = 16
"""Callers at once; more are turned away."""
PATH = "/add-checkpoint"
SIZE_TYPE = "text/x.tlog.size"


class Door(ThreadingHTTPServer):
    """Listens. `key`: the witness's key as text, which `GET /` tells everybody."""

    daemon_threads = True

    def __init__(self, place: tuple[str, int], witness: Witness, key: str) -> None:
        super().__init__(place, _Caller)
        self.witness = witness
        self.key = key
        self._places = threading.BoundedSemaphore(AT_ONCE)

    def process_request(self, request: socket.socket, client_address: tuple[str, int]) -> None:  # type: ignore[override]  # ours is always TCP
        """Give a caller a thread, or turn it away."""
        if not self._places.acquire(blocking=False):
            self.shutdown_request(request)
            return
        super().process_request(request, client_address)

    def process_request_thread(self, request: socket.socket, client_address: tuple[str, int]) -> None:  # type: ignore[override]  # ours is always TCP
        """Serve a caller, then give its place to the next."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._places.release()

    def handle_error(self, request: object, client_address: object) -> None:
        """A caller that hangs up is no news."""


class _Caller(BaseHTTPRequestHandler):
    server: Door
    timeout = 10  # seconds for which a caller may be silent
    server_version, sys_version = "sparekey-witness", ""

    def do_GET(self) -> None:
        if self.path == "/":
            self._answer(200, "text/plain; charset=utf-8", f"{self.server.key}\n")
        else:
            self._answer(404, "text/plain", "")

    def do_POST(self) -> None:
        length = self.headers.get("content-length", "")
        if self.path != PATH:
            self._answer(404, "text/plain", "")
        elif not length.isdigit() or int(length[:9]) > NOTE_LIMIT:
            self._answer(413, "text/plain", "")
        else:
            try:
                reply = self.server.witness.add_checkpoint(self.rfile.read(int(length)))
            except SparekeyError as error:
                self._answer(503, "text/plain", f"{error.slug}\n")
                return
            self._answer(
                reply.status, SIZE_TYPE if reply.conflict else "text/plain; charset=utf-8", reply.body
            )

    def log_message(self, *_: object) -> None:
        """Callers are not written down."""

    def _answer(self, status: int, kind: str, text: str) -> None:
        body = text.encode()
        self.send_response(status)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

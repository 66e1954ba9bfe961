"""The Device service on a real port of this machine, for real clients."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from sparekey.host.clock import SystemClock
from sparekey.lan.onvif.service import Request
from tests.lan.onvif.camera import Camera, service


@contextmanager
def door(camera: Camera, *, ahead: int = 0, tls: ssl.SSLContext | None = None) -> Iterator[int]:
    """Serve `camera` on a free port, which is what comes out. `ahead`: seconds that its clock is ahead of ours. `tls`:
    over https alone.
    """
    answering, clock, one_at_a_time = service(camera), SystemClock(), threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            host, port = self.connection.getsockname()
            headers = {name.lower(): value for name, value in self.headers.items()}
            request = Request("POST", self.path, headers, body, f"http://{host}:{port}")
            with one_at_a_time:
                answer = answering.answer(request, clock.wall() + ahead)
            self.send_response(answer.status)
            for name, value in answer.headers:
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            self.wfile.write(answer.body)

        def log_message(self, *_said: object) -> None:
            """Nothing to say."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
        thread.join()

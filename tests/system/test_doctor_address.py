"""The doctor looks at a desk's public address: who answers there, and how long its certificate holds."""

from __future__ import annotations

import re
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from sparekey.core.errors import SparekeyError
from sparekey.desk import config
from sparekey.desk.doctor import outside
from sparekey.host.clock import SystemClock
from sparekey.testing.clock import FixedClock
from tests.desk.test_setup import init
from tests.system.desk_office import Authority

DAY = 86400


class Answering(BaseHTTPRequestHandler):
    """Answers everything with one text."""

    text = b""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("content-length", str(len(self.text)))
        self.end_headers()
        self.wfile.write(self.text)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its own name
        """Nothing."""


@contextmanager
def answering(text: str, context: ssl.SSLContext | None, host: str = "127.0.0.1") -> Iterator[int]:
    handler = type("Handler", (Answering,), {"text": text.encode()})
    server = ThreadingHTTPServer((host, 0), handler)
    if context is not None:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield int(server.server_address[1])
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def settings(tmp_path: Path) -> config.DeskConfig:
    return config.load(init(tmp_path / "desk", url="http://localhost:8600"))


def looked(settings: config.DeskConfig, port: int, ahead: int = 0, host: str = "https://localhost") -> str:
    """What the doctor says, whether good or bad."""
    clock = FixedClock()
    clock.forward(SystemClock().wall() + ahead - clock.wall())
    try:
        return outside.address(replace(settings, url=f"{host}:{port}"), clock)
    except SparekeyError as error:
        return f"MEND {error.hint}"


def test_the_certificate_of_the_public_address_is_looked_at(
    settings: config.DeskConfig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority, trust = Authority(tmp_path), settings.trust.read_text()
    with answering(trust, authority.context()) as port:
        assert "is not vouched for by an authority" in looked(settings, port)
        monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))
        assert re.search("leads here; its certificate is good for 2[89] more days", looked(settings, port))
        assert re.search("ends in [89] days: renew it", looked(settings, port, 20 * DAY))
    assert "nothing answers at https://localhost" in looked(settings, port)
    with answering(trust, authority.context(), "127.0.0.2") as port:
        assert "is not for 127.0.0.2" in looked(settings, port, host="https://127.0.0.2")


def test_another_answer_at_the_public_address_is_not_this_desk(settings: config.DeskConfig) -> None:
    with answering("Welcome to nginx", None) as port:
        assert "answers, but it is not this desk" in looked(settings, port, host="http://localhost")
    with answering(settings.trust.read_text(), None) as port:
        assert looked(settings, port, host="http://localhost") == f"http://localhost:{port} leads here"

"""The device's own HTTP server, on a transport in memory: what is asked, what is answered, who is let go."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from typing import Any, cast

import pytest

from sparekey.device import http_server
from sparekey.device.http_server import AHEAD, HEAD_LIMIT, Connection, Server


class Transport:
    """What a connection sees of a socket."""

    def __init__(self) -> None:
        self.sent = b""
        self.closed = self.aborted = self.paused = False
        self.unsent = 0

    def write(self, data: bytes) -> None:
        self.sent += data

    def close(self) -> None:
        self.closed = True

    def abort(self) -> None:
        self.aborted = True

    def pause_reading(self) -> None:
        self.paused = True

    def resume_reading(self) -> None:
        self.paused = False

    def get_write_buffer_size(self) -> int:
        return self.unsent

    def get_extra_info(self, name: str) -> Any:
        return {"sockname": ("192.0.2.4", 8543), "peername": ("fe80::7", 50000, 0, 2)}[name]


async def echo(scope: Any, receive: Any, send: Any) -> None:
    """Says what it was asked, and the length of the body."""
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ConnectionAbortedError
        size += len(message["body"])
        if not message["more_body"]:
            break
    told = f"{scope['method']} {scope['path']} {scope['client'][0]} {size}".encode()
    head = [(b"content-length", str(len(told)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": head})
    await send({"type": "http.response.body", "body": told})


Story = Callable[[Connection, Transport, Server], Awaitable[None]]


def play(story: Story, app: Any = echo) -> Transport:
    transport = Transport()

    async def run() -> None:
        server = Server(app)
        connection = Connection(server)
        connection.connection_made(cast("Any", transport))
        await story(connection, transport, server)
        connection.connection_lost(None)
        await asyncio.sleep(0)

    asyncio.run(run())
    return transport


async def settle() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


def said(*data: bytes) -> Transport:
    async def story(connection: Connection, _transport: Transport, _server: Server) -> None:
        for part in data:
            connection.data_received(part)
            await settle()

    return play(story)


GET = b"GET /a%20b?c=d HTTP/1.1\r\nHost: recorder.test\r\n\r\n"
POST = b"POST /x HTTP/1.1\r\nHost: recorder.test\r\nContent-Length: 5\r\n\r\n"


def bodies(transport: Transport) -> list[bytes]:
    return re.findall(rb"\r\n\r\n((?:GET|POST) [^H]*)", transport.sent)


def test_one_request_after_the_other_on_one_connection() -> None:
    transport = said(GET, POST + b"hello", GET)
    assert bodies(transport) == [b"GET /a b fe80::7 0", b"POST /x fe80::7 5", b"GET /a b fe80::7 0"]
    assert not transport.closed


def test_requests_that_come_all_at_once_are_answered_in_their_order() -> None:
    assert bodies(said(GET + POST + b"hello" + GET)) == [
        b"GET /a b fe80::7 0", b"POST /x fe80::7 5", b"GET /a b fe80::7 0",
    ]  # fmt: skip


def test_a_request_may_come_byte_by_byte() -> None:
    assert bodies(said(*[bytes([byte]) for byte in POST + b"hello"])) == [b"POST /x fe80::7 5"]


def test_a_head_is_answered_without_a_body() -> None:
    transport = said(GET.replace(b"GET", b"HEAD"))
    assert transport.sent.endswith(b"content-length: 19\r\n\r\n")


def test_whoever_asks_whether_to_go_on_is_told() -> None:
    transport = said(POST.replace(b"\r\n\r\n", b"\r\nExpect: 100-continue\r\n\r\n"), b"hello")
    assert transport.sent.startswith(b"HTTP/1.1 100 ")
    assert b"POST /x fe80::7 5" in transport.sent


def test_a_long_body_is_read_as_far_as_somebody_wants_it() -> None:
    async def lazy(_scope: Any, receive: Any, send: Any) -> None:
        await asyncio.sleep(3600)

    async def story(connection: Connection, transport: Transport, _server: Server) -> None:
        connection.data_received(POST.replace(b" 5", b" 999999") + bytes(AHEAD + 1))
        assert transport.paused
        connection.abort()

    play(story, lazy)


@pytest.mark.meets("asvs-4.2.1", "etsi-5.13-1A", "etsi-5.13-1B")
@pytest.mark.parametrize(
    ("data", "status"),
    [
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc", 400),
        (b"GET / HTTP/1.1\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"y" * HEAD_LIMIT, 431),
        (b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", 501),
    ],
)
def test_T14_what_is_no_request_is_refused_and_the_connection_ends(data: bytes, status: int) -> None:
    transport = said(data)
    assert transport.sent.startswith(f"HTTP/1.1 {status} ".encode())
    assert transport.closed


@pytest.mark.meets("asvs-4.2.1")
def test_T14_a_chunk_that_is_none_ends_the_connection() -> None:
    head = b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
    assert said(head, b"zz\r\n").closed


async def refusing(_scope: Any, _receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 413, "headers": [(b"content-length", b"0")]})
    await send({"type": "http.response.body"})


def test_an_answer_before_the_whole_request_ends_the_connection() -> None:
    async def story(connection: Connection, _transport: Transport, _server: Server) -> None:
        connection.data_received(POST)
        await settle()

    transport = play(story, refusing)
    assert transport.sent.startswith(b"HTTP/1.1 413 ")
    assert transport.closed


async def breaking(_scope: Any, _receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    raise ValueError("what somebody typed")


def test_an_answer_that_broke_off_ends_the_connection(caplog: pytest.LogCaptureFixture) -> None:
    async def story(connection: Connection, _transport: Transport, _server: Server) -> None:
        connection.data_received(GET)
        await settle()

    assert play(story, breaking).closed
    assert "ValueError" in caplog.text
    assert "typed" not in caplog.text


def test_who_went_gets_no_answer() -> None:
    async def story(connection: Connection, transport: Transport, _server: Server) -> None:
        connection.data_received(POST)
        await settle()
        connection.connection_lost(None)
        await settle()
        assert transport.sent == b""

    play(story)


def looks(
    monkeypatch: pytest.MonkeyPatch, data: bytes, app: Any = echo, unsent: tuple[int, ...] = (0,)
) -> bool:
    """Whether somebody who sent `data`, and has so much of the answer untaken at each look, is let go."""
    monkeypatch.setattr(http_server, "HURRY", 3600)

    async def story(connection: Connection, transport: Transport, _server: Server) -> None:
        if data:
            connection.data_received(data)
        await settle()
        for left in unsent:
            transport.unsent = left
            connection._look()

    return play(story, app).aborted


async def slow(_scope: Any, _receive: Any, _send: Any) -> None:
    await asyncio.sleep(3600)


@pytest.mark.parametrize("data", [b"", b"GET / HT", POST + b"he"])
def test_T38_who_stops_in_the_middle_of_a_request_is_let_go(
    monkeypatch: pytest.MonkeyPatch, data: bytes
) -> None:
    assert looks(monkeypatch, data)


def test_T38_who_waits_for_us_may_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    async def story(connection: Connection, transport: Transport, _server: Server) -> None:
        connection.data_received(GET)
        await settle()
        for left in (0, 5000, 4000):
            transport.unsent = left
            connection._look()
        assert not transport.aborted
        connection._look()
        assert transport.aborted, "and who takes no answer is let go"
        connection.abort()
        await settle()

    monkeypatch.setattr(http_server, "HURRY", 3600)
    play(story, slow)


def test_the_end_waits_for_answers_and_for_nobody_else() -> None:
    gate = asyncio.Event()

    async def waiting(scope: Any, receive: Any, send: Any) -> None:
        await gate.wait()
        await echo(scope, receive, send)

    async def story(connection: Connection, transport: Transport, server: Server) -> None:
        connection.data_received(GET)
        await settle()
        idle = Connection(server)
        idle.connection_made(cast("Any", other := Transport()))
        ending = asyncio.create_task(server.end(10))
        await settle()
        assert other.closed
        assert not transport.closed
        gate.set()
        await ending
        assert b"connection: close" in transport.sent.lower()
        idle.connection_lost(None)

    assert play(story, waiting).closed


def test_a_slow_reader_holds_its_own_answer_up() -> None:
    async def long(_scope: Any, _receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"one", "more_body": True})
        await send({"type": "http.response.body", "body": b"two"})

    async def story(connection: Connection, transport: Transport, _server: Server) -> None:
        connection.pause_writing()
        connection.data_received(GET)
        await settle()
        assert b"two" not in transport.sent
        connection.resume_writing()
        await settle()
        assert b"two" in transport.sent

    play(story, long)

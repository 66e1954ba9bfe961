"""What comes to a device beside messages: bytes at its door, its maker's program, its settings."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, cast

from fuzz.target import PORT, Target, of_text
from sparekey.core.crypto import Argon2Cost, hash_password
from sparekey.core.policy import Policy
from sparekey.device.accounts.command import CommandAccounts
from sparekey.device.accounts.phc import phc, read_phc
from sparekey.device.config import Settings
from sparekey.device.http_server import Connection, Server
from sparekey.host.config import parse
from tests.core.samples import RECORD

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send


class Transport(asyncio.Transport):
    """What a connection sees of a socket that goes nowhere."""

    def write(self, data: Any) -> None:
        """Gone."""

    def close(self) -> None:
        """Nothing to close."""

    def abort(self) -> None:
        """Nothing to end."""

    def pause_reading(self) -> None:
        """All is here already."""

    def resume_reading(self) -> None:
        """All is here already."""

    def get_write_buffer_size(self) -> int:
        """Nothing waits."""
        return 0

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        """Whose connection it is."""
        return {"sockname": ("192.0.2.4", 8543), "peername": ("192.0.2.7", 50000)}.get(name, default)


async def take(_scope: Scope, receive: Receive, send: Send) -> None:
    """Reads a body to its end and answers."""
    while True:
        message = await receive()
        if message["type"] == "http.disconnect" or not message["more_body"]:
            break
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
    await send({"type": "http.response.body", "body": b"ok"})


LOOP = asyncio.new_event_loop()


def serve(data: bytes) -> object:
    """Bytes at the door, in pieces whose size the first byte says, or at once."""
    broken: list[dict[str, Any]] = []
    LOOP.set_exception_handler(lambda _loop, context: broken.append(context))
    LOOP.run_until_complete(_served(data[1:], (data[0] or len(data)) if data else 1))
    if broken:
        raise cast("BaseException", broken[0].get("exception") or RuntimeError(broken[0]["message"]))
    return None


async def _served(data: bytes, step: int) -> None:
    connection = Connection(Server(take))
    connection.connection_made(Transport())
    for at in range(0, len(data), step):
        connection.data_received(data[at : at + step])
        await asyncio.sleep(0)
    for _ in range(4):
        await asyncio.sleep(0)
    connection.connection_lost(None)
    for _ in range(4):
        await asyncio.sleep(0)


class Says:
    """A maker's program that always says the same."""

    def __init__(self, answer: bytes) -> None:
        self._answer = answer

    def ask(self, _question: bytes) -> bytes:
        """What it says."""
        return self._answer


def right(data: bytes) -> object:
    """Its answer to whether a password is right."""
    return CommandAccounts(Says(data)).verify(RECORD, "admin", "some password that is long")


def names(data: bytes) -> object:
    """Its answer to who has an account."""
    return CommandAccounts(Says(data)).names(RECORD)


REQUESTS = [
    b"GET / HTTP/1.1\r\nHost: recorder.example.com\r\n\r\n",
    b"POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabcGET / HTTP/1.1\r\nHost: a\r\n\r\n",
    b"POST /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
    b"POST /a HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\na",
]
HASHED = phc(hash_password("some password that is long", bytes(16), Argon2Cost(8, 1, 1)))
SETTINGS = b"""name = "Front door"
serial = "PX-3216-0001"
model = "PX-3216"
trust = "trust.sparekey-trust"
root = "maker-root.pub"
[button]
[cameras]
"""

TARGETS = [
    Target("http-server", serve, lambda: [bytes([step]) + data for data in REQUESTS for step in (0, 5)]),
    Target("program-right", right, lambda: [b'{"version": 1, "right": true}', b"[" * 99], PORT),
    Target("program-names", names, lambda: [b'{"version": 1, "names": ["admin", "guard"]}'], PORT),
    Target("kept-password", of_text(read_phc), lambda: [HASHED.encode()], PORT),
    Target(
        "profile",
        of_text(lambda text: parse(text, Policy, "a profile")),
        lambda: [b"name = 'n'\ntitle = 't'\nmethods = []"],
    ),
    Target(
        "device-settings", of_text(lambda text: parse(text, Settings, "the settings")), lambda: [SETTINGS]
    ),
]

"""A server on the loopback that behaves as cameras do."""

from __future__ import annotations

import asyncio
import hashlib
import re
import ssl
from collections.abc import Awaitable, Callable
from pathlib import Path

from sparekey.core.crypto import tls_identity
from sparekey.lan.target import Target

PASSWORD = "correct horse"
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
CERTIFICATE, KEY = tls_identity(b"\x02" * 32, "camera.example.com", 1, 1_790_000_000, 365)


class Camera:
    """A server on the loopback: `answer` turns a whole request into what is sent back. It keeps the requests.
    `each`: requests on one connection, after which it hangs up. `met`: connections so far.
    """

    def __init__(self, answer: Callable[[bytes], bytes], tls: Path | None = None, each: int = 1) -> None:
        self.heard: list[bytes] = []
        self.met = 0
        self.port = 0
        self._each = each
        self._answer = answer
        self._context: ssl.SSLContext | None = None
        if tls is not None:
            (tls / "pem").write_bytes(CERTIFICATE + KEY)
            self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self._context.load_cert_chain(tls / "pem")

    async def __aenter__(self) -> Camera:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=self._context)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        await self._server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.met += 1
        try:
            for _ in range(self._each):
                await self._one(reader, writer)
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        length = re.search(rb"Content-Length: (\d+)", head)
        request = head + (await reader.readexactly(int(length[1])) if length else b"")
        self.heard.append(request)
        if answer := self._answer(request):
            writer.write(answer)
            await writer.drain()
        else:
            await reader.read()

    def target(self, *, tls: bool = False) -> Target:
        return Target("127.0.0.1", self.port, "/onvif/device_service", tls)


def play(
    answer: Callable[[bytes], bytes],
    story: Callable[[Camera], Awaitable[None]],
    tls: Path | None = None,
    each: int = 1,
) -> None:
    async def run() -> None:
        async with Camera(answer, tls, each) as camera:
            await story(camera)

    asyncio.run(run())


def guarded(offer: str, algorithm: str = "md5", *, qop: bool = True) -> Callable[[bytes], bytes]:
    """A camera that checks digests; each nonce is `n` and then the number of challenges given so far."""
    given = 0

    def answer(request: bytes) -> bytes:
        nonlocal given
        said = dict(re.findall(rb'(\w+)="?([^",\r]+)', request))
        if said.get(b"nonce", b"") == f"n{given}".encode():
            hashed = [
                hashlib.new(algorithm, f"admin:cam:{PASSWORD}".encode()).hexdigest().encode(),
                said[b"nonce"],
            ]
            hashed += [said[b"nc"], said[b"cnonce"], b"auth"] if qop else []
            method = request.partition(b" ")[0]
            hashed.append(hashlib.new(algorithm, method + b":" + said[b"uri"]).hexdigest().encode())
            if said[b"response"].decode() == hashlib.new(algorithm, b":".join(hashed)).hexdigest():
                return OK
        given += 1
        challenge = offer.format(nonce=f"n{given}")
        return f"HTTP/1.1 401 No\r\nWWW-Authenticate: {challenge}\r\nContent-Length: 0\r\n\r\n".encode()

    return answer

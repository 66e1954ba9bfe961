"""A small asyncio HTTP/1.1 client for cameras: lenient in what it reads, strict in where it sends secrets.

One connection for each call unless its line keeps one, no redirects, no cookies, no proxies. A credential is tried
once: a second 401 is an answer, not a reason to go on. Basic, and secrets in the open, need an explicit yes.
"""

from __future__ import annotations

import asyncio
import re
import ssl
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sparekey.core.errors import MisuseError, UnavailableError, UntrustedError
from sparekey.lan.http_digest import Challenge, Credential, basic, challenges, digest
from sparekey.lan.http_reply import BODY_LIMIT, Reply, ReplyReader
from sparekey.lan.line import READ, Line

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from sparekey.host.entropy import Entropy
    from sparekey.lan.line import Connection
    from sparekey.lan.target import Target

_NAME = re.compile(r"[A-Za-z0-9-]+")
_PATH = re.compile(r"/[!-~]*")
_BROKEN = re.compile(r"[\x00-\x1f\x7f]")
"""What no header may hold."""


@dataclass(frozen=True)
class Limits:
    """What one call may cost. `connect`, `silence` and `total`: seconds; `silence` between two parts of a reply that is
    read as it arrives. `body`: bytes of the reply's body.
    """

    connect: float = 5.0
    silence: float = 15.0
    total: float = 15.0
    body: int = BODY_LIMIT


@dataclass(frozen=True)
class Consent:
    """What the person said yes to, knowing that it shows a secret to others on the network. `basic`: the password as
    it is to the device, whoever that is. `cleartext`: secrets over a connection that is not to a recognised key.
    """

    basic: bool = False
    cleartext: bool = False


@dataclass(frozen=True)
class Request:
    """One request. `path`: when it is not the target's own. `secret`: whether the body holds a password or a code."""

    method: str = "GET"
    path: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    secret: bool = False

    def __repr__(self) -> str:
        return f"Request({self.method}, {len(self.body)} bytes)"


class Client:
    """Calls one device, one call at a time. `pin`: the hash of the TLS key that must answer; without one the first
    contact is open to anybody, and `Reply.key_hash` is what a person compares with the device's screen. `line`: in the
    place of target and pin, shared with other clients of this device, one of which calls at a time.
    """

    def __init__(
        self,
        target: Target,
        entropy: Entropy,
        *,
        credential: Credential | None = None,
        pin: bytes | None = None,
        consent: Consent | None = None,
        limits: Limits | None = None,
        line: Line | None = None,
    ) -> None:
        self._line = line or Line(target, pin=pin)
        self._target = target
        self._entropy = entropy
        self._credential = credential
        self._pin = self._line.pin
        self._consent = consent or Consent()
        self._limits = limits or Limits()
        self._challenge: Challenge | None = None
        self._used = 0
        self._proven = False  # a credential that was right is sent again when a nonce ran out

    def __repr__(self) -> str:
        return f"Client({self._target.authority})"

    async def send(self, request: Request) -> Reply:
        """The device's reply; 401 when it refuses the credential, or wants one that we have not.

        Raises UnavailableError (`camera-unreachable`, `camera-silent`, `camera-tls`), UntrustedError (`tls-key`, and
        `needs-consent` before a secret would show), InputError (`http`, `oversize`).
        """
        if request.secret and not (self._pin or self._consent.cleartext):
            raise _needs_consent("this would send a password in the open")
        path = request.path or self._target.path
        reply = await self._once(request, path)
        if reply.status != 401 or self._credential is None:
            self._proven = self._challenge is not None
            return reply
        tried, offered = self._challenge, challenges(reply.all("www-authenticate"))
        if not offered or (tried is not None and not (self._proven or offered[0].stale)):
            return reply  # what was tried is wrong, or nothing that we speak
        self._challenge, self._used = offered[0], 0
        reply = await self._once(request, path)
        self._proven = reply.status != 401
        return reply

    @asynccontextmanager
    async def streaming(self, request: Request) -> AsyncIterator[Stream]:
        """The device's reply as it arrives; leaving the block hangs up. Raises as `send`, and so does reading it."""
        if request.secret and not (self._pin or self._consent.cleartext):
            raise _needs_consent("this would send a password in the open")
        path = request.path or self._target.path
        stream = await self._stream(request, path)
        try:
            if stream.head.status == 401 and self._credential is not None and self._challenge is None:
                offered = challenges(stream.head.all("www-authenticate"))
                if offered:
                    stream.hang_up()
                    self._challenge, self._used = offered[0], 0
                    stream = await self._stream(request, path)
            yield stream
        finally:
            stream.hang_up()

    async def _stream(self, request: Request, path: str) -> Stream:
        data = _written(request, path, self._target.authority, self._authorization(request, path))
        with _told():
            async with asyncio.timeout(self._limits.connect):
                connection = await self._line.fresh()
            stream = Stream(connection, ReplyReader(request.method, self._limits.body), self._limits)
            try:
                connection.writer.write(data)
                await stream.begin()
            except BaseException:
                stream.hang_up()
                raise
        return stream

    def _authorization(self, request: Request, path: str) -> str:
        """The header that meets the last challenge; empty before the first."""
        if self._credential is None or self._challenge is None:
            return ""
        if self._challenge.scheme == "basic":
            if not self._consent.basic or not (self._pin or self._consent.cleartext):
                raise _needs_consent("this device wants the password in the open")
            return basic(self._credential)
        self._used += 1
        nonce = self._entropy.bytes(16).hex()
        return digest(self._challenge, self._credential, request.method, path, self._used, nonce)

    async def _once(self, request: Request, path: str) -> Reply:
        with _told():
            async with asyncio.timeout(self._limits.total):
                kept = await self._line.kept() if self._line.keeps else None
                if kept is not None:
                    reply = await self._exchange(request, path, kept)
                    if reply is not None:
                        return reply
                    self._line.keeps = False  # it hangs up without saying so
                    if request.secret:
                        raise ConnectionResetError  # whether it heard the secret is not known
                async with asyncio.timeout(self._limits.connect):
                    fresh = await self._line.fresh()
                reply = await self._exchange(request, path, fresh)
                if reply is None:
                    raise ConnectionResetError
                return reply

    async def _exchange(self, request: Request, path: str, connection: Connection) -> Reply | None:
        """One request and its reply; None where a connection that was used before ended without a word."""
        goes_on = False
        try:
            authorization = self._authorization(request, path)
            data = _written(request, path, self._target.authority, authorization, keeps=self._line.keeps)
            connection.writer.write(data)
            collected = ReplyReader(request.method, self._limits.body)
            silent = True
            while part := await _read(connection.reader):
                silent = False
                if collected.feed(part):
                    break
            if silent and connection.used:
                return None
            reply = replace(collected.reply(), key_hash=connection.key)
            goes_on = self._line.keeps and collected.goes_on
            return reply
        finally:
            if goes_on:
                self._line.keep(connection)
            else:
                connection.hang_up()


class Stream:
    """A reply that is still arriving. `head`: its status and headers; `key_hash`: of the TLS key that it comes from."""

    def __init__(
        self,
        connection: Connection,
        collected: ReplyReader,
        limits: Limits,
    ) -> None:
        self._connection = connection
        self._collected = collected
        self._silence = limits.silence
        self._ends = asyncio.get_running_loop().time() + limits.total
        self._ended = False
        self.head = Reply(0)
        self.key_hash = connection.key

    async def begin(self) -> None:
        """Read until status and headers are there. Raises as `Client.send`."""
        while self._collected.head is None and not self._ended:
            await self._more()
        self.head = self._collected.reply() if self._collected.head is None else self._collected.head

    async def parts(self) -> AsyncIterator[bytes]:
        """The body, part by part, until it ends or may go on no longer. Raises as `Client.send`."""
        while True:
            part = self._collected.take()
            if part:
                yield part
            if self._ended:
                return
            await self._more()

    @property
    def short(self) -> bool:
        """Whether it broke off: less came than was told, once `parts` has ended."""
        return self._collected.reply().short

    def hang_up(self) -> None:
        """End it. Safe to call twice."""
        self._connection.hang_up()

    async def _more(self) -> None:
        latest = min(self._ends, asyncio.get_running_loop().time() + self._silence)
        with _told():
            async with asyncio.timeout_at(latest):
                part = await _read(self._connection.reader)
        self._ended = not part or self._collected.feed(part)


@contextmanager
def _told() -> Iterator[None]:
    """What the network says, in our words."""
    try:
        yield
    except TimeoutError:
        raise UnavailableError("camera-silent", "the device did not answer in time") from None
    except ssl.SSLError:
        raise UnavailableError("camera-tls", "no secure connection to the device came about") from None
    except OSError:
        raise UnavailableError("camera-unreachable", "no connection to the device came about") from None


async def _read(reader: asyncio.StreamReader) -> bytes:
    try:
        return await reader.read(READ)
    except (ConnectionResetError, ssl.SSLError):
        return b""  # many cameras end that way; whether enough came is seen in the reply


def _needs_consent(told: str) -> UntrustedError:
    return UntrustedError("needs-consent", f"{told}: agree to it first, or use https with a known key")


def _written(
    request: Request, path: str, authority: str, authorization: str, *, keeps: bool = False
) -> bytes:
    connection = "keep-alive" if keeps else "close"
    headers = [("Host", authority), ("Connection", connection), ("Accept", "*/*"), *request.headers]
    if request.body or request.method in ("POST", "PUT"):
        headers.append(("Content-Length", str(len(request.body))))
    if authorization:
        headers.append(("Authorization", authorization))
    good = _NAME.fullmatch(request.method) and _PATH.fullmatch(path)
    if not good or any(not _NAME.fullmatch(name) or _BROKEN.search(value) for name, value in headers):
        raise MisuseError("http-request", "a request has a part that HTTP cannot carry")
    lines = [f"{request.method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers)]
    return ("\r\n".join(lines) + "\r\n\r\n").encode(errors="surrogateescape") + request.body

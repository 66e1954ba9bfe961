"""Many people at once: each a connection of its own that stays open, and cycles one after another."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

Cycle = Callable[["Person", int], Awaitable[None]]
"""What one person does once; the number makes it theirs."""


@dataclass
class Answer:
    """One answer of a server."""

    status: int
    headers: dict[str, str]
    body: str


@dataclass
class Person:
    """A browser with one connection. `cookies`: by name. `token`: the hidden field of a form that it keeps."""

    port: int
    ask_port: int
    cookies: dict[str, str] = field(default_factory=dict)
    token: str = ""
    _stream: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
    _asking: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def send(self, method: str, path: str, body: str = "", kind: str = "") -> Answer:
        """One request; what a form is sent as, unless `kind` says something else."""
        lines = [f"{method} {path} HTTP/1.1", f"Host: localhost:{self.port}"]
        if method == "POST":
            lines += [
                f"Content-Type: {kind or 'application/x-www-form-urlencoded'}",
                f"Content-Length: {len(body)}",
                f"Origin: http://localhost:{self.port}",
            ]
        if self.cookies:
            lines.append("Cookie: " + "; ".join(f"{name}={value}" for name, value in self.cookies.items()))
        message = ("\r\n".join(lines) + "\r\n\r\n" + body).encode()
        if self._stream is None:
            self._stream = await asyncio.open_connection("127.0.0.1", self.port, limit=2**20)
        reader, writer = self._stream
        writer.write(message)
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers: dict[str, str] = {}
        for line in head[1:]:
            name, _, value = line.partition(": ")
            if name.lower() == "set-cookie":
                cookie, _, kept = value.partition(";")[0].partition("=")
                self.cookies[cookie] = kept
            headers[name.lower()] = value
        text = await _body(reader, headers)
        if headers.get("connection") == "close":
            writer.close()
            self._stream = None
        return Answer(int(head[0].split()[1]), headers, text)

    async def mailed(self, address: str) -> str:
        """What the mail to this address brings, as soon as it is there."""
        while not (told := await self.asked(f"code {address}")):
            await asyncio.sleep(0.002)
        return told

    async def asked(self, question: str) -> str:
        """The mail server's answer."""
        if self._asking is None:
            self._asking = await asyncio.open_connection("127.0.0.1", self.ask_port)
        reader, writer = self._asking
        writer.write(question.encode() + b"\n")
        return (await reader.readline()).decode().strip()

    def close(self) -> None:
        """Hang up."""
        for stream in (self._stream, self._asking):
            if stream is not None:
                stream[1].close()


async def _body(reader: asyncio.StreamReader, headers: dict[str, str]) -> str:
    if headers.get("transfer-encoding") == "chunked":
        parts = []
        while size := int((await reader.readline()).strip() or b"0", 16):
            parts.append(await reader.readexactly(size))
            await reader.readline()
        await reader.readline()
        return b"".join(parts).decode()
    return (await reader.readexactly(int(headers.get("content-length", 0)))).decode()


@dataclass(frozen=True)
class Load:
    """What came of it. `latencies`: seconds of each cycle, sorted. `seconds`: all of it, the last mail included."""

    latencies: list[float]
    seconds: float

    def at(self, share: float) -> float:
        """The latency that this share of the cycles does not exceed, in milliseconds."""
        return self.latencies[min(len(self.latencies) - 1, int(share * len(self.latencies)))] * 1000


def run(cycle: Cycle, port: int, ask_port: int, *, cycles: int, people: int, first: int = 0) -> Load:
    """`cycles` of them, by so many people at once; ends when the last mail is there."""
    return asyncio.run(_run(cycle, port, ask_port, cycles, people, first))


async def _run(cycle: Cycle, port: int, ask_port: int, cycles: int, people: int, first: int) -> Load:
    numbers, latencies = iter(range(first, first + cycles)), []

    async def live() -> None:
        person = Person(port, ask_port)
        for number in numbers:
            began = time.perf_counter()
            await cycle(person, number)
            latencies.append(time.perf_counter() - began)
        person.close()

    counter = Person(port, ask_port)
    before = int(await counter.asked("count"))
    began = time.perf_counter()
    await asyncio.gather(*(live() for _ in range(people)))
    while int(await counter.asked("count")) < before + cycles:
        await asyncio.sleep(0.01)
    counter.close()
    return Load(sorted(latencies), time.perf_counter() - began)

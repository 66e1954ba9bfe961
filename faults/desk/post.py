"""A mail server on this machine that behaves as badly as it is told to, and remembers what it took."""

from __future__ import annotations

import asyncio
import re
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

GREETED, MAIL, RCPT, DATA, END = "connect", "MAIL", "RCPT", "DATA", "."
"""Where in a conversation something may happen: in place of this answer."""
HANGS_UP, SILENT, CRAWLS, TALKS, DROPS = (
    "hangs up",
    "silent",
    "a byte a second",
    "talks on",
    "takes and drops",
)
"""What may happen there, besides an answer that refuses: silence, letters one by one, lines without end, or the mail
is taken and the line is dropped before that is told.
"""
_ID = re.compile(rb"^Message-ID: (\S+)", re.MULTILINE | re.IGNORECASE)


@dataclass
class Post:
    """`at`, `how`: what goes wrong, nothing where empty. `domain`: only for mail to this one. `port`: where it listens,
    the same for as long as it lives.
    """

    at: str = ""
    how: str = ""
    domain: str = ""
    port: int = 0
    taken: list[tuple[str, str]] = field(default_factory=list)
    """Recipient and Message-ID of each mail, in order."""
    letters: list[tuple[str, bytes]] = field(default_factory=list)
    """Recipient and content of each."""
    _talks: set[asyncio.Future[None]] = field(default_factory=set)

    def behave(self, at: str = "", how: str = "", domain: str = "") -> None:
        """From now on, well or badly."""
        self.at, self.how, self.domain = at, how, domain

    def copies(self) -> Counter[str]:
        """How often each mail came, by its Message-ID."""
        return Counter(name for _, name in self.taken)

    @contextmanager
    def running(self) -> Iterator[None]:
        """Listens, in a thread of its own."""
        ready, loops = threading.Event(), list[asyncio.AbstractEventLoop]()
        stopped = asyncio.Event()

        async def serve() -> None:
            loops.append(asyncio.get_running_loop())
            server = await asyncio.start_server(self._converse, "127.0.0.1", self.port)
            self.port = server.sockets[0].getsockname()[1]
            ready.set()
            async with server:
                await stopped.wait()
                self.behave()
                server.close()
                for talk in self._talks:
                    talk.cancel()
                await asyncio.gather(*self._talks, return_exceptions=True)

        thread = threading.Thread(target=lambda: asyncio.run(serve()), name="post")
        thread.start()
        ready.wait()
        try:
            yield
        finally:
            loops[0].call_soon_threadsafe(stopped.set)
            thread.join()

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        talk = asyncio.ensure_future(self._talk(reader, writer))
        self._talks.add(talk)
        try:
            with suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
                await talk
        finally:
            self._talks.discard(talk)
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        recipient = ""
        if not await self._say(writer, GREETED, "220 post", ""):
            return
        while line := (await reader.readline()).decode("latin-1"):
            word = line[:4].strip().upper()
            good = "250 OK"
            if word == RCPT:
                recipient = line.partition("<")[2].partition(">")[0]
            elif word == DATA:
                if not await self._say(writer, DATA, "354 go on", recipient):
                    return
                if self._spoils(DATA, recipient):
                    continue
                mail = await reader.readuntil(b"\r\n.\r\n")
                word = END
                if not self._spoils(END, recipient) or self.how == DROPS:
                    self.letters.append((recipient, mail))
                    self.taken.append((recipient, _ID.findall(mail)[0].decode()))
            elif word == "QUIT":
                good = "221 bye"
            if not await self._say(writer, word, good, recipient) or word == "QUIT":
                return

    def _spoils(self, at: str, recipient: str) -> bool:
        return self.at == at and recipient.endswith(self.domain) and bool(self.how)

    async def _say(self, writer: asyncio.StreamWriter, at: str, good: str, recipient: str) -> bool:
        """Whether the conversation goes on."""
        if not self._spoils(at, recipient):
            writer.write(f"{good}\r\n".encode())
            await writer.drain()
            return True
        how = self.how
        if how in (HANGS_UP, DROPS):
            return False
        while how in (SILENT, CRAWLS, TALKS) and self._spoils(at, recipient):
            if how != SILENT:
                writer.write(b"2" if how == CRAWLS else b"250-and so on\r\n" * 100)
                await writer.drain()
            await asyncio.sleep(0.3 if how != TALKS else 0)
        if how in (SILENT, CRAWLS, TALKS):
            return False
        writer.write(f"{how}\r\n".encode())
        await writer.drain()
        return not how.startswith("421")

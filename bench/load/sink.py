"""A mail server that takes everything at once: `python -m bench.load.sink`, a process of its own.

Prints the port for mail and the port where `code ADDRESS` is answered with what the newest mail to it matched, and
`count` with how many came.
"""

from __future__ import annotations

import asyncio
import re
import sys

FOUND = re.compile(rb"(?:/reset/[^\s]+|token=[A-Za-z0-9._-]+|\b[0-9A-Z]{4}-[0-9A-Z]{4}\b|\b[0-9A-Z]{6}\b)")
"""What a mail brings: a link, a token, a code."""


class Sink:
    """What came. `newest`: address -> the interesting part of its newest mail."""

    def __init__(self) -> None:
        self.count = 0
        self.newest: dict[bytes, bytes] = {}

    async def mail(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One conversation (RFC 5321), as short as a client lets it be."""
        writer.write(b"220 sink\r\n")
        recipient = b""
        while line := await reader.readline():
            word = line[:4].upper()
            if word == b"DATA":
                writer.write(b"354 go on\r\n")
                self._keep(recipient, await reader.readuntil(b"\r\n.\r\n"))
            elif word == b"QUIT":
                break
            elif word == b"RCPT":
                recipient = line.partition(b"<")[2].partition(b">")[0].lower()
            writer.write(b"250 8BITMIME\r\n" if word == b"EHLO" else b"250 OK\r\n")
        writer.close()

    async def asked(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Whoever waits for a mail."""
        while line := (await reader.readline()).strip():
            word, _, address = line.partition(b" ")
            told = b"%d" % self.count if word == b"count" else self.newest.get(address.lower(), b"")
            writer.write(told + b"\n")
        writer.close()

    def _keep(self, recipient: bytes, data: bytes) -> None:
        self.count += 1
        body = data.partition(b"\r\n\r\n")[2].replace(b"=\r\n", b"").replace(b"=3D", b"=")
        found = FOUND.search(body)
        self.newest[recipient] = found[0] if found else b"?"


async def main() -> None:
    """Serve until the other end of standard input is closed."""
    sink = Sink()
    doors = [
        await asyncio.start_server(each, "127.0.0.1", 0, limit=2**20) for each in (sink.mail, sink.asked)
    ]
    print(*(door.sockets[0].getsockname()[1] for door in doors), flush=True)
    await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(main())

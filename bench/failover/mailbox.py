"""Where all mail goes: kept with its Message-ID, so that a code that came twice is seen."""

from __future__ import annotations

import asyncio
import email
import email.policy
import re
import threading
from dataclasses import dataclass

from bench.load.sink import FOUND, Sink


@dataclass(frozen=True)
class Letter:
    """One mail. `code`: the first in it."""

    recipient: str
    subject: str
    id: str
    code: str


class Mailbox(Sink):
    """A mail server in a thread of this process. `port`: where it listens."""

    def __init__(self) -> None:
        super().__init__()
        self.letters: list[Letter] = []
        self.port = 0
        self._up = threading.Event()
        self._loop = asyncio.new_event_loop()
        threading.Thread(target=self._run, name="mailbox", daemon=True).start()
        self._up.wait()

    def codes(self, recipient: str, subject: str) -> list[str]:
        """What came to somebody under this subject, without what came twice."""
        found = {
            one.id: one.code
            for one in list(self.letters)
            if one.recipient == recipient and subject in one.subject
        }
        return list(found.values())

    def close(self) -> None:
        """Take no more."""
        self._loop.call_soon_threadsafe(self._loop.stop)

    def _run(self) -> None:
        door = self._loop.run_until_complete(asyncio.start_server(self.mail, "127.0.0.1", 0, limit=2**20))
        self.port = door.sockets[0].getsockname()[1]
        self._up.set()
        self._loop.run_forever()

    async def mail(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One conversation, which ends in the middle when its node is killed."""
        try:
            await super().mail(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            writer.close()

    def _keep(self, recipient: bytes, data: bytes) -> None:
        read = email.message_from_bytes(data, policy=email.policy.default)
        body = read.get_body(("plain",))
        found = re.search(FOUND, b"" if body is None else str(body.get_content()).encode())
        code = found[0].decode() if found else ""
        self.letters.append(Letter(recipient.decode(), str(read["subject"]), str(read["message-id"]), code))

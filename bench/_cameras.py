"""A thousand cameras that speak ONVIF, at one port of every address of a network namespace; some break in the middle.

`python -m bench._cameras`.
"""

from __future__ import annotations

import asyncio
import re

from sparekey.demo.foreign.camera import ForeignCamera
from sparekey.host.clock import SystemClock
from sparekey.host.entropy import SystemEntropy
from sparekey.lan.onvif.device import User, UserRefusal
from sparekey.lan.onvif.digest_gate import DigestGate
from sparekey.lan.onvif.security import TokenGate
from sparekey.lan.onvif.service import OnvifService, Request

PORT = 80
BREAKS_EACH = 100
"""One of so many cameras hangs up after its first new password, without an answer."""
_LENGTH = re.compile(rb"Content-Length: (\d+)", re.IGNORECASE)


class Breaking(ForeignCamera):
    """It takes the first new password, and says nothing."""

    broken = False

    def set_users(self, users: tuple[User, ...]) -> UserRefusal | None:
        """Whoever looks again finds it whole."""
        refusal = super().set_users(users)
        if not self.broken:
            self.broken = True
            raise ConnectionAbortedError
        return refusal


class Cameras:
    """Made as they are called."""

    def __init__(self) -> None:
        self._clock, self._entropy = SystemClock(), SystemEntropy()
        self._made: dict[str, OnvifService] = {}

    def at(self, address: str) -> OnvifService:
        """The camera that has this address."""
        if address not in self._made:
            kind = Breaking if len(self._made) % BREAKS_EACH == BREAKS_EACH // 2 else ForeignCamera
            gate = DigestGate(self._entropy.bytes(32), "camera")
            self._made[address] = OnvifService(kind(address), TokenGate(), gate)
        return self._made[address]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, for as long as the caller likes."""
        address = writer.get_extra_info("sockname")[0]
        camera = self.at(address)
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = _LENGTH.search(head)
                body = await reader.readexactly(int(length[1]) if length else 0)
                answer = camera.answer(_request(head, body, address), self._clock.wall())
                told = (*answer.headers, ("Content-Length", str(len(answer.body))))
                lines = [f"HTTP/1.1 {answer.status} told", *(f"{name}: {value}" for name, value in told)]
                writer.write("\r\n".join([*lines, "", ""]).encode() + answer.body)
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()


def _request(head: bytes, body: bytes, address: str) -> Request:
    first, *rest = head.decode("latin-1").rstrip().split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in rest)}
    return Request("POST", first.split()[1], headers, body, f"http://{address}")


async def main() -> None:
    """Until it is ended."""
    server = await asyncio.start_server(Cameras().serve, "0.0.0.0", PORT, backlog=256)  # noqa: S104
    print("ready", flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())

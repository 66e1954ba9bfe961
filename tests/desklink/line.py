"""A desk's end of a connection, without a network: it hears what was sent and says what it was given."""

from __future__ import annotations

import socket
from types import TracebackType
from typing import Self, cast


class Line:
    """Stands in for a socket. `says`: what comes back, in these pieces; an exception among them is raised."""

    def __init__(self, *says: bytes | Exception) -> None:
        self.says = list(says)
        self.heard = b""
        self.patience: list[float] = []
        self.closed = False
        self.dialled: list[tuple[str, int]] = []

    def dial(self, where: tuple[str, int], patience: float) -> socket.socket:
        self.dialled.append(where)
        self.patience.append(patience)
        return cast("socket.socket", self)

    def settimeout(self, seconds: float) -> None:
        self.patience.append(seconds)

    def sendall(self, data: bytes) -> None:
        self.heard += data

    def recv(self, _most: int) -> bytes:
        piece = self.says.pop(0) if self.says else b""
        if isinstance(piece, Exception):
            raise piece
        return piece

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.closed = True


def answer(body: bytes, status: str = "200 OK") -> bytes:
    """An HTTP answer."""
    return f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body

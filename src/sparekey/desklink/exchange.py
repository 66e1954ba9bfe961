"""One HTTP exchange with a desk: connect, check its certificate, ask, read a bounded answer (RFC 9112).

Small on purpose: `h11` on a socket. Nothing of what is sent, and nothing of what comes back, stands in an error.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import h11

from sparekey.core.errors import InputError, UnavailableError
from sparekey.host import tls

if TYPE_CHECKING:
    from pathlib import Path

    from sparekey.desklink.address import Address
    from sparekey.host.clock import Clock

ANSWER_LIMIT = 1 << 20
"""Bytes of an answer's body, at most."""
PATIENCE = 20.0
"""Seconds for a whole exchange."""
BINARY = "application/octet-stream"

_CHUNK = 64 * 1024


@dataclass(frozen=True)
class Asked:
    """`path` begins with `/`. `body` None for a GET."""

    path: str
    body: bytes | None = field(default=None, repr=False)
    kind: str = BINARY
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)


@dataclass(frozen=True)
class Answered:
    """`status`: of HTTP."""

    status: int
    body: bytes = field(repr=False)


class Exchange:
    """Speaks to one desk, a fresh connection each time. `ca_file`: trusted instead of the system's authorities.

    `connect`: given by tests that have no network.
    """

    def __init__(
        self,
        address: Address,
        clock: Clock,
        *,
        ca_file: Path | None = None,
        patience: float = PATIENCE,
        connect: Callable[[tuple[str, int], float], socket.socket] = socket.create_connection,
    ) -> None:
        self._address = address
        self._clock = clock
        self._ca_file = ca_file
        self._patience = patience
        self._connect = connect

    def ask(self, asked: Asked) -> Answered:
        """Raises UnavailableError (`desk-unreachable`, `desk-certificate`, `desk-answer`), InputError (`desk-ca`)."""
        ends = self._clock.monotonic() + self._patience
        with _translated(), self._connected(ends) as connected:
            return _Conversation(connected, self._address.authority, lambda: self._left(ends)).ask(asked)

    @contextmanager
    def _connected(self, ends: float) -> Iterator[socket.socket]:
        plain = self._connect((self._address.host, self._address.port), self._left(ends))
        with plain:
            plain.settimeout(self._left(ends))
            if not self._address.tls:
                yield plain
                return
            with self._context().wrap_socket(plain, server_hostname=self._address.host) as covered:
                yield covered

    def _context(self) -> ssl.SSLContext:
        try:
            return tls.caller(self._ca_file)
        except OSError:
            raise InputError("desk-ca", f"there are no certificates in {self._ca_file}") from None

    def _left(self, ends: float) -> float:
        left = ends - self._clock.monotonic()
        if left <= 0:
            raise TimeoutError
        return left


class _Conversation:
    def __init__(self, connected: socket.socket, authority: str, left: Callable[[], float]) -> None:
        self._socket = connected
        self._authority = authority
        self._left = left
        self._http = h11.Connection(h11.CLIENT, max_incomplete_event_size=16 * 1024)

    def ask(self, asked: Asked) -> Answered:
        headers = [("Host", self._authority), ("Connection", "close"), ("Accept", "*/*"), *asked.headers]
        if asked.body is not None:
            headers += [("Content-Type", asked.kind), ("Content-Length", str(len(asked.body)))]
        method = "GET" if asked.body is None else "POST"
        self._send(h11.Request(method=method, target=asked.path, headers=headers))
        if asked.body:
            self._send(h11.Data(data=asked.body))
        self._send(h11.EndOfMessage())
        return self._read()

    def _send(self, event: h11.Event) -> None:
        data = self._http.send(event)
        if data:
            self._socket.settimeout(self._left())
            self._socket.sendall(data)

    def _read(self) -> Answered:
        status, body = 0, bytearray()
        while True:
            event = self._http.next_event()
            if event is h11.NEED_DATA:
                self._socket.settimeout(self._left())
                self._http.receive_data(self._socket.recv(_CHUNK))
            elif isinstance(event, h11.Response):
                status = event.status_code
            elif isinstance(event, h11.Data):
                body += event.data
                if len(body) > ANSWER_LIMIT:
                    raise UnavailableError("desk-answer", "the desk answered with more than it should")
            elif isinstance(event, h11.EndOfMessage):
                return Answered(status, bytes(body))
            elif not isinstance(event, h11.InformationalResponse):
                raise UnavailableError("desk-answer", "the desk broke off")


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except h11.ProtocolError:
        raise UnavailableError("desk-answer", "what answers there does not speak like a desk") from None
    except ssl.SSLCertVerificationError:
        raise UnavailableError(
            "desk-certificate",
            "the desk's certificate is not trusted here; look at the clock and the authority",
        ) from None
    except (OSError, ValueError) as error:  # a ValueError: a host name that no resolver takes
        raise UnavailableError(
            "desk-unreachable", f"the desk cannot be reached ({type(error).__name__})"
        ) from None

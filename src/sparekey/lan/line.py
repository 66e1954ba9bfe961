"""Connections to one device, each recognised by its key before anything is sent over it, and one that may be kept."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sparekey.core.errors import InputError, MisuseError, UntrustedError
from sparekey.host.tls import stranger
from sparekey.lan import tls

if TYPE_CHECKING:
    import ssl

    from sparekey.lan.target import Target

READ = 64 * 1024
KEPT = 4.0
"""Seconds without a word after which a connection is not used again: servers that keep any keep them for five."""

_LOOKS = 2
"""Turns of the event loop in which a goodbye that has arrived is noticed: the first one looks, the second one reads."""


@dataclass
class Connection:
    """One connection. `key`: the hash of the TLS key at the other end. `used`: whether a reply came over it before;
    `until`: when it is too old to be used again.
    """

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    key: bytes | None
    used: bool = False
    until: float = field(default=0.0, repr=False)

    @property
    def is_over(self) -> bool:
        """Whether the other end hung up meanwhile, or may be about to."""
        late = asyncio.get_running_loop().time() >= self.until
        return late or self.reader.at_eof() or self.writer.transport.is_closing()

    def hang_up(self) -> None:
        """At once: devices are slow to say goodbye, and there is nothing left to hear."""
        self.writer.transport.abort()


class Line:
    """`pin`: the hash of the key that must answer. `keeps`: a connection that the device leaves open is used again, by
    whoever calls over this line; close the line then, in the event loop that used it.
    """

    def __init__(self, target: Target, *, pin: bytes | None = None, keeps: bool = False) -> None:
        if pin is not None and not target.tls:
            raise MisuseError("pin-without-tls", "a key can be recognised over https only")
        self.target = target
        self.pin = pin
        self.keeps = keeps
        self._context = stranger() if target.tls else None
        self._kept: Connection | None = None

    async def kept(self) -> Connection | None:
        """The connection that was kept, if it is still good. It belongs to the caller now."""
        taken, self._kept = self._kept, None
        for _ in range(_LOOKS if taken else 0):
            await asyncio.sleep(0)
        if taken is not None and taken.is_over:
            taken.hang_up()
            return None
        return taken

    async def fresh(self) -> Connection:
        """A new one. Raises UntrustedError (`tls-key`); OSError as the network tells it."""
        reader, writer = await asyncio.open_connection(
            self.target.host,
            self.target.port,
            ssl=self._context,
            server_hostname=self.target.host.partition("%")[0] if self._context else None,
            limit=READ,
        )
        try:
            return Connection(reader, writer, self._recognised(writer))
        except BaseException:
            writer.transport.abort()
            raise

    def keep(self, connection: Connection) -> None:
        """For the next call."""
        self.close()
        connection.used, connection.until = True, asyncio.get_running_loop().time() + KEPT
        self._kept = connection

    def close(self) -> None:
        """Hang up what was kept. Safe to call twice."""
        if self._kept is not None:
            self._kept.hang_up()
            self._kept = None

    def _recognised(self, writer: asyncio.StreamWriter) -> bytes | None:
        """The hash of the key at the other end, checked before the first byte of ours."""
        if self._context is None:
            return None
        connection: ssl.SSLObject | None = writer.get_extra_info("ssl_object")
        certificate = None if connection is None else connection.getpeercert(binary_form=True)
        try:
            shown = tls.key_hash(certificate or b"")
        except InputError:
            raise UntrustedError("tls-key", "the device shows a certificate that cannot be read") from None
        tls.check(shown, self.pin)
        return shown

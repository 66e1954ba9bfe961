"""What the vectors of messages are put together from."""

from __future__ import annotations

from sparekey.core.codec import Value, decode, encode
from sparekey.core.messages.header import Kind, bound
from tests.core.messages_samples import (
    BODIES,
    PUBLIC,
    fixed,
    header,
)
from tests.vectors import hpke

SENDER = fixed("sender's ephemeral key")
PREFIX = "HTTPS://DESK.EXAMPLE.COM/R/"


def changed(data: bytes, fields: dict[int, Value], without: int = 0) -> bytes:
    """A map with some of its fields replaced, added or taken away."""
    decoded = decode(data)
    assert isinstance(decoded, dict)
    merged = {**decoded, **fields}
    return encode({key: value for key, value in merged.items() if key != without})


def joined(clear: bytes, kind: Kind, plain: bytes) -> bytes:
    """A request of these parts, sealed with the fixed sender's key."""
    return encode([clear, hpke.seal(PUBLIC[kind.purpose], bound(clear), plain, SENDER)])


def request(kind: Kind, plain: bytes | None = None) -> bytes:
    """The example of this kind, or one that seals something else."""
    return joined(header(kind).encoded, kind, BODIES[kind].encoded if plain is None else plain)


def decode_parts(data: bytes) -> list[Value]:
    """The parts of an array."""
    parts = decode(data)
    assert isinstance(parts, list)
    return parts

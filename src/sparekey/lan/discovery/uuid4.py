"""Random names as RFC 9562 section 5.4 writes them, in less memory than the module of the standard library takes."""

from __future__ import annotations


def uuid4(data: bytes) -> str:
    """Of 16 random bytes."""
    number = bytearray(data)
    number[6] = number[6] & 0x0F | 0x40
    number[8] = number[8] & 0x3F | 0x80
    text = number.hex()
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))

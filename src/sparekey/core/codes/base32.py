"""Crockford's base 32, for codes and for messages as text (spec/codes.md section 1, spec/requests.md
section 5).
"""

from __future__ import annotations

from sparekey.core.errors import InputError

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O or U."""
VALUES = {character: value for value, character in enumerate(ALPHABET)}
"""The five bits that each character stands for."""

_TO_INT_DIGITS = str.maketrans(ALPHABET, "0123456789abcdefghijklmnopqrstuv")


def to_base32(data: bytes) -> str:
    """Bytes as Crockford base 32 without padding, the unused low bits of the last character zero."""
    spare = -len(data) * 8 % 5
    count = (len(data) * 8 + spare) // 5
    return characters(int.from_bytes(data, "big") << spare, count)


def from_base32(text: str) -> bytes:
    """The bytes of `to_base32`. Strict: upper case, no look-alikes, unused bits zero. Raises InputError
    (`base32`).
    """
    spare = len(text) * 5 % 8
    bad = spare >= 5 or not VALUES.keys() >= set(text)
    number = 0 if bad else number_of(text)
    if bad or number & ((1 << spare) - 1):
        raise InputError("base32", "the text is damaged or not complete")
    return (number >> spare).to_bytes(len(text) * 5 // 8, "big")


def characters(number: int, count: int) -> str:
    """A number as `count` characters, the highest five bits first."""
    width = 1024
    if count > width:  # quadratic big-integer work stays small when long texts go in pieces of whole bytes
        low = (count - 1) // width * width
        shift = 5 * low
        return characters(number >> shift, count - low) + characters(number & ((1 << shift) - 1), low)
    return "".join(ALPHABET[number >> 5 * place & 31] for place in range(count - 1, -1, -1))


def number_of(text: str) -> int:
    """The number that characters of the alphabet stand for."""
    return int(text.translate(_TO_INT_DIGITS), 32) if text else 0

"""Request numbers: how a request is named on screens and on the phone (spec/codes.md section 5)."""

from __future__ import annotations

from sparekey.core.codes.base32 import VALUES, characters
from sparekey.core.errors import InputError, MisuseError

NUMBER_LENGTH = 8
"""Characters of a request number: 40 bits, no check character."""


def number_from_entropy(entropy: bytes) -> str:
    """A request number from five random bytes. Raises MisuseError for another count."""
    if len(entropy) != 5:
        raise MisuseError("number-entropy", "a request number takes five random bytes")
    return characters(int.from_bytes(entropy, "big"), NUMBER_LENGTH)


def read_number(text: str) -> str:
    """A request number in its normal form. Raises InputError (`bad-number`)."""
    if len(text) != NUMBER_LENGTH or not VALUES.keys() >= set(text):
        raise InputError("bad-number", "a request number has eight digits and letters")
    return text

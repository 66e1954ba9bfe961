"""Typed codes: 35 random bits as eight characters or twelve digits (spec/codes.md sections 1 and 6).

The digits are for a telephone keypad, or for somebody who reads no Latin letters.
"""

from __future__ import annotations

from dataclasses import dataclass

from sparekey.core.codes.base32 import characters, number_of
from sparekey.core.codes.check import check_character, check_digit
from sparekey.core.codes.folding import read_folded, slipped
from sparekey.core.errors import InputError, MisuseError

CODE_BITS = 35
"""Random bits in a typed code."""
CODE_LENGTH = 8
"""Characters of a typed code, its check character included."""
DIGITS_LENGTH = 12
"""Digits of a typed code in its other spelling, its check digit included."""


@dataclass(frozen=True)
class Code:
    """A typed code in its one normal form: eight upper-case characters, check character right. Never shown
    by `repr`.
    """

    text: str

    def __repr__(self) -> str:
        return "Code(...)"

    @property
    def shown(self) -> str:
        """As people see it: `ABCD-EFGH`."""
        return f"{self.text[:4]}-{self.text[4:]}"

    @property
    def shown_digits(self) -> str:
        """The same code in twelve digits: `1234-5678-9012`."""
        body = f"{self.bits:0{DIGITS_LENGTH - 1}d}"
        text = body + check_digit(body)
        return f"{text[:4]}-{text[4:8]}-{text[8:]}"

    @property
    def bits(self) -> int:
        """The 35 bits that it stands for."""
        return number_of(self.text[:-1])


def code_from_bits(bits: int) -> Code:
    """The code for 35 bits. Raises MisuseError outside that range."""
    if not 0 <= bits < 1 << CODE_BITS:
        raise MisuseError("code-range", "a typed code holds 35 bits")
    body = characters(bits, CODE_LENGTH - 1)
    return Code(body + check_character(body))


def code_from_entropy(entropy: bytes) -> Code:
    """The code for the first 35 bits of five random bytes."""
    if len(entropy) != 5:
        raise MisuseError("code-entropy", "a typed code takes five random bytes")
    return code_from_bits(int.from_bytes(entropy, "big") >> 5)


def read_code(typed: str) -> Code:
    """Normalise what a person typed, once, at the edge. Either spelling gives the same code.

    Any case; spaces and dashes anywhere; O is 0, I and L are 1. Raises InputError with slug `code-length`,
    `code-character` or `code-check`: none of them is a counted try. Nothing is ever corrected beyond that.
    """
    text = read_folded(typed)
    if len(text) == DIGITS_LENGTH and text.isdecimal():
        return _read_digits(text)
    if len(text) != CODE_LENGTH:
        raise InputError("code-length", f"a code has {CODE_LENGTH} characters, or {DIGITS_LENGTH} digits")
    if check_character(text[:-1]) != text[-1]:
        raise slipped()
    return Code(text)


def _read_digits(text: str) -> Code:
    bits = int(text[:-1])
    if check_digit(text[:-1]) != text[-1] or bits >= 1 << CODE_BITS:
        raise slipped()
    return code_from_bits(bits)

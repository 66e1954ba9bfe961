"""Saved codes: 65 random bits on paper and a check character (spec/codes.md section 7)."""

from __future__ import annotations

from dataclasses import dataclass

from sparekey.core.codes.base32 import characters, number_of
from sparekey.core.codes.check import check_character
from sparekey.core.codes.folding import read_folded, slipped
from sparekey.core.errors import InputError, MisuseError

SAVED_BITS = 65
"""Random bits in a saved code."""
SAVED_LENGTH = 14
"""Characters of a saved code, its check character included."""


@dataclass(frozen=True)
class SavedCode:
    """A saved code in its one normal form: fourteen upper-case characters, check character right. Never
    shown by `repr`.
    """

    text: str

    def __repr__(self) -> str:
        return "SavedCode(...)"

    @property
    def shown(self) -> str:
        """As it is printed, and what its QR says: `ABCDE-FGHJK-MNPQ`."""
        return f"{self.text[:5]}-{self.text[5:10]}-{self.text[10:]}"

    @property
    def bits(self) -> int:
        """The 65 bits that it stands for."""
        return number_of(self.text[:-1])


def saved_from_bits(bits: int) -> SavedCode:
    """The saved code for 65 bits. Raises MisuseError outside that range."""
    if not 0 <= bits < 1 << SAVED_BITS:
        raise MisuseError("code-range", "a saved code holds 65 bits")
    body = characters(bits, SAVED_LENGTH - 1)
    return SavedCode(body + check_character(body))


def saved_from_entropy(entropy: bytes) -> SavedCode:
    """The saved code for the first 65 bits of nine random bytes."""
    if len(entropy) != 9:
        raise MisuseError("code-entropy", "a saved code takes nine random bytes")
    return saved_from_bits(int.from_bytes(entropy, "big") >> 7)


def read_saved(typed: str) -> SavedCode:
    """Normalise what a person typed or a camera read. Raises InputError as `read_code` does: no counted
    try.
    """
    text = read_folded(typed)
    if len(text) != SAVED_LENGTH:
        raise InputError("code-length", f"the code on a recovery sheet has {SAVED_LENGTH} characters")
    if check_character(text[:-1]) != text[-1]:
        raise slipped()
    return SavedCode(text)

"""Codes that people carry: read aloud, typed, printed (spec/codes.md)."""

from __future__ import annotations

from sparekey.core.codes.base32 import ALPHABET, from_base32, to_base32
from sparekey.core.codes.check import check_character, check_digit
from sparekey.core.codes.folding import fold
from sparekey.core.codes.number import number_from_entropy, read_number
from sparekey.core.codes.saved import (
    SAVED_BITS,
    SAVED_LENGTH,
    SavedCode,
    read_saved,
    saved_from_bits,
    saved_from_entropy,
)
from sparekey.core.codes.spelling import spell
from sparekey.core.codes.typed import (
    CODE_BITS,
    CODE_LENGTH,
    DIGITS_LENGTH,
    Code,
    code_from_bits,
    code_from_entropy,
    read_code,
)

__all__ = [
    "ALPHABET",
    "CODE_BITS",
    "CODE_LENGTH",
    "DIGITS_LENGTH",
    "SAVED_BITS",
    "SAVED_LENGTH",
    "Code",
    "SavedCode",
    "check_character",
    "check_digit",
    "code_from_bits",
    "code_from_entropy",
    "fold",
    "from_base32",
    "number_from_entropy",
    "read_code",
    "read_number",
    "read_saved",
    "saved_from_bits",
    "saved_from_entropy",
    "spell",
    "to_base32",
]

"""What a person typed, brought into the one normal form once, at the edge (spec/codes.md section 3)."""

from __future__ import annotations

from sparekey.core.codes.base32 import VALUES
from sparekey.core.errors import InputError

TYPED_LIMIT = 64
"""Characters of what a person may type where a code is asked for."""

_LOOK_ALIKES = str.maketrans("OIL", "011")
_FILLERS = str.maketrans("", "", " -\t\r\n\u00a0\u2010\u2011\u2012\u2013\u2014\u2212")


def fold(typed: str) -> str:
    """Upper case, fillers gone, look-alikes folded. Raises InputError: `code-length` beyond 64 characters,
    `code-character` for what stands on no keyboard of ours and could turn into something else in upper
    case.
    """
    if len(typed) > TYPED_LIMIT:
        raise InputError("code-length", "this is too long for a code")
    bare = typed.translate(_FILLERS)
    if not bare.isascii():
        raise strange()
    return bare.upper().translate(_LOOK_ALIKES)


def read_folded(typed: str) -> str:
    """As `fold`, and every character is one of the alphabet. Raises InputError (`code-length`,
    `code-character`).
    """
    text = fold(typed)
    if any(character not in VALUES for character in text):
        raise strange()
    return text


def strange() -> InputError:
    """The error for a character that no code has."""
    return InputError("code-character", "a code has only digits and letters, without I, L, O and U")


def slipped() -> InputError:
    """The error for a check that does not come out."""
    return InputError("code-check", "one character is not right: look at the code again")

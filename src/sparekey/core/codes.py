"""Codes that people carry: read aloud, typed, printed (spec/codes.md).

Seven Crockford characters hold 35 random bits; the eighth checks them. The check catches every single wrong
character, every swap of neighbours and every swap across one character, and is told at once: it costs no try.
"""

from __future__ import annotations

from dataclasses import dataclass

from sparekey.core.errors import InputError, MisuseError

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O or U."""
CODE_BITS = 35
"""Random bits in a typed code."""
CODE_LENGTH = 8
"""Characters of a typed code, its check character included."""

_VALUES = {character: value for value, character in enumerate(ALPHABET)}
_LOOK_ALIKES = str.maketrans("OIL", "011")
_FILLERS = str.maketrans("", "", " -\t\r\n\u00a0\u2010\u2011\u2012\u2013\u2014\u2212")
_POLYNOMIAL = 0b100101
_TYPED_LIMIT = 64


@dataclass(frozen=True)
class Code:
    """A typed code in its one normal form: eight upper-case characters, check character right. Never shown by `repr`."""

    text: str

    def __repr__(self) -> str:
        return "Code(...)"

    @property
    def shown(self) -> str:
        """As people see it: `ABCD-EFGH`."""
        return f"{self.text[:4]}-{self.text[4:]}"

    @property
    def bits(self) -> int:
        """The 35 bits that it stands for."""
        return _number(self.text[:-1])


def code_from_bits(bits: int) -> Code:
    """The code for 35 bits. Raises MisuseError outside that range."""
    if not 0 <= bits < 1 << CODE_BITS:
        raise MisuseError("code-range", "a typed code holds 35 bits")
    return Code(_checked(_characters(bits, CODE_LENGTH - 1)))


def code_from_entropy(entropy: bytes) -> Code:
    """The code for the first 35 bits of five random bytes."""
    if len(entropy) != 5:
        raise MisuseError("code-entropy", "a typed code takes five random bytes")
    return code_from_bits(int.from_bytes(entropy, "big") >> 5)


def read_code(typed: str) -> Code:
    """Normalise what a person typed, once, at the edge.

    Any case; spaces and dashes anywhere; O is 0, I and L are 1. Raises InputError with slug `code-length`,
    `code-character` or `code-check`: none of them is a counted try. Nothing is ever corrected beyond that.
    """
    text = fold(typed)
    if any(character not in _VALUES for character in text):
        raise _strange()
    if len(text) != CODE_LENGTH:
        raise InputError("code-length", f"a code has {CODE_LENGTH} characters")
    if check_character(text[:-1]) != text[-1]:
        raise InputError("code-check", "one character is not right: look at the code again")
    return Code(text)


def fold(typed: str) -> str:
    """Upper case, fillers gone, look-alikes folded.

    Raises InputError: `code-length` beyond 64 characters, `code-character` for letters of other alphabets, some of
    which become one of ours in upper case.
    """
    if len(typed) > _TYPED_LIMIT:
        raise InputError("code-length", f"a code has {CODE_LENGTH} characters")
    bare = typed.translate(_FILLERS)
    if not bare.isascii():
        raise _strange()
    return bare.upper().translate(_LOOK_ALIKES)


def check_character(body: str) -> str:
    """The check character: sum of `2^(i+1) * value_i` in GF(32) modulo x^5 + x^2 + 1 (spec/codes.md section 2)."""
    total, weight = 0, 1
    for character in body:
        weight = _times(weight, 2)
        total ^= _times(weight, _VALUES[character])
    return ALPHABET[total]


def number_from_entropy(entropy: bytes) -> str:
    """A request number: eight Crockford characters, 40 random bits, no check character. Not a secret."""
    if len(entropy) != 5:
        raise MisuseError("number-entropy", "a request number takes five random bytes")
    return _characters(int.from_bytes(entropy, "big"), 8)


def read_number(text: str) -> str:
    """A request number in its normal form. Raises InputError (`bad-number`)."""
    if len(text) != 8 or any(character not in _VALUES for character in text):
        raise InputError("bad-number", "a request number has eight digits and letters")
    return text


def to_base32(data: bytes) -> str:
    """Bytes as Crockford base 32 without padding, the unused low bits of the last character zero (spec/requests.md 5)."""
    spare = -len(data) * 8 % 5
    count = (len(data) * 8 + spare) // 5
    return _characters(int.from_bytes(data, "big") << spare, count)


def from_base32(text: str) -> bytes:
    """The bytes of `to_base32`. Strict: upper case, no look-alikes, unused bits zero. Raises InputError (`base32`)."""
    spare = len(text) * 5 % 8
    bad = spare >= 5 or any(character not in _VALUES for character in text)
    number = 0 if bad else _number(text)
    if bad or number & ((1 << spare) - 1):
        raise InputError("base32", "the text is damaged or not complete")
    return (number >> spare).to_bytes(len(text) * 5 // 8, "big")


def _strange() -> InputError:
    return InputError("code-character", "a code has only digits and letters, without I, L, O and U")


def _checked(body: str) -> str:
    return body + check_character(body)


def _characters(number: int, count: int) -> str:
    width = 1024
    if count > width:  # quadratic big-integer work stays small when long texts go in pieces of whole bytes
        low = (count - 1) // width * width
        shift = 5 * low
        return _characters(number >> shift, count - low) + _characters(number & ((1 << shift) - 1), low)
    return "".join(ALPHABET[number >> 5 * place & 31] for place in range(count - 1, -1, -1))


def _number(text: str) -> int:
    return int(text.translate(_TO_INT_DIGITS), 32) if text else 0


_TO_INT_DIGITS = str.maketrans(ALPHABET, "0123456789abcdefghijklmnopqrstuv")


def _times(left: int, right: int) -> int:
    product = 0
    while right:
        if right & 1:
            product ^= left
        left <<= 1
        if left & 32:
            left ^= _POLYNOMIAL
        right >>= 1
    return product

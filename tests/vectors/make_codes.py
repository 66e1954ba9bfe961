"""Vectors of codes, request numbers and base 32 (spec/codes.md, spec/requests.md section 5)."""

from __future__ import annotations

from collections.abc import Iterator

from sparekey.core.codes import check_digit, code_from_bits, saved_from_bits
from tests.vectors.vector import Fields, vector

ABOUT = """What people type, request numbers, and base 32: spec/codes.md, spec/requests.md section 5.
read: what the text is read as. code: its normal form. bits: the number it stands for. digits: its other spelling."""

BITS = (0, 1, 31, 32, 0x1_2345_6789, 0x2_AAAA_AAAA, 12_345_678_901, 1 << 34, (1 << 35) - 1)
CODE = code_from_bits(12_345_678_901)
LOOK_ALIKE = code_from_bits(0b00001_00000_01010_00001_00000_11111_00000)
SAVED = saved_from_bits((1 << 64) + 12_345)


def vectors() -> Iterator[str]:
    """All of them."""
    yield from typed()
    yield from mistyped()
    yield from saved()
    yield from numbers()
    yield from base32()


def typed() -> Iterator[str]:
    for bits in BITS:
        code = code_from_bits(bits)
        fields = {
            "read": "typed",
            "text": code.shown,
            "code": code.text,
            "bits": bits,
            "digits": code.shown_digits,
        }
        yield vector(f"the code of {bits}", "ok", fields)
        yield vector(f"the digits of {bits}", "ok", fields, text=code.shown_digits)
    text, digits = CODE.text, CODE.shown_digits
    fields = {"read": "typed", "code": text, "bits": CODE.bits, "digits": digits}
    for name, way in {
        "without its dash": text,
        "in lower case": text.lower(),
        "with spaces everywhere": " ".join(text) + " ",
        "with the dash of a word processor": f"{text[:4]}\u2013{text[4:]}",
        "with a hard space and a line end": f"{text[:4]}\u00a0{text[4:]}\r\n",
        "with a minus sign": f"{text[:4]}\u2212{text[4:]}",
        "digits without dashes": digits.replace("-", ""),
        "digits with look-alikes": digits.replace("1", "I").replace("0", "O"),
    }.items():
        yield vector(name, "ok", fields, text=way)
    alike = LOOK_ALIKE.text
    assert {"0", "1"} <= set(alike)
    fields = {
        "read": "typed",
        "code": alike,
        "bits": LOOK_ALIKE.bits,
        "digits": LOOK_ALIKE.shown_digits,
    }
    mistaken = alike.replace("0", "O").replace("1", "l")
    yield vector("small l for 1 and O for 0", "ok", fields, text=mistaken)
    yield vector("I for 1 and small o for 0", "ok", fields, text=mistaken.replace("O", "o").replace("l", "I"))


def mistyped() -> Iterator[str]:
    text, digits, over = CODE.text, CODE.shown_digits, str(1 << 35)
    other = "Z" if text[2] != "Z" else "Y"
    for name, slug, way in (
        ("the letter U", "code-character", f"U{text[1:]}"),
        ("a punctuation mark", "code-character", f"{text[:4]}.{text[4:]}"),
        ("a letter that becomes S in upper case", "code-character", "\u017f" + text[1:]),
        ("a letter that becomes I in upper case", "code-character", "\u0131" + text[1:]),
        ("a ligature that becomes two letters", "code-character", "\ufb01" + text[2:]),
        ("wide digits", "code-character", "".join(chr(ord(character) + 0xFEE0) for character in text)),
        ("nothing", "code-length", ""),
        ("one character short", "code-length", text[:-1]),
        ("one character long", "code-length", text + "0"),
        ("more than 64 characters", "code-length", " " * 57 + text),
        ("twelve characters with a letter", "code-length", digits.replace("-", "")[:-1] + "A"),
        ("a saved code where a typed one is asked for", "code-length", SAVED.text),
        ("one wrong character", "code-check", text[:2] + other + text[3:]),
        ("a wrong check character", "code-check", text[:-1] + ("0" if text[-1] != "0" else "1")),
        ("neighbours swapped", "code-check", text[1] + text[0] + text[2:]),
        ("the last two swapped", "code-check", text[:6] + text[7] + text[6]),
        ("swapped across one", "code-check", text[2] + text[1] + text[0] + text[3:]),
        ("a wrong digit", "code-check", digits[:-1] + str((int(digits[-1]) + 1) % 10)),
        ("neighbouring digits swapped", "code-check", digits[1] + digits[0] + digits[2:]),
        ("twelve digits beyond 35 bits", "code-check", over + check_digit(over)),
    ):
        yield vector(name, f"malformed {slug}", {"read": "typed", "text": way})


def saved() -> Iterator[str]:
    fields: Fields = {"read": "saved", "code": SAVED.text}
    yield vector("a saved code", "ok", fields, text=SAVED.shown)
    yield vector("a saved code in small letters", "ok", fields, text=SAVED.text.lower())
    for bits in (0, (1 << 65) - 1):
        code = saved_from_bits(bits)
        yield vector(f"the saved code of {bits}", "ok", fields, text=code.shown, code=code.text)
    swapped = SAVED.text[1] + SAVED.text[0] + SAVED.text[2:]
    for name, slug, way in (
        ("a typed code where a saved one is asked for", "code-length", CODE.text),
        ("a saved code without its check character", "code-length", SAVED.text[:-1]),
        ("a saved code, neighbours swapped", "code-check", swapped),
        ("a saved code with a U", "code-character", "U" + SAVED.text[1:]),
    ):
        yield vector(name, f"malformed {slug}", {"read": "saved", "text": way})


def numbers() -> Iterator[str]:
    yield vector("a request number", "ok", {"read": "number", "text": "7KM2Q4XZ", "code": "7KM2Q4XZ"})
    for name, text in (
        ("a number in lower case", "7km2q4xz"),
        ("a number with a look-alike", "7KM2Q4XO"),
        ("a number of seven", "7KM2Q4X"),
        ("a number of nine", "7KM2Q4XZ0"),
        ("a number with a dash", "7KM2-4XZ"),
    ):
        yield vector(name, "malformed bad-number", {"read": "number", "text": text})


def base32() -> Iterator[str]:
    for text, data in (
        ("", ""), ("00", "00"), ("ZW", "ff"), ("04", "01"), ("000G", "0001"), ("02222", "008421"),
        ("ZZZZZZR", "ffffffff"), ("00000000", "0000000000"), ("ZZZZZZZZ", "ffffffffff"), ("91JPRV3F", "48656c6c6f"),
    ):  # fmt: skip
        name = f"base 32 of {data or 'nothing'}"
        yield vector(name, "ok", {"read": "base32", "text": text, "bytes": data})
    for name, text in (
        ("a lone character", "0"),
        ("three characters", "000"),
        ("six characters", "000000"),
        ("bits left over that are not zero", "01"),
        ("lower case", "91jprv3f"),
        ("a look-alike", "91JPRV3O"),
        ("padding", "91JPRV3F="),
        ("a space", "91JP RV3F"),
        ("a letter of another alphabet", "91JPRV3\u017f"),
    ):
        yield vector(name, "malformed base32", {"read": "base32", "text": text})

"""Vectors of codes, request numbers and base 32 (spec/codes.md, spec/requests.md section 5)."""

from __future__ import annotations

from sparekey.core.codes import code_from_bits
from tests.vectors.blocks import Block, quoted

ABOUT = """Codes as people type them, request numbers, and base 32: spec/codes.md, spec/requests.md section 5.
read: what the text is read as. code: its normal form. bits: the number it stands for. bytes: hexadecimal."""

BITS = (0, 1, 31, 32, 0x1_2345_6789, 0x2_AAAA_AAAA, (1 << 34), (1 << 35) - 1)
CODE = code_from_bits(0x1_2345_6789).text
LOOK_ALIKE = code_from_bits(0b00001_00000_01010_00001_00000_11111_00000).text
STRANGE = {
    "the letter U": f"U{CODE[1:]}",
    "a punctuation mark": f"{CODE[:4]}.{CODE[4:]}",
    "a letter that becomes S in upper case": "\u017f" + CODE[1:],
    "a letter that becomes I in upper case": "\u0131" + CODE[1:],
    "a ligature that becomes two letters": "\ufb01" + CODE[2:],
    "wide digits": "".join(chr(ord(character) + 0xFEE0) for character in CODE),
}


def blocks() -> list[Block]:
    """The vectors."""
    made = [*_typed(), *_mistyped(), *_numbers(), *_base32()]
    assert "0" in LOOK_ALIKE
    assert "1" in LOOK_ALIKE
    return made


def _good(name: str, typed: str, code: str, bits: int) -> Block:
    block = {"name": name, "read": "code", "text": quoted(typed), "expect": "ok"}
    return block | {"code": code, "bits": str(bits)}


def _typed() -> list[Block]:
    bits = 0x1_2345_6789
    found = [_good(f"the code of {number}", code_from_bits(number).text, code_from_bits(number).text, number)
             for number in BITS]  # fmt: skip
    ways = {
        "as it is shown": f"{CODE[:4]}-{CODE[4:]}",
        "in lower case": CODE.lower(),
        "with spaces everywhere": " ".join(CODE) + " ",
        "with the dash of a word processor": f"{CODE[:4]}\u2013{CODE[4:]}",
        "with a hard space and a line end": f"{CODE[:4]}\u00a0{CODE[4:]}\r\n",
        "with a minus sign": f"{CODE[:4]}\u2212{CODE[4:]}",
    }
    found += [_good(name, typed, CODE, bits) for name, typed in ways.items()]
    number = code_from_bits(0b00001_00000_01010_00001_00000_11111_00000).bits
    alike = LOOK_ALIKE.replace("0", "O").replace("1", "l")
    found.append(_good("small l for 1 and O for 0", alike, LOOK_ALIKE, number))
    found.append(
        _good("I for 1 and small o for 0", alike.replace("O", "o").replace("l", "I"), LOOK_ALIKE, number)
    )
    return found


def _bad(name: str, typed: str, slug: str) -> Block:
    return {"name": name, "read": "code", "text": quoted(typed), "expect": "malformed", "slug": slug}


def _mistyped() -> list[Block]:
    found = [_bad(name, typed, "code-character") for name, typed in STRANGE.items()]
    found += [
        _bad("nothing", "", "code-length"),
        _bad("one character short", CODE[:-1], "code-length"),
        _bad("one character long", CODE + "0", "code-length"),
        _bad("more than 64 characters", " " * 57 + CODE, "code-length"),
        _bad("one wrong character", CODE[:2] + ("Z" if CODE[2] != "Z" else "Y") + CODE[3:], "code-check"),
        _bad("a wrong check character", CODE[:-1] + ("0" if CODE[-1] != "0" else "1"), "code-check"),
        _bad("neighbours swapped", CODE[:3] + CODE[4] + CODE[3] + CODE[5:], "code-check"),
        _bad("the last two swapped", CODE[:6] + CODE[7] + CODE[6], "code-check"),
        _bad("swapped across one", CODE[:2] + CODE[4] + CODE[3] + CODE[2] + CODE[5:], "code-check"),
    ]
    return found


def _numbers() -> list[Block]:
    found: list[Block] = [
        {"name": "a request number", "read": "number", "text": quoted("7KM2Q4XZ"), "expect": "ok"}
    ]
    for name, text in (
        ("a number in lower case", "7km2q4xz"),
        ("a number with a look-alike", "7KM2Q4XO"),
        ("a number of seven", "7KM2Q4X"),
        ("a number of nine", "7KM2Q4XZ0"),
        ("a number with a dash", "7KM2-4XZ"),
    ):
        block = {"name": name, "read": "number", "text": quoted(text), "expect": "malformed"}
        found.append(block | {"slug": "bad-number"})
    return found


def _base32() -> list[Block]:
    found: list[Block] = []
    for text, data in (
        ("", ""), ("00", "00"), ("ZW", "ff"), ("04", "01"), ("000G", "0001"), ("02222", "008421"),
        ("ZZZZZZR", "ffffffff"), ("00000000", "0000000000"), ("ZZZZZZZZ", "ffffffffff"),
        ("91JPRV3F", "48656c6c6f"),
    ):  # fmt: skip
        block = {
            "name": f"base 32 of {data or 'nothing'}",
            "read": "base32",
            "text": quoted(text),
            "expect": "ok",
        }
        found.append(block | {"bytes": data or '""'})
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
        block = {
            "name": name,
            "read": "base32",
            "text": quoted(text),
            "expect": "malformed",
            "slug": "base32",
        }
        found.append(block)
    return found

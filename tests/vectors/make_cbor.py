"""Vectors of the CBOR subset (spec/requests.md section 2)."""

from __future__ import annotations

from sparekey.core.codec import decode
from tests.vectors.blocks import Block, diagnostic

ABOUT = """The CBOR subset: spec/requests.md section 2. Most good ones are from RFC 8949 appendix A.
bytes: hexadecimal. means: diagnostic notation, RFC 8949 section 8."""

GOOD = {
    "zero": "00",
    "the largest number in one byte": "17",
    "the smallest number in two bytes": "1818",
    "a hundred": "1864",
    "a thousand": "1903e8",
    "a million": "1a000f4240",
    "a million millions": "1b000000e8d4a51000",
    "the largest number": "1bffffffffffffffff",
    "minus one": "20",
    "minus a hundred": "3863",
    "the smallest number": "3bffffffffffffffff",
    "no bytes": "40",
    "four bytes": "4401020304",
    "no text": "60",
    "one letter": "6161",
    "a quote and a backslash": "62225c",
    "a letter of two bytes": "62c3bc",
    "a letter of four bytes": "64f0908591",
    "an empty array": "80",
    "an array": "83010203",
    "arrays in an array": "8301820203820405",
    "an array of 25": "98190102030405060708090a0b0c0d0e0f101112131415161718181819",
    "an empty map": "a0",
    "a map of numbers": "a201020304",
    "a map of texts": "a26161016162820203",
    "negative keys come after the others": "a2016161206162",
    "short text keys come first": "a2617a01626161" + "02",
    "false": "f4",
    "true": "f5",
    "null": "f6",
    "sixteen deep": "81" * 15 + "00",
}
BAD = {
    "nothing": ("", "cbor-short"),
    "a number in two bytes that fits one": ("1817", "cbor-form"),
    "a number in three bytes that fits two": ("1900ff", "cbor-form"),
    "a number in five bytes that fits three": ("1a0000ffff", "cbor-form"),
    "a number in nine bytes that fits five": ("1b00000000ffffffff", "cbor-form"),
    "a length in a long form": ("580101", "cbor-form"),
    "a number that is cut off": ("19ff", "cbor-short"),
    "a reserved length": ("1c", "cbor-form"),
    "bytes of no stated length": ("5f4101ff", "cbor-form"),
    "text of no stated length": ("7f6161ff", "cbor-form"),
    "an array of no stated length": ("9f01ff", "cbor-form"),
    "a map of no stated length": ("bf0102ff", "cbor-form"),
    "a break alone": ("ff", "cbor-type"),
    "bytes that are cut off": ("4401", "cbor-short"),
    "text that is cut off": ("6261", "cbor-short"),
    "an array that is cut off": ("8201", "cbor-short"),
    "a map that is cut off": ("a101", "cbor-short"),
    "an array that claims more than there is": ("9bffffffffffffffff", "cbor-short"),
    "bytes that claim more than there is": ("5bffffffffffffffff", "cbor-short"),
    "a byte after the end": ("0000", "cbor-trailing"),
    "text that is not UTF-8": ("61ff", "cbor-text"),
    "half a character": ("63eda080", "cbor-text"),
    "a letter in a longer form than it needs": ("62c1a1", "cbor-text"),
    "a doubled key": ("a201000100", "cbor-order"),
    "keys out of order": ("a202000100", "cbor-order"),
    "a text key before a number": ("a2616100" + "0100", "cbor-order"),
    "keys of two kinds": ("a20100616100", "cbor-key"),
    "bytes as a key": ("a1410000", "cbor-key"),
    "true as a key": ("a1f500", "cbor-key"),
    "an array as a key": ("a18000", "cbor-key"),
    "a tag": ("c000", "cbor-type"),
    "a tagged big number": ("c249010000000000000000", "cbor-type"),
    "undefined": ("f7", "cbor-type"),
    "a simple value": ("f0", "cbor-type"),
    "false in two bytes": ("f814", "cbor-type"),
    "a half float": ("f93c00", "cbor-type"),
    "a float": ("fa3f800000", "cbor-type"),
    "a double": ("fb3ff0000000000000", "cbor-type"),
    "seventeen deep": ("81" * 16 + "00", "cbor-depth"),
}


def blocks() -> list[Block]:
    """The vectors."""
    good = [
        {"name": name, "bytes": data, "means": diagnostic(decode(bytes.fromhex(data))), "expect": "ok"}
        for name, data in GOOD.items()
    ]
    bad = [
        {"name": name, "bytes": data or '""', "expect": "malformed", "slug": slug}
        for name, (data, slug) in BAD.items()
    ]
    return good + bad

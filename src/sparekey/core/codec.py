"""Deterministic CBOR (RFC 8949 section 4.2), the strict subset that sparekey speaks (spec/requests.md section 2).

Integers of 64 bits, byte and text strings, arrays, maps, true, false and null. Written one way only; anything that
could have been written another way is refused: long forms, unsorted or doubled keys, indefinite lengths, tags,
floats, bytes after the end.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from sparekey.core.errors import InputError, MisuseError

Value: TypeAlias = (
    int | bytes | str | bool | Sequence["Value"] | Mapping[int, "Value"] | Mapping[str, "Value"] | None
)
"""What the codec carries. Maps have integer keys or text keys."""

DEPTH_LIMIT = 16
"""Values inside one another, at most: the innermost one stands in 15 arrays or maps."""

_SIMPLE: dict[int, bool | None] = {20: False, 21: True, 22: None}
_WIDTHS = {24: (1, 24), 25: (2, 1 << 8), 26: (4, 1 << 16), 27: (8, 1 << 32)}


def encode(value: Value) -> bytes:
    """Write a value. Raises MisuseError for what the subset does not carry: `decode` reads all that this writes."""
    out = bytearray()
    _write(out, value, DEPTH_LIMIT)
    return bytes(out)


def decode(data: bytes) -> Value:
    """Read exactly one value. Raises InputError for anything that `encode` would not have written."""
    reader = _Reader(data)
    try:
        value = reader.value(DEPTH_LIMIT)
    except IndexError:
        raise InputError("cbor-short", "the data ends too early") from None
    if reader.at != len(data):
        raise InputError("cbor-trailing", "there is something after the end of the data")
    return value


def _head(out: bytearray, major: int, number: int) -> None:
    if number < 24:
        out.append(major << 5 | number)
        return
    for code, (width, _) in _WIDTHS.items():
        if number < 1 << 8 * width:
            out.append(major << 5 | code)
            out += number.to_bytes(width, "big")
            return
    raise MisuseError("cbor-range", "an integer of more than 64 bits")


def _write(out: bytearray, value: Value, depth: int) -> None:
    if depth == 0:
        raise MisuseError("cbor-depth", "nested too deeply")
    if value is None or isinstance(value, bool):
        out.append(0xF6 if value is None else 0xF5 if value else 0xF4)
    elif isinstance(value, int):
        _head(out, 1 if value < 0 else 0, -1 - value if value < 0 else value)
    elif isinstance(value, bytes):
        _head(out, 2, len(value))
        out += value
    elif isinstance(value, str):
        try:
            raw = value.encode()
        except UnicodeEncodeError:
            raise MisuseError("cbor-text", "text with half a character") from None
        _head(out, 3, len(raw))
        out += raw
    elif isinstance(value, Mapping):
        kinds = {type(key) for key in value}
        if not (kinds <= {str} or all(issubclass(kind, int) and kind is not bool for kind in kinds)):
            raise MisuseError("cbor-key", "keys are all numbers or all texts")
        pairs = sorted((encode(key), item) for key, item in value.items())
        _head(out, 5, len(pairs))
        for key, item in pairs:
            out += key
            _write(out, item, depth - 1)
    elif isinstance(value, Sequence):
        _head(out, 4, len(value))
        for item in value:
            _write(out, item, depth - 1)
    else:
        raise MisuseError("cbor-type", f"cannot carry {type(value).__name__}")


class _Reader:
    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0

    def value(self, depth: int) -> Value:
        if depth == 0:
            raise InputError("cbor-depth", "nested too deeply")
        first = self.data[self.at]
        self.at += 1
        major, low = first >> 5, first & 31
        if major == 7:
            if low not in _SIMPLE:
                raise InputError("cbor-type", "a kind of value that is not used here")
            return _SIMPLE[low]
        number = low if low < 24 else self.number(low)
        if major == 0:
            return number
        if major == 1:
            return -1 - number
        if major == 2:
            return self.take(number)
        if major == 3:
            try:
                return self.take(number).decode()
            except UnicodeDecodeError:
                raise InputError("cbor-text", "text that is not UTF-8") from None
        if major == 4:
            self.room(number)
            return [self.value(depth - 1) for _ in range(number)]
        if major == 5:
            self.room(number)
            return self.mapping(number, depth - 1)
        raise InputError("cbor-type", "a kind of value that is not used here")

    def number(self, low: int) -> int:
        if low not in _WIDTHS:
            raise InputError("cbor-form", "a length that is not written out")
        width, least = _WIDTHS[low]
        number = int.from_bytes(self.take(width), "big")
        if number < least:
            raise InputError("cbor-form", "a number in a longer form than it needs")
        return number

    def take(self, count: int) -> bytes:
        end = self.at + count
        if end > len(self.data):
            raise InputError("cbor-short", "the data ends too early")
        part = self.data[self.at : end]
        self.at = end
        return part

    def room(self, count: int) -> None:
        if count > len(self.data) - self.at:
            raise InputError("cbor-short", "the data ends too early")

    def mapping(self, count: int, depth: int) -> Value:
        found: dict[int | str, Value] = {}
        last = b""
        for _ in range(count):
            start = self.at
            key = self.value(depth)
            if isinstance(key, bool) or not isinstance(key, int | str):
                raise InputError("cbor-key", "a key that is neither a number nor a text")
            raw = self.data[start : self.at]
            if raw <= last:
                raise InputError("cbor-order", "keys that are doubled or out of order")
            last = raw
            found[key] = self.value(depth)
        if len({type(key) for key in found}) > 1:
            raise InputError("cbor-key", "keys of two kinds in one map")
        return found  # type: ignore[return-value]  # one kind of key, as just checked

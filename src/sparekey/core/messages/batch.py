"""One file for many devices: a broken item does not hurt the rest (spec/files.md section 6)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from sparekey.core.codec import encode
from sparekey.core.errors import InputError, MisuseError
from sparekey.core.messages.armour import BATCH_LIMIT
from sparekey.core.messages.request import Request, read_request
from sparekey.core.messages.response import Response, read_response

BATCH_MOST = 10_000
"""Items in one file, at most."""

Item = TypeVar("Item")

_BYTES = 2
_ARRAY = 4
_WIDTHS = {24: (1, 24), 25: (2, 1 << 8), 26: (4, 1 << 16)}


def make_batch(items: Sequence[bytes]) -> bytes:
    """The bytes of many requests, or of many responses. Raises MisuseError for none or too many."""
    data = encode(list(items))
    if not 0 < len(items) <= BATCH_MOST or len(data) > BATCH_LIMIT:
        raise MisuseError("batch-size", f"one file holds 1 to {BATCH_MOST} devices")
    return data


def read_requests(data: bytes) -> list[Request | InputError]:
    """Every request in its place, or why it cannot be read. Raises InputError when the file itself is
    broken.
    """
    return _read(data, read_request)


def read_responses(data: bytes) -> list[Response | InputError]:
    """Every response in its place, or why it cannot be read. Raises InputError when the file itself is
    broken.
    """
    return _read(data, read_response)


def _read(data: bytes, read: Callable[[bytes], Item]) -> list[Item | InputError]:
    return [_one(item, read) for item in read_items(data)]


def _one(item: bytes, read: Callable[[bytes], Item]) -> Item | InputError:
    try:
        return read(item)
    except InputError as error:
        return error


def read_items(data: bytes) -> list[bytes]:
    """The byte strings of an array, walked by hand: a general reader would build whatever else is there.

    Raises InputError.
    """
    if len(data) > BATCH_LIMIT:
        raise InputError("oversize", f"one file has at most {BATCH_LIMIT} bytes")
    count, at = _head(data, 0, _ARRAY)
    if not 0 < count <= BATCH_MOST:
        raise InputError("batch-size", f"one file holds 1 to {BATCH_MOST} devices")
    items = []
    for _ in range(count):
        length, start = _head(data, at, _BYTES)
        at = start + length
        if at > len(data):
            raise InputError("cbor-short", "the data ends too early")
        items.append(data[start:at])
    if at != len(data):
        raise InputError("cbor-trailing", "there is something after the end of the data")
    return items


def _head(data: bytes, at: int, major: int) -> tuple[int, int]:
    first = data[at] if at < len(data) else None
    if first is None or first >> 5 != major:
        raise InputError("batch", "the file is no list of byte strings, or not complete")
    low = first & 31
    if low < 24:
        return low, at + 1
    width, least = _WIDTHS.get(low, (0, 1))
    number = int.from_bytes(data[at + 1 : at + 1 + width], "big")
    if number < least:
        raise InputError("cbor-form", "a number in a longer form than it needs")
    return number, at + 1 + width

"""A photo that would fill the memory is told by its head."""

from __future__ import annotations

import struct
import zlib

import pytest

from sparekey.core.errors import InputError
from sparekey.desk.photo import PHOTO_LIMIT, read_photo


def png(width: int, height: int) -> bytes:
    """The head of a picture of this size, and hardly anything behind it."""
    parts = [
        (b"IHDR", struct.pack(">II5B", width, height, 8, 0, 0, 0, 0)),
        (b"IDAT", zlib.compress(b"\0")),
        (b"IEND", b""),
    ]
    made = [
        len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")
        for kind, data in parts
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(made)


@pytest.mark.meets("asvs-5.2.6")
@pytest.mark.parametrize("side", [8_001, 20_000, 60_000])
def test_T14_a_picture_with_too_many_points_is_not_opened(side: int) -> None:
    with pytest.raises(InputError, match="photo"):
        read_photo(png(side, side))


def test_T14_a_file_that_is_too_large_is_not_looked_at() -> None:
    with pytest.raises(InputError, match="fewer pixels"):
        read_photo(b"\xff\xd8" + bytes(PHOTO_LIMIT))

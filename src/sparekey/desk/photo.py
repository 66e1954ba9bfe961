"""Reads the square on a photo that somebody took of a screen: turned, blurred or with glare, as far as it goes."""

from __future__ import annotations

import io
import threading
import warnings
from typing import TYPE_CHECKING

import zxingcpp
from PIL import Image, ImageFilter, ImageOps

from sparekey.core.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator

PHOTO_LIMIT = 16 * 1024 * 1024
"""Bytes of a photo, at most."""
PIXELS_LIMIT, WHOLE_LIMIT = 64_000_000, 16_000_000
"""Pixels of a photo, and of one that has to be in the memory as a whole: only what cameras write is read line by line,
and made smaller on the way.
"""
PATIENCE = 10
"""Seconds that a photo waits for its turn."""

_FEW = threading.BoundedSemaphore(2)
"""Photos that are looked at, at once: each takes the memory of its pixels."""

_FORMATS = ("JPEG", "PNG", "WEBP")
_SIGNS = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF")
_SQUARES = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
_SIDES = (1600, 2600, 900)
"""Pixels of the longer side that are tried, one after the other: blur and noise are smaller in a smaller picture."""


def is_photo(data: bytes) -> bool:
    """Whether it begins like one that we read."""
    return data.startswith(_SIGNS)


def read_photo(data: bytes) -> str:
    """The text of the one square on it. Raises InputError: `photo-size`, `photo` for no picture, `photo-square` when no
    square can be read, `photo-many` when there are different ones, `photo-busy` when too many are looked at.
    """
    if len(data) > PHOTO_LIMIT:
        raise InputError("photo-size", "the photo is too large; make it again with fewer pixels")
    if not _FEW.acquire(timeout=PATIENCE):
        raise InputError("photo-busy", "many photos are looked at now; send it again in a minute")
    try:
        return _read(data)
    finally:
        _FEW.release()


def _read(data: bytes) -> str:
    picture = _opened(data)
    for seen in _looks(picture):
        texts = {one.text for one in zxingcpp.read_barcodes(seen, formats=_SQUARES) if one.valid}
        if len(texts) > 1:
            raise InputError("photo-many", "there are several squares on the photo; take one at a time")
        if texts:
            return texts.pop()
    raise InputError("photo-square", "no square can be read on the photo; hold still, closer, without glare")


def _opened(data: bytes) -> Image.Image:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = Image.open(io.BytesIO(data), formats=_FORMATS)
            limit = PIXELS_LIMIT if _is_by_line(data) else WHOLE_LIMIT
            if picture.width * picture.height > limit:
                raise InputError("photo-size", "the photo has too many pixels; make it smaller")
            picture.draft("L", (_SIDES[1], _SIDES[1]))
            return ImageOps.exif_transpose(picture).convert("L")
    except InputError:
        raise
    except Exception:  # noqa: BLE001 - whatever a decoder stumbles over, it is no photo of ours
        raise InputError("photo", "this is no photo that can be opened; JPEG, PNG and WebP can") from None


def _is_by_line(data: bytes) -> bool:
    """Whether it is a JPEG that a decoder reads line by line (ITU T.81 annex B): not progressive, and the first scan
    brings all components.
    """
    if not data.startswith(_SIGNS[0]):
        return False
    at, components = 2, 0
    while data[at : at + 1] == b"\xff" and at + 10 <= len(data):
        marker, length = data[at + 1], int.from_bytes(data[at + 2 : at + 4], "big")
        if marker in (0xC0, 0xC1):
            components = data[at + 9]
        if marker == 0xDA:
            return data[at + 4] == components
        at += 2 + length
    return False


def _looks(picture: Image.Image) -> Iterator[Image.Image]:
    """The picture in the ways in which its square may be readable, the likeliest first."""
    for side in _SIDES:
        made = picture.copy()
        made.thumbnail((side, side))
        yield made
        yield ImageOps.autocontrast(made, cutoff=2)
        yield ImageOps.equalize(made.filter(ImageFilter.MedianFilter(3)))

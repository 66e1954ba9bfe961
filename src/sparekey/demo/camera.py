"""A phone's camera: it reads the square in a picture."""

from __future__ import annotations

import re
from io import BytesIO

import zxingcpp
from PIL import Image

from sparekey.demo.verdicts import UnlikeError, expect

_STROKE = re.compile(r"M(\d+) (\d+)\.5h(\d+)")
_PIXELS = 8
"""For each module of a drawn square."""


def read_square(picture: bytes) -> str:
    """The text in the one QR code of a PNG. Raises UnlikeError when there is none, or more than one."""
    with Image.open(BytesIO(picture)) as image:
        return _read(image.convert("L"))


def read_drawing(strokes: str) -> str:
    """The text in a QR code that a page draws itself: the strokes of its SVG path, put on white paper."""
    dark = [tuple(map(int, stroke)) for stroke in _STROKE.findall(strokes)]
    expect(dark, "the page draws no square")
    side = max(max(x + length, y) for x, y, length in dark) + 5
    image = Image.new("L", (side, side), 255)
    for x, y, length in dark:
        image.paste(0, (x, y, x + length, y + 1))
    return _read(image.resize((side * _PIXELS, side * _PIXELS), Image.Resampling.NEAREST))


def _read(image: Image.Image) -> str:
    found = zxingcpp.read_barcodes(image)
    if len(found) != 1:
        raise UnlikeError(f"there are {len(found)} squares in the picture, not one")
    return str(found[0].text)

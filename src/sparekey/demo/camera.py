"""A phone's camera: it reads the square in a picture."""

from __future__ import annotations

from io import BytesIO

import zxingcpp
from PIL import Image

from sparekey.demo.verdicts import UnlikeError


def read_square(picture: bytes) -> str:
    """The text in the one QR code of a PNG. Raises UnlikeError when there is none, or more than one."""
    with Image.open(BytesIO(picture)) as image:
        found = zxingcpp.read_barcodes(image.convert("L"))
    if len(found) != 1:
        raise UnlikeError(f"there are {len(found)} squares in the picture, not one")
    return str(found[0].text)

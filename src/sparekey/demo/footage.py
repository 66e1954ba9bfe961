"""Placeholder recordings: a plain picture for each piece, so that people see that they stay."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

from PIL import Image, ImageDraw

from sparekey.device.recordings.encrypted import EncryptedRecordings
from sparekey.device.recordings.port import Media

if TYPE_CHECKING:
    from pathlib import Path

    from sparekey.host.clock import Clock
    from sparekey.host.entropy import Entropy

CAMERAS = ("Front gate", "Garage")
PIECES = 3
"""Segments of each camera."""
_EVERY = 3600
_SIZE = (640, 360)


def record(recorder: Path, clock: Clock, entropy: Entropy) -> None:
    """Put some into the folder of a recorder, as of the last hours."""
    kept = EncryptedRecordings(recorder / "recordings", recorder / "recordings.key", entropy)
    for hour in range(PIECES, 0, -1):
        for camera in CAMERAS:
            started = clock.wall() - hour * _EVERY
            kept.write(camera, started, 60, Media.PNG, _picture(f"{camera}, {hour} h ago"))


def _picture(text: str) -> bytes:
    image = Image.new("RGB", _SIZE, "#16383c")
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 250, *_SIZE), fill="#0e2528")
    draw.polygon([(200, 250), (320, 120), (440, 250)], fill="#0b6e6e")
    draw.text((20, 20), text, fill="#ffffff")
    out = BytesIO()
    image.save(out, "PNG")
    return out.getvalue()

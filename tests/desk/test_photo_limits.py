"""Photos as people take them, and as nobody should: turned, in glare, with two squares, too big for the memory."""

from __future__ import annotations

import io
import struct
import threading
import zlib

import pytest
import segno
from PIL import Image, ImageFilter

from sparekey.core.errors import InputError
from sparekey.desk import photo
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
@pytest.mark.parametrize("side", [4_001, 8_001, 20_000, 60_000])
def test_T14_a_picture_with_too_many_points_is_not_opened(side: int) -> None:
    with pytest.raises(InputError) as told:
        read_photo(png(side, side))
    assert told.value.slug in ("photo-size", "photo")


@pytest.mark.parametrize(
    ("kind", "taken_for"),
    [("JPEG", "photo-square"), ("progressive", "photo-size"), ("PNG", "photo-size"), ("WEBP", "photo-size")],
)
def test_T14_what_has_to_be_in_the_memory_as_a_whole_is_smaller(kind: str, taken_for: str) -> None:
    made = io.BytesIO()
    form = "JPEG" if kind == "progressive" else kind
    Image.new("L", (6000, 4000), 90).save(made, form, quality=20, progressive=kind == "progressive", method=0)
    with pytest.raises(InputError) as told:
        read_photo(made.getvalue())
    assert told.value.slug == taken_for


def test_T14_photos_are_looked_at_two_at_once_and_nobody_waits_for_ever(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(photo, "PATIENCE", 0.01)
    monkeypatch.setattr(photo, "_FEW", threading.BoundedSemaphore(1))
    with photo._FEW, pytest.raises(InputError) as told:
        read_photo(taken(TEXT))
    assert told.value.slug == "photo-busy"
    assert read_photo(taken(TEXT)) == TEXT


def test_T14_a_file_that_is_too_large_is_not_looked_at() -> None:
    with pytest.raises(InputError, match="fewer pixels"):
        read_photo(b"\xff\xd8" + bytes(PHOTO_LIMIT))


def square(text: str) -> Image.Image:
    made = io.BytesIO()
    segno.make(text, error="L", micro=False).save(made, kind="png", scale=6, border=6)
    with Image.open(io.BytesIO(made.getvalue())) as drawn:
        return drawn.convert("L")


def taken(*texts: str, glare: float = 0, blur: float = 0, turn: float = 0, held: int = 1) -> bytes:
    """A photo of a screen. `glare`: of 1, how far a lamp whitens it. `held`: how the phone was, as EXIF tells it."""
    page = Image.new("L", (1280, 960), 90)
    for place, text in enumerate(texts):
        page.paste(square(text), (60 + 620 * place, 200))
    lamp = Image.radial_gradient("L").resize(page.size).point(lambda value: 255 - value)
    seen = Image.blend(page, lamp, glare).rotate(turn, expand=True, fillcolor=40)
    turned = {
        1: None,
        3: Image.Transpose.ROTATE_180,
        6: Image.Transpose.ROTATE_90,
        8: Image.Transpose.ROTATE_270,
    }
    way = turned[held]
    seen = seen if way is None else seen.transpose(way)
    about = Image.Exif()
    about[0x0112] = held
    made = io.BytesIO()
    seen.filter(ImageFilter.GaussianBlur(blur)).convert("RGB").save(made, "JPEG", quality=80, exif=about)
    return made.getvalue()


TEXT = "https://desk.example.com/r/" + "A7K2" * 40


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"glare": 0.5},
        {"glare": 0.7, "turn": 20},
        {"blur": 1.5},
        {"turn": 33},
        {"held": 3},
        {"held": 6, "blur": 1},
        {"held": 8},
    ],
)
def test_P17_a_square_is_read_turned_blurred_and_in_glare(given: dict[str, float]) -> None:
    assert read_photo(taken(TEXT, **given)) == TEXT  # type: ignore[arg-type]


def test_what_nobody_can_read_and_what_is_two_is_asked_for_again() -> None:
    for data in (taken(TEXT, blur=12), taken(TEXT, glare=0.97), taken()):
        with pytest.raises(InputError) as told:
            read_photo(data)
        assert told.value.slug == "photo-square"
    with pytest.raises(InputError) as told:
        read_photo(taken(TEXT, TEXT[:-1] + "B"))
    assert told.value.slug == "photo-many"
    assert read_photo(taken(TEXT, TEXT)) == TEXT

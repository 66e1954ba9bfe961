"""A film for Chromium's fake camera: a picture held before the lens, blurred, turned, dimmed, with noise."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageChops, ImageDraw, ImageEnhance, ImageFilter

SIZE = (1280, 720)
FRAMES = 4


@dataclass(frozen=True)
class Hand:
    """How somebody holds the phone. `turn`: degrees. `glare`: share of the picture that a lamp covers. `share`: of the
    picture's height that the thing fills.
    """

    turn: float = 0
    blur: float = 0
    light: float = 1
    noise: float = 0
    glare: float = 0
    share: float = 0.8


STEADY = Hand()
HANDS = {
    "steady": STEADY,
    "turned": Hand(turn=17),
    "blurred": Hand(blur=1.6),
    "grainy": Hand(noise=40, light=0.6),
    "upside down": Hand(turn=174, share=0.7),
    "askew, with a lamp in it": Hand(turn=38, share=0.6, glare=0.003),
    "from afar, turned, a little blurred": Hand(turn=-9, blur=0.8, share=0.5),
}
DARK = Hand(light=0.05)
GLARING = Hand(glare=0.45)


def film(path: Path, picture: Image.Image, hand: Hand = STEADY) -> Path:
    """Write YUV4MPEG2, which Chromium plays in a circle."""
    width, height = SIZE
    with path.open("wb") as file:
        file.write(f"YUV4MPEG2 W{width} H{height} F10:1 Ip A1:1 C420jpeg\n".encode())
        for _ in range(FRAMES):
            y, cb, cr = _frame(picture, hand).convert("YCbCr").split()
            half = (width // 2, height // 2)
            file.write(b"FRAME\n" + y.tobytes() + cb.resize(half).tobytes() + cr.resize(half).tobytes())
    return path


def _frame(picture: Image.Image, hand: Hand) -> Image.Image:
    room = Image.new("RGB", SIZE, (120, 112, 104))
    side = int(SIZE[1] * hand.share)
    scaled = picture.convert("RGB").resize(
        (picture.width * side // picture.height, side), Image.Resampling.BICUBIC
    )
    mask = Image.new("L", scaled.size, 255)
    turned, shape = (
        scaled.rotate(hand.turn, Image.Resampling.BICUBIC, True),
        mask.rotate(hand.turn, expand=True),
    )
    room.paste(turned, ((SIZE[0] - turned.width) // 2, (SIZE[1] - turned.height) // 2), shape)
    if hand.blur:
        room = room.filter(ImageFilter.GaussianBlur(hand.blur))
    room = ImageEnhance.Brightness(room).enhance(hand.light)
    if hand.glare:
        room = _lit(room, hand.glare)
    if hand.noise:
        grain = Image.effect_noise(SIZE, hand.noise).convert("RGB")
        room = ImageChops.add(room, grain, scale=1.0, offset=-128)
    return room


def _lit(room: Image.Image, share: float) -> Image.Image:
    """A lamp that the screen reflects: a white spot with a soft edge, over one corner of what is shown."""
    width = int((share * SIZE[0] * SIZE[1] * 4 / 3.14) ** 0.5)
    spot = Image.new("L", SIZE, 0)
    left, top = SIZE[0] // 2 - width // 3, SIZE[1] // 2 - width // 3
    ImageDraw.Draw(spot).ellipse((left, top, left + width, top + width), fill=255)
    spot = spot.filter(ImageFilter.GaussianBlur(6))
    return Image.composite(Image.new("RGB", SIZE, "white"), room, spot)

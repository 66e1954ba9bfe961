"""WCAG 2.2: text keeps 7:1 (1.4.6), the edges of what one can use keep 3:1 (1.4.11)."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest

SHEET = files("sparekey.web").joinpath("static", "house.css").read_text("utf-8")

TEXT = [
    ("ink", "page"), ("ink", "panel"), ("ink", "key"), ("ink", "loss-panel"), ("ink", "wait-panel"),
    ("soft", "page"), ("soft", "panel"),
    ("strong", "page"), ("strong", "panel"), ("strong-hover", "page"),
    ("on-strong", "strong"), ("on-strong", "strong-hover"), ("on-band", "band"),
    ("loss", "page"), ("loss", "loss-panel"), ("loss", "panel"), ("on-loss", "loss"),
]  # fmt: skip
EDGES = [("line", "page"), ("line", "panel"), ("accent", "page"), ("accent", "panel"), ("wait", "wait-panel")]


def colours() -> dict[str, dict[str, str]]:
    light, dark = SHEET.split("@media (prefers-color-scheme: dark)")
    pattern = re.compile(r"--([a-z-]+): (#[0-9a-f]{6});")
    found = dict(pattern.findall(light))
    return {"light": found, "dark": found | dict(pattern.findall(dark.split("\n}\n")[0]))}


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_the_measure_itself() -> None:
    assert contrast("#000000", "#ffffff") == 21
    assert round(contrast("#777777", "#ffffff"), 2) == 4.48


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), TEXT)
def test_text_can_be_read(scheme: str, text: str, ground: str) -> None:
    pair = colours()[scheme]
    assert contrast(pair[text], pair[ground]) >= 7


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("edge", "ground"), EDGES)
def test_edges_can_be_seen(scheme: str, edge: str, ground: str) -> None:
    pair = colours()[scheme]
    assert contrast(pair[edge], pair[ground]) >= 3


def test_no_colour_is_used_that_is_not_named() -> None:
    rules = SHEET.split("/* One column */")[1]
    assert set(re.findall(r"#[0-9a-f]{3,8}\b", rules)) == {"#fff"}  # white behind a QR code

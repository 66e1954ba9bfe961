from __future__ import annotations

import re
from io import BytesIO

import pytest
import zxingcpp
from PIL import Image

from sparekey.core.errors import MisuseError
from sparekey.web.qr import QUIET, png, svg, version
from tests.web.gallery import REQUEST


def test_a_request_fits_into_the_promised_version() -> None:
    assert len(REQUEST) == 379
    assert version(REQUEST) == 10


def test_a_png_is_read_back() -> None:
    (found,) = zxingcpp.read_barcodes(Image.open(BytesIO(png(REQUEST, 4))))
    assert found.text == REQUEST


def test_an_svg_draws_the_same_code() -> None:
    markup = svg(REQUEST, 'Scan "me"')
    side = 17 + 4 * version(REQUEST) + 2 * QUIET
    assert f'viewBox="0 0 {side} {side}"' in markup
    assert f'data-version="{version(REQUEST)}"' in markup
    assert "<title>Scan &#34;me&#34;</title>" in markup
    picture = Image.new("L", (side, side), 255)
    for x, y, length in re.findall(r"M(\d+) (\d+)\.5h(\d+)", markup):
        for dx in range(int(length)):
            picture.putpixel((int(x) + dx, int(y)), 0)
    reference = Image.open(BytesIO(png(REQUEST, 1))).convert("L")
    assert picture.tobytes() == reference.tobytes()


def test_a_stronger_level_is_taken_where_it_costs_nothing() -> None:
    assert version("A" * 25) == 1  # the most that level L holds
    assert version("A" * 20) == 1
    (found,) = zxingcpp.read_barcodes(Image.open(BytesIO(png("A" * 20))))
    assert found.ec_level == "M"


def test_plain_lines_are_read_back() -> None:
    text = "Serial number: px-0001\nDate: 2023-11-14\n"
    (found,) = zxingcpp.read_barcodes(Image.open(BytesIO(png(text, 4, plain=True))))
    assert found.text == text
    for other in ("", "Š", "a" * 513):
        with pytest.raises(MisuseError):
            svg(other, "x", plain=True)


@pytest.mark.parametrize("text", ["", "https://desk.example.com", "Š", "A" * 4297])
def test_other_texts_are_our_mistake(text: str) -> None:
    with pytest.raises(MisuseError):
        svg(text, "x")

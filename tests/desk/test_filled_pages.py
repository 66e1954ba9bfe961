"""Pages that are rendered once and filled in: each reader gets what a page of their own would say."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.requests import Request

from sparekey.testing.entropy import FixedEntropy
from sparekey.web.form_token import Token
from sparekey.web.page import Band, Pages
from sparekey.web.statics import Statics
from sparekey.web.stencil import Stencil, hole

TEMPLATES = ("request", "sent", "confirm", "confirm-sent")
PACKAGES = {"desk": "sparekey.desk.pages", "log": "sparekey.desk.log", "phone": "sparekey.desk.phone"}
READERS = (
    {"addresses": "j***@ex***.com", "model": "PX-3216", "serial": "PX-1", "address": "/R/0", "until": "9:00"},
    {
        "addresses": "\"><script>alert('1')</script>, k***@ex***.org",
        "model": "",
        "serial": "\ue000serial\ue001 &amp; %(n)s {{ model }}",
        "address": '/R/%22" onclick="x',
        "until": "9:00 zítra",
    },
)


@pytest.fixture
def pages() -> Pages:
    return Pages(
        PACKAGES,
        statics=Statics(PACKAGES),
        token=Token(bytes(32), FixedEntropy()),
        band=lambda: Band("Example"),
        look="desk",
    )


def asking(language: str, browser: str, path: str) -> Request:
    headers = [(b"accept-language", language.encode()), (b"cookie", b"browser=" + browser.encode())]
    scope = {"type": "http", "scheme": "http", "path": path, "query_string": b"q=<", "root_path": ""}
    return Request({**scope, "headers": headers, "server": ("192.0.2.4", 80)})


@pytest.mark.meets("asvs-1.1.2", "asvs-1.2.1")
@pytest.mark.parametrize("template", TEMPLATES)
def test_a_filled_page_is_the_page_itself(pages: Pages, template: str) -> None:
    name = f"desk/{template}.html"
    for language in ("en", "cs"):
        for fleeting in (True, False):
            for place, values in enumerate(READERS):
                request = asking(language, f"{place:032x}", f"/R/{place}")
                filled = pages.filled(request, name, values, fleeting=fleeting)
                told: dict[str, Any] = {**values, "fleeting": fleeting}
                assert filled.body == pages.page(request, name, **told).body


def test_a_browser_without_a_mark_is_given_the_one_that_the_page_was_made_for(pages: Pages) -> None:
    request = asking("en", "", "/R/0")
    filled = pages.filled(request, "desk/request.html", READERS[0], fleeting=False)
    mark = filled.headers["set-cookie"].partition(";")[0].partition("=")[2]
    assert pages.token.make(mark, "send").encode() in filled.body
    other = pages.filled(request, "desk/request.html", READERS[0], fleeting=False)
    assert pages.token.make(mark, "send").encode() not in other.body


def test_holes_are_filled_in_their_order_and_escaped() -> None:
    assert Stencil("no hole").filled(str) == "no hole"
    stencil = Stencil(f"<p title='{hole('a')}'>{hole('b c')}{hole('a')}</p>")
    assert stencil.holes == ("a", "b c", "a")
    assert stencil.filled(lambda name: f"<{name}>") == "<p title='&lt;a&gt;'>&lt;b c&gt;&lt;a&gt;</p>"

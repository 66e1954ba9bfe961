from __future__ import annotations

import re

import pytest

from sparekey.core.errors import MisuseError
from sparekey.web.statics import Statics
from tests.web.asgi import get
from tests.web.gallery import app


@pytest.mark.meets("asvs-3.5.7")
def test_every_file_of_a_page_is_there_and_kept() -> None:
    addresses = re.findall(r'(?:href|src)="(/static/[^"]+)"', get(app, "/login").text)
    assert len(addresses) == 4
    for address in addresses:
        answer = get(app, address)
        assert answer.status == 200
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("script", ["code", "keyboard", "reveal"])
def test_a_script_finds_its_neighbours(script: str) -> None:
    answer = get(app, Statics().url(f"web/{script}.js"))
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
    assert f'"./{script}.js"' in get(app, Statics().url("web/house.js")).text


def test_another_versions_address_gets_the_file_but_is_not_kept() -> None:
    answer = get(app, "/static/0123456789abcdef/web/house.css")
    assert answer.status == 200
    assert answer.headers["cache-control"] == "no-cache"


@pytest.mark.meets(
    "asvs-3.5.6", "asvs-3.5.7", "asvs-4.1.4", "asvs-5.3.1", "asvs-13.4.1", "asvs-13.4.3", "asvs-13.4.7"
)
@pytest.mark.parametrize(
    "path",
    [
        "web/none.css",
        "web/../page.py",
        "web/..%2fpage.py",
        "web/vendor/README.md",
        "web/vendor/",
        "",
        "other/house.css",
    ],
)
def test_nothing_else_is_served(path: str) -> None:
    assert get(app, f"/static/{Statics().hash}/{path}").status == 404


def test_a_missing_file_is_our_mistake() -> None:
    with pytest.raises(MisuseError):
        Statics().url("web/none.css")


def test_a_package_without_statics_is_fine() -> None:
    assert Statics({"core": "sparekey.core"}).hash == Statics().hash

from __future__ import annotations

import pytest

from sparekey.web.origin import is_own, is_same_origin

NAMES = {
    "Recorder.example.com",
    "192.0.2.4",
    "[2001:db8::4]",
    "desk.example.com:8443",
    "shop.example.com:443",
}


@pytest.mark.parametrize(
    "host",
    [
        "recorder.example.com",
        "RECORDER.EXAMPLE.COM",
        "recorder.example.com.",
        "recorder.example.com:8080",
        "192.0.2.4",
        "192.0.2.4:8443",
        "[2001:db8::4]",
        "[2001:DB8::4]:8443",
        "desk.example.com:8443",
        "shop.example.com",
        "shop.example.com:443",
    ],
)
def test_our_own_names_are_known(host: str) -> None:
    assert is_own(host, "https", NAMES)


@pytest.mark.parametrize(
    "host",
    [
        "",
        ":443",
        "evil.example.net",
        "recorder.example.com.evil.example.net",
        "evil-recorder.example.com",
        "recorder.example.com@evil.example.net",
        "recorder.example.com/",
        "recorder.example.com:",
        "recorder.example.com:80:80",
        "recorder.example.com:https",
        "recorder.example.com, evil.example.net",
        " recorder.example.com",
        "desk.example.com",
        "desk.example.com:443",
        "192.0.2.40",
        "[2001:db8::4",
        "[2001:db8::4]x",
        "2001:db8::4",
        "récorder.example.com",
        "a" * 300,
    ],
)
def test_every_other_name_is_foreign(host: str) -> None:
    assert not is_own(host, "https", NAMES)


def test_a_default_port_is_the_port_of_the_scheme() -> None:
    assert is_own("shop.example.com", "https", NAMES)
    assert not is_own("shop.example.com", "http", NAMES)


@pytest.mark.parametrize(
    ("origin", "site", "same"),
    [
        ("https://192.0.2.4", None, True),
        ("https://192.0.2.4:443", None, True),
        ("https://192.0.2.4", "cross-site", True),
        ("http://192.0.2.4", "same-origin", False),
        ("https://192.0.2.4:8443", "same-origin", False),
        ("https://192.0.2.40", None, False),
        ("https://evil.example.net", "same-origin", False),
        ("192.0.2.4", None, False),
        ("", None, False),
        ("null", None, False),
        ("null", "same-origin", True),
        (None, "same-origin", True),
        (None, "same-site", False),
        (None, "none", False),
        (None, None, False),
    ],
)
def test_a_form_comes_from_our_own_page_only(origin: str | None, site: str | None, same: bool) -> None:
    assert is_same_origin("https", "192.0.2.4", origin, site) is same

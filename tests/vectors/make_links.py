"""Vectors of links and of URL prefixes (spec/requests.md section 5)."""

from __future__ import annotations

from collections.abc import Iterator

from sparekey.core.codes import to_base32
from sparekey.core.crypto import sha256
from tests.vectors.desk import PREFIX, request
from tests.vectors.vector import vector

ABOUT = """Requests as text, and the prefixes that a trust file may name: spec/requests.md section 5.
read: what the text is read as. hash: SHA-256 of the request inside."""


def vectors() -> Iterator[str]:
    """All of them."""
    data = request("link")
    text = to_base32(data)
    half = len(text) // 2
    good = {
        "as the code shows it": PREFIX + text,
        "in lower case": (PREFIX + text).lower(),
        "the last part alone": text,
        "wrapped by a mail program": f"{PREFIX}{text[:half]}\r\n   {text[half:]}\n",
        "with tabs and hard spaces": f"\t{PREFIX}{text[:half]}\u00a0{text[half:]}",
        "behind another desk's address": "https://other.example.com/R/" + text,
    }
    bad = {
        "nothing": ("", "empty"),
        "white space": (" \r\n", "empty"),
        "the prefix alone": (PREFIX, "empty"),
        "cut off by one character": (PREFIX + text[:-1], "base32"),
        "cut off in the middle": (PREFIX + text[: half - half % 8], "cbor-short"),
        "a character changed to a look-alike": (PREFIX + "O" + text[1:], "base32"),
        "a letter of another alphabet that becomes ours in upper case": (
            PREFIX + text[:-1] + "\u017f",
            "base32",
        ),
        "something after it": (PREFIX + text + "?x=1", "base32"),
        "an address that is no link": (PREFIX.replace("/R/", ""), "base32"),
        "more characters than any request": ("0" * 1640, "oversize"),
        "more text than any link": (" " * 4097, "oversize"),
    }
    for name, typed in good.items():
        yield vector(name, "ok", {"read": "link", "text": typed, "hash": sha256(data)})
    for name, (typed, slug) in bad.items():
        yield vector(name, f"malformed {slug}", {"read": "link", "text": typed})
    yield from prefixes()


def prefixes() -> Iterator[str]:
    good = ("HTTPS://DESK.EXAMPLE.COM/R/", "HTTP://LOCALHOST:8600/R/", "HTTPS://EXAMPLE.COM/A-B/R/")
    bad = {
        "in lower case": "https://desk.example.com/r/",
        "without the last part": "HTTPS://DESK.EXAMPLE.COM/",
        "another scheme": "FTP://DESK.EXAMPLE.COM/R/",
        "with a query": "HTTPS://DESK.EXAMPLE.COM/R/?A=/R/",
        "with a user": "HTTPS://A@EXAMPLE.COM/R/",
        "with a space": "HTTPS://DESK EXAMPLE/R/",
        "with a line end": "HTTPS://DESK.EXAMPLE.COM/R/\n",
        "without a host": "HTTPS://R/",
        "of 97 characters": "HTTPS://" + "A" * 86 + "/R/",
    }
    for text in good:
        yield vector(f"the prefix {text}", "ok", {"read": "prefix", "text": text})
    for name, text in bad.items():
        yield vector(f"a prefix {name}", "malformed bad-prefix", {"read": "prefix", "text": text})

"""Who is meant, and who is asking: the Host and Origin rules, as pure functions.

A page on the Internet can point its own name at a device on the local network (DNS rebinding) and can post
forms there. Such a request carries a foreign Host or a foreign Origin; that is how it is told apart.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

_DEFAULT_PORTS = {"http": "80", "https": "443"}


def is_own(host: str, scheme: str, names: Collection[str]) -> bool:
    """Whether a Host header names us.

    `names`: "recorder.local", "192.0.2.4" or "[2001:db8::4]" stand for any port, "localhost:8080" for that
    one. Case and one final dot do not matter.
    """
    name, port = _split(host, scheme)
    if not name:
        return False
    for own in names:
        own_name, own_port = _split(own, "")
        if own_name == name and own_port in ("", port):
            return True
    return False


def is_same_origin(scheme: str, host: str, origin: str | None, fetch_site: str | None) -> bool:
    """Whether a request comes from a page of our own: `Origin` equals `scheme://host` (RFC 6454).

    Without an Origin, or with the opaque "null", only the browser's own word counts:
    `Sec-Fetch-Site: same-origin` (W3C Fetch Metadata), which no page can forge.
    """
    if origin is None or origin == "null":
        return fetch_site == "same-origin"
    origin_scheme, _, origin_host = origin.partition("://")
    return origin_scheme == scheme and _split(origin_host, scheme) == _split(host, scheme)


@lru_cache(maxsize=256)
def _split(host: str, scheme: str) -> tuple[str, str]:
    """Name and port, the scheme's default port where none is given; ("", "") for what is not a host."""
    text = host.lower()
    if not text or len(text) > 261 or not text.isascii() or any(c in text for c in "/@\\ \t?#,"):
        return "", ""
    if text.startswith("["):
        name, bracket, rest = text.partition("]")
        name += bracket
        if not bracket or (rest and not rest.startswith(":")):
            return "", ""
        port = rest[1:]
    else:
        name, colon, port = text.partition(":")
        if colon and not port:
            return "", ""
        name = name.removesuffix(".")
    if port and not port.isdecimal():
        return "", ""
    return name, port or _DEFAULT_PORTS.get(scheme, "")

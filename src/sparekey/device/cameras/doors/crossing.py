"""What may cross a door, in each direction. Pure: headers in, headers out."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from sparekey.core.errors import InputError
from sparekey.lan.target import Target, read_target

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sparekey.device.cameras.doors.tickets import Visit

POLICY = (
    "default-src 'self' 'unsafe-inline' 'unsafe-eval' data: blob:; object-src 'none'; base-uri 'self'; "
    "form-action 'self'; frame-ancestors 'self'"
)
"""Content-Security-Policy of every answer: a camera's page may do what it likes with its own door, and call nobody
else.
"""
OWN = (
    ("content-security-policy", POLICY),
    ("referrer-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("permissions-policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    ("x-frame-options", "SAMEORIGIN"),
    ("cache-control", "no-store"),
)

_IN = {"accept", "accept-language", "content-type", "range", "user-agent"}
"""Headers of a browser that a camera gets, beside its own `X-...` ones."""
_NOT_IN = ("x-forwarded-", "x-real-")
_OUT = {
    "content-type",
    "content-encoding",
    "content-language",
    "content-disposition",
    "content-range",
    "accept-ranges",
    "last-modified",
}
"""Headers of a camera that a browser gets. Not its cookies, its challenges, nor what would rule over the recorder's
whole host.
"""
_NAME = re.compile(r"[A-Za-z0-9-]{1,64}")
_VALUE = re.compile(r"[\t -~]{0,4096}")
_COOKIE = re.compile(r"\s*([^\s=;,]{1,256})\s*=\s*([^;]*)(.*)", re.DOTALL)
_ENDS = re.compile(r";\s*(?:max-age\s*=\s*(?:0|-\d+)|expires\s*=[^;]*\b19[789]\d\b)", re.IGNORECASE)


def inward(headers: Iterable[tuple[str, str]], visit: Visit, *, changes: bool) -> tuple[tuple[str, str], ...]:
    """The headers of the call to the camera. `changes`: it is more than looking, so the camera hears where it comes
    from: its own address, since the door has seen that it came from its own page.
    """
    told = [
        (name, value)
        for name, value in headers
        if (name in _IN or (name.startswith("x-") and not name.startswith(_NOT_IN)))
        and _NAME.fullmatch(name)
        and _VALUE.fullmatch(value)
    ]
    if changes:
        told.append(("Origin", _origin(visit.target)))
    cookies = "; ".join(f"{name}={value}" for name, value in visit.cookies.items() if _VALUE.fullmatch(value))
    if cookies:
        told.append(("Cookie", cookies))
    return tuple(told)


def outward(headers: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """The headers of the answer to the browser, ours included."""
    kept = [(name, value) for name, value in headers if name in _OUT and _VALUE.fullmatch(value)]
    return [*kept, *OWN]


def keep_cookies(headers: Iterable[tuple[str, str]], visit: Visit) -> None:
    """Take the camera's cookies out of its answer and into the visit."""
    for name, value in headers:
        match = _COOKIE.fullmatch(value) if name == "set-cookie" else None
        if match:
            visit.keep_cookie(match[1], match[2].strip(), ends=_ENDS.search(match[3]) is not None)


def led_on(location: str, path: str, target: Target) -> tuple[str, Target] | None:
    """Where a camera sends the browser on: the path behind the same door, and where the camera is from then on: it may
    call itself by another port, or by https. None when that is not the camera any more.
    """
    whole = urljoin(f"{_origin(target)}{path}", location.strip())
    address, _, _fragment = whole.partition("#")
    place, mark, query = address.partition("?")
    try:
        found = read_target(place)
    except InputError:
        return None
    if found.host != target.host.partition("%")[0]:
        return None
    onward = f"{found.path}{mark}{query}"
    # Two slashes at the start would be another host to the browser.
    return f"/{onward.lstrip('/')}", replace(found, host=target.host, path="/")


def _origin(target: Target) -> str:
    return f"{'https' if target.tls else 'http'}://{target.authority}"

"""ONVIF scopes: what a device says about itself in its discovery answers (ONVIF Core Specification, section 7.3.2.2),
and when a scope that somebody looks for is one of ours (WS-Discovery section 5.1).
"""

from __future__ import annotations

from urllib.parse import quote, unquote, urlsplit

from sparekey.lan.discovery.found import plain

PREFIX = "onvif://www.onvif.org/"


def facts(scopes: tuple[str, ...]) -> dict[str, str]:
    """The values of the scopes by their first part in lower case: `hardware`, `name`, `mac` ... Of two the first
    counts.
    """
    found: dict[str, str] = {}
    for scope in scopes:
        if scope.lower().startswith(PREFIX):
            key, _, value = scope[len(PREFIX) :].partition("/")
            found.setdefault(key.lower(), plain(unquote(value)))
    return found


def write(**values: str) -> tuple[str, ...]:
    """The scopes that say this; empty values are left out."""
    return tuple(f"{PREFIX}{key}/{quote(value, safe='')}" for key, value in values.items() if value)


def holds(asked: str, own: str) -> bool:
    """Whether our scope answers to this one by the rule rfc3986: same scheme and authority in any case, and the path
    is a beginning of ours, segment by segment.
    """
    try:
        left, right = urlsplit(asked), urlsplit(own)
    except ValueError:
        return False
    wanted = left.path.rstrip("/").split("/")
    same = (left.scheme.lower(), left.netloc.lower()) == (right.scheme.lower(), right.netloc.lower())
    return same and not {".", ".."} & set(wanted) and wanted == right.path.split("/")[: len(wanted)]

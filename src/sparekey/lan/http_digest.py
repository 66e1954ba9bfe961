"""Signing in to a camera over HTTP: Digest (RFC 7616, MD5 and SHA-256, `qop=auth` or the old form without) and Basic
(RFC 7617). Challenges are read leniently; the strongest one that we speak is taken.
"""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sparekey.core.errors import InputError

if TYPE_CHECKING:
    from sparekey.core.values import Secret

HEADER_LIMIT = 4096
"""Characters of one challenge header."""
CHALLENGES_LIMIT = 8

_PART = re.compile(
    r"""\s*,?\s*(?:
        (?P<key>[\w-]+)\s*=\s*(?:"(?P<quoted>(?:[^"\\]|\\.)*)"|(?P<bare>[^\s,"]*))
        |(?P<scheme>[\w-]+)(?=\s|,|$)
    )""",
    re.VERBOSE | re.ASCII | re.DOTALL,
)
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_ALGORITHMS = {"MD5": "md5", "SHA-256": "sha256"}  # from the weakest to the strongest


@dataclass(frozen=True)
class Credential:
    """A user of a device, with its password."""

    user: str
    password: Secret

    def __post_init__(self) -> None:
        for text in (self.user, self.password.text):
            if not _fits(text) or any("\ud800" <= c <= "\udfff" for c in text):
                raise InputError("credential", "a user name and a password are one line of text each")


@dataclass(frozen=True)
class Challenge:
    """What a device wants before it answers. `scheme`: `basic` or `digest`. `algorithm` is of the digest."""

    scheme: str
    realm: str = ""
    nonce: str = field(default="", repr=False)
    opaque: str | None = field(default=None, repr=False)
    algorithm: str = "MD5"
    qop: bool = False
    stale: bool = False


def challenges(headers: list[str]) -> list[Challenge]:
    """The challenges of all `WWW-Authenticate` headers that we can meet, the strongest first; Basic is the last."""
    found: list[tuple[str, dict[str, str]]] = []
    for text in headers:
        at, inside = 0, False
        while match := _PART.match(text[:HEADER_LIMIT], at):
            at = match.end()
            if match["scheme"]:
                found.append((match["scheme"].lower(), {}))
                inside = True
            elif inside:
                value = match["bare"] if match["quoted"] is None else re.sub(r"\\(.)", r"\1", match["quoted"])
                found[-1][1].setdefault(match["key"].lower(), value)
    met = [_challenge(scheme, values) for scheme, values in found[:CHALLENGES_LIMIT]]
    order = list(_ALGORITHMS)
    return sorted(
        filter(None, met),
        key=lambda c: order.index(c.algorithm) if c.scheme == "digest" else -1,
        reverse=True,
    )


def _challenge(scheme: str, values: dict[str, str]) -> Challenge | None:
    realm = values.get("realm", "")
    if scheme == "basic":
        return Challenge("basic", realm)
    algorithm = values.get("algorithm", "MD5").upper()
    offered = {option.strip().lower() for option in values.get("qop", "").split(",")} - {""}
    nonce = values.get("nonce", "")
    if scheme != "digest" or algorithm not in _ALGORITHMS or not nonce or (offered and "auth" not in offered):
        return None
    if not all(_fits(text) for text in (realm, nonce, values.get("opaque", ""))):
        return None
    stale = values.get("stale", "").lower() == "true"
    return Challenge("digest", realm, nonce, values.get("opaque"), algorithm, bool(offered), stale)


def digest(
    challenge: Challenge, credential: Credential, method: str, path: str, count: int, client_nonce: str
) -> str:
    """The `Authorization` header that meets a digest challenge. `count`: how often this nonce was used, from 1."""
    h = _ALGORITHMS[challenge.algorithm]
    who = _hash(h, f"{credential.user}:{challenge.realm}:{credential.password.text}")
    what = _hash(h, f"{method}:{path}")
    said = [
        ("username", _quoted(credential.user)),
        ("realm", _quoted(challenge.realm)),
        ("nonce", _quoted(challenge.nonce)),
        ("uri", _quoted(path)),
    ]
    if challenge.qop:
        counted = f"{count:08x}"
        response = _hash(h, f"{who}:{challenge.nonce}:{counted}:{client_nonce}:auth:{what}")
        said += [("qop", "auth"), ("nc", counted), ("cnonce", _quoted(client_nonce))]
    else:
        response = _hash(h, f"{who}:{challenge.nonce}:{what}")
    said += [("response", _quoted(response)), ("algorithm", challenge.algorithm)]
    if challenge.opaque is not None:
        said.append(("opaque", _quoted(challenge.opaque)))
    return "Digest " + ", ".join(f"{key}={value}" for key, value in said)


def basic(credential: Credential) -> str:
    """The `Authorization` header that tells the password to whoever reads it."""
    pair = f"{credential.user}:{credential.password.text}".encode()
    return "Basic " + base64.b64encode(pair).decode()


def _hash(algorithm: str, text: str) -> str:
    # Otherwise a strict system refuses MD5, which is all that many cameras speak.
    make = hashlib.md5 if algorithm == "md5" else hashlib.sha256
    return make(text.encode(errors="surrogateescape"), usedforsecurity=False).hexdigest()


def _fits(text: str) -> bool:
    return not _CONTROL.search(text)


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'

"""HTTP digest authentication, the side that is asked (RFC 7616; ONVIF Core Specification, section 5.9). The side that
asks is `sparekey.lan.http_digest`.

MD5 is offered because most clients know nothing else. Only `qop=auth` is spoken: the body is not covered, TLS is what
covers it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass

from sparekey.core.crypto import equal, mac

HEADER_LIMIT = 4096
"""Characters of one header that is read, at most."""
_PARAMETER = re.compile(r'\s*([\w*-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))\s*(?:,|$)', re.ASCII)
_COUNT = re.compile(r"[0-9a-fA-F]{8}")
_NAMES = {"MD5": "md5", "SHA-256": "sha256"}


@dataclass(frozen=True)
class Verdict:
    """Who signed in; None for nobody. `stale`: the password is right, but a new nonce is needed."""

    name: str | None
    stale: bool = False


NOBODY = Verdict(None)


class DigestGate:
    """Says who a header proves to be, and remembers what was used.

    `key`: 32 random bytes, new at each start, because what was used is not remembered longer. `realm`: told to
    clients, part of every digest; without quotes. `algorithms`: offered in this order. `lifetime`: seconds that a
    nonce is good for. `cap`: nonces in use that are remembered at most; beyond that, no more are taken until some
    have ended.
    """

    def __init__(
        self,
        key: bytes,
        realm: str,
        algorithms: tuple[str, ...] = ("MD5", "SHA-256"),
        *,
        lifetime: int = 300,
        cap: int = 4096,
    ) -> None:
        self._key = key
        self._realm = realm
        self.algorithms = algorithms
        self._lifetime = lifetime
        self._cap = cap
        self._issued = 0
        self._generation = 0
        self._latest = 0
        self._counts: dict[str, int] = {}

    def challenges(self, now: int, *, stale: bool = False) -> tuple[str, ...]:
        """The values of the `WWW-Authenticate` headers, one per algorithm, with a new nonce. `now`: Unix seconds."""
        self._follow(now)
        self._issued += 1
        text = f"{now:012x}{self._issued:012x}"
        nonce = text + self._proof(text)
        again = ", stale=true" if stale else ""
        return tuple(
            f'Digest algorithm={algorithm}, realm="{self._realm}", qop="auth", nonce="{nonce}", charset=UTF-8{again}'
            for algorithm in self.algorithms
        )

    def check(
        self, header: str, method: str, target: str, password_of: Callable[[str], str | None], now: int
    ) -> Verdict:
        """Judge an `Authorization` header, decoded as Latin-1. `target`: the path and query of the request line.
        `password_of`: the password that belongs to a name, or None.
        """
        self._follow(now)
        fields = read_parameters(header)
        nonce, count = fields.get("nonce", ""), fields.get("nc", "")
        algorithm = fields.get("algorithm", "MD5")
        name = _name(fields.get("username", ""))
        unfit = (
            name is None
            or algorithm not in self.algorithms
            or fields.get("realm") != self._realm
            or fields.get("uri") != target
            or fields.get("qop") != "auth"
            or not (nonce and fields.get("cnonce"))
            or not _COUNT.fullmatch(count)
        )
        if unfit or name is None:
            return NOBODY
        password = password_of(name)
        expected = _response(algorithm, f"{name}:{self._realm}:{password or ''}", method, fields)
        given = fields.get("response", "").lower().encode("utf-8", "replace")
        if not equal(expected.encode(), given) or password is None:
            return NOBODY
        if not self._first_time(nonce, int(count, 16), now):
            return Verdict(None, stale=True)
        return Verdict(name)

    def _first_time(self, nonce: str, count: int, now: int) -> bool:
        ours = equal(self._proof(nonce[:24]).encode(), nonce[24:].encode("utf-8", "replace"))
        if not ours:  # from before a start, or before the clock was set back
            return False
        if not 0 <= now - int(nonce[:12], 16) <= self._lifetime or count <= self._counts.get(nonce, 0):
            return False
        if nonce not in self._counts and len(self._counts) >= self._cap:
            oldest = now - self._lifetime
            self._counts = {used: nc for used, nc in self._counts.items() if int(used[:12], 16) >= oldest}
            if len(self._counts) >= self._cap:
                return False
        self._counts[nonce] = count
        return True

    def _follow(self, now: int) -> None:
        """When the clock was set back, every nonce ends: some would come to life again."""
        if now < self._latest:
            self._generation += 1
            self._counts.clear()
        self._latest = now

    def _proof(self, text: str) -> str:
        said = f"onvif nonce {self._generation} {text}".encode("utf-8", "replace")
        return mac(self._key, said).hex()[:32]


def read_parameters(header: str) -> dict[str, str]:
    """What a `Digest` header says; empty when it is no such header, says something twice, or is too long."""
    scheme, _, rest = header.strip().partition(" ")
    if scheme.lower() != "digest" or len(header) > HEADER_LIMIT:
        return {}
    fields: dict[str, str] = {}
    at = 0
    while at < len(rest):
        found = _PARAMETER.match(rest, at)
        if found is None or found[1].lower() in fields:
            return {}
        fields[found[1].lower()] = (
            found[3] if found[2] is None else re.sub(r"\\(.)", r"\1", found[2], flags=re.DOTALL)
        )
        at = found.end()
    return fields


def _response(algorithm: str, secret: str, method: str, fields: dict[str, str]) -> str:
    def digest(text: str) -> str:
        # Otherwise a strict system refuses MD5.
        return hashlib.new(
            _NAMES[algorithm], text.encode("utf-8", "replace"), usedforsecurity=False
        ).hexdigest()

    request = f"{method}:{fields['uri']}"
    between = ":".join(fields[key] for key in ("nonce", "nc", "cnonce", "qop"))
    return digest(f"{digest(secret)}:{between}:{digest(request)}")


def _name(text: str) -> str | None:
    try:
        return text.encode("latin-1").decode() or None
    except UnicodeError:
        return None

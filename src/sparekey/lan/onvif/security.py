"""WS-Security's UsernameToken with a digest, both sides (OASIS UsernameToken Profile 1.0; ONVIF Core, section 5.9).

digest = Base64(SHA-1(nonce + created + password)). The device needs the password itself, so these are credentials of
their own, never an account's password. The message is not covered by the digest: outside TLS, it only proves who
spoke, not what was said.
"""

from __future__ import annotations

import binascii
import hashlib
import math
import re
from base64 import b64decode, b64encode
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

from sparekey.core.crypto import equal
from sparekey.core.errors import MisuseError
from sparekey.lan.http_digest import Credential
from sparekey.lan.onvif.names import BASE64, PASSWORD_DIGEST, SECURITY, UTILITY
from sparekey.lan.onvif.soap import only, tag
from sparekey.lan.xml import Element

NONCE_LIMIT = 128
"""Bytes of a nonce that is accepted, at most."""
_CREATED = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.\d{1,9})?(?:Z|([+-])(\d\d):(\d\d))?", re.ASCII
)


@dataclass(frozen=True)
class Token:
    """A UsernameToken as it was read. `created`: the moment as it is written, which is what was digested; `moment`:
    the same in Unix seconds.
    """

    name: str
    digest: bytes
    nonce: bytes
    created: str
    moment: int


def token_digest(nonce: bytes, created: str, password: str) -> bytes:
    """The 20 bytes that prove the password."""
    return hashlib.sha1(nonce + created.encode() + password.encode(), usedforsecurity=False).digest()


def write_token(credential: Credential, nonce: bytes, now: int) -> str:
    """A header block that signs in. `nonce`: 16 random bytes, never used before; `now`: the device's clock, in Unix
    seconds.
    """
    if not nonce:
        raise MisuseError("nonce", "a token needs a nonce")
    created = datetime.fromtimestamp(now, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    digest = b64encode(token_digest(nonce, created, credential.password.text)).decode()
    return (
        f'<wsse:Security xmlns:wsse="{SECURITY}" xmlns:wsu="{UTILITY}" env:mustUnderstand="1"><wsse:UsernameToken>'
        f"{tag('wsse:Username', credential.user)}"
        f'<wsse:Password Type="{PASSWORD_DIGEST}">{digest}</wsse:Password>'
        f'<wsse:Nonce EncodingType="{BASE64}">{b64encode(nonce).decode()}</wsse:Nonce>'
        f"<wsu:Created>{created}</wsu:Created></wsse:UsernameToken></wsse:Security>"
    )


def has_token(header: tuple[Element, ...]) -> bool:
    """Whether a message tries to sign in by WS-Security, well or badly."""
    return any((block.space, block.name) == (SECURITY, "Security") for block in header)


def read_token(header: tuple[Element, ...]) -> Token | None:
    """The one complete token in a message's header; None for everything else. A password in the clear, a missing
    nonce or moment, anything twice: no token (ONVIF Core, section 5.9.5).
    """
    blocks = [block for block in header if (block.space, block.name) == (SECURITY, "Security")]
    if len(blocks) != 1 or (token := only(blocks[0], "UsernameToken", SECURITY)) is None:
        return None
    parts = [
        only(token, name, space)
        for name, space in (
            ("Username", SECURITY),
            ("Password", SECURITY),
            ("Nonce", SECURITY),
            ("Created", UTILITY),
        )
    ]
    name, password, nonce, created = [None if part is None or part.children else part for part in parts]
    if name is None or password is None or nonce is None or created is None:
        return None
    digest, once, moment = _base64(password.text), _base64(nonce.text), read_moment(created.text)
    if password.attributes.get("Type") != PASSWORD_DIGEST or moment is None:
        return None
    if len(digest) != 20 or not 0 < len(once) <= NONCE_LIMIT:
        return None
    return Token(name.text, digest, once, created.text, moment)


def read_moment(text: str) -> int | None:
    """Unix seconds of an XML Schema dateTime; without a time zone it is UTC. None when it is no moment."""
    found = _CREATED.fullmatch(text)
    if found is None:
        return None
    *fields, sign, hours, minutes = found.groups()
    away = timedelta(hours=int(hours or 0), minutes=int(minutes or 0))
    try:
        zone = timezone(-away if sign == "-" else away)
        return int(datetime(*map(int, fields), tzinfo=zone).timestamp())  # type: ignore[misc,arg-type]
    except (ValueError, OverflowError):
        return None


class TokenGate:
    """Says whether a token opens, and remembers the ones that did, so that none opens twice.

    `window`: seconds that a token's moment may differ from the clock, either way. `cap`: tokens remembered at most;
    when that many are still fresh, no more are taken until some have aged. `age`: tells the seconds since the start,
    whatever became of the clock; a token from before the start is not taken, because the memory does not survive one.
    Only tokens that were right are remembered: nobody without a password can fill the memory.
    """

    def __init__(
        self, *, window: int = 300, cap: int = 4096, age: Callable[[], float] = lambda: math.inf
    ) -> None:
        self._window = window
        self._cap = cap
        self._age = age
        self._used: dict[tuple[str, bytes], int] = {}

    def opens(self, token: Token, password: str | None, now: int) -> bool:
        """Whether this token proves `password` now, for the first time. None: nobody has this name, which takes as
        long to say.
        """
        expected = token_digest(token.nonce, token.created, password if password is not None else "")
        if not equal(expected, token.digest) or password is None:
            return False
        fresh = abs(token.moment - now) <= self._window and token.moment >= now - self._age()
        key = (token.name, token.nonce)
        if not fresh or key in self._used or not self._has_room(now):
            return False
        self._used[key] = token.moment
        return True

    def _has_room(self, now: int) -> bool:
        # What is not fresh is kept while there is room: it still counts if the clock is set back. What was remembered
        # under a clock that ran ahead must not keep everybody out until that time comes.
        if len(self._used) >= self._cap:
            self._used = {
                key: moment for key, moment in self._used.items() if abs(moment - now) <= self._window
            }
        return len(self._used) < self._cap


def _base64(text: str) -> bytes:
    try:
        return b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return b""

"""What all calls share: paths, headers, sizes, and how a device says no (spec/lan.md sections 5.1 to 5.3)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol, TypeVar

from sparekey.core.codec import Value, encode
from sparekey.core.errors import InputError, Refusal
from sparekey.core.messages.fields import Fields

PATH = "/link/"
"""Every call is a POST below it."""
MEDIA_TYPE = "application/cbor"
"""Of every body, both ways (RFC 8949 section 9.5). No form of a foreign page can send it."""
CLAIM = "sparekey-claim"
"""The header with the pickup code of whoever began a recovery."""
REQUEST_LIMIT = 24 * 1024
"""Bytes of a call's body."""
ANSWER_LIMIT = 64 * 1024
"""Bytes of an answer's body."""
PASSWORD_LIMIT = 1024
"""Bytes of a password on the wire; what is good enough is another question."""
ACCOUNT_LIMIT = 32
SLUG_LIMIT = 48
WAIT_LIMIT = 14 * 24 * 3600
TRIES_LIMIT = 100

TOO_FAST = "too-fast"
"""No answer now: this source, or all together, ask too often."""
WRONG_LOGIN = "wrong-login"
"""User name or password: one of them is not right."""
NEEDS_AGREEMENT = "needs-agreement"
"""The maker has a legal notice that a person reads first."""
SLOW_DOWN = "slow-down"
"""Several wrong passwords came from there: the login is not looked at now."""

_CLAIM = re.compile(r"[0-9a-f]{32}")
_SLUG = re.compile(r"[a-z0-9-]+")

T_co = TypeVar("T_co", covariant=True)


class Asked(Protocol[T_co]):
    """A call, as the asking side writes it. `name`: the end of its path."""

    @property
    def name(self) -> str:
        """The end of the path."""

    @property
    def encoded(self) -> bytes:
        """The body."""

    def answer(self, fields: Fields) -> T_co:
        """What the device's answer says. Raises InputError."""


@dataclass(frozen=True)
class Refused:
    """A device's no. `slug`: why, see spec/lan.md section 5.3. `wait`: seconds until it makes sense to ask again.
    `left`: wrong entries that are left before the next pause, where one was counted.
    """

    slug: str
    wait: int = 0
    left: int | None = None

    @property
    def refusal(self) -> Refusal | None:
        """The machine's own no, if that is what it is."""
        return next((refusal for refusal in Refusal if refusal.value == self.slug), None)

    @property
    def encoded(self) -> bytes:
        """The body of the answer."""
        return encode(present({1: self.slug, 2: min(self.wait, WAIT_LIMIT) or None, 3: self.left}))


def read_refused(data: bytes) -> Refused:
    """The body of an answer that is a no. Raises InputError."""
    fields = Fields.of(data, "answer")
    slug = fields.text(1, SLUG_LIMIT)
    if not _SLUG.fullmatch(slug):
        raise InputError("field", "the reason is no slug")
    wait = fields.number(2, 1, WAIT_LIMIT) if fields.has(2) else 0
    refused = Refused(slug, wait, fields.number(3, 0, TRIES_LIMIT) if fields.has(3) else None)
    fields.end()
    return refused


def read_claim(text: str) -> str:
    """A pickup code: 32 digits of hexadecimal in lower case. Raises InputError (`claim`)."""
    if not _CLAIM.fullmatch(text):
        raise InputError("claim", "a pickup code has 32 hexadecimal digits")
    return text


def read_asked(data: bytes) -> Fields:
    """The body of a call. Raises InputError."""
    if len(data) > REQUEST_LIMIT:
        raise InputError("oversize", f"a call has at most {REQUEST_LIMIT} bytes")
    return Fields.of(data, "call")


def present(fields: Mapping[int, Value]) -> dict[int, Value]:
    """The fields without those that are None or empty."""
    return {key: value for key, value in fields.items() if value is not None and value not in ("", b"", [])}


@dataclass(frozen=True)
class Nothing:
    """The answer of a call that has nothing to tell."""

    @property
    def encoded(self) -> bytes:
        """The body."""
        return encode({})

    @classmethod
    def read(cls, fields: Fields) -> Nothing:
        """From the answer. Raises InputError."""
        fields.end()
        return cls()

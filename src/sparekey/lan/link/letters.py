"""Letters of a device to its desk, and the answers, carried by whoever knows a password (spec/lan.md section 5.6)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from sparekey.core.codec import encode
from sparekey.core.errors import InputError
from sparekey.core.messages.enrol_reply import HASH_LENGTH
from sparekey.core.messages.fields import Fields
from sparekey.core.messages.link import check_prefix
from sparekey.core.messages.link_answer import LinkAnswer, read_carried
from sparekey.core.messages.request import REQUEST_LIMIT as SEALED_LIMIT
from sparekey.core.messages.request import read_request
from sparekey.core.messages.trust import NAME_LIMIT
from sparekey.lan.link.frame import REQUEST_LIMIT, present
from sparekey.lan.link.owner import Login

LETTERS_LIMIT = 32
"""Letters in one answer, and answers in one call."""
_PREFIX_LIMIT = 96
_CALL_ROOM = REQUEST_LIMIT - 2048
"""Bytes for answers in one call; the login has the rest."""


@dataclass(frozen=True)
class Letters:
    """What the device has to tell its desk, sealed: enrolments and notices. `version`: of the trust file that it has;
    `prefix`, `desk`: whom it is for.
    """

    version: int
    prefix: str
    desk: str
    sealed: tuple[bytes, ...] = field(default=(), repr=False)

    @property
    def encoded(self) -> bytes:
        """The body."""
        return encode(present({1: self.version, 2: self.prefix, 3: self.desk, 4: list(self.sealed)}))

    @classmethod
    def read(cls, fields: Fields) -> Letters:
        """From the answer; each letter reads as a request. Raises InputError."""
        version, prefix = fields.number(1, 1, 1 << 32), check_prefix(fields.text(2, _PREFIX_LIMIT))
        desk = fields.text(3, NAME_LIMIT)
        sealed = []
        for item in fields.items(4, LETTERS_LIMIT) if fields.has(4) else ():
            if not isinstance(item, bytes) or len(item) > SEALED_LIMIT:
                raise InputError("field", "a letter is the bytes of a request")
            sealed.append(read_request(item).encoded)
        fields.end()
        return cls(version, prefix, desk, tuple(sealed))


@dataclass(frozen=True)
class Fetch:
    """Give me what I can carry to your desk."""

    name: ClassVar[str] = "fetch"
    login: Login

    @property
    def encoded(self) -> bytes:
        """The body."""
        return encode(self.login.fields)

    @classmethod
    def read(cls, fields: Fields) -> Fetch:
        """From the call. Raises InputError."""
        fetch = cls(Login.read(fields))
        fields.end()
        return fetch

    def answer(self, fields: Fields) -> Letters:
        """Sealed letters."""
        return Letters.read(fields)


@dataclass(frozen=True)
class Delivered:
    """`useless`: hashes of requests whose answers the device did not take."""

    useless: tuple[bytes, ...] = ()

    @property
    def encoded(self) -> bytes:
        """The body."""
        return encode(present({1: list(self.useless)}))

    @classmethod
    def read(cls, fields: Fields) -> Delivered:
        """From the answer. Raises InputError."""
        delivered = cls(fields.blobs(1, LETTERS_LIMIT, HASH_LENGTH) if fields.has(1) else ())
        fields.end()
        return delivered


@dataclass(frozen=True)
class Deliver:
    """What the desk answered to letters. Each answer names its request; all of them fit into one call."""

    name: ClassVar[str] = "deliver"
    login: Login
    answers: tuple[LinkAnswer, ...] = field(repr=False)

    @property
    def encoded(self) -> bytes:
        """The body."""
        return encode({**self.login.fields, 3: [answer.encoded for answer in self.answers]})

    @classmethod
    def read(cls, fields: Fields) -> Deliver:
        """From the call. Raises InputError."""
        login, answers = Login.read(fields), []
        for item in fields.items(3, LETTERS_LIMIT):
            if not isinstance(item, bytes):
                raise InputError("field", "an answer is a byte string")
            answers.append(read_carried(item))
        fields.end()
        return cls(login, tuple(answers))

    def answer(self, fields: Fields) -> Delivered:
        """What it made of them."""
        return Delivered.read(fields)


def calls_of(answers: Sequence[LinkAnswer]) -> list[tuple[LinkAnswer, ...]]:
    """Answers in as few calls as take them, in their order."""
    calls: list[list[LinkAnswer]] = []
    room = 0
    for answer in answers:
        size = len(answer.encoded) + 8
        if not calls or size > room or len(calls[-1]) == LETTERS_LIMIT:
            calls.append([])
            room = _CALL_ROOM
        calls[-1].append(answer)
        room -= size
    return [tuple(call) for call in calls]

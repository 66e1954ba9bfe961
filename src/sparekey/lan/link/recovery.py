"""A recovery by calls: begin, show, prove, choose the new password, let go (spec/lan.md section 5.5)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from sparekey.core.codec import Value, encode
from sparekey.core.codes import read_number
from sparekey.core.errors import InputError
from sparekey.core.messages.fields import Fields
from sparekey.core.messages.link import check_prefix
from sparekey.core.messages.request import REQUEST_LIMIT as SEALED_LIMIT
from sparekey.core.messages.request import Request, read_request
from sparekey.core.messages.response import RESPONSE_LIMIT
from sparekey.core.messages.trust import NAME_LIMIT
from sparekey.core.policy import DAY, VALID_LIMIT, Afterwards
from sparekey.core.record import Action
from sparekey.core.values import SERIAL_LIMIT, MethodName, Secret
from sparekey.lan.link.frame import (
    ACCOUNT_LIMIT,
    PASSWORD_LIMIT,
    TRIES_LIMIT,
    WAIT_LIMIT,
    Nothing,
    present,
    read_claim,
)

_WALL_LIMIT = 1 << 40
_NUMBER = 8
_TYPED_LIMIT = 64
_MAC_LIMIT = 17
_MASKED_LIMIT = 64
_PREFIX_LIMIT = 96


@dataclass(frozen=True)
class Spoken:
    """What the caller reads out to support. `started`: the device's clock at its start, Unix seconds as it shows them;
    `day`: its date when the number was made, whole days since 1970. `mac`: empty behind a recorder.
    """

    serial: str
    started: int
    day: int
    mac: str = ""

    @property
    def fields(self) -> dict[int, Value]:
        """As a map."""
        return present({1: self.serial, 2: self.started, 3: self.day, 4: self.mac})

    @classmethod
    def read(cls, fields: Fields) -> Spoken:
        """From a map. Raises InputError."""
        spoken = cls(
            fields.text(1, SERIAL_LIMIT),
            fields.number(2, -_WALL_LIMIT, _WALL_LIMIT),
            fields.number(3, -_WALL_LIMIT // DAY, _WALL_LIMIT // DAY),
            fields.text(4, _MAC_LIMIT) if fields.has(4) else "",
        )
        fields.end()
        return spoken


@dataclass(frozen=True)
class Granted:
    """A proof was right. `left`: seconds in which the new password is taken. `claim`: whose right it is."""

    claim: str = field(repr=False)
    action: Action
    account: str
    left: int

    @property
    def encoded(self) -> bytes:
        """The body."""
        return encode(self.fields)

    @property
    def fields(self) -> dict[int, Value]:
        """As a map."""
        return {1: self.claim, 2: self.action.value, 3: self.account, 4: self.left}

    @classmethod
    def read(cls, fields: Fields) -> Granted:
        """From the answer. Raises InputError."""
        granted = cls(
            read_claim(fields.text(1, 32)),
            fields.choice(2, Action),
            fields.text(3, ACCOUNT_LIMIT),
            fields.number(4, 0, WAIT_LIMIT),
        )
        fields.end()
        return granted


@dataclass(frozen=True)
class Opened:
    """How a recovery stands.

    `claim`: the pickup code; keep it, nobody else can go on. `method`, `action`: how, and what its proof will allow.
    `tries`, `pause`: wrong entries left before the next pause, and seconds until the next entry is taken. `number`,
    `left`, `sealed`, `prefix`, `desk`: of the request where there is one: its number, the seconds of switched-on time
    that it lives, the request itself, what stands before it in its text form, and whom it is for. `spoken`: what
    support is told on the phone. `address`: where a mailed code goes, masked. `temporary`: the password that the
    maker's page says it is reset to; it opens nothing. `granted`: the proof was right already.
    """

    claim: str = field(repr=False)
    method: MethodName
    action: Action
    tries: int
    pause: int = 0
    number: str = ""
    left: int = 0
    sealed: bytes = field(default=b"", repr=False)
    prefix: str = ""
    desk: str = ""
    spoken: Spoken | None = None
    address: str = ""
    temporary: str = ""
    granted: Granted | None = None

    @property
    def request(self) -> Request | None:
        """The sealed request, read."""
        return read_request(self.sealed) if self.sealed else None

    @property
    def encoded(self) -> bytes:
        """The body."""
        told: dict[int, Value] = {1: self.claim, 2: self.method.value, 3: self.action.value, 4: self.tries}
        asked: dict[int, Value] = {
            5: self.pause or None,
            6: self.number,
            7: self.left or None,
            8: self.sealed,
        }
        desk: dict[int, Value] = {9: self.prefix, 10: self.desk, 12: self.address, 13: self.temporary}
        inner: dict[int, Value] = {
            11: self.spoken.fields if self.spoken else None,
            14: self.granted.fields if self.granted else None,
        }
        return encode(present({**told, **asked, **desk, **inner}))

    @classmethod
    def read(cls, fields: Fields) -> Opened:
        """From the answer. A request inside reads, and bears the number that is told. Raises InputError."""
        sealed = fields.data(8, 1, SEALED_LIMIT) if fields.has(8) else b""
        opened = cls(
            claim=read_claim(fields.text(1, 32)),
            method=fields.choice(2, MethodName),
            action=fields.choice(3, Action),
            tries=fields.number(4, 0, TRIES_LIMIT),
            pause=fields.number(5, 1, WAIT_LIMIT) if fields.has(5) else 0,
            number=read_number(fields.text(6, _NUMBER)) if fields.has(6) else "",
            left=fields.number(7, 1, VALID_LIMIT) if fields.has(7) else 0,
            sealed=sealed,
            prefix=check_prefix(fields.text(9, _PREFIX_LIMIT)) if fields.has(9) else "",
            desk=fields.text(10, NAME_LIMIT) if fields.has(10) else "",
            spoken=Spoken.read(fields.inner(11, "spoken")) if fields.has(11) else None,
            address=fields.text(12, _MASKED_LIMIT) if fields.has(12) else "",
            temporary=fields.text(13, PASSWORD_LIMIT) if fields.has(13) else "",
            granted=Granted.read(fields.inner(14, "grant")) if fields.has(14) else None,
        )
        fields.end()
        if sealed and read_request(sealed).header.number != opened.number:
            raise InputError("link", "the request that came back has another number")
        return opened


@dataclass(frozen=True)
class Begin:
    """Begin with a way in; with the claim of an earlier call, go on with what it opened. `locale`: of a mailed code.
    `agreed`: the person read the legal notice, where the maker has one.
    """

    name: ClassVar[str] = "begin"
    method: MethodName
    locale: str = "en"
    agreed: bool = False

    @property
    def encoded(self) -> bytes:
        """The body."""
        return encode({1: self.method.value, 2: self.locale, 3: self.agreed})

    @classmethod
    def read(cls, fields: Fields) -> Begin:
        """From the call. Raises InputError."""
        begin = cls(fields.choice(1, MethodName), fields.text(2, 8), fields.flag(3))
        fields.end()
        return begin

    def answer(self, fields: Fields) -> Opened:
        """How it stands."""
        return Opened.read(fields)


@dataclass(frozen=True)
class Show:
    """How does my recovery stand? Opens nothing."""

    name: ClassVar[str] = "show"
    method: MethodName

    @property
    def encoded(self) -> bytes:
        """The body."""
        return encode({1: self.method.value})

    @classmethod
    def read(cls, fields: Fields) -> Show:
        """From the call. Raises InputError."""
        show = cls(fields.choice(1, MethodName))
        fields.end()
        return show

    def answer(self, fields: Fields) -> Opened:
        """How it stands."""
        return Opened.read(fields)


@dataclass(frozen=True)
class Apply:
    """A proof: `typed` is a code as a person typed it, `file` the bytes inside a file. One of the two."""

    name: ClassVar[str] = "apply"
    method: MethodName
    typed: Secret | None = None
    file: bytes = field(default=b"", repr=False)

    @property
    def encoded(self) -> bytes:
        """The body."""
        return encode(
            present({1: self.method.value, 2: self.typed.text if self.typed else None, 3: self.file})
        )

    @classmethod
    def read(cls, fields: Fields) -> Apply:
        """From the call. Raises InputError."""
        given = cls(
            fields.choice(1, MethodName),
            Secret(fields.text(2, _TYPED_LIMIT)) if fields.has(2) else None,
            fields.data(3, 1, RESPONSE_LIMIT) if fields.has(3) else b"",
        )
        fields.end()
        if (given.typed is None) is not bool(given.file):
            raise InputError("field", "a proof is either typed or a file")
        return given

    def answer(self, fields: Fields) -> Granted:
        """What it allows."""
        return Granted.read(fields)


@dataclass(frozen=True)
class Recovered:
    """The new password is set. `afterwards`: what the device does now. `receipt`: asks for the results of the cameras;
    empty when there are none.
    """

    account: str
    afterwards: Afterwards = Afterwards.NOTHING
    receipt: str = field(default="", repr=False)

    @property
    def encoded(self) -> bytes:
        """The body."""
        return encode(present({1: self.account, 2: self.afterwards.value, 3: self.receipt}))

    @classmethod
    def read(cls, fields: Fields) -> Recovered:
        """From the answer. Raises InputError."""
        told = cls(
            fields.text(1, ACCOUNT_LIMIT),
            fields.choice(2, Afterwards),
            read_claim(fields.text(3, 32)) if fields.has(3) else "",
        )
        fields.end()
        return told


@dataclass(frozen=True)
class Choose:
    """The new password. `cameras`: the cameras of this recorder get new ones too."""

    name: ClassVar[str] = "password"
    password: Secret
    cameras: bool = False

    @property
    def encoded(self) -> bytes:
        """The body."""
        return encode({1: self.password.text, 2: self.cameras})

    @classmethod
    def read(cls, fields: Fields) -> Choose:
        """From the call. Raises InputError."""
        choose = cls(Secret(fields.text(1, PASSWORD_LIMIT)), fields.flag(2))
        fields.end()
        return choose

    def answer(self, fields: Fields) -> Recovered:
        """What follows."""
        return Recovered.read(fields)


@dataclass(frozen=True)
class Cancel:
    """Let a request go."""

    name: ClassVar[str] = "cancel"
    number: str

    @property
    def encoded(self) -> bytes:
        """The body."""
        return encode({1: self.number})

    @classmethod
    def read(cls, fields: Fields) -> Cancel:
        """From the call. Raises InputError."""
        cancel = cls(read_number(fields.text(1, _NUMBER)))
        fields.end()
        return cancel

    def answer(self, fields: Fields) -> Nothing:
        """Done."""
        return Nothing.read(fields)

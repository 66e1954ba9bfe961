"""What whoever knows a password may ask: set up, check, change (spec/lan.md section 5.6)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from sparekey.core.codec import Value, encode
from sparekey.core.messages.fields import Fields
from sparekey.core.messages.trust import NAME_LIMIT
from sparekey.core.values import ADDRESS_LIMIT, MODEL_LIMIT, SERIAL_LIMIT, Role, Secret, account_name
from sparekey.lan.link.frame import ACCOUNT_LIMIT, PASSWORD_LIMIT, Nothing, present
from sparekey.lan.link.network import Network


@dataclass(frozen=True)
class Login:
    """A user name and a password, checked in the very call that needs them; no session comes of it."""

    account: str
    password: Secret

    @property
    def fields(self) -> dict[int, Value]:
        """The first two fields of a call."""
        return {1: self.account, 2: self.password.text}

    @classmethod
    def read(cls, fields: Fields) -> Login:
        """From a call. Raises InputError."""
        return cls(fields.text(1, ACCOUNT_LIMIT), Secret(fields.text(2, PASSWORD_LIMIT)))


@dataclass(frozen=True)
class Activated:
    """It is set up. `account`: the user name that the password belongs to."""

    account: str

    @property
    def encoded(self) -> bytes:
        """The body."""
        return encode({1: self.account})

    @classmethod
    def read(cls, fields: Fields) -> Activated:
        """From the answer. Raises InputError."""
        told = cls(fields.text(1, ACCOUNT_LIMIT))
        fields.end()
        return told


@dataclass(frozen=True)
class Activate:
    """The first password, and the reserved address. `factory`: the login on the label, where the maker has one."""

    name: ClassVar[str] = "activate"
    password: Secret
    address: str = ""
    factory: Login | None = None

    @property
    def encoded(self) -> bytes:
        """The body."""
        label = self.factory
        login: dict[int, Value] = {3: label.account, 4: label.password.text} if label else {}
        return encode(present({1: self.password.text, 2: self.address, **login}))

    @classmethod
    def read(cls, fields: Fields) -> Activate:
        """From the call. Raises InputError."""
        password = Secret(fields.text(1, PASSWORD_LIMIT))
        address = fields.text(2, ADDRESS_LIMIT) if fields.has(2) else ""
        factory = None
        if fields.has(3):
            factory = Login(fields.text(3, ACCOUNT_LIMIT), Secret(fields.text(4, PASSWORD_LIMIT)))
        fields.end()
        return cls(password, address, factory)

    def answer(self, fields: Fields) -> Activated:
        """Done."""
        return Activated.read(fields)


@dataclass(frozen=True)
class Known:
    """What a device tells whoever signed in. `title`: its name on top of every page. `set_up`: nothing is asked for
    any more at the first login.
    """

    serial: str
    model: str
    firmware: str
    title: str
    role: Role
    set_up: bool = True

    @property
    def encoded(self) -> bytes:
        """The body."""
        device: dict[int, Value] = {1: self.serial, 2: self.model, 3: self.firmware, 4: self.title}
        return encode({**device, 5: self.role.value, 6: self.set_up})

    @classmethod
    def read(cls, fields: Fields) -> Known:
        """From the answer. Raises InputError."""
        known = cls(
            fields.text(1, SERIAL_LIMIT),
            fields.text(2, MODEL_LIMIT),
            fields.text(3, MODEL_LIMIT),
            fields.text(4, 4 * NAME_LIMIT),
            fields.choice(5, Role),
            fields.flag(6),
        )
        fields.end()
        return known


@dataclass(frozen=True)
class Check:
    """Is this the password? Changes nothing, and counts like any login."""

    name: ClassVar[str] = "check"
    login: Login

    @property
    def encoded(self) -> bytes:
        """The body."""
        return encode(self.login.fields)

    @classmethod
    def read(cls, fields: Fields) -> Check:
        """From the call. Raises InputError."""
        check = cls(Login.read(fields))
        fields.end()
        return check

    def answer(self, fields: Fields) -> Known:
        """Who the device is."""
        return Known.read(fields)


@dataclass(frozen=True)
class SetPassword:
    """One's own new password, with the old one."""

    name: ClassVar[str] = "set-password"
    login: Login
    password: Secret

    @property
    def encoded(self) -> bytes:
        """The body."""
        return encode({**self.login.fields, 3: self.password.text})

    @classmethod
    def read(cls, fields: Fields) -> SetPassword:
        """From the call. Raises InputError."""
        change = cls(Login.read(fields), Secret(fields.text(3, PASSWORD_LIMIT)))
        fields.end()
        return change

    def answer(self, fields: Fields) -> Nothing:
        """Done."""
        return Nothing.read(fields)


@dataclass(frozen=True)
class SetUser:
    """A further administrator, or a new password for one: how a recorder keeps a way in of its own."""

    name: ClassVar[str] = "set-user"
    login: Login
    user: str
    password: Secret

    @property
    def encoded(self) -> bytes:
        """The body."""
        return encode({**self.login.fields, 3: self.user, 4: self.password.text})

    @classmethod
    def read(cls, fields: Fields) -> SetUser:
        """From the call. Raises InputError."""
        user, password = account_name(fields.text(3, ACCOUNT_LIMIT)), fields.text(4, PASSWORD_LIMIT)
        change = cls(Login.read(fields), user, Secret(password))
        fields.end()
        return change

    def answer(self, fields: Fields) -> Nothing:
        """Done."""
        return Nothing.read(fields)


@dataclass(frozen=True)
class SetAddress:
    """The reserved e-mail address; empty takes it away."""

    name: ClassVar[str] = "set-address"
    login: Login
    address: str

    @property
    def encoded(self) -> bytes:
        """The body."""
        return encode(present({**self.login.fields, 3: self.address}))

    @classmethod
    def read(cls, fields: Fields) -> SetAddress:
        """From the call. Raises InputError."""
        change = cls(Login.read(fields), fields.text(3, ADDRESS_LIMIT) if fields.has(3) else "")
        fields.end()
        return change

    def answer(self, fields: Fields) -> Nothing:
        """Done."""
        return Nothing.read(fields)


@dataclass(frozen=True)
class SetNetwork:
    """Another network address. The device answers first and changes then."""

    name: ClassVar[str] = "set-network"
    login: Login
    network: Network

    @property
    def encoded(self) -> bytes:
        """The body."""
        return encode({**self.login.fields, 3: self.network.fields})

    @classmethod
    def read(cls, fields: Fields) -> SetNetwork:
        """From the call. Raises InputError."""
        change = cls(Login.read(fields), Network.read(fields.inner(3, "network")))
        fields.end()
        return change

    def answer(self, fields: Fields) -> Nothing:
        """It will change."""
        return Nothing.read(fields)

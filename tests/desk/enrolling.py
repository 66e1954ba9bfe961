"""A registry with its pile of mails on a database, and devices that enrol at it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser

from sparekey.core import crypto, mailing
from sparekey.core.mailing import MailLimits
from sparekey.core.messages.enrol import EnrolBody, refresh_mac
from sparekey.core.messages.header import Purpose
from sparekey.core.messages.notice import NoticeBody, Noticed
from sparekey.core.messages.request import Body, Header, Kind, Request, seal_body
from sparekey.core.values import Identity
from sparekey.desk.keyring import Keyring
from sparekey.desk.mail.letters import Letters
from sparekey.desk.mail.ports import Sender
from sparekey.desk.registry.disputes import Disputes
from sparekey.desk.registry.news import NewsPile
from sparekey.desk.registry.notices import Notices
from sparekey.desk.registry.registrar import Registrar
from sparekey.desk.registry.rules import RegistryRules
from sparekey.desk.store.database import Database
from sparekey.testing.clock import FixedClock
from sparekey.testing.entropy import FixedEntropy

DESK = bytes(range(8))
OWNER, NEXT = "owner@example.com", "next@example.com"
STOP_PAGE = "https://desk.example.com/registration/stop"
TRUST = b"a trust file's bytes"


@dataclass(frozen=True)
class Letter:
    """A mail that the desk wrote."""

    kind: str
    recipient: str
    message: EmailMessage = field(repr=False)

    @property
    def text(self) -> str:
        body = self.message.get_body(("plain",))
        assert body is not None
        return str(body.get_content())


@dataclass
class Device:
    """One device in one life: its K, its epoch, its token, if the factory gave it one."""

    serial: str = "PX-3216-0001"
    life: str = "first"
    epoch: int = 1
    token: bytes | None = None
    count: int = 0

    @property
    def key(self) -> bytes:
        return crypto.sha256(f"{self.serial} {self.life}".encode())

    def erased(self, life: str = "second") -> Device:
        """The same device after an erase."""
        return Device(self.serial, life, self.epoch + 1, self.token)


class Books:
    """The registry of a desk."""

    def __init__(
        self, database: Database, *, rules: RegistryRules | None = None, limits: MailLimits | None = None
    ) -> None:
        self.database = database
        self.clock = FixedClock()
        self.entropy = FixedEntropy()
        self.keys = [self.entropy.bytes(32)]
        self.ticket_key = self.entropy.bytes(32)
        self.rules = rules or RegistryRules()
        self.limits = limits or MailLimits()
        self.woken = 0
        self.open()

    def open(self) -> None:
        """As a new process would, with the keys that are there now."""
        self.keyring = Keyring(
            opening={
                purpose: {crypto.key_id(crypto.sealing_public(key)): key for key in self.keys}
                for purpose in Purpose
            },
            sign=bytes(32),
            ticket=self.ticket_key,
        )
        self.registrar = Registrar(
            desk=DESK,
            database=self.database,
            keyring=self.keyring,
            trust=lambda: TRUST,
            rules=self.rules,
            clock=self.clock,
            entropy=self.entropy,
            wake=self._wake,
        )
        self.disputes = Disputes(self.registrar)
        self.notices = Notices(self.registrar, self.limits)
        self.pile = NewsPile(
            self.database,
            keyring=self.keyring,
            letters=Letters("Example support desk", UTC),
            sender=Sender("Example support desk", "desk@example.com"),
            clock=self.clock,
            stop_page=STOP_PAGE,
        )

    def seal(
        self, kind: Kind, body: Body, serial: str, *, desk: bytes = DESK, key: bytes | None = None
    ) -> Request:
        public = crypto.sealing_public(key or self.keys[0])
        header = self.header(kind, serial, crypto.key_id(public), desk)
        return seal_body(header, body, public)

    def header(self, kind: Kind, serial: str, key: bytes, desk: bytes = DESK) -> Header:
        return Header(
            kind=kind,
            desk=desk,
            key=key,
            identity=Identity(serial, "PX-3216", "1.0.0"),
            number="4F7Q0001",
            tls=bytes(32),
            valid=14 * 86400,
            made=self.clock.wall(),
        )

    def request(
        self,
        device: Device,
        *addresses: str,
        confirmed: bool = True,
        previous: bytes | None = None,
        locale: str = "en",
    ) -> Request:
        """What the device would send now. `previous`: another K that it proves to know."""
        device.count += 1
        told = addresses or (OWNER,)
        body = EnrolBody(
            key=device.key,
            log_id=bytes(16),
            count=device.count,
            epoch=device.epoch,
            locale=locale,
            addresses=told,
            confirmed=confirmed,
            token=device.token,
        )
        header = self.header(Kind.ENROL, device.serial, crypto.key_id(crypto.sealing_public(self.keys[0])))
        body = replace(body, refresh=refresh_mac(previous or device.key, header, body))
        return self.seal(Kind.ENROL, body, device.serial)

    def list_token(self, serial: str, token: bytes) -> None:
        """The factory says whose token it is."""
        from sqlalchemy import insert

        from sparekey.desk.registry.tables import factory

        with self.database.writing() as connection:
            connection.execute(insert(factory).values(serial=serial, token_hash=crypto.sha256(token)))

    def notice(
        self,
        *addresses: str,
        what: Noticed = Noticed.PASSWORD_RECOVERED,
        ticketed: bool = True,
        age: int = 3600,
        serial: str = "PX-3216-0001",
        locale: str = "en",
    ) -> Request:
        """What a device tells its owner."""
        ticket = mailing.ticket(self.ticket_key, serial) if ticketed else None
        told = addresses or (OWNER,)
        body = NoticeBody(what, age, "admin", told, locale, wall=self.clock.wall(), ticket=ticket)
        return self.seal(Kind.NOTICE, body, serial)

    def mails(self) -> list[Letter]:
        """What lies on the pile now, written and sent."""
        written = []
        while due := self.pile.claim(self.clock.wall(), 60, 16):
            for mail in due:
                recipient, message = self.pile.write(mail)
                parsed = BytesParser(EmailMessage, policy=policy.default).parsebytes(message)
                written.append(Letter(mail.kind, recipient, parsed))
                self.pile.done(mail.id)
        return written

    def _wake(self) -> None:
        self.woken += 1

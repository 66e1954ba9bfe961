"""A whole desk in one process: real keys, a real store, real pages; only the mail server is a list."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, tzinfo
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path
from urllib.parse import urlencode

from sparekey.core import crypto, mailing
from sparekey.core.codes import Code, code_from_bits
from sparekey.core.errors import UnavailableError
from sparekey.core.mailing import MailLimits
from sparekey.core.messages.armour import FileKind, unwrap
from sparekey.core.messages.header import Purpose
from sparekey.core.messages.link import link
from sparekey.core.messages.request import Header, Kind, MailBody, Request, seal_mail
from sparekey.core.messages.trust import Trust, read_trust
from sparekey.core.values import Identity
from sparekey.desk.config import DeskConfig, SmtpConfig
from sparekey.desk.intake import Intake
from sparekey.desk.keyring import Keyring
from sparekey.desk.log.opening import open_log
from sparekey.desk.mail.letters import Letters
from sparekey.desk.mail.mailed_codes import MailedCodes
from sparekey.desk.mail.outbox import Outbox
from sparekey.desk.mail.ports import Delivery, Sender
from sparekey.desk.registry.opening import open_registry
from sparekey.desk.store.postgres import open_postgres
from sparekey.desk.store.sql import SqlStore
from sparekey.desk.store.sqlite import open_sqlite
from sparekey.desk.tools import Tools
from sparekey.desk.trust import make_trust
from sparekey.desk.web import desk_app
from sparekey.testing.clock import FixedClock
from sparekey.testing.entropy import FixedEntropy
from tests.web.asgi import FORM, Answer, call

HOST = "desk.example.com"
JANE = "jane@example.com"
CODE = code_from_bits(0x2A5C371B9)
WEEK = 7 * 86400
IDENTITY = Identity("PX-3216-0001", "PX-3216", "1.0.0")


@dataclass(frozen=True)
class Mail:
    """One mail as the server got it."""

    sender: str
    recipient: str
    data: bytes

    @property
    def message(self) -> EmailMessage:
        return BytesParser(EmailMessage, policy=policy.default).parsebytes(self.data)

    def part(self, kind: str) -> str:
        body = self.message.get_body((kind,))
        assert body is not None
        content = body.get_content()
        assert isinstance(content, str)
        return content


def _opening(private: bytes) -> dict[bytes, bytes]:
    return {crypto.key_id(crypto.sealing_public(private)): private}


@dataclass
class Post:
    """A mail server. `up`: whether it answers. `verdict`: what it says to a mail; it may raise."""

    up: bool = True
    verdict: Callable[[Mail], Delivery] = lambda _: Delivery.TAKEN
    taken: list[Mail] = field(default_factory=list)
    conversations: int = 0

    @contextmanager
    def session(self) -> Iterator[Post]:
        if not self.up:
            raise UnavailableError("smtp", "the mail server does not answer")
        self.conversations += 1
        yield self

    def send(self, sender: str, recipient: str, message: bytes) -> Delivery:
        mail = Mail(sender, recipient, message)
        delivery = self.verdict(mail)
        if delivery is Delivery.TAKEN:
            self.taken.append(mail)
        return delivery


class Room:
    """The desk, and a device's side of the protocol."""

    def __init__(
        self,
        folder: Path,
        limits: MailLimits | None = None,
        zone: tzinfo = UTC,
        host: str = HOST,
        postgres: str = "",
    ) -> None:
        """`postgres`: the address of a fresh database there; else it is a file."""
        self.postgres = postgres
        self.clock = FixedClock()
        self.zone = zone
        self.entropy = FixedEntropy()
        self.file = folder / "desk.sqlite"
        self.mail_key = self.entropy.bytes(32)
        self.ticket_key = self.entropy.bytes(32)
        self.keyring = Keyring(
            opening={purpose: _opening(self.mail_key) for purpose in Purpose},
            sign=self.entropy.bytes(32),
            ticket=self.ticket_key,
            log=(self.entropy.bytes(32),),
        )
        self.config = DeskConfig(
            name="Example support desk",
            url=f"https://{host}",
            smtp=SmtpConfig("mail.example.com", 587, "desk@example.com"),
            limits=limits or MailLimits(),
        )
        self.root = root = self.entropy.bytes(32)
        self.trust_text = make_trust(
            name=self.config.name,
            prefix=self.config.prefix,
            keyring=self.keyring,
            root=root,
            entropy=self.entropy,
        )
        self.trust: Trust = read_trust(unwrap(FileKind.TRUST, self.trust_text), crypto.signing_public(root))
        self.post = Post()
        self._start(self.config.limits)

    def close(self) -> None:
        """The process ends."""
        self.database.close()

    def restart(self, limits: MailLimits | None = None) -> None:
        """A new process on the same file."""
        self.close()
        self._start(limits or self.config.limits)

    def _start(self, limits: MailLimits) -> None:
        self.database = open_postgres(self.postgres) if self.postgres else open_sqlite(self.file)
        self.store = store = SqlStore(self.database)
        config = replace(self.config, log_memory=self.file.with_name("log-checkpoint"))
        self.log = open_log(config, self.keyring, self.trust, self.database)
        sender = Sender(self.config.name, self.config.smtp.sender)
        letters = Letters(self.config.name, self.zone)
        self.codes = MailedCodes(
            store=store,
            keyring=self.keyring,
            letters=letters,
            sender=sender,
            clock=self.clock,
            log=self.log.sequencer,
        )
        self.outbox = Outbox(self.codes, mailer=self.post, sender=sender.address, clock=self.clock)
        self.intake = Intake(
            desk=self.trust.desk,
            keyring=self.keyring,
            store=store,
            limits=limits,
            clock=self.clock,
        )
        self.tools = Tools(
            replace(self.config, limits=limits),
            trust=self.trust,
            trust_text=self.trust_text,
            keyring=self.keyring,
            database=self.database,
            letters=letters,
            sender=sender,
            mailer=self.post,
            clock=self.clock,
            entropy=self.entropy,
            wake=lambda: None,
        )
        self.registry = open_registry(self.tools, self.intake)
        self.app = desk_app(
            self.config,
            intake=self.intake,
            trust=self.trust_text,
            form_key=self.keyring.form_key,
            entropy=self.entropy,
            healthy=store.waiting,
            ledger=self.log.ledger,
            rooms=[self.registry.room],
        )

    def request(
        self,
        *addresses: str,
        code: Code = CODE,
        ticketed: bool = False,
        ticket: bytes | None = None,
        timed: bool = True,
        locale: str = "en",
        identity: Identity = IDENTITY,
        number: str = "7F2K0042",
        valid: int = 86400,
        desk: bytes | None = None,
        key: bytes | None = None,
        account: str = "admin",
        fleeting: bool = False,
    ) -> Request:
        """What a device would show as a square now. `key`: another public key to seal to."""
        public = key or crypto.sealing_public(self.mail_key)
        header = Header(
            kind=Kind.MAIL,
            desk=desk or self.trust.desk,
            key=crypto.key_id(public),
            identity=identity,
            number=number,
            tls=bytes(32),
            valid=valid,
            made=self.clock.wall() if timed else None,
        )
        if ticketed:
            ticket = mailing.ticket(self.ticket_key, identity.serial)
        return seal_mail(
            header, MailBody(code, addresses or (JANE,), locale, account, ticket, fleeting=fleeting), public
        )

    def text(self, request: Request) -> str:
        """The last part of the link in the square."""
        return link(self.config.prefix, request).rpartition("/")[2]

    def send(self, request: Request) -> list[Mail]:
        """Press the button, let the worker work; the mails that this brought."""
        before = len(self.post.taken)
        self.intake.send(self.text(request))
        self.work()
        return self.post.taken[before:]

    def written(self) -> int:
        """How many transactions were written: commit frames in the log (SQLite, "WAL file format")."""
        log = self.file.with_name(self.file.name + "-wal").read_bytes()
        frame = 24 + int.from_bytes(log[8:12], "big")
        return sum(log[start + 4 : start + 8] != bytes(4) for start in range(32, len(log), frame))

    def work(self) -> None:
        """Let the worker work until nothing is due."""
        while self.outbox.work() + self.registry.outbox.work() + self.registry.disputes.work():
            pass

    def get(self, path: str, language: str = "en", method: str = "GET") -> Answer:
        """Open a page."""
        return call(self.app, method, path, {"accept-language": language}, host=HOST)

    def press(self, path: str, language: str = "en") -> Answer:
        """Open a page and press its button."""
        page = self.get(path, language)
        form = re.search(r'action="/R/[^>]*>\s*<input[^>]* value="([0-9a-f]{64})"', page.text)
        assert form, page.text
        cookie = "; ".join(f"{name}={value}" for name, value in page.cookies.items())
        headers = {**FORM, "origin": f"https://{HOST}", "cookie": cookie, "accept-language": language}
        return call(self.app, "POST", path, headers, urlencode({"token": form[1]}).encode(), host=HOST)

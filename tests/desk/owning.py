"""A desk with owners: its registry, its cases and its mails in one process, and devices that show squares."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

from sqlalchemy import insert

from sparekey.core import mailing
from sparekey.core.codes import Code, code_from_bits
from sparekey.core.crypto import derive, key_id, sealing_public, sha256
from sparekey.core.messages.enrol import EnrolBody
from sparekey.core.messages.notice import NoticeBody, Noticed
from sparekey.core.messages.pairing import Pairing, make_pairing, paired_code, pairing_link
from sparekey.core.messages.request import Body, Header, Kind, MailBody, Request, seal_body
from sparekey.core.messages.support import SupportBody
from sparekey.core.messages.technician import TechnicianBody
from sparekey.core.values import Identity
from sparekey.desk.cases.asking import Asker
from sparekey.desk.cases.policy import load_policy
from sparekey.desk.cases.service import Cases
from sparekey.desk.cases.typed import Typed
from sparekey.desk.help.room import Help
from sparekey.desk.owners.opening import open_owners
from sparekey.desk.registry.tables import factory
from sparekey.desk.source import Sources
from sparekey.desk.web import desk_app
from sparekey.profiles import names
from sparekey.testing.authenticator import Authenticator
from tests.desk.room import HOST, Mail, Room
from tests.device.browser import Browser, Page

EVA, ADAM = "eva@example.com", "adam@example.com"
SERIAL = "7F2K-0042"
STARTED = "2026-09-21 10:00:00"
CODE = re.compile(r"\b[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}\b")


class Device:
    """What an enrolled device knows."""

    def __init__(self, desk: Owning, serial: str = SERIAL, name: str = "device") -> None:
        self.desk = desk
        self.serial = serial
        self.key = derive(bytes(32), f"{name} {serial}")
        self.age = 1000
        self.series = 1
        self.made = 0
        self.token: bytes | None = None

    def comes_from_the_factory(self) -> None:
        """It is on the maker's list, and has the token."""
        self.token = derive(self.key, "token")
        with self.desk.database.writing() as connection:
            row = {"serial": self.serial, "token_hash": sha256(self.token)}
            connection.execute(insert(factory).values(row))

    def enrol(self, *addresses: str) -> None:
        self.made += 1
        body = EnrolBody(
            self.key, self.key[:16], self.made, 0, "en", addresses or (EVA,), confirmed=True, token=self.token
        )
        answer = self.desk.registry.registrar.enrol(self._sealed(Kind.ENROL, body))
        assert answer.verdict.value == "taken", answer

    def square(self, **changed: Any) -> Pairing:
        self.age += 1
        token = self.desk.entropy.bytes(16)
        made = make_pairing(
            self.key,
            desk=self.desk.trust.desk,
            token=token,
            serial=self.serial,
            series=self.series,
            age=self.age,
        )
        return replace(made, **changed)

    def path(self, pairing: Pairing) -> str:
        return "/P/" + pairing_link(self.desk.config.prefix, pairing).rpartition("/")[2]

    def shows(self, pairing: Pairing) -> Code:
        return paired_code(self.key, pairing.token)

    def recovered(self, what: Noticed = Noticed.PASSWORD_RECOVERED, *, ticketed: bool = True) -> None:
        """A recovery, and its notice at the desk."""
        self.series += 1
        self.age += 1
        body = self._noticed(what, ticketed=ticketed)
        self.desk.registry.notices.notice(self._sealed(Kind.NOTICE, body))

    def _noticed(self, what: Noticed = Noticed.PASSWORD_RECOVERED, *, ticketed: bool) -> NoticeBody:
        ticket = mailing.ticket(self.desk.ticket_key, self.serial) if ticketed else None
        return NoticeBody(what, self.age, "admin", (EVA,), "en", ticket=ticket)

    def asks(self, kind: Kind = Kind.SUPPORT) -> str:
        """The path of the square that asks a person for a file, or for an erase."""
        secret = self.desk.entropy.bytes(32)
        body = SupportBody(secret) if kind is Kind.SUPPORT else TechnicianBody(secret)
        return "/R/" + self.desk.text(self._sealed(kind, body))

    def tells(self) -> str:
        """The path of the square of a notice that it cannot send by itself."""
        return "/R/" + self.desk.text(self._sealed(Kind.NOTICE, self._noticed(ticketed=True)))

    def enrols(self) -> str:
        """The path of the square of an enrolment that it cannot send by itself."""
        self.made += 1
        body = EnrolBody(
            self.key, self.key[:16], self.made, 0, "en", (EVA,), confirmed=True, token=self.token
        )
        return "/R/" + self.desk.text(self._sealed(Kind.ENROL, body))

    def confirms(self) -> str:
        """The path of the square that has a code mailed, by which an address is confirmed."""
        body = MailBody(code_from_bits(7), (EVA,), "en", "admin", confirms=True)
        return "/R/" + self.desk.text(self._sealed(Kind.MAIL, body))

    def _sealed(self, kind: Kind, body: Body) -> Request:
        public = sealing_public(self.desk.mail_key)
        header = Header(
            kind=kind,
            desk=self.desk.trust.desk,
            key=key_id(public),
            identity=Identity(self.serial, "PX-3216", "1.0.0"),
            number="7F2K0042",
            tls=bytes(32),
            valid=86400,
            made=self.desk.clock.wall(),
        )
        return seal_body(header, body, public)


class Owning(Room):
    """The whole desk with its owners' room."""

    def __init__(self, folder: Path, host: str = HOST, postgres: str = "") -> None:
        super().__init__(folder, host=host, postgres=postgres)
        self.host = host
        self.cases = Cases(
            desk=self.trust.desk,
            database=self.database,
            keyring=self.keyring,
            registry=self.registry.registrar,
            log=self.log.sequencer,
            policy=load_policy(None),
            clock=self.clock,
            entropy=self.entropy,
        )
        registry = self.registry
        self.owners = open_owners(self.tools, registry.registrar, registry.notices, self.cases)
        self.help = Help(
            cases=self.cases,
            sources=Sources(bytes(32)),
            key=bytes(32),
            profiles=names(),
            clock=self.clock,
            zone=self.zone,
        )
        self.app = desk_app(
            self.config,
            intake=self.intake,
            trust=self.trust_text,
            form_key=self.keyring.form_key,
            entropy=self.entropy,
            healthy=self.store.waiting,
            ledger=self.log.ledger,
            rooms=[self.registry.room, self.owners.room, self.help],
        )

    def browser(self, **how: Any) -> Browser:
        return Browser(self.app, host=self.host, **how)

    def mails(self) -> list[Mail]:
        """What the workers send now."""
        before = len(self.post.taken)
        while self.owners.outbox.work() + self.registry.outbox.work() + self.registry.disputes.work():
            pass
        return self.post.taken[before:]

    def code(self) -> str:
        """The code in the newest mail."""
        return str(CODE.findall(self.mails()[-1].part("plain"))[0])

    def again(self, browser: Browser, address: str = EVA) -> Page:
        """Whoever is asked once more who they are says it with a mailed code."""
        self.mails()
        browser.press("/devices/sign-in", {"address": address})
        return browser.press("/devices/code", {"code": self.code()})

    def signed_in(self, address: str = EVA, **how: Any) -> Browser:
        self.mails()
        browser = self.browser(**how)
        browser.get("/devices")
        browser.press("/devices/sign-in", {"address": address})
        page = browser.press("/devices/code", {"code": self.code()})
        assert page.path == "/devices", page.words
        return browser

    def authenticator(self) -> Authenticator:
        return Authenticator(f"https://{HOST}", self.entropy)

    def paired(self, browser: Browser, device: Device) -> Page:
        """Scan and press: two taps."""
        path = device.path(device.square())
        browser.get(path)
        return browser.press(path)

    def case(self, serial: str = SERIAL) -> str:
        """Somebody asks support for a way in."""
        opened = self.cases.open_typed(
            Typed(serial, STARTED, "7KM2-Q4XZ", day=STARTED[:10]), Asker(b"somebody")
        )
        assert opened.number, opened
        return opened.number


def one(browser: Browser, serial: str = SERIAL) -> Page:
    """The page of a device in the list."""
    page = browser.get("/devices")
    (path,) = [link for link in page.links if link.startswith("/devices/one/")][:1]
    assert serial in page.words
    return browser.get(path)


def act(browser: Browser, name: str, **values: str) -> Page:
    (form,) = [form for form in browser.page.forms if form.action.endswith(f"/{name}")]
    return browser.post(form.action, {**form.values, **values})


def decide(browser: Browser, name: str, **values: str) -> Page:
    """What the device's page leads to: a page of its own, and its button."""
    (path,) = [link for link in browser.page.links if link.endswith(f"/{name}")]
    browser.get(path)
    return act(browser, name, **values)

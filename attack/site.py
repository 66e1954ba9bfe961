"""A whole desk in memory: every room of it, its staff, its post, devices that enrolled, and one real recorder."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import anyio.to_thread
from jinja2 import Environment
from sqlalchemy import event

from attack.referee import PromiseBrokenError
from attack.wire import Client, Who
from sparekey.core import mailing
from sparekey.core.admission import Role
from sparekey.core.codes import Code, code_from_entropy, read_code
from sparekey.core.messages.batch import make_batch
from sparekey.core.messages.enrol import EnrolBody
from sparekey.core.messages.header import Kind
from sparekey.core.messages.link import read_link
from sparekey.core.messages.link_answer import read_answers
from sparekey.core.messages.notice import NoticeBody, Noticed
from sparekey.core.messages.request import MailBody, Request
from sparekey.core.messages.support import SupportBody
from sparekey.core.messages.technician import TechnicianBody
from sparekey.desk.api.limits import ApiConfig
from sparekey.desk.api.scopes import Scope
from sparekey.desk.mail.letters import Letters
from sparekey.desk.mail.ports import Delivery, Sender
from sparekey.desk.opening import open_desk
from sparekey.desk.store.sqlite import open_sqlite
from sparekey.desk.tools import Tools
from tests.desk.office import Member, Office
from tests.desk.owning import CODE, Device
from tests.desk.room import Mail, Room
from tests.desk.workshop import SHOP
from tests.device.recorder import OWNER, Recorder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from sqlalchemy import Engine

    from attack.judge import Judge

_COMPILED: dict[Any, Any] = {}
KNOWN = "7F2K-0042"
"""The real recorder's serial number: strangers have read its label."""


class Site(Room):
    """`judge`: hears of every mail. `reboot` ends the process and starts another on the same database."""

    def __init__(self, folder: Path, judge: Judge) -> None:
        self.judge = judge
        super().__init__(folder)
        self.post.verdict = self._mailed
        self.office = Office(self.database, clock=self.clock)
        self.office.staff = self.desk.staff
        self._let_in_staff()
        self.tokens = self._let_in_programs()

    def _start(self, limits: Any) -> None:
        self.config = replace(
            self.config,
            limits=limits,
            shop=SHOP,
            api=ApiConfig(on=True),
            log_memory=self.file.with_name("log-checkpoint"),
        )
        self.database = open_sqlite(self.file)
        self.database.engine.dispose()
        _hurry(self.database.engine)
        self.tools = Tools(
            self.config,
            trust=self.trust,
            trust_text=self.trust_text,
            keyring=self.keyring,
            database=self.database,
            letters=Letters(self.config.name, self.zone),
            sender=Sender(self.config.name, self.config.smtp.sender),
            mailer=self.post,
            clock=self.clock,
            entropy=self.entropy,
            wake=lambda: None,
        )
        self.desk = open_desk(self.tools)
        self.registry = self.desk.registry
        self.app = self.desk.app(None)
        self.judge.begins(self)

    def reboot(self) -> None:
        """The process ends at once and starts again."""
        self.database.close()
        self._start(self.config.limits)
        self.office.staff = self.desk.staff

    def work(self) -> None:
        """The worker does what is due; afterwards the judge looks at what became of it."""
        while sum(chore() for chore in self.desk.chores):
            pass
        self.judge.looks()

    def client(self, who: Who, address: str, member: Member | None = None) -> Client:
        """A browser."""
        return Client(self.judge, self, who, address, member=member)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Whoever holds this speaks to the process that runs now."""
        await self.app(scope, receive, send)

    def standing_of(self, serial: str) -> object:
        """All that the registry knows, for comparing."""
        body = self.registry.registrar.opened(serial)
        return self.registry.registrar.standing(serial), None if body is None else (body.addresses, body.key)

    def _mailed(self, mail: Mail) -> Delivery:
        self.judge.mailed(mail)
        return Delivery.TAKEN

    def _let_in_staff(self) -> None:
        admins = self.office.admins()
        member = self.office.member
        self.agent = member("Anna", Role.AGENT, admins=admins)
        self.approvers = [member(name, Role.APPROVER, admins=admins) for name in ("Bert", "Cleo")]
        self.technician = member("Tom", Role.TECHNICIAN, admins=admins)
        self.insider = member("Ivan", Role.AGENT, Role.APPROVER, admins=admins)
        self.admin = admins[0]
        self.clock.forward(4 * 86400)
        self.desk.staff.work()

    def _let_in_programs(self) -> dict[str, str]:
        """A token for each scope alone, and one with all that opens nothing by itself."""
        tokens = self.desk.tokens
        assert tokens is not None
        made = {scope.value: tokens.make(scope.value, [scope], 366).secret for scope in Scope}
        return made | {
            "help desk": tokens.make("help desk", [Scope.OPEN, Scope.READ, Scope.NOTE], 366).secret
        }


@contextmanager
def in_turn() -> Iterator[None]:
    """Everything happens in this thread, one thing after the other, and each template is compiled once: so an episode
    is the same each time, and quick.
    """
    compiled: Any = Environment.compile

    async def at_once(call: Callable[..., Any], *given: Any, **_how: Any) -> Any:
        return call(*given)

    def compile_once(
        environment: Environment, source: Any, name: Any = None, filename: Any = None, **how: Any
    ) -> Any:
        kept = (name, filename, source)
        if not filename or how:
            return compiled(environment, source, name, filename, **how)
        if kept not in _COMPILED:
            _COMPILED[kept] = compiled(environment, source, name, filename)
        return _COMPILED[kept]

    with ExitStack() as stack:
        stack.enter_context(patch.object(anyio.to_thread, "run_sync", at_once))
        stack.enter_context(patch.object(Environment, "compile", compile_once))
        yield


def _hurry(engine: Engine) -> None:
    """Nobody cuts the power here: what is committed need not reach a disk."""

    def quick(connection: Any, _record: object) -> None:
        connection.execute("PRAGMA synchronous=OFF")

    event.listen(engine, "connect", quick)


class Owned(Device):
    """A device that enrolled, its owner's address confirmed, and what it asks. `address`: nobody else knows it."""

    desk: Any

    def __init__(self, site: Site, serial: str, address: str, *, confirmed: bool = True) -> None:
        super().__init__(site, serial)  # type: ignore[arg-type]
        self.address = address
        self.confirmed = confirmed
        self.comes_from_the_factory()

    def register(self) -> None:
        """It enrols, by itself."""
        self.made += 1
        key, id_ = self.key, self.key[:16]
        body = EnrolBody(
            key, id_, self.made, 1, "en", (self.address,), confirmed=self.confirmed, token=self.token
        )
        answer = self.desk.registry.registrar.enrol(self._sealed(Kind.ENROL, body))
        assert answer.verdict.value == "taken", answer

    def asks_mail(self) -> Request:
        """It has a code mailed."""
        code = code_from_entropy(self.desk.entropy.bytes(5))
        ticket = mailing.ticket(self.desk.ticket_key, self.serial)
        return self._sealed(Kind.MAIL, MailBody(code, (self.address,), "en", "admin", ticket))

    def asks_person(self, *, erase: bool = False) -> Request:
        """It asks support for a file, or to be erased."""
        secret, ticket = self.desk.entropy.bytes(32), mailing.ticket(self.desk.ticket_key, self.serial)
        if erase:
            return self._sealed(Kind.TECHNICIAN, TechnicianBody(secret, ticket))
        return self._sealed(Kind.SUPPORT, SupportBody(secret, None, ticket))

    def forged(self, serial: str) -> list[Request]:
        """What whoever owns this one can make up for another serial number."""
        mine, self.serial = self.serial, serial
        self.made += 1
        token = self.desk.entropy.bytes(32)
        enrol = EnrolBody(
            self.key, self.key[:16], self.made, 9, "en", (self.address,), confirmed=True, token=token
        )
        notice = NoticeBody(Noticed.ERASED, 10**6, "admin", (self.address,), "en", ticket=bytes(16))
        made = [self._sealed(Kind.ENROL, enrol), self._sealed(Kind.NOTICE, notice), self.asks_person()]
        self.serial = mine
        return made


@dataclass(frozen=True)
class Arrived:
    """A mailed code as the owner reads it."""

    code: Code


class Phone:
    """The owner's phone beside the recorder, in the place of `testing.desk`: it scans and presses at the real desk."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self.mails: list[Arrived] = []

    def send(self, link: str) -> None:
        """Scan, press the one button, read the newest mail."""
        site = self._site
        path, before = "/R/" + link.rpartition("/")[2], len(site.post.taken)
        browser = site.client(Who.HONEST, "192.0.2.200")
        site.judge.presses(read_link(path[3:]))
        browser.get(path)
        browser.press(path)
        site.work()
        found = [mail for mail in site.post.taken[before:] if mail.recipient == OWNER]
        if not found:
            raise PromiseBrokenError("the code for the recorder did not come to its owner")
        self.mails.append(Arrived(read_code(CODE.findall(found[-1].part("plain"))[0])))


class Front(Recorder):
    """The one real recorder: its trust file is this desk's, and it enrolled there. Anybody may have set its clock."""

    desk: Any

    def __init__(self, folder: Path, site: Site, profile: str) -> None:
        self.site = site
        super().__init__(folder, profile, clock_trusted=False)

    def trusted(self) -> tuple[str, bytes]:
        """By the real desk."""
        self.desk = Phone(self.site)
        return self.site.trust_text, self.site.root

    def register(self) -> None:
        """It enrols as it does over HTTPS."""
        request = self.agent.registration.request()
        assert request is not None
        browser = self.site.client(Who.HONEST, "192.0.2.4")
        headers = {"content-type": "application/octet-stream"}
        page = browser.send("POST", "/link/enrolments", make_batch([request.encoded]), headers)
        assert self.agent.registration.hear(read_answers(page.body, 1)[0]), page

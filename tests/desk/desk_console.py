"""The console in one process, and the browsers of those who work at it."""

from __future__ import annotations

import html
import json
import re
from dataclasses import dataclass, field
from datetime import UTC
from urllib.parse import urlencode

from starlette.types import ASGIApp

from sparekey.core.admission import Role
from sparekey.demo.page_reader import Form, read
from sparekey.desk.api.tokens import Tokens
from sparekey.desk.console.console import Console
from sparekey.desk.figures import Counts
from sparekey.desk.staff.company import Company, CompanyConfig, Provider
from sparekey.desk.store.database import Database
from sparekey.web.face import face
from sparekey.web.form_token import Token
from sparekey.web.guard import Rules
from sparekey.web.page import Band, Pages
from sparekey.web.statics import Statics
from tests.desk.enrolling import Books
from tests.desk.office import HOST, ORIGIN, Member, Office
from tests.desk.workshop import Workshop
from tests.web.asgi import FORM, Answer, call

ASKED = re.compile(r'<form method="post" action="([^"]+)" data-passkey="([^"]*)" data-kind="(\w+)">')


class Room:
    """A console with its staff. Two admins are there from the start."""

    def __init__(self, database: Database, host: str = HOST, provider: Provider | None = None) -> None:
        """`provider`: of the company's own sign-in."""
        self.work = Workshop(database)
        self.books = Books(database)
        self.books.clock.now = self.work.clock.now
        self.office = Office(database, host=host, clock=self.work.clock)
        company = None
        if provider is not None:
            named = CompanyConfig("Example login", "https://login.example.com", "support-desk")
            company = Company(named, provider, self.office.staff.challenges, self.work.clock)
        self.tokens = Tokens(database, self.work.clock, self.office.entropy)
        self.console = Console(
            staff=self.office.staff,
            cases=self.work.cases,
            counts=Counts(database),
            disputes=self.books.disputes,
            url=self.office.origin,
            clock=self.work.clock,
            zone=UTC,
            orders=self.work.orders,
            company=company,
            tokens=self.tokens,
        )
        statics = Statics(self.console.packages)
        self.pages = Pages(
            self.console.packages,
            statics=statics,
            token=Token(b"k" * 32, self.office.entropy),
            band=lambda: Band("Example support desk"),
            look="desk",
        )
        names = frozenset({host})
        rules = Rules(own_names=lambda: names, body_limit=16 * 1024, larger=tuple(self.console.larger))
        self.app: ASGIApp = face(
            self.console.routes(self.pages), pages=self.pages, rules=rules, entropy=self.office.entropy
        )
        self.admins = self.office.admins()

    def member(self, name: str, *roles: Role) -> Member:
        return self.office.member(name, *roles, admins=self.admins)

    def browser(self, member: Member | None = None, language: str = "en") -> Tab:
        """A browser; with a member one that has signed in."""
        tab = Tab(self.app, member, language)
        if member is not None:
            tab.open("/console/sign-in")
            tab.touch("/console/sign-in")
            assert tab.at in ("/console", "/console/me"), tab.page.text
        return tab


@dataclass
class Tab:
    """What one person has open. `page`: the last answer, `at`: its path. `follow`: where it leads on."""

    app: ASGIApp
    member: Member | None = None
    language: str = "en"
    cookies: dict[str, str] = field(default_factory=dict)
    page: Answer = field(init=False)
    at: str = ""
    follow: bool = True

    @property
    def words(self) -> str:
        """What can be read."""
        return read(self.page.text).words

    def open(self, path: str) -> Tab:
        return self._go("GET", path)

    def form(self, action: str) -> Form:
        found = [form for form in read(self.page.text).forms if form.action == action]
        assert found, f"{self.at} has no form {action}: {self.words[:300]}"
        return found[0]

    def send(self, action: str, fields: dict[str, str | list[str]] | None = None, which: int = 0) -> Tab:
        """Press the button of a form; hidden fields go along."""
        forms = [form for form in read(self.page.text).forms if form.action == action]
        assert len(forms) > which, f"{self.at} has no form {action}: {self.words[:300]}"
        return self.post(action, {**forms[which].values, **(fields or {})})

    def touch(self, action: str, fields: dict[str, str | list[str]] | None = None) -> Tab:
        """Press the button that waits for a passkey, and touch it."""
        assert self.member is not None
        for found, asked, kind in ASKED.findall(self.page.text):
            if html.unescape(found) == action:
                options = html.unescape(asked)
                holder = self.member.authenticator
                answer = holder.make(options) if kind == "make" else holder.sign(options)
                return self.send(action, {**(fields or {}), "answer": answer})
        raise AssertionError(f"{self.at} waits for no passkey at {action}: {self.words[:300]}")

    def post(self, path: str, fields: dict[str, str | list[str]]) -> Tab:
        """What a browser sends from our own page."""
        return self._go("POST", path, urlencode(fields, doseq=True).encode(), FORM)

    def _go(self, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None) -> Tab:
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        sent = {**(headers or {}), "accept-language": self.language, "cookie": cookie}
        if method == "POST":
            sent["origin"] = ORIGIN
        self.page = call(self.app, method, path, sent, body, host=HOST)
        self.at = path.partition("?")[0]
        for name, value in self.page.cookies.items():
            if value in ("", '""'):
                self.cookies.pop(name, None)
            else:
                self.cookies[name] = value
        if self.page.status == 303 and self.follow:
            return self._go("GET", self.page.headers["location"])
        return self

    def asked(self) -> dict[str, object]:
        """What the page asks the browser's authenticator."""
        found: dict[str, object] = json.loads(html.unescape(ASKED.findall(self.page.text)[0][1]))
        return found

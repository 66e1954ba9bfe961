"""Whoever speaks to the desk, and the wire between: every exchange passes the judge, who believes nobody's word."""

from __future__ import annotations

import html
import json
import re
from enum import Enum
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from tests.desk.room import HOST
from tests.device.browser import Browser, Form, Page

if TYPE_CHECKING:
    from collections.abc import Mapping

    from attack.judge import Judge
    from tests.desk.office import Member

API = "/api/v1"
_ASKED = re.compile(r'<form method="post" action="([^"]+)" data-passkey="([^"]*)" data-kind="(\w+)">')


class Who(Enum):
    """As whom somebody acts."""

    STRANGER = "stranger"
    THIEF = "thief"
    """Has the cookie of somebody of the staff, without the passkey."""
    INSIDER = "insider"
    """Somebody of the staff, with an own device."""
    HONEST = "honest"


class Client(Browser):
    """One browser or program at the desk. `member`: whose session it has. `touched`: an authenticator signed what goes
    out next. `case`, `opens`: what its last right code opened.
    """

    def __init__(
        self, judge: Judge, app: Any, who: Who, client: str, *, member: Member | None = None, token: str = ""
    ) -> None:
        super().__init__(app, host=HOST, client=client)
        self.judge = judge
        self.who = who
        self.member = member
        self.token = token
        self.touched = False
        self.answer = ""
        self.case, self.opens = "", ""

    def send(self, method: str, path: str, body: bytes, headers: Mapping[str, str | None]) -> Page:
        """One exchange, past the judge."""
        page = super().send(method, path, body, headers)
        fields = parse_qs(body.decode("latin-1"), keep_blank_values=True) if _is_form(headers) else {}
        self.judge.saw(self, method, path.partition("?")[0], fields, body, page)
        self.touched = False
        return page

    def touch(self, action: str, values: Mapping[str, Any] | None = None) -> Page:
        """Press the button that waits for a passkey, and touch it."""
        assert self.member is not None
        for found, asked, kind in _ASKED.findall(self.page.html):
            if html.unescape(found) == action:
                holder = self.member.authenticator
                sign = holder.make if kind == "make" else holder.sign
                self.touched = True
                self.answer = sign(html.unescape(asked))
                every = self.page.form(action).values | {"answer": self.answer}
                return self.post(action, every | dict(values or {}))
        raise AssertionError(f"{self.page.path} waits for no passkey at {action}: {self.page.words[:300]}")

    def asked(self) -> str:
        """What the page asks a browser's authenticator to sign, or nothing."""
        return next(
            (html.unescape(asked) for _, asked, kind in _ASKED.findall(self.page.html) if kind != "make"), ""
        )

    def sign_in(self) -> Client:
        """As the member, with their passkey."""
        self.get("/console/sign-in")
        self.touch("/console/sign-in")
        return self

    def ask(self, method: str, path: str, body: object = None, **headers: str) -> Page:
        """One call of a program."""
        sent = {"authorization": f"Bearer {self.token}"} if self.token else {}
        data = b""
        if body is not None:
            data = body if isinstance(body, bytes) else json.dumps(body).encode()
            sent["content-type"] = "application/json"
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        if data:
            sent["content-length"] = str(len(data))
        return self.send(method, API + path, data, sent)

    def has(self, action: str) -> bool:
        """Whether the page that is open has such a form."""
        return any(form.action == action for form in self.page.forms)

    def fill(self, action: str, values: Mapping[str, str] | None = None) -> bool:
        """Fill in the first such form of the page, if there is one."""
        found: list[Form] = [form for form in self.page.forms if form.action == action]
        if found:
            self.post(action, {**found[0].values, **(values or {})})
        return bool(found)


def _is_form(headers: Mapping[str, str | None]) -> bool:
    return (headers.get("content-type") or "").startswith("application/x-www-form-urlencoded")

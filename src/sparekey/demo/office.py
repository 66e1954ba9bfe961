"""The people of the demo's support desk. Their passkeys are software of the demo alone: private keys in memory."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from contextlib import suppress
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Protocol, TypeVar

from sparekey.core.codes import Code, read_code
from sparekey.core.errors import InputError
from sparekey.demo.browser import Page
from sparekey.demo.site import SERIAL
from sparekey.demo.verdicts import UnlikeError, expect
from sparekey.host.entropy import SystemEntropy
from sparekey.testing.authenticator import Authenticator

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from sparekey.demo.browser import Browser, File
    from sparekey.demo.owner import Owner
    from sparekey.demo.page_reader import Form
    from sparekey.demo.stage import Stage

T = TypeVar("T")

MAILBOX_LETTER = "Your code for support"
SECRET_LETTER = "Reset Password"

_LIMIT = 60
_LINK = re.compile(r"/console/join#([0-9A-Z-]+)")
_SHOWN = re.compile(r"(?<![-\w])[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}(?![-\w])")
_CODE = re.compile(rb'<p class="spelled">([0-9A-Z-]+)</p>')


class Wait(Protocol):
    """How somebody waits."""

    def __call__(self, look: Callable[[], T | None], why: str, /) -> T:
        """Look until something is found; UnlikeError with `why` when that takes too long."""


def at_once(look: Callable[[], T | None], why: str) -> T:
    """Looks once."""
    found = look()
    if found is None:
        raise UnlikeError(why)
    return found


class Colleague:
    """Somebody of the staff, with a browser and a passkey."""

    def __init__(self, desk: str, name: str, browser: Browser, wait: Wait = at_once) -> None:
        """`desk`: its address, as the browser says it. `wait`: how long this person waits for the desk."""
        self.name = name
        self.desk = desk
        self.browser = browser
        self._wait = wait
        self.authenticator = Authenticator(desk, SystemEntropy())

    def join(self, code: str) -> Page:
        """Type the code of an invitation, and make a passkey."""
        page = self.browser.open(f"{self.desk}/console/join").is_at("/console/join")
        page = self.browser.send(page, "/console/join", {"code": code})
        return self.touch(page, "/console/join/passkey")

    def sign_in(self) -> Page:
        """By passkey."""
        page = self.browser.open(f"{self.desk}/console/sign-in")
        if page.path != "/console/sign-in":
            return page
        return self.touch(page, "/console/sign-in")

    def open(self, path: str) -> Page:
        """A page of the console."""
        return self.browser.open(f"{self.desk}/console{path}")

    def touch(self, page: Page, action: str) -> Page:
        """Press the button that waits for the passkey, and touch it."""
        return self.browser.send(self.signed(page, action), action)

    def signed(self, page: Page, action: str, *, uninvited: bool = False) -> Page:
        """The page, its form for `action` signed and not sent yet. `uninvited`: even if it asks for other passkeys."""
        form, authenticator = page.form(action), self.authenticator
        asked, kind = form.passkey
        expect(asked, f"{page.path} asks for no passkey at {action}")
        if uninvited:
            answer = authenticator.sign_with(authenticator.credentials[0], json.loads(asked)["challenge"])
        else:
            answer = authenticator.make(asked) if kind == "make" else authenticator.sign(asked)
        return with_form(page, replace(form, values=form.values | {"answer": answer}))

    def press(self, page: Page, action: str, **hidden: str) -> Page:
        """Press the button of the form for `action` that has these hidden values."""
        for form in page.sheet.forms:
            if form.action == action and hidden.items() <= form.values.items():
                return self.browser.send(with_form(page, form), action)
        raise UnlikeError(f"{page.path} has no such form for {action}; it says: {page.words[:300]}")

    # Cases

    def new_call(self, heard: Mapping[str, str]) -> Page:
        """A case from a phone call."""
        return self.browser.send(self.open("/new").is_at("/console/new"), "/console/new/call", heard)

    def new_file(self, file: File) -> Page:
        """A case from a file or a photo."""
        page = self.open("/new").is_at("/console/new")
        return self.browser.send(page, "/console/new/file", files={"file": file})

    def is_sure(self, case: str, owner: Owner) -> None:
        """Have the owner read a code from the confirmed mailbox."""
        path, before = f"/console/cases/{case}", owner.letters(MAILBOX_LETTER)

        def known() -> Page | None:
            page = self.open(f"/cases/{case}").is_at(path)
            return page if any(form.action == f"{path}/mailbox" for form in page.sheet.forms) else None

        self.browser.send(self._wait(known, "the desk knows no confirmed address"), f"{path}/mailbox")
        code = owner.new_code(MAILBOX_LETTER, before)
        checked = self.browser.send(self.open(f"/cases/{case}"), f"{path}/mailbox-code", {"code": code.shown})
        checked.is_at(path).says("Allowed")

    def prove(self, case: str, *kinds: str) -> Page:
        """Enter evidence after looking at it."""
        for kind in kinds:
            self.press(self.open(f"/cases/{case}"), f"/console/cases/{case}/evidence", kind=kind)
        return self.open(f"/cases/{case}")

    def approve_all(self) -> int:
        """Everything that waits for this person, each with a touch of its own. How many there were."""
        page = self.open("/approvals").is_at("/console/approvals")
        waiting = re.findall(rb'type="checkbox" name="number" value="([0-9A-Z]+)"', page.body)
        for number in waiting:
            self.approve(number.decode())
        return len(waiting)

    def propose(self, case: str, remedy: str, *also: str) -> Page:
        """Propose a remedy. `also`: names of its boxes to tick."""
        action, page = f"/console/cases/{case}/propose", self.open(f"/cases/{case}")
        for form in page.sheet.forms:
            if form.action == action and form.values.get("remedy") == remedy:
                ticked = [f"{remedy} {name}" for name in also]
                return self.browser.send(with_form(page, form), action, ticked=ticked)
        raise UnlikeError(f"a {remedy} cannot be proposed; the page says: {page.words[:600]}")

    def approve(self, case: str) -> Page:
        """Look at what the passkey signs, and touch it."""
        return self.touch(self.look_at(case), "/console/approvals/touch")

    def look_at(self, case: str) -> Page:
        """The page that is signed."""
        page = self.open(f"/cases/{case}")
        return self.browser.send(page, "/console/approvals")

    def answer(self, case: str) -> Page:
        """The codes, the key or the file of a case, once it is issued and the public log has it."""
        action = f"/console/cases/{case}/answer"

        def issued() -> Page | None:
            page = self.open(f"/cases/{case}")
            ready = any(form.action == action for form in page.sheet.forms)
            return self.browser.send(page, action) if ready else None

        return self._wait(issued, "the answer is not issued")


class Office:
    """Two admins, an agent and two approvers, let in as a new desk lets people in: each when there is first work for
    them.
    """

    def __init__(
        self, desk: str, settings: Path, browser: Callable[[], Browser], wait: Wait = at_once
    ) -> None:
        """`settings`: the desk's own file. `browser`: makes one for each of them. `wait`: how long they wait."""
        self._desk = desk
        self._settings = settings
        self._browser = browser
        self._wait = wait
        self.admins = [self._first(name) for name in ("Adam", "Eva")]

    @cached_property
    def agent(self) -> Colleague:
        """Finds out, proposes and reads out."""
        return self.let_in("Anna", "agent")

    @cached_property
    def approver(self) -> Colleague:
        """Approves."""
        return self.let_in("Bert", "approver")

    @cached_property
    def second(self) -> Colleague:
        """Approves what takes two."""
        return self.let_in("Cyril", "approver")

    def _first(self, name: str) -> Colleague:
        """One of the first two admins, whom the server names."""
        said = at_the_server(self._settings, "invite", "--admin", "--name", name)
        link = _LINK.search(said)
        if link is None:
            raise UnlikeError(f"the desk prints no link for its admin: {said[-300:]}")
        admin = Colleague(self._desk, name, self._browser(), self._wait)
        admin.join(link[1]).says("You are in")
        admin.sign_in()
        return admin

    def let_in(self, name: str, role: str) -> Colleague:
        """Invited by one admin, agreed to by two: in the first day of a desk that waits for nothing."""
        made = Colleague(self._desk, name, self._browser(), self._wait)
        made.join(self.invited(name, role)).says("It does not work yet.")
        refused = made.sign_in()
        expect(refused.status == 403, f"{name} gets in before anybody agreed: {refused.words[:200]}")
        self.agree()
        made.sign_in()
        return made

    def invited(self, name: str, *roles: str) -> str:
        """The code by which somebody may join."""
        first = self.admins[0]
        page = first.open("/people").is_at("/console/people")
        form = page.form("/console/people/invite")
        ticked = {"name": name, "role": roles[0]}
        chosen = replace(form, values=form.values | ticked, repeated={"role": list(roles)})
        page = first.browser.send(with_form(page, chosen), "/console/people/invite")
        code = _CODE.search(page.body)
        if code is None:
            raise UnlikeError(f"no code for an invited person: {page.words[:300]}")
        return code[1].decode()

    def agree(self) -> None:
        """Both admins, to all that waits."""
        for admin in self.admins:
            page = admin.open("/people").is_at("/console/people")
            page = admin.browser.send(page, "/console/people/review")
            admin.touch(page, "/console/people/agree").is_at("/console/people")

    @property
    def people(self) -> tuple[Colleague, ...]:
        """All of them, the admins first."""
        return (*self.admins, self.agent, self.approver, self.second)


def office_of(stage: Stage) -> Office:
    """The people of a check's desk."""
    site = stage.site
    return Office(site.plan.desk, site.folders.desk / "desk.toml", stage.browser, stage.wait)


def at_the_server(settings: Path, *command: str) -> str:
    """What whoever runs the server types there, and reads."""
    done = subprocess.run(
        [sys.executable, "-m", "sparekey", "desk", *command, "--config", str(settings)],
        capture_output=True,
        text=True,
        timeout=_LIMIT,
        check=False,
    )
    said = (done.stdout + done.stderr)[-300:]
    expect(done.returncode == 0, f"sparekey desk {command[0]} did not work: {said}")
    return done.stdout


def codes_in(page: Page) -> list[Code]:
    """The codes that an agent reads out, or that stand in a letter, in their order. Numbers look alike, and have no
    check character.
    """
    found: list[Code] = []
    for text in dict.fromkeys(_SHOWN.findall(page.words)):
        with suppress(InputError):
            found += [read_code(text)] if text != SERIAL else []
    return found


def case_of(page: Page) -> str:
    """The number of the case whose page this is."""
    expect(page.path.startswith("/console/cases/"), f"no case was opened: {page.words[:400]}")
    return page.path.rpartition("/")[2]


def with_form(page: Page, form: Form) -> Page:
    """The page with this form alone."""
    return Page(page.url, page.status, page.body, replace(page.sheet, forms=[form]), page.saved_as)

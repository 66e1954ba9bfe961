"""The people who work at the desk, as the checks play them: each with a passkey and a browser, at the console."""

from __future__ import annotations

import html
import re
import subprocess
import sys
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from sparekey.core.codes import Code, read_code
from sparekey.core.crypto import sha256
from sparekey.demo.site import SERIAL
from sparekey.demo.verdicts import UnlikeError, expect
from sparekey.host.entropy import SystemEntropy
from sparekey.testing.authenticator import Authenticator

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from sparekey.demo.browser import File, Page
    from sparekey.demo.owner import Owner
    from sparekey.demo.stage import Stage

MAILBOX_LETTER = "Your code for support"
SECRET_LETTER = "Reset Password"

_CODE = re.compile(r"(?<![-\w])[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}(?![-\w])")
_ASKS = re.compile(r'<form method="post" action="([^"]+)" data-passkey="([^"]*)" data-kind="(\w+)">')
_LINK = re.compile(r"https?://\S+/console/join#(\S+)")
_LIMIT = 30


class Agent:
    """One person at the desk, signed in."""

    def __init__(self, stage: Stage, name: str) -> None:
        """Invited by whoever runs the server, as one of the first two admins, and in."""
        self.name = name
        self._stage = stage
        self._desk = stage.site.plan.desk
        self._browser = stage.browser()
        parts = urlsplit(self._desk)
        self._passkey = Authenticator(f"{parts.scheme}://{parts.netloc}", SystemEntropy())
        code = _invited(stage, name)
        page = self._browser.send(self.open("/console/join"), "/console/join", {"code": code})
        self._touch(page, "/console/join/passkey").says("You are in")
        self._touch(self.open("/console/sign-in"), "/console/sign-in")

    def open(self, path: str) -> Page:
        """A page of the desk."""
        return self._browser.open(self._desk + path)

    def ask_for_roles(self) -> None:
        """Everybody here shall find out, decide and approve: one more role for each."""
        page = self.open("/console/people").is_at("/console/people")
        for person in _values(page, "person"):
            for role in ("agent", "approver"):
                page = self.open("/console/people")
                self._browser.press(page, "/console/people/role", "", {"person": person, "role": role})

    def agree(self) -> None:
        """With every role that waits, one after the other, each with a touch."""
        for number in _values(self.open("/console/people"), "number", ticked=True):
            page = self.open("/console/people")
            asked = self._browser.press(page, "/console/people/review", "", {"number": number})
            self._touch(asked, "/console/people/agree")

    def take_the_call(self, heard: Mapping[str, str]) -> str:
        """Open a case from what a caller reads out. Its number."""
        return _number(self._browser.send(self.open("/console/new"), "/console/new/call", heard))

    def take_the_file(self, file: File) -> str:
        """Open a case from a request that was sent. Its number."""
        page = self._browser.send(self.open("/console/new"), "/console/new/file", files={"file": file})
        return _number(page)

    def is_sure(self, case: str, owner: Owner) -> None:
        """Have the owner read a code from the confirmed mailbox."""
        path = f"/console/cases/{case}"
        before = owner.letters(MAILBOX_LETTER)

        def known() -> Page | None:
            page = self.open(path).is_at(path)
            return page if any(form.action == f"{path}/mailbox" for form in page.sheet.forms) else None

        page = self._stage.wait(known, "the desk knows no confirmed address of this device")
        self._browser.send(page, f"{path}/mailbox")
        code = owner.new_code(MAILBOX_LETTER, before)
        checked = self._browser.send(self.open(path), f"{path}/mailbox-code", {"code": code.shown})
        checked.is_at(path).says("Allowed")

    def proposes(self, case: str, remedy: str, *also: str) -> None:
        """Propose what is given. `also`: names of the boxes to tick."""
        path = f"/console/cases/{case}"
        page = self.open(path).is_at(path)
        for place, form in enumerate(page.sheet.forms):
            if form.action == f"{path}/propose" and form.values.get("remedy") == remedy:
                ticked = {f"{remedy} {name}": "yes" for name in also}
                self._browser.fill(page, place, ticked).is_at(path)
                return
        raise UnlikeError(f"{remedy} cannot be proposed: {page.words[:600]}")

    def approves(self, case: str) -> None:
        """Look at it and touch the passkey."""
        page = self.open("/console/approvals").is_at("/console/approvals")
        signed = self._browser.press(page, "/console/approvals", "", {"number": case})
        self._touch(signed, "/console/approvals/touch").says("approved")

    def answer(self, case: str) -> Page:
        """What was issued, once the public log has it: a page with codes, or a file."""
        path = f"/console/cases/{case}"

        def issued() -> Page | None:
            page = self.open(path).is_at(path)
            ready = any(form.action == f"{path}/answer" for form in page.sheet.forms)
            return self._browser.send(page, f"{path}/answer") if ready else None

        return self._stage.wait(issued, "the answer is not issued")

    def _touch(self, page: Page, action: str) -> Page:
        for found, asked, kind in _ASKS.findall(page.body.decode()):
            if html.unescape(found) == action:
                options = html.unescape(asked)
                sign = self._passkey.make if kind == "make" else self._passkey.sign
                return self._browser.press(page, action, "", {"answer": sign(options)})
        raise UnlikeError(f"{page.path} asks for no passkey: {page.words[:300]}")


def codes_in(page: Page) -> list[Code]:
    """The codes that an agent reads out, or that stand in a letter, in the order of their dates."""
    return [read_code(found) for found in dict.fromkeys(_CODE.findall(page.words)) if found != SERIAL]


def staffed(stage: Stage) -> tuple[Agent, Agent]:
    """The desk's first two people, who may do everything together and nothing destructive alone."""
    first, second = Agent(stage, "Ada"), Agent(stage, "Bohumil")
    first.ask_for_roles()
    for admin in (first, second):
        admin.agree()
    return first, second


def from_the_factory(stage: Stage, part: str, folder: Path, serial: str) -> None:
    """Give a device what its factory left in it, and the desk the factory's list. The device starts anew."""
    token = SystemEntropy().bytes(32)
    kept = folder / "factory-token"
    kept.write_text(token.hex(), encoding="ascii")
    listed = folder / "factory-list.csv"
    listed.write_text(f"{serial},{sha256(token).hex()}\n", encoding="utf-8")
    _desk(stage, "manifest", "import", str(listed))
    stage.site.amend(part, {"factory_token": kept.name})


def _invited(stage: Stage, name: str) -> str:
    said = _desk(stage, "invite", "--admin", "--name", name)
    found = _LINK.search(said)
    if found is None:
        raise UnlikeError(f"nobody is invited: {said[-300:]}")
    return found[1]


def _desk(stage: Stage, *command: str) -> str:
    """What whoever runs the server types there."""
    settings = ["--config", str(stage.site.folders.desk / "desk.toml")]
    done = subprocess.run(
        [sys.executable, "-m", "sparekey", "desk", *command, *settings],
        capture_output=True,
        text=True,
        timeout=_LIMIT,
        check=False,
    )
    expect(
        done.returncode == 0, f"sparekey desk {command[0]} did not work: {(done.stdout + done.stderr)[-300:]}"
    )
    return done.stdout


def _values(page: Page, name: str, *, ticked: bool = False) -> list[str]:
    """The values of all fields of a name on a page."""
    kind = "checkbox" if ticked else "hidden"
    found = re.findall(rf'<input type="{kind}" name="{name}" value="([^"]+)"', page.body.decode())
    return list(dict.fromkeys(found))


def _number(page: Page) -> str:
    expect(page.path.startswith("/console/cases/"), f"no case was opened: {page.words[:300]}")
    return page.path.rpartition("/")[2]

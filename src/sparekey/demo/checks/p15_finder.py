"""P15, P16, P17, P18 and P27, the finder's parts: to support and back from an installer's terminal, and in again."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sparekey.core.codes import Code, read_code
from sparekey.demo.checks.check import Check
from sparekey.demo.installer import Installer
from sparekey.demo.office import case_of, codes_in, office_of
from sparekey.demo.owner import NEW_PASSWORD, Owner, other_code, slip
from sparekey.demo.registered import registered
from sparekey.demo.remote import CAMERA_PASSWORD, Remote, camera_owner
from sparekey.demo.site import CAMERA_NAME
from sparekey.demo.verdicts import UnlikeError, expect

if TYPE_CHECKING:
    from sparekey.demo.office import Office
    from sparekey.demo.stage import Stage

_SENT = re.compile(r": case ([0-9A-HJKMNP-TV-Z]{8})")
_KEY = re.compile(r"Key from support: ([0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4})")


def by_code(stage: Stage) -> None:
    """P15: serial, start time and request number to support, a code for each date back, and a new password."""
    owner, office = _ready(stage)
    installer = Installer(stage)
    installer.meets()
    stage.step("read out")
    told = installer.run("request", installer.place, "--by", "code")
    heard = {
        "serial": _fact(told, "Serial number"),
        "started": _fact(told, "Start time"),
        "number": _fact(told, "Request number"),
        "day": _fact(told, "Date"),
        "mac": _fact(told, "MAC"),
    }
    case = case_of(office.agent.new_call(heard))
    codes = _codes(office, case, owner, "security-code")
    expect(len(codes) > 1, "support gives no codes for other dates")
    stage.step("wrong codes")
    expect("It cost no try" in _type(installer, "code", slip(codes[0]), code=1), "a slip costs a try")
    wrong = next(
        code for code in (other_code(codes[0]), other_code(codes[1])) if read_code(code) not in codes
    )
    expect(
        "tries left" in _type(installer, "code", wrong, code=1),
        "a wrong code does not say how many tries are left",
    )
    owner.is_refused(NEW_PASSWORD)
    stage.step("the code of the date")
    right = [code for code in codes if _opens(installer, code)]
    expect(len(right) == 1, f"{len(right)} codes open the recorder")
    owner.is_back()


def by_file(stage: Stage) -> None:
    """P16 and P27: exported, sent, fetched and applied. Nobody else fetches it; a changed file opens nothing."""
    owner, office = _ready(stage)
    installer, other = Installer(stage), Installer(stage, "somebody-else")
    installer.meets()
    stage.step("sent")
    installer.run("request", installer.place, "--out", "gate.xml")
    case = _send(installer, "gate.xml")
    expect(_send(installer, "gate.xml") == case, "sent again, it is another case")
    expect(
        "Support looks at it" in installer.run("fetch", case, code=1), "it is not said how the case stands"
    )
    other.run("fetch", case, code=2)
    other.run("send", str(installer.folder / "gate.xml"), code=2)
    stage.step("fetched")
    _issue(office, case, owner, "response-file")
    stage.wait(lambda: _fetched(installer, case), "the answer does not come")
    name = f"{case}.sparekey-response"
    new = ("--new-password-file", installer.secret("new", NEW_PASSWORD))
    stage.step("a changed file, and somebody else's hands")
    lines = installer.read(name).decode().splitlines()
    lines[-2], lines[-3] = lines[-3], lines[-2]
    changed = installer.file("changed.sparekey-response", ("\n".join(lines) + "\n").encode())
    expect(_code(installer, "apply", changed, *new), "a changed file is taken")
    other.run("apply", str(installer.folder / name), "--trust-first", *new, code=1)
    owner.is_refused(NEW_PASSWORD)
    stage.step("the file")
    expect("You are back in" in installer.run("apply", name, *new), "the answer opens nothing")
    owner.is_back()
    stage.step("once more")
    installer.run("apply", name, *new, code=1)


def by_key(stage: Stage) -> None:
    """P17 and P18: a key back; a recorder's cameras get its new password with it, and their old one is dead."""
    owner, office = _ready(stage)
    stage.step("a camera with a password")
    camera = camera_owner(stage)
    camera.set_up(CAMERA_PASSWORD)
    owner.sign_in()
    remote = Remote(owner)
    added = remote.add_camera(stage.site.plan.ports.camera)
    remote.try_passwords(added, CAMERA_PASSWORD).says("What you typed: works")
    owner.sign_out()
    installer = Installer(stage)
    installer.meets()
    stage.step("to support and back")
    told = installer.run("request", installer.place, "--by", "key", "--qr", "--out", "gate.sparekey-request")
    expect("█" in told, "there is no square to photograph")
    case = _send(installer, "gate.sparekey-request")
    _issue(office, case, owner, "response-key")
    said = stage.wait(lambda: _fetched(installer, case), "the key does not come")
    found = _KEY.search(said)
    if found is None:
        raise UnlikeError(f"no key was fetched: {said[-300:]}")
    key = read_code(found[1])
    stage.step("wrong keys")
    _type(installer, "key", slip(key), code=1)
    _type(installer, "key", other_code(key), code=1)
    camera.sign_in(CAMERA_PASSWORD)
    camera.sign_out()
    stage.step("the key, and the cameras too")
    told = _type(installer, "key", key.shown, "--cameras-too")
    expect(
        f"{CAMERA_NAME}: has the new password" in told,
        f"it is not said what became of the camera: {told[-300:]}",
    )
    owner.is_back()
    camera.is_refused(CAMERA_PASSWORD)
    camera.sign_in(NEW_PASSWORD)


def _ready(stage: Stage) -> tuple[Owner, Office]:
    """A registered recorder with a confirmed address, and people at the desk."""
    stage.step("set up, registered, address confirmed")
    return registered(stage, "owner@example.com"), office_of(stage)


def _fact(told: str, name: str) -> str:
    found = re.search(rf"^  {name}: +(.+)$", told, re.MULTILINE)
    return found[1].strip() if found else ""


def _type(installer: Installer, kind: str, typed: str, *also: str, code: int = 0) -> str:
    new = ("--new-password-file", installer.secret("new", NEW_PASSWORD))
    words = ("apply", "--type", kind, "--device", installer.place, *new, *also)
    return installer.run(*words, code=code, typed=f"{typed}\n")


def _code(installer: Installer, *words: str) -> bool:
    """Whether a command ends with another code than 0, whichever."""
    for code in (1, 2, 3):
        try:
            installer.run(*words, code=code)
        except UnlikeError:
            continue
        return True
    return False


def _opens(installer: Installer, code: Code) -> bool:
    try:
        _type(installer, "code", code.shown)
    except UnlikeError:
        return False
    return True


def _send(installer: Installer, name: str) -> str:
    found = _SENT.search(installer.run("send", name, "--address", "owner@example.com"))
    if found is None:
        raise UnlikeError("there is no case number")
    return found[1]


def _fetched(installer: Installer, case: str) -> str | None:
    try:
        return installer.run("fetch", case)
    except UnlikeError:
        return None


def _issue(office: Office, case: str, owner: Owner, remedy: str) -> None:
    office.agent.is_sure(case, owner)
    office.agent.propose(case, remedy)
    office.approver.approve(case)


def _codes(office: Office, case: str, owner: Owner, remedy: str) -> list[Code]:
    _issue(office, case, owner, remedy)
    return codes_in(office.agent.answer(case))


CHECKS = (
    Check("P15.finder", "hikvision", by_code),
    Check("P16.finder", "hikvision", by_file),
    Check("P27.finder", "hikvision", by_file),
    Check("P17.finder", "hikvision", by_key),
    Check("P18.finder", "hikvision", by_key),
)

"""P10, P12, P15, P16, P17 and P19, the desk's parts: from the call, the file or the photo to what the console gives."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sparekey.core.methods.spoken import read_spoken, shown_day, shown_start
from sparekey.demo.checks.check import Check
from sparekey.demo.office import SECRET_LETTER, case_of, codes_in, office_of
from sparekey.demo.owner import Owner
from sparekey.demo.registered import at_home, from_the_factory, registered
from sparekey.demo.site import BESIDE_IT, BESIDE_SERIAL, CAMERA_PROFILE, SERIAL
from sparekey.demo.verdicts import expect
from sparekey.profiles import profile

if TYPE_CHECKING:
    from sparekey.demo.browser import Page
    from sparekey.demo.office import Office
    from sparekey.demo.stage import Stage

_SPOKEN, _SUPPORT = "/forgot/security-code", "/forgot/support"


def by_phone(stage: Stage) -> None:
    """P15: look-alikes are forgiven, a wrong number asked for again, codes come for several dates."""
    owner, office = _ready(stage, stage.site.plan.network)
    owner.browser.send(owner.forget(), _SPOKEN).is_at(_SPOKEN)
    _codes(stage, owner, office)


def at_the_screen(stage: Stage) -> None:
    """P19: the same, read from the corner of the recorder's own login."""
    owner, office = _ready(stage, stage.site.plan.screen)
    login = owner.browser.open(owner.door + "/login").is_at("/login")
    owner.browser.send(login, _SPOKEN).is_at(_SPOKEN)
    _codes(stage, owner, office)


def by_mail(stage: Stage) -> None:
    """P12: the code goes to the confirmed mailbox, and nobody at the desk can show it."""
    owner, office = _ready(stage, stage.site.plan.screen)
    owner.browser.send(owner.forget(), _SPOKEN).is_at(_SPOKEN)
    stage.step("a call without any evidence")
    case = case_of(office.agent.new_call(_heard(owner)))
    office.agent.open(f"/cases/{case}").says("Allowed by mail only")
    office.agent.propose(case, "security-code")
    office.approver.approve(case).says("approved")
    stage.step("the mail")
    page = office.agent.open(f"/cases/{case}").says("The code goes to the confirmed address by mail.")
    answer = f"/console/cases/{case}/answer"
    expect(not any(form.action == answer for form in page.sheet.forms), "the desk shows a mailed code")
    stage.wait(lambda: owner.letters(SECRET_LETTER) or None, "no letter came")
    expect(codes_in(owner.hears(SECRET_LETTER)), "there is no code in the letter")


def a_file(stage: Stage) -> None:
    """P16: the exported XML becomes a signed file; a changed export becomes no case."""
    owner, office = _ready(stage, stage.site.plan.network)
    saved = _export(owner, "xml")
    stage.step("a changed export")
    changed = saved.body.replace(SERIAL.encode(), SERIAL.replace("42", "43").encode())
    refused = office.agent.new_file(("changed.xml", changed))
    expect(refused.status == 400, f"a changed export becomes a case: {refused.words[:300]}")
    case = case_of(office.agent.new_file((saved.saved_as, saved.body)))
    _issue(stage, owner, office, case, "response-file")
    office.agent.answer(case).is_file(".sparekey-response")


def a_key(stage: Stage) -> None:
    """P17: a photo of the square becomes a key of eight characters; a blank photo is asked for again."""
    owner, office = _ready(stage, stage.site.plan.network)
    _export(owner, "file")
    stage.step("a photo that shows nothing")
    picture = owner.browser.open(f"{owner.door}{_SUPPORT}/qr.png").body
    blank = office.agent.new_file(("photo.png", picture[: len(picture) // 2]))
    expect(blank.status == 400, f"half a photo becomes a case: {blank.words[:300]}")
    case = case_of(office.agent.new_file(("photo.png", picture)))
    _issue(stage, owner, office, case, "response-key")
    page = office.agent.answer(case).says("Please type it, and read it back to me.")
    expect(len(codes_in(page)) == 1, "there is not one key on the page")


def reset_password(stage: Stage) -> None:
    """P10: what a camera's login shows is read out; the code may open factory settings, and who approves reads that."""
    stage.site.start((BESIDE_IT,))
    from_the_factory(stage, BESIDE_IT, stage.site.folders.beside, BESIDE_SERIAL)
    owner = Owner(stage, stage.site.plan.beside, "owner@example.com")
    owner.policy = profile(CAMERA_PROFILE)
    at_home(owner)
    office = office_of(stage)
    stage.step("a wrong password")
    login = owner.browser.open(owner.door + "/login").is_at("/login")
    owner.browser.send(login, "/login", {"user": "admin", "password": "a fake one"}).refuses("MAC")
    heard = _heard(owner)
    wrong = office.agent.new_call({**heard, "mac": heard["mac"][:-1]})
    expect(wrong.status == 400, "eleven characters are a MAC address")
    case = case_of(office.agent.new_call(heard))
    _issue(stage, owner, office, case, "security-code", "may-default")
    expect(len(codes_in(office.agent.answer(case))) > 1, "there is only one code")


def _ready(stage: Stage, door: str) -> tuple[Owner, Office]:
    """A recorder that registered with what its factory left in it, its address confirmed; people at the desk."""
    stage.step("registered, and its address confirmed")
    return registered(stage, "owner@example.com", door), office_of(stage)


def _heard(owner: Owner) -> dict[str, str]:
    """What the page says, as an agent types it."""
    spoken, day = read_spoken(owner.browser.open(f"{owner.door}{_SPOKEN}/file").body.decode())
    told = {"serial": spoken.serial, "started": shown_start(spoken.started), "number": spoken.number}
    return {**told, "day": shown_day(day), "mac": spoken.mac}


def _codes(stage: Stage, owner: Owner, office: Office) -> None:
    """From the call to the codes, with what must be refused on the way."""
    heard = _heard(owner)
    stage.step("misheard, and unknown")
    wrong = office.agent.new_call({**heard, "number": heard["number"][:-1]})
    expect(wrong.status == 400, "seven characters are a request number")
    wrong.says("Have it read out again, letter by letter.")
    other = case_of(office.agent.new_call({**heard, "serial": "7F2K-9999"}))
    office.agent.open(f"/cases/{other}").says("This device is not known here.", "Not allowed")
    stage.step("look-alikes")
    alike = heard["number"].lower().replace("0", "o").replace("1", "l")
    case = case_of(office.agent.new_call({**heard, "number": alike}))
    _issue(stage, owner, office, case, "security-code")
    page = office.agent.answer(case).says("Which date does the screen show?", heard["day"])
    expect(len(codes_in(page)) > 1, "there is only one code")


def _issue(stage: Stage, owner: Owner, office: Office, case: str, remedy: str, *also: str) -> None:
    """Evidence from the confirmed mailbox, a proposal, one touch."""
    stage.step("a code to the mailbox, read back")
    agent, action = office.agent, f"/console/cases/{case}/answer"
    agent.is_sure(case, owner)
    stage.step("proposed, and approved")
    page = agent.propose(case, remedy, *also)
    expect(not any(form.action == action for form in page.sheet.forms), "there is an answer before a touch")
    if "may-default" in also:
        office.approver.look_at(case).says("may open factory settings")
    office.approver.approve(case).says("approved; now it is: issued")


def _export(owner: Owner, form: str) -> Page:
    """The request that the recorder exports."""
    page = owner.browser.send(owner.browser.open(owner.door + _SUPPORT).is_at(_SUPPORT), _SUPPORT)
    return owner.browser.follow(page.is_at(_SUPPORT), f"{_SUPPORT}/{form}")


CHECKS = (
    Check("P10.desk", CAMERA_PROFILE, reset_password),
    Check("P12.desk", "secure-code", by_mail),
    Check("P15.desk", "hikvision", by_phone),
    Check("P16.desk", "hikvision", a_file),
    Check("P17.desk", "hikvision", a_key),
    Check("P19.desk", "hikvision", at_the_screen),
)

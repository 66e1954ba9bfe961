"""P15, P19, P10 and P12, the device's parts: numbers are read out, support gives codes, a code opens what it may."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sparekey.core.methods.spoken import read_spoken, shown_day, shown_start
from sparekey.demo.checks.check import Check
from sparekey.demo.office import SECRET_LETTER, case_of, codes_in, office_of
from sparekey.demo.owner import FIRST_PASSWORD, NEW_PASSWORD, Owner, other_code
from sparekey.demo.registered import at_home, from_the_factory
from sparekey.demo.remote import camera_owner, recorder_owner
from sparekey.demo.site import BEHIND, BESIDE_IT, BESIDE_SERIAL, CAMERA_PROFILE, CAMERA_SERIAL, SERIAL
from sparekey.demo.verdicts import UnlikeError, expect
from sparekey.profiles import profile

if TYPE_CHECKING:
    from sparekey.core.codes import Code
    from sparekey.demo.browser import Page
    from sparekey.demo.office import Office
    from sparekey.demo.stage import Stage

_PATH = "/forgot/security-code"
_TYPE = "/forgot/security-code/code"
_REMEDY = "security-code"
_REGISTRATION = "/registration"
_CONFIRM = "/address/confirm"
_CONFIRM_LETTER = "Confirm your e-mail address"
CARRIED = 60.0
"""Seconds for a letter by the recorder to the desk and back: each looks only every few seconds."""


def by_phone(stage: Stage) -> None:
    """P15: start time and serial to support, a code for each date back, and the password is 12345 for that browser."""
    owner = _owner(stage, stage.site.plan.network)
    office = office_of(stage)
    stage.step("read out")
    page = _read_out(owner)
    codes = _codes(office, owner, _heard(owner))
    stage.step("the code of the date")
    expect(len(codes) > 1, "support gives no codes for other dates")
    _refuse_others(stage, owner, codes)
    right = _typed(owner, codes).is_at("/forgot/temporary").says("12345")
    stage.step("12345 for this browser alone")
    owner.is_refused("12345")
    login = owner.browser.follow(right, "/login")
    typed = {"user": "admin", "password": "12345"}
    owner.choose_password(owner.browser.send(login, "/login", typed))
    owner.is_back()
    owner.is_refused("12345")
    expect(page.path == _PATH, "the numbers were not where they belong")


def at_the_screen(stage: Stage) -> None:
    """P19: from the corner of the login to the numbers, the code, user name and new password."""
    owner = _owner(stage, stage.site.plan.screen)
    office = office_of(stage)
    stage.step("the corner of the login")
    login = owner.browser.open(owner.door + "/login").is_at("/login")
    owner.browser.send(login, _PATH).is_at(_PATH)
    codes = _codes(office, owner, _heard(owner))
    stage.step("code, user name, new password")
    _refuse_others(stage, owner, codes)
    page = _typed(owner, codes).is_at("/forgot/password")
    typed = {"user": "somebody", "password": NEW_PASSWORD, "again": NEW_PASSWORD}
    refused = owner.browser.send(page, "/forgot/password", typed)
    refused.refuses("The code is for the user admin.", status=422)
    typed["user"] = "admin"
    owner.browser.send(refused, "/forgot/password", typed).is_at("/forgot/done")
    owner.is_back()


def reset_password(stage: Stage) -> None:
    """P10: support's reset password opens one page; System -> Default -> Default; the factory login sets a new one."""
    stage.site.start((BESIDE_IT,))
    owner = _owner(stage, stage.site.plan.beside, CAMERA_PROFILE)
    _to_factory_settings(stage, owner, "MAC")


def behind_the_recorder(stage: Stage) -> None:
    """P10 at a camera that has no way to the desk of its own: what support must know of it came by the recorder."""
    stage.step("a camera behind the recorder")
    stage.site.start((BEHIND,))
    from_the_factory(stage, BEHIND, stage.site.folders.camera, CAMERA_SERIAL)
    owner = camera_owner(stage)
    owner.set_up()
    remote = recorder_owner(stage)
    camera = remote.add_camera(stage.site.plan.ports.camera)
    owner.sign_in()
    stage.step("as long as the recorder does not know its password")
    _ask_to_confirm(owner)
    remote.try_passwords(camera, "a fake one").says("What you typed: does not work")
    remote.look_again()
    stage.pause(6)
    expect(owner.letters(_CONFIRM_LETTER) == 0, "a camera without a way to the desk reaches it")
    owner.browser.open(owner.door + _REGISTRATION).is_at(_REGISTRATION).says("Not registered yet.")
    stage.step("by the recorder's batch")
    remote.try_passwords(camera, FIRST_PASSWORD).says("What you typed: works")
    stage.wait(lambda: owner.letters(_CONFIRM_LETTER) or None, "the recorder does not carry", CARRIED)
    code = owner.new_code(_CONFIRM_LETTER, 0)
    page = owner.browser.open(owner.door + _CONFIRM).is_at(_CONFIRM)
    owner.browser.send(page, f"{_CONFIRM}/code", {"code": code.shown}).says("The address is confirmed.")
    remote.look_again()
    stage.wait(lambda: _is_registered(owner) or None, "the answer does not come back to the camera", CARRIED)
    owner.sign_out()
    _to_factory_settings(stage, owner, "Serial number")


def _ask_to_confirm(owner: Owner) -> None:
    page = owner.browser.open(owner.door + _CONFIRM).is_at(_CONFIRM)
    owner.browser.send(page, _CONFIRM)


def _is_registered(owner: Owner) -> bool:
    return "is registered" in owner.browser.open(owner.door + _REGISTRATION).words


def _to_factory_settings(stage: Stage, owner: Owner, told: str) -> None:
    """From a wrong password, whose answer says `told`, to a camera that was set up anew."""
    office = office_of(stage)
    stage.step("a wrong password")
    login = owner.browser.open(owner.door + "/login").is_at("/login")
    owner.browser.send(login, "/login", {"user": "admin", "password": "a fake one"}).refuses(told)
    codes = _codes(office, owner, _heard(owner), "may-default")
    stage.step("the reset password is for one browser and one purpose")
    owner.is_refused(codes[0].shown)
    page = _first(stage, owner, codes)
    for path in ("/home", "/users", "/configuration", "/audit"):
        expect(owner.browser.open(owner.door + path).path == "/login", f"the reset password opens {path}")
    stage.step("System, Default, Default")
    default = owner.browser.follow(page, "/system/default").is_at("/system/default")
    owner.browser.press(default, "/system/default", "", {}).refuses("Tick this box first.", status=422)
    done = owner.browser.send(default, "/system/default", ticked=["understood"])
    done.says("Back to factory settings")
    owner.is_refused(FIRST_PASSWORD)
    owner.is_refused(codes[0].shown)
    page = _login(stage, owner, "admin").is_at("/setup")
    expect(owner.browser.open(owner.door + "/home").path == "/login", "the factory password opens the camera")
    page = owner.browser.open(owner.door + "/setup").is_at("/setup")
    typed = {"password": NEW_PASSWORD, "again": NEW_PASSWORD, "address": owner.address}
    owner.browser.send(page, "/setup", typed).is_at("/setup/done")
    owner.sign_in(NEW_PASSWORD)


def by_mail(stage: Stage) -> None:
    """P12: the secure code of the "Reset Password" mail, which goes to the confirmed address and to nobody else."""
    owner = _owner(stage, stage.site.plan.screen)
    office = office_of(stage)
    stage.step("read out")
    _read_out(owner)
    before = owner.letters(SECRET_LETTER)
    case = case_of(office.agent.new_call(_heard(owner)))
    office.agent.is_sure(case, owner)
    office.agent.propose(case, _REMEDY, "by-mail")
    office.approver.approve(case)
    stage.step("the mail")
    stage.wait(lambda: owner.letters(SECRET_LETTER) > before or None, "no letter came")
    codes = codes_in(owner.hears(SECRET_LETTER))
    stage.step("the secure code")
    owner.browser.open(owner.door + _TYPE).is_at(_TYPE).says("Secure Code")
    _refuse_others(stage, owner, codes)
    page = _typed(owner, codes).is_at("/forgot/password")
    typed = {"user": "admin", "password": NEW_PASSWORD, "again": NEW_PASSWORD}
    owner.browser.send(page, "/forgot/password", typed).is_at("/forgot/done")
    owner.is_back()


def _owner(stage: Stage, door: str, rules: str = "") -> Owner:
    """A registered device whose owner confirmed the address and went away."""
    stage.step("set up, registered, address confirmed")
    site, camera = stage.site, bool(rules)
    folder = site.folders.beside if camera else site.folders.recorder
    part, serial = (BESIDE_IT, BESIDE_SERIAL) if camera else ("recorder", SERIAL)
    from_the_factory(stage, part, folder, serial)
    owner = Owner(stage, door, "owner@example.com")
    if rules:
        owner.policy = profile(rules)
    at_home(owner)
    return owner


def _read_out(owner: Owner) -> Page:
    return owner.browser.send(owner.forget(), _PATH).is_at(_PATH)


def _heard(owner: Owner) -> dict[str, str]:
    """What the page says, as an agent types it."""
    spoken, day = read_spoken(owner.browser.open(f"{owner.door}{_PATH}/file").body.decode())
    told = {"serial": spoken.serial, "started": shown_start(spoken.started), "number": spoken.number}
    return {**told, "day": shown_day(day), "mac": spoken.mac}


def _codes(office: Office, owner: Owner, heard: dict[str, str], *also: str) -> list[Code]:
    """The call to support, from the numbers to the codes that are read back."""
    case = case_of(office.agent.new_call(heard))
    office.agent.is_sure(case, owner)
    office.agent.propose(case, _REMEDY, *also)
    office.approver.approve(case)
    return codes_in(office.agent.answer(case))


def _refuse_others(stage: Stage, owner: Owner, codes: list[Code]) -> None:
    """Neither a stranger's browser nor a code that is not of these opens anything."""
    stranger = stage.browser().open(owner.door + _TYPE)
    if owner.door != stage.site.plan.screen:
        expect(
            not any("code" in form.names for form in stranger.sheet.forms),
            "another browser may type the code",
        )
    page = owner.browser.open(owner.door + _TYPE).is_at(_TYPE)
    owner.browser.send(page, _TYPE, {"code": other_code(codes[0])}).refuses("That is not the code for today.")


def _typed(owner: Owner, codes: list[Code]) -> Page:
    """Type the codes until one opens: a wrong date is refused."""
    page = owner.browser.open(owner.door + _TYPE).is_at(_TYPE)
    for code in codes:
        page = owner.browser.send(page, _TYPE, {"code": code.shown})
        if page.path != _TYPE:
            return page
    return page


def _first(stage: Stage, owner: Owner, codes: list[Code]) -> Page:
    """The same at the login: each code typed as the password."""
    for code in codes:
        page = _login(stage, owner, code.shown)
        if page.path == "/system":
            return page
    raise UnlikeError("no code of support's opens the page for one purpose")


def _login(stage: Stage, owner: Owner, password: str) -> Page:
    """What the login says, after the wait that wrong passwords before it earned."""

    def answer() -> Page | None:
        page = owner.browser.open(owner.door + "/login").is_at("/login")
        tried = owner.browser.send(page, "/login", {"user": "admin", "password": password})
        return None if tried.status == 429 else tried

    return stage.wait(answer, "the login makes the owner wait for too long")


CHECKS = (
    Check("P10.device", CAMERA_PROFILE, reset_password),
    Check("P10.device", CAMERA_PROFILE, behind_the_recorder),
    Check("P12.device", "secure-code", by_mail),
    Check("P15.device", "hikvision", by_phone),
    Check("P19.device", "hikvision", at_the_screen),
)

"""P13 and B04, the phone: a phone is added, a recovery ends it, two taps add it again; its owner stops a case."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from sparekey.demo.asker import Asker
from sparekey.demo.checks.check import Check
from sparekey.demo.owner import NEW_PASSWORD, Owner
from sparekey.demo.phone import Phone, square
from sparekey.demo.site import SERIAL
from sparekey.demo.verdicts import expect

if TYPE_CHECKING:
    from sparekey.demo.stage import Stage

_PHONES = "/phones"


def again(stage: Stage) -> None:
    """Added, ended by a recovery at the recorder and in the app, added again; no stranger gets in."""
    owner, phone = _added(stage)

    stage.step("somebody else scans the same square, or a changed one")
    shown, link = square(owner)
    stranger = Phone(stage, owner_of(stage, "stranger@example.com"))
    page = stranger.sign_in(stranger.browser.open(link))
    code = stranger.add(page)
    used = phone.browser.open(link)
    (form,) = [form for form in used.sheet.forms if form.action.startswith("/P/")]
    phone.browser.send(used, form.action).refuses("This square adds nothing", status=409)
    changed = phone.browser.open(link[:-1] + ("0" if link[-1] != "0" else "1"))
    for form in changed.sheet.forms:
        if form.action.startswith("/P/"):
            phone.browser.send(changed, form.action).refuses("This square adds nothing", status=409)
    wrong = ("0" if code[0] != "0" else "1") + code[1:]
    typed = {"name": "Stranger", "code": wrong}
    expect(owner.browser.send(shown, "/phones/paired", typed).status == 422, "a wrong code adds a phone")

    stage.step("a recovery ends them all")
    owner.sign_out()
    link = owner.scan(owner.ask_for_the_square(owner.forget()))
    owner.send_the_code(link)
    page = owner.type_code(owner.browser.open(owner.door + "/forgot/code"), owner.read_the_code().shown)
    owner.choose_password(page).says("Phones must be added again")
    owner.sign_in(NEW_PASSWORD)
    owner.browser.open(owner.door + _PHONES).is_at(_PHONES).says("No phone is added.")
    for each in (phone, stranger):
        stage.wait(partial(_ended, each), "the app does not say that the pairing ended")
    ended = phone.device().says("Add it again", "two taps")

    stage.step("two taps")
    shown, link = square(owner, NEW_PASSWORD)
    taps = [href for href, _ in ended.sheet.links if href == "/app/scan#camera"]
    expect(len(taps) == 1, "the first tap does not open the camera")
    page = phone.browser.open(link)  # the scanner goes there by itself
    code = phone.add(page)
    owner.browser.send(shown, "/phones/paired", {"name": "Eva's phone", "code": code}).is_at(_PHONES)
    phone.devices().says("All quiet.")
    expect("Ended:" in stranger.devices().words, "a stranger's pairing came back")


def stop(stage: Stage) -> None:
    """Somebody asks support for a way in: the app says so, its owner stops it; nobody else can."""
    _, phone = _added(stage)
    stage.step("somebody asks")
    asker = Asker(stage, "thief@example.com")
    page = asker.open("/help/codes")
    typed = {"serial": SERIAL, "started": "2026-09-21 13:05:20", "number": "7KM2-Q4XZ"}
    asker.browser.send(page, "/help/codes", typed)
    stage.step("somebody else's phone")
    stranger = Phone(stage, owner_of(stage, "stranger@example.com"))
    stranger.sign_in(stranger.browser.open(stranger.desk + "/devices")).says("There is no device")
    phone.devices().says(f"for a way into {SERIAL}")
    path = phone.device().path
    foreign = stranger.browser.open(stranger.desk + path)
    expect(foreign.path == "/devices", "somebody else opens the page of the device")

    stage.step("stopped")
    page = phone.device().says("Somebody asks support for a way in.", "Nothing was given out yet.")
    (form,) = [form for form in page.sheet.forms if form.action.endswith("/stop")]
    phone.browser.send(page, form.action).says("It is stopped.")
    phone.devices().says("All quiet.")
    once = phone.browser.send(page, form.action)
    expect(once.status == 409, "what was stopped is stopped once more")


def _ended(phone: Phone) -> bool | None:
    return "Ended:" in phone.devices().words or None


def owner_of(stage: Stage, address: str) -> Owner:
    """Somebody with a mailbox and no recorder of their own."""
    return Owner(stage, stage.site.plan.network, address)


def _added(stage: Stage) -> tuple[Owner, Phone]:
    owner = owner_of(stage, "owner@example.com")
    stage.step("set up")
    owner.set_up()
    owner.sign_in()
    stage.wait(
        lambda: "is registered" in owner.browser.open(owner.door + "/registration").words or None,
        "the recorder does not register by itself",
    )
    stage.step("a phone is added")
    page = owner.browser.open(owner.door + _PHONES).is_at(_PHONES)
    page = owner.browser.follow(page, _PHONES + "/add").is_at(_PHONES + "/add")
    refused = owner.browser.send(page, _PHONES, {"current": "something else"})
    expect(refused.status == 422 and not refused.sheet.squares, "the square is shown without the password")
    shown, link = square(owner)
    expect(link.startswith(stage.site.plan.desk.upper() + "/P/"), "the square does not lead to the desk")
    phone = Phone(stage, owner)
    code = phone.add(phone.sign_in(phone.browser.open(link)))
    typed = {"name": "Eva's phone", "code": code}
    owner.browser.send(shown, "/phones/paired", typed).is_at(_PHONES).says("Eva's phone")
    owner.hears("A phone was added to your device").says(SERIAL)
    phone.devices().says(SERIAL, "All quiet.")
    return owner, phone


CHECKS = (
    Check("P13.device", "sparekey", again),
    Check("P13.phone", "secure-code", again),
    Check("B04.phone", "sparekey", stop),
)

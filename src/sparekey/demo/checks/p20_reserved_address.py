"""P20: the address is reserved at the activation of a recorder, or later: Configuration, User, admin, Edit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sparekey.demo.checks.check import Check
from sparekey.demo.owner import FIRST_PASSWORD, NEW_PASSWORD, Owner
from sparekey.demo.preparing import Preparing
from sparekey.demo.verdicts import expect

if TYPE_CHECKING:
    from sparekey.demo.browser import Page
    from sparekey.demo.stage import Stage

_ADDRESS = "/users/admin/address"


def at_activation(stage: Stage) -> None:
    """An inactivated recorder opens nothing but its activation, which takes the address along."""
    owner = Owner(stage, stage.site.plan.screen, "owner@example.com")
    stage.step("inactivated")
    for path in ("/", "/login", "/home", "/forgot", "/users/admin", _ADDRESS):
        owner.browser.open(owner.door + path).is_at("/setup")
    page = owner.browser.open(owner.door).is_at("/setup")
    typed = {"password": FIRST_PASSWORD, "again": FIRST_PASSWORD, "address": "owner at example"}
    owner.browser.send(page, "/setup", typed).refuses(status=422)
    owner.browser.open(owner.door + "/login").is_at("/setup")

    stage.step("activated")
    owner.set_up()
    owner.sign_in()
    _is_reserved(owner)
    owner.sign_out()
    _comes_back_by_mail(owner)


def later(stage: Stage) -> None:
    """Configuration, User, admin, Edit, old password, settings, address; a wrong old password changes nothing."""
    owner = Owner(stage, stage.site.plan.screen, "owner@example.com")
    preparing = Preparing(stage, owner)
    stage.step("activated without an address")
    owner.set_up_without_address()
    owner.forget().says("No e-mail address was set")
    owner.sign_in()

    stage.step("a wrong old password")
    page = preparing.tried_wrong(_address_page(owner), _ADDRESS, {"address": owner.address})
    page = preparing.change(page, _ADDRESS, {"address": "owner at example"}).refuses(status=422)
    kept = _address_page(owner).form(_ADDRESS).values["address"]
    expect(not kept, "a wrong password reserves an address")

    stage.step("the right one")
    preparing.change(page, _ADDRESS, {"address": owner.address}).is_at("/users/admin")
    _is_reserved(owner)

    stage.step("a changed address voids the code that is under way")
    owner.sign_out()
    square = owner.ask_for_the_square(owner.forget())
    owner.send_the_code(owner.scan(square))
    code = owner.read_the_code()
    owner.sign_in()
    old, owner.address = owner.address, "new.owner@example.com"
    preparing.change(_address_page(owner), _ADDRESS, {"address": owner.address})
    owner.sign_out()
    void = owner.browser.open(owner.door + "/forgot/code")
    if void.status == 200:
        void = owner.type_code(void, code.shown)
    expect(void.path != "/forgot/password", "the code that went to the old address still works")
    owner.is_refused(NEW_PASSWORD)

    stage.step("back in by the new address")
    _comes_back_by_mail(owner)
    expect(Owner(stage, owner.door, old).letters() == 2, "the old address heard nothing of the second code")


def _address_page(owner: Owner) -> Page:
    """The way that the procedure describes, click by click."""
    page = owner.browser.open(owner.door + "/home").is_at("/home")
    for path in ("/configuration", "/users", "/users/admin"):
        page = owner.browser.follow(page, path).is_at(path)
    return owner.browser.follow(page, _ADDRESS).is_at(_ADDRESS)


def _is_reserved(owner: Owner) -> None:
    kept = _address_page(owner).says("not yet confirmed").form(_ADDRESS).values["address"]
    expect(kept == owner.address, f"instead of {owner.address}, {kept} is reserved")


def _comes_back_by_mail(owner: Owner) -> None:
    square = owner.ask_for_the_square(owner.forget())
    owner.send_the_code(owner.scan(square))
    code = owner.read_the_code()
    owner.choose_password(owner.type_code(owner.code_page(square), code.shown))
    owner.is_back()


CHECKS = (Check("P20", "hikvision", at_activation), Check("P20", "hikvision", later))

"""P02: first login with the factory password. It ends only when questions, key file and address are all done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sparekey.demo.checks.check import Check
from sparekey.demo.owner import FIRST_PASSWORD, Owner
from sparekey.demo.preparing import Preparing
from sparekey.demo.verdicts import expect

if TYPE_CHECKING:
    from sparekey.demo.stage import Stage

_LATER = ("/home", "/configuration", "/users", "/users/admin", "/users/add", "/audit")
"""Pages of somebody whose first login is over."""


def set_everything_up(stage: Stage) -> None:
    """One thing after the other; until the last one, every other page leads back to what is missing."""
    owner = Owner(stage, stage.site.plan.network, "owner@example.com")
    browser, door = owner.browser, owner.door

    stage.step("without an address")
    page = browser.open(door).is_at("/login")
    factory = owner.policy.factory_login
    if factory:
        page = browser.send(page, "/login", {"user": factory.account, "password": factory.password})
    page.is_at("/setup")
    expect("address" in page.form("/setup").needed, "the address may be left out")
    again = {"password": FIRST_PASSWORD, "again": FIRST_PASSWORD}
    browser.press(page, "/setup", "", again).refuses(status=422)
    expect(browser.open(door + "/login").path == "/login", "the password was set without an address")

    stage.step("the factory password")
    owner.set_up()
    if factory:
        owner.is_refused(factory.password)
    preparing = Preparing(stage, owner)
    owner.sign_in().is_at("/ways")
    _is_not_over(owner)

    stage.step("security questions")
    preparing.questions()
    _is_not_over(owner)
    stage.site.cut_power("recorder")
    _is_not_over(owner)

    stage.step("the key file, exported")
    name, content = preparing.key_file()
    _is_not_over(owner)

    stage.step("the key file, handed in again")
    half = preparing.show_key_file((name, content[: len(content) // 2]))
    expect(half.status in (400, 403, 422), f"half a key file is taken: {half.words[:200]}")
    _is_not_over(owner)
    valid = preparing.show_key_file((name, content))
    expect(valid.status == 200, f"the key file is not taken: {valid.words[:200]}")

    stage.step("everything is done")
    for path in _LATER:
        browser.open(door + path).is_at(path)
    owner.sign_out()
    owner.sign_in().is_at("/home")


def _is_not_over(owner: Owner) -> None:
    for path in _LATER:
        owner.browser.open(owner.door + path).is_at("/ways")


CHECKS = (Check("P02", "patronum", set_everything_up),)

"""B10: a maker's own program keeps the accounts. Whenever power fails, exactly one password works."""

from __future__ import annotations

import json
import sys
from importlib.resources import files
from typing import TYPE_CHECKING

from sparekey.core.crypto import password_matches
from sparekey.demo.checks.check import Check
from sparekey.demo.owner import ADMIN, FIRST_PASSWORD, NEW_PASSWORD, Owner, other_code
from sparekey.demo.preparing import Preparing
from sparekey.demo.returning import Returning
from sparekey.demo.verdicts import expect
from sparekey.device.accounts.phc import read_phc

if TYPE_CHECKING:
    from sparekey.demo.stage import Stage

_THIRD, _FOURTH = "red teapot under 9 roofs", "white anchor beside 3 wells"


def keep_them_elsewhere(stage: Stage) -> None:
    """Activation, login, two recoveries; in each the plug is pulled, before and after the program has kept it."""
    maker = _Maker(stage)
    owner = Owner(stage, stage.site.plan.network, "owner@example.com")
    stage.step("set up")
    maker.takes_over()
    owner.set_up()
    maker.keeps(FIRST_PASSWORD)
    owner.sign_in()
    owner.sign_out()
    owner.is_refused(NEW_PASSWORD)

    stage.step("the maker's program does not answer")
    maker.is_out_of_order()
    browser = stage.browser()
    page = browser.open(owner.door + "/login")
    page = browser.send(page, "/login", {"user": ADMIN, "password": FIRST_PASSWORD})
    expect(page.status != 200, f"somebody gets in though nobody looked at the password: {page.words[:200]}")
    maker.works()

    stage.step("the key file; the plug is pulled before the program has kept the password")
    now = _recover_in_the_dark(stage, owner, maker, "before", FIRST_PASSWORD, NEW_PASSWORD)

    stage.step("a code by mail")
    square = owner.ask_for_the_square(owner.forget())
    owner.send_the_code(owner.scan(square))
    code = owner.read_the_code()
    wrong = owner.type_code(owner.code_page(square), other_code(code)).refuses()
    owner.choose_password(owner.type_code(wrong, code.shown), _THIRD)
    maker.keeps(_THIRD)
    owner.is_back(_THIRD, now)
    owner.sign_out()

    stage.step("the key file; the plug is pulled after the program has kept the password")
    now = _recover_in_the_dark(stage, owner, maker, "after", _THIRD, _FOURTH)
    expect(now == _FOURTH, "the program kept the new password, but the old one works")
    for old in (FIRST_PASSWORD, NEW_PASSWORD):
        owner.is_refused(old)


def _recover_in_the_dark(stage: Stage, owner: Owner, maker: _Maker, when: str, old: str, new: str) -> str:
    """Back in by the key file, with a power cut while the program keeps the password. The one that works."""
    owner.sign_in(old)
    preparing = Preparing(stage, owner, old)
    file = preparing.key_file()
    preparing.show_key_file(file)
    owner.sign_out()
    page = Returning(owner).hand_in(file).is_at("/forgot/password")
    maker.stops(when)
    typed = {"password": new, "again": new}
    stage.meanwhile(lambda: owner.browser.send(page, "/forgot/password", typed))
    stage.wait(maker.has_stopped, "the maker's program was not asked to keep the new password")
    stage.site.cut_power("recorder")
    works, dead = (new, old) if maker.kept(new) else (old, new)
    maker.keeps(works)
    owner.sign_in(works)
    owner.sign_out()
    owner.is_refused(dead)
    return works


class _Maker:
    """The example program of the guide, behind one that can fail, and the file in which it keeps accounts."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._folder = stage.site.folders.root / "maker"
        self._accounts = self._folder / "accounts.json"
        self._order = self._folder / "order"

    def takes_over(self) -> None:
        """From now on the recorder, which has no account yet, asks the program."""
        self._folder.mkdir(mode=0o700)
        for name in ("accounts", "unsteady.py"):
            (self._folder / name).write_bytes(files("sparekey.demo.maker").joinpath(name).read_bytes())
        program = [sys.executable, "-I", str(self._folder / "accounts"), str(self._accounts)]
        unsteady = [sys.executable, "-I", str(self._folder / "unsteady.py"), str(self._order)]
        self._stage.site.amend("recorder", {"accounts": {"store": "command", "command": unsteady + program}})

    def is_out_of_order(self) -> None:
        """The program fails whatever it is asked."""
        self._order.write_text("fail", encoding="utf-8")

    def works(self) -> None:
        """The program works."""
        self._order.unlink(missing_ok=True)

    def stops(self, when: str) -> None:
        """The next change stops half-way, `before` or `after` it is kept, until the power fails."""
        self._order.write_text(when, encoding="utf-8")

    def has_stopped(self) -> bool | None:
        """True once it stopped."""
        return (self._order.exists() and self._order.read_text(encoding="utf-8") == "stopped") or None

    def kept(self, password: str) -> bool:
        """Whether this is the password in the program's own file."""
        accounts = json.loads(self._accounts.read_text(encoding="utf-8"))
        return password_matches(password, read_phc(accounts[ADMIN]))

    def keeps(self, password: str) -> None:
        """Raises UnlikeError unless it is."""
        expect(self.kept(password), "the program's own file does not hold the password")


CHECKS = (Check("B10", "sparekey", keep_them_elsewhere),)

"""The owner's phone, as the checks play it: what a person does at the desk's pages with what they scanned."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sparekey.demo.camera import read_drawing
from sparekey.demo.owner import FIRST_PASSWORD
from sparekey.demo.verdicts import expect

if TYPE_CHECKING:
    from sparekey.demo.browser import Page
    from sparekey.demo.owner import Owner
    from sparekey.demo.stage import Stage

LETTER = "Your code for “My devices”"
_CODE = re.compile(r"\b[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}\b")


class Phone:
    """One phone of one person. `reader`: whose mailbox its codes come to."""

    def __init__(self, stage: Stage, reader: Owner) -> None:
        self.browser = stage.browser()
        self.desk = stage.site.plan.desk
        self._reader = reader
        self._stage = stage

    def sign_in(self, page: Page) -> Page:
        """With a code from the mailbox; where the person wanted to go."""
        before = self._reader.letters(LETTER)
        asked = self.browser.send(page, "/devices/sign-in", {"address": self._reader.address})
        asked.says("a code is on its way")
        self._stage.wait(
            lambda: self._reader.letters(LETTER) > before or None, "no code came to sign in with"
        )
        (code,) = set(_CODE.findall(self._reader.hears(LETTER).words))
        wrong = code[:-1] + ("0" if code[-1] != "0" else "1")
        expect(
            self.browser.send(asked, "/devices/code", {"code": wrong}).status == 422, "a slip was not told"
        )
        return self.browser.send(asked, "/devices/code", {"code": code})

    def add(self, page: Page) -> str:
        """Press the one button of a scanned pairing; the code that is shown for the device."""
        (form,) = [form for form in page.sheet.forms if form.action.startswith("/P/")]
        paired = self.browser.send(page, form.action).says("Type this code at the device")
        (code,) = _CODE.findall(paired.words.partition("Type this code at the device")[2])
        return str(code)

    def devices(self) -> Page:
        """The list."""
        return self.browser.open(self.desk + "/devices").is_at("/devices")

    def device(self) -> Page:
        """The page of the first device in the list."""
        page = self.devices()
        path = next(href for href, _ in page.sheet.links if href.startswith("/devices/one/"))
        return self.browser.follow(page, path)


def square(owner: Owner, password: str = FIRST_PASSWORD) -> tuple[Page, str]:
    """At the device, signed in: the page that shows a square, and what a phone reads in it."""
    page = owner.browser.open(owner.door + "/phones/add").is_at("/phones/add")
    shown = owner.browser.send(page, "/phones", {"current": password})
    expect(len(shown.sheet.squares) == 1, "the page shows no square")
    return shown, read_drawing(shown.sheet.squares[0])

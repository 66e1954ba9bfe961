"""Somebody who asks support, as the checks play them: the desk's public pages, and the letters that follow."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sparekey.demo.site import SECOND_SERIAL, SERIAL
from sparekey.demo.verdicts import UnlikeError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sparekey.demo.browser import Browser, File, Page
    from sparekey.demo.stage import Stage

_CODE = re.compile(r"\b[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}\b")


class Asker:
    """One person with one browser. `address`: their e-mail."""

    def __init__(self, stage: Stage, address: str) -> None:
        self.browser: Browser = stage.browser()
        self.address = address
        self._stage = stage
        self._desk = stage.site.plan.desk
        self._read: set[str] = set()

    def open(self, path: str) -> Page:
        """One of the desk's public pages, clicked to from the first one."""
        start = self.browser.open(self._desk + "/help").is_at("/help")
        return self.browser.follow(start, path).is_at(path)

    def hand_in(self, file: File, route: str = "download") -> Page:
        """Drop a request: the page that says what became of it."""
        typed = {"address": self.address, "route": route}
        return self.browser.send(self.open("/help/request"), "/help/request", typed, files={"file": file})

    def read_out(self, spoken: Mapping[str, str], route: str = "download") -> Page:
        """Type what the screen shows."""
        typed = {**spoken, "address": self.address, "route": route}
        return self.browser.send(self.open("/help/codes"), "/help/codes", typed)

    def letter(self, subject: str) -> Page:
        """Wait for the newest letter with this subject that was not read yet, and open it."""
        mailbox = self._stage.site.plan.mailbox

        def newest() -> str | None:
            page = self.browser.open(mailbox).is_at("/")
            found = [
                href
                for href, words in page.sheet.links
                if f"to {self.address}" in words and subject in words and href not in self._read
            ]
            return found[0] if found else None

        path = self._stage.wait(newest, f"no letter “{subject}” came to {self.address}")
        self._read.add(path)
        return self.browser.follow(self.browser.open(mailbox), path).is_at(path)

    def enter(self, number: str, code: str) -> Page:
        """Open the page of a case with its number and a code."""
        page = self.open("/help/case")
        return self.browser.send(page, "/help/case", {"number": number, "code": code})

    def look(self) -> Page:
        """The page of the case that is open in this browser."""
        return self.browser.open(self._desk + "/help/case/view").is_at("/help/case/view")


def numbers_on(page: Page) -> list[str]:
    """Everything on a page that looks like the number of a case, or like a code."""
    return [found for found in _CODE.findall(page.words) if found not in (SERIAL, SECOND_SERIAL)]


def code_in(letter: Page, number: str) -> str:
    """The one code in a letter about a case. Raises UnlikeError when there is none, or more than one."""
    codes: set[str] = {
        found for found in _CODE.findall(letter.words) if found not in (number, SERIAL, SECOND_SERIAL)
    }
    if len(codes) != 1:
        raise UnlikeError(f"there are {len(codes)} codes in the letter, not one")
    return codes.pop()

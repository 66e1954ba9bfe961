"""The ways back in without the desk, as the checks play them: each call is the page of one way, filled in once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sparekey.core.codes import SAVED_BITS, SavedCode, saved_from_bits
from sparekey.demo.verdicts import expect

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sparekey.demo.browser import File, Page
    from sparekey.demo.owner import Owner


class Returning:
    """A locked-out owner. Each way leads to /forgot/password when the proof was right."""

    def __init__(self, owner: Owner) -> None:
        self._owner = owner

    def answer(self, answers: Sequence[str]) -> Page:
        """Answer the security questions."""
        given = {f"answer{number}": text for number, text in enumerate(answers, 1)}
        return self._owner.browser.send(self.open("/forgot/questions"), "/forgot/questions", given)

    def hand_in(self, file: File) -> Page:
        """Hand in a key file."""
        page = self.open("/forgot/key-file")
        return self._owner.browser.send(page, "/forgot/key-file", files={"file": file})

    def type_sheet(self, typed: str) -> Page:
        """Type the code of the recovery sheet."""
        return self._owner.browser.send(self.open("/forgot/sheet"), "/forgot/sheet", {"code": typed})

    def open(self, path: str) -> Page:
        """From the login to the page of one way."""
        return self._owner.browser.follow(self._owner.forget(), path).is_at(path)

    def is_closed(self, path: str, field: str) -> None:
        """Raises UnlikeError when the way is offered, or opens for who knows its address."""
        ways = self._owner.forget()
        expect(path not in [href for href, _ in ways.sheet.links], f"{path} is offered, but cannot work")
        page = self._owner.browser.open(self._owner.door + path)
        fields = {name for form in page.sheet.forms for name in form.names}
        expect(field not in fields, f"{path} opens, but cannot work")


def other_sheet(code: SavedCode) -> str:
    """A saved code that is well formed and wrong."""
    return saved_from_bits(code.bits ^ 1 << (SAVED_BITS - 1)).shown

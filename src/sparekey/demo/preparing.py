"""What an owner prepares before the password is ever lost, as the checks play it.

Every change asks for the current password again; each is tried with a wrong one first.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sparekey.core.codes import SavedCode, read_saved
from sparekey.core.policy import Factor
from sparekey.demo.camera import read_drawing
from sparekey.demo.owner import FIRST_PASSWORD
from sparekey.demo.verdicts import UnlikeError, expect

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sparekey.demo.browser import File, Page
    from sparekey.demo.owner import Owner
    from sparekey.demo.stage import Stage

QUESTIONS = (
    "What did I call my first bicycle?",
    "Where did the aunt with the piano live?",
    "Which dog barked at the postman?",
)
"""The first one is on the recorder's list, the others are the owner's."""
ANSWERS = ("Žofie Nováková", "Ústí nad Orlicí", "Černý pudl Ťapka")
ANSWERS_AGAIN = ("  zofie   NOVAKOVA", "usti nad orlici ", "CERNY pudl tapka")
"""The same, as somebody in a hurry types them without the right keys."""
KEY_FILE = ".sparekey-key"

_SAVED = re.compile(r"\b[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{4}\b")


class Preparing:
    """A signed-in owner. `password`: the one that works now."""

    def __init__(self, stage: Stage, owner: Owner, password: str = FIRST_PASSWORD) -> None:
        self._stage = stage
        self._owner = owner
        self._password = password

    def ways(self) -> Page:
        """All ways back in and how far each is."""
        return self._owner.browser.open(self._owner.door + "/ways").is_at("/ways")

    def everything(self) -> None:
        """Whatever the first login asks for besides the address."""
        required = self._owner.policy.setup.required
        if Factor.QUESTIONS in required:
            self.questions()
        if Factor.KEY_FILE in required:
            shown = self.show_key_file(self.key_file())
            expect(shown.status == 200, f"the key file is not taken: {shown.words[:200]}")

    def questions(self, answers: Sequence[str] = ANSWERS) -> Page:
        """Choose the questions and answer them; answers that are too short are refused. All ways back in."""
        page = self._go("/ways/questions")
        asked = {"question1": QUESTIONS[0], "own2": QUESTIONS[1], "own3": QUESTIONS[2]}
        short = {f"answer{number}": text for number, text in enumerate("abc", 1)}
        page = self.change(page, "/ways/questions", asked | short).refuses(status=422)
        given = {f"answer{number}": text for number, text in enumerate(answers, 1)}
        page = self.tried_wrong(page, "/ways/questions", asked | given)
        self.change(page, "/ways/questions", asked | given).is_at("/ways")
        return self.ways()

    def key_file(self) -> File:
        """Export a key file."""
        page = self.tried_wrong(self._go("/ways/key-file"), "/ways/key-file", {})
        saved = self.change(page, "/ways/key-file", {}).is_file(KEY_FILE)
        return saved.saved_as, saved.body

    def show_key_file(self, file: File) -> Page:
        """Hand a key file in again, at the place that says what it is worth."""
        page = self._go("/ways/key-file/prove")
        return self._owner.browser.send(page, "/ways/key-file/prove", files={"file": file})

    def sheet(self) -> SavedCode:
        """Print a recovery sheet. The code on it, which its square says too; it is shown only once."""
        page = self.tried_wrong(self._go("/ways/sheet"), "/ways/sheet", {})
        printed = self.change(page, "/ways/sheet", {})
        expect(printed.status == 200, f"there is no sheet: {printed.words[:200]}")
        found = set(_SAVED.findall(printed.words))
        if len(found) != 1:
            raise UnlikeError(f"there are {len(found)} codes on the sheet, not one")
        code = read_saved(found.pop())
        squares = [read_drawing(strokes) for strokes in printed.sheet.squares]
        expect(squares == [code.shown], "the square on the sheet does not say the code")
        expect(not _SAVED.search(self._go("/ways/sheet").words), "the sheet is shown a second time")
        return code

    def show_sheet(self, typed: str) -> Page:
        """Type the code of a sheet in again, at the place where it counts."""
        page = self._go("/ways/sheet/prove")
        return self._owner.browser.send(page, "/ways/sheet/prove", {"code": typed})

    def change(self, page: Page, action: str, typed: Mapping[str, str]) -> Page:
        """Send a form with the right password, after the wait that wrong ones may have earned."""

        def answer() -> Page | None:
            tried = self._owner.browser.send(page, action, {**typed, "current": self._password})
            return None if tried.status == 429 else tried

        return self._stage.wait(answer, "a change makes the owner wait for too long")

    def tried_wrong(self, page: Page, action: str, typed: Mapping[str, str]) -> Page:
        """The same with a wrong password, which is refused. The page with the form again."""
        wrong = self._owner.browser.send(page, action, {**typed, "current": "not this password"})
        return wrong.refuses(status=422)

    def _go(self, path: str) -> Page:
        """From the overview to a page, by its neighbour where that is what the overview leads to."""
        browser, page = self._owner.browser, self.ways()
        neighbour = path.removesuffix("/prove") if path.endswith("/prove") else f"{path}/prove"
        if path not in [href for href, _ in page.sheet.links]:
            page = browser.follow(page, neighbour).is_at(neighbour)
        return browser.follow(page, path).is_at(path)

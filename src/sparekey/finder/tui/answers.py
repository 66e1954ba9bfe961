"""One file of answers from support: each device that asked from here gets its new password."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding
from textual.containers import Horizontal, VerticalScroll
from textual.screen import Screen
from textual.widgets import Button, Checkbox, Input, Static

from sparekey.core.errors import InputError, SparekeyError
from sparekey.core.messages.armour import BATCH_ARMOUR_LIMIT
from sparekey.core.values import MethodName
from sparekey.finder.answers import OVER, read_answers
from sparekey.finder.handing import BACK, Handing
from sparekey.finder.many import End
from sparekey.finder.noes import no
from sparekey.finder.place import read_place
from sparekey.finder.places import bounded_file
from sparekey.finder.tui import new_passwords
from sparekey.finder.tui.fields import Field, Tick
from sparekey.finder.tui.keys import Keys
from sparekey.finder.tui.results import ResultsScreen
from sparekey.lan.link.frame import Refused

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from sparekey.finder.answers import Read
    from sparekey.finder.tui.app import FinderApp


class AnswersScreen(Screen[None]):
    """Which devices it is for, the file and the journal say."""

    app: FinderApp
    BINDINGS: ClassVar = [Binding("escape", "app.pop_screen")]

    def compose(self) -> ComposeResult:
        """The file, and the new passwords."""
        words = self.app.kit.words
        yield Static(words.text("Answers from support"), classes="title")
        with VerticalScroll():
            told = words.text("One file may hold the answers for many devices; each is done by itself.")
            yield Static(told, classes="line")
            yield Field(words.text("Path of the file"), "proof")
            yield from new_passwords.lines(words)
            yield Tick(words.text("Reset the cameras' passwords too"), id="cameras", compact=True)
            with Horizontal(classes="row"):
                yield Button(words.text("Confirm"), id="confirm", variant="primary")
            yield Static("", id="told", classes="told", markup=False)
        yield Keys([("Esc", words.text("Back"), "app.pop_screen")])

    def on_mount(self) -> None:
        """The file first."""
        self.query_one("#proof").focus()

    def on_button_pressed(self, _event: Button.Pressed) -> None:
        """Read the file, then go to the results."""
        kit = self.app.kit
        try:
            read = self._read()
            new = new_passwords.read(self, kit)
        except SparekeyError as error:
            self.query_one("#told", Static).update(error.hint or error.slug)
            return
        jobs, cameras = {job.begun.place: job for job in read.matched}, self.query_one("#cameras", Checkbox)

        async def one(place: str) -> tuple[End, object, str]:
            if jobs[place].expired:
                return End.REFUSED, None, kit.words.text(OVER)
            known = await self.app.know(read_place(place))
            if isinstance(known, Refused):
                return End.REFUSED, None, no(known, kit.words)
            told: list[str] = []
            handing = Handing(kit, new, cameras.value, told.append)
            end, done, why = await handing.do(known, MethodName.RESPONSE_FILE, file=jobs[place].file)
            return end, done, " ".join([why or kit.words.text(BACK), *told])

        def after() -> str:
            return " ".join(filter(None, [*read.rest(kit.words), new_passwords.saved(new)]))

        new_passwords.wipe(self)
        self.app.push_screen(
            ResultsScreen(kit.words.text("Answers from support"), list(jobs), one, "", after)
        )

    def _read(self) -> Read:
        """Raises SparekeyError, also when nothing in it is for a device that asked from here."""
        kit, path = self.app.kit, self.query_one("#proof", Input).value.strip()
        data = bounded_file(Path(path).expanduser(), BATCH_ARMOUR_LIMIT)
        read = read_answers(data, kit.journal.begun(), kit.clock.wall())
        if read.key_file is not None:
            told = kit.words.text("This is a key file: open its device in the table, then Forgot password.")
            raise InputError("key-file", told)
        if not read.matched:
            raise InputError("foreign", " ".join(read.rest(kit.words)))
        return read

"""The same work on many devices: a line for each, progress, cancel, and once more for those that failed only."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual.binding import Binding
from textual.containers import Horizontal
from textual.screen import Screen
from textual.widgets import Button, DataTable, Static

from sparekey.core.errors import SparekeyError
from sparekey.finder.many import End, Result, each
from sparekey.finder.tui.keys import Keys

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from textual.app import ComposeResult

    from sparekey.finder.tui.app import FinderApp

    Work = Callable[[str], Awaitable[tuple[End, object, str]]]


class ResultsScreen(Screen[None]):
    """`work`: on one address. `done`: what is said where all went well. `after`: called when a round is over; what it
    says is shown.
    """

    app: FinderApp
    BINDINGS: ClassVar = [Binding("escape", "app.pop_screen"), Binding("c", "cancel"), Binding("t", "again")]

    def __init__(
        self, title: str, addresses: Sequence[str], work: Work, done: str, after: Callable[[], str] = str
    ) -> None:
        super().__init__()
        self._title = title
        self._ends: dict[str, End | None] = dict.fromkeys(addresses)
        self._work = work
        self._done = done
        self._after = after

    def compose(self) -> ComposeResult:
        """A table, one line for how far it is, two buttons."""
        words = self.app.kit.words
        yield Static(self._title, classes="title", markup=False)
        yield DataTable(id="results", cursor_type="row")
        yield Static("", id="status", markup=False)
        with Horizontal(classes="row"):
            yield Button(words.text("Cancel"), id="cancel")
            yield Button(words.text("Failures once more"), id="again", disabled=True)
        yield Keys(
            [
                ("Esc", words.text("Back"), "app.pop_screen"),
                ("c", words.text("Cancel"), "screen.cancel"),
                ("t", words.text("Failures once more"), "screen.again"),
            ]
        )

    def on_mount(self) -> None:
        """Begin."""
        words = self.app.kit.words
        table = self.query_one("#results", DataTable)
        table.add_column(words.text("Address"), key="address")
        table.add_column(words.text("Result"), key="result")
        for address in self._ends:
            table.add_row(Text(address), Text(""), key=address)
        self._begin(list(self._ends))

    def _begin(self, addresses: list[str]) -> None:
        self.query_one("#again", Button).disabled = True
        self.query_one("#cancel", Button).disabled = False
        self.run_worker(self._all(addresses), exclusive=True)

    async def _all(self, addresses: list[str]) -> None:
        told = ""
        try:
            await each(addresses, self._work, tell=self._tell)
        finally:  # cancelled too: what was set is saved in any case
            try:
                told = self._after()
            except SparekeyError as error:
                told = error.hint or error.slug
            if self.is_mounted:
                self._end(told)

    def _tell(self, result: Result[str, object], left: int) -> None:
        self._ends[result.thing] = result.end
        table = self.query_one("#results", DataTable)
        table.update_cell(result.thing, "result", Text(result.why or self._done), update_width=True)
        words = self.app.kit.words
        self._say(words.plural("%(n)s device to go", "%(n)s devices to go", left))

    def _end(self, told: str) -> None:
        words, ends = self.app.kit.words, list(self._ends.values())
        counts = words.text("Done: %(done)s. Refused: %(refused)s. No answer: %(failed)s.") % {
            "done": ends.count(End.DONE),
            "refused": ends.count(End.REFUSED) + ends.count(End.STOPPED),
            "failed": ends.count(End.FAILED) + ends.count(None),
        }
        self._say(f"{counts} {told}".strip())
        self.query_one("#cancel", Button).disabled = True
        self.query_one("#again", Button).disabled = not self._failed()

    def _failed(self) -> list[str]:
        return [address for address, end in self._ends.items() if end not in (End.DONE, End.STOPPED)]

    def _say(self, sentence: str) -> None:
        self.query_one("#status", Static).update(sentence)

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """As the keys do."""
        self.action_cancel() if event.button.id == "cancel" else self.action_again()

    def action_cancel(self) -> None:
        """Stop here; what is done stays done."""
        self.workers.cancel_node(self)

    def action_again(self) -> None:
        """Those that failed, and no others."""
        if not self.query_one("#again", Button).disabled:
            self._begin(self._failed())

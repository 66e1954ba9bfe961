"""The table of all devices: sorts, filters, marks; Enter opens one."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual.binding import Binding
from textual.screen import Screen
from textual.widgets import DataTable, Input, Static

from sparekey.core.errors import SparekeyError
from sparekey.finder import reach, rows
from sparekey.finder.roster import Roster
from sparekey.finder.tui.activate import ActivateScreen
from sparekey.finder.tui.answers import AnswersScreen
from sparekey.finder.tui.details import DetailsScreen
from sparekey.finder.tui.keys import Keys
from sparekey.finder.tui.requests import RequestsScreen
from sparekey.finder.tui.rotate import RotateScreen
from sparekey.finder.tui.targets import target_of
from sparekey.lan.discovery.search import Search

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from sparekey.finder.tui.app import FinderApp
    from sparekey.lan.discovery.found import Found

REFRESH = 0.5
"""Seconds between two looks at what came in."""


class TableScreen(Screen[None]):
    """Where everything begins."""

    app: FinderApp
    BINDINGS: ClassVar = [
        Binding("r", "search"),
        Binding("slash", "filter"),
        Binding("s", "sort"),
        Binding("space", "mark"),
        Binding("p", "passwords"),
        Binding("a", "activate"),
        Binding("e", "requests"),
        Binding("i", "answers"),
        Binding("q", "app.quit"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._roster = Roster()
        self._shown: dict[str, Found] = {}
        self._drawn: dict[str, tuple[str, ...]] = {}
        self._marked: set[str] = set()
        self._by = 3
        self._down = False
        self._searching = False
        self._heard = 0
        self._told = ""

    def compose(self) -> ComposeResult:
        """Filter, table, one line that says how it goes, keys."""
        words = self.app.kit.words
        yield Input(
            placeholder=words.text("Filter: brand, model, address, serial number"), id="filter", compact=True
        )
        yield DataTable(id="devices", cursor_type="row", zebra_stripes=True)
        yield Static("", id="status", markup=False)
        yield Keys(
            [
                ("Enter", words.text("Open"), "screen.open"),
                ("r", words.text("Search again"), "screen.search"),
                ("/", words.text("Filter"), "screen.filter"),
                ("s", words.text("Sort"), "screen.sort"),
                ("Space", words.text("Select"), "screen.mark"),
                ("p", words.text("Passwords"), "screen.passwords"),
                ("a", words.text("First password"), "screen.activate"),
                ("e", words.text("Requests"), "screen.requests"),
                ("i", words.text("Answers"), "screen.answers"),
                ("q", words.text("Quit"), "app.quit"),
            ]
        )

    def on_mount(self) -> None:
        """Begin to search at once."""
        self.query_one("#filter", Input).cursor_blink = False
        table = self.query_one("#devices", DataTable)
        table.add_column(" ", key="mark")
        for at, title in enumerate(rows.titles(self.app.kit.words)):
            table.add_column(title, key=str(at))
        # Columns become wide enough when the table is idle, some time after the rows; that alone draws nothing.
        self.watch(table, "virtual_size", self._repaint, init=False)
        table.focus()
        self.set_interval(REFRESH, self._look)
        self.action_search()

    def _repaint(self) -> None:
        self.query_one("#devices", DataTable).refresh()

    def action_search(self) -> None:
        """Ask everybody again."""
        self.run_worker(self._search(), exclusive=True, group="search")

    async def _search(self) -> None:
        app, now = self.app, self.app.kit.clock.monotonic()
        self._searching = True
        try:
            search = Search(app.kit.entropy, lambda found: self.add(found, now))
            await asyncio.gather(
                reach.call(search.found, app.others, app.kit.entropy),
                search.run(app.interfaces, others=app.others),
            )
        except SparekeyError as error:
            self.notify(error.hint or error.slug, severity="error", markup=False)
        finally:
            self._searching = False
            self._roster.forget(now)
            self._fill()

    def add(self, found: Found, now: float) -> None:
        """Somebody answered."""
        self._roster.add(found, now)
        self._heard += 1

    def _look(self) -> None:
        if self._heard:
            self._heard = 0
            self._fill()

    def _fill(self) -> None:
        """Show what is there, by filter and order; the cursor stays on its device."""
        words = self.app.kit.words
        table = self.query_one("#devices", DataTable)
        at = self._key()
        wanted = self.query_one("#filter", Input).value.casefold().split()
        devices = [listed.found for listed in self._roster.devices]
        lines = [(found, rows.cells(found, words)) for found in devices]
        lines = [one for one in lines if all(word in " ".join(one[1]).casefold() for word in wanted)]
        lines.sort(key=lambda one: (one[1][self._by].casefold(), one[1]), reverse=self._down)
        self._shown = {}
        drawn: dict[str, tuple[str, ...]] = {}
        for found, cells in lines:
            key = f"{found.sender} {found.ident or found.serial or found.mac}"
            if key not in drawn:
                self._shown[key] = found
                drawn[key] = ("*" if key in self._marked else " ", *cells)
        self._draw(table, drawn, at)
        self._say(len(devices))

    def _draw(self, table: DataTable[Text], drawn: dict[str, tuple[str, ...]], at: str) -> None:
        """Only what is not there yet: every byte goes over a slow line. Text, not markup: a stranger wrote it."""
        if list(drawn) == list(self._drawn):
            columns = [column.key for column in table.ordered_columns]
            for key, line in drawn.items():
                for column, cell, before in zip(columns, line, self._drawn[key], strict=True):
                    if cell != before:
                        table.update_cell(key, column, Text(cell, no_wrap=True), update_width=True)
        else:
            table.clear()
            for key, line in drawn.items():
                table.add_row(*(Text(cell, no_wrap=True) for cell in line), key=key)
            if at in drawn:
                table.move_cursor(row=table.get_row_index(at))
        self._drawn = drawn

    def _say(self, count: int) -> None:
        words = self.app.kit.words
        told = words.plural("%(n)s device found", "%(n)s devices found", count)
        if self._searching:
            told = f"{told}. {words.text('Searching ...')}"
        elif not count:
            told = words.text("Nobody answered. Are you on the cameras' network?")
        if self._marked:
            told += " " + words.text("Selected: %(count)s.") % {"count": len(self._marked)}
        if told != self._told:
            self._told = told
            self.query_one("#status", Static).update(told)

    def _key(self) -> str:
        table = self.query_one("#devices", DataTable)
        if not table.row_count:
            return ""
        return str(table.coordinate_to_cell_key(table.cursor_coordinate).row_key.value)

    def on_input_changed(self, _event: Input.Changed) -> None:
        """Filter as it is typed."""
        self._fill()

    def on_input_submitted(self, _event: Input.Submitted) -> None:
        """Back to the table."""
        self.query_one("#devices").focus()

    def action_filter(self) -> None:
        """To the filter."""
        self.query_one("#filter").focus()

    def action_sort(self) -> None:
        """By the next column."""
        self._by, self._down = (self._by + 1) % len(rows.titles(self.app.kit.words)), False
        self._fill()

    def on_data_table_header_selected(self, event: DataTable.HeaderSelected) -> None:
        """By the column that was clicked; again: the other way round."""
        if event.column_key.value and event.column_key.value.isdecimal():
            by = int(event.column_key.value)
            self._by, self._down = by, by == self._by and not self._down
            self._fill()

    def action_mark(self) -> None:
        """For what is done to many."""
        if key := self._key():
            self._marked ^= {key}
            self._fill()

    def on_data_table_row_selected(self, event: DataTable.RowSelected) -> None:
        """Open it."""
        found = self._shown.get(str(event.row_key.value))
        if found is not None:
            self.app.push_screen(DetailsScreen(found))

    def action_open(self) -> None:
        """The device under the cursor."""
        if found := self._shown.get(self._key()):
            self.app.push_screen(DetailsScreen(found))

    def action_passwords(self) -> None:
        """New passwords for the marked ones, or for the one under the cursor."""
        if chosen := self._chosen():
            self.app.push_screen(RotateScreen(chosen))

    def action_activate(self) -> None:
        """First passwords, for devices of ours."""
        if ours := self._ours():
            self.app.push_screen(ActivateScreen(ours))

    def action_requests(self) -> None:
        """One file of requests to support, from devices of ours."""
        if ours := self._ours():
            self.app.push_screen(RequestsScreen(ours))

    def action_answers(self) -> None:
        """One file of answers from support."""
        self.app.push_screen(AnswersScreen())

    def _chosen(self) -> list[Found]:
        """The marked ones, or the one under the cursor."""
        return [found for key, found in self._shown.items() if key in (self._marked or {self._key()})]

    def _ours(self) -> list[Found]:
        """The same without other makers' devices; when nothing is left, that is said."""
        chosen = self._chosen()
        ours = [found for found in chosen if target_of(found) is not None]
        if chosen and not ours:
            self._told = self.app.kit.words.text(
                "This works for sparekey devices only. Enter shows other makers' ways."
            )
            self.query_one("#status", Static).update(self._told)
        return ours

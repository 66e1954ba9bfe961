"""One device: what is known of it, and which ways back are open."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding
from textual.containers import Horizontal, VerticalScroll
from textual.screen import Screen
from textual.widgets import Button, Static

from sparekey.core.errors import SparekeyError
from sparekey.core.values import MethodName
from sparekey.finder import rows
from sparekey.finder.noes import no
from sparekey.finder.tui.activate import ActivateScreen
from sparekey.finder.tui.forgot import ForgotScreen
from sparekey.finder.tui.keys import Keys
from sparekey.finder.tui.recover import HERE, RecoverScreen
from sparekey.finder.tui.rotate import RotateScreen
from sparekey.finder.tui.targets import target_of
from sparekey.finder.waysback import others, ours
from sparekey.lan.link.frame import Refused
from sparekey.lan.link.ways import Setting

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from sparekey.finder.tui.app import FinderApp
    from sparekey.finder.waysback import WayBack
    from sparekey.lan.discovery.found import Found
    from sparekey.lan.link.ways import Abilities

DIALOGS = (MethodName.SECURITY_CODE, MethodName.RESPONSE_FILE, MethodName.RESPONSE_KEY)


class DetailsScreen(Screen[None]):
    """`found`: what the device told everybody."""

    app: FinderApp
    BINDINGS: ClassVar = [
        Binding("escape", "app.pop_screen"),
        Binding("f", "forgot"),
        Binding("a", "activate"),
        Binding("p", "passwords"),
    ]

    def __init__(self, found: Found) -> None:
        super().__init__()
        self._found = found
        self._abilities: Abilities | None = None

    def compose(self) -> ComposeResult:
        """Facts, buttons, ways."""
        words = self.app.kit.words
        name = f"{self._found.brand} {self._found.model} {self._found.sender}"
        yield Static(name, classes="title", markup=False)
        with VerticalScroll():
            yield Static(self._facts(), classes="line", markup=False)
            with Horizontal(classes="row"):
                yield Button(words.text("Forgot password"), id="forgot", variant="primary", disabled=True)
                yield Button(words.text("First password"), id="activate", disabled=True)
                yield Button(words.text("New password"), id="passwords")
            yield Static(words.text("Which way is open to me?"), classes="title")
            yield Static("", id="ways", classes="line", markup=False)
        yield Keys(
            [
                ("Esc", words.text("Back"), "app.pop_screen"),
                ("f", words.text("Forgot password"), "screen.forgot"),
                ("a", words.text("First password"), "screen.activate"),
                ("p", words.text("New password"), "screen.passwords"),
            ]
        )

    def on_mount(self) -> None:
        """Ask the device what it can do, if it is one of ours."""
        if target_of(self._found) is None:
            self._show_ways(others(self._found, self.app.kit.words))
        else:
            self.run_worker(self._ask(), exclusive=True)

    async def _ask(self) -> None:
        target, kit = target_of(self._found), self.app.kit
        if target is None:
            return
        try:
            met = await self.app.meet(target)
        except SparekeyError as error:
            self.query_one("#ways", Static).update(error.hint or error.slug)
            return
        if isinstance(met, Refused):
            self.query_one("#ways", Static).update(no(met, kit.words))
            return
        self._abilities = met.abilities
        done = met.abilities.setting is Setting.DONE
        forgot = self.query_one("#forgot", Button)
        forgot.disabled = not (done and self._open())
        self.query_one("#activate", Button).disabled = done
        if done:
            self._show_ways(ours(met.abilities, self._found.sender, kit.words))
            if not forgot.disabled:
                forgot.focus()
        else:
            told = kit.words.text("Nobody set a password yet.")
            if met.abilities.setting is Setting.NEEDS_PRESENCE:
                told += " " + kit.words.text("Switch it off and on first: then this works for 30 minutes.")
            self.query_one("#ways", Static).update(told)
            self.query_one("#activate").focus()

    def _open(self) -> list[MethodName]:
        """The ways that this tool can go."""
        ways = self._abilities.ways if self._abilities else ()
        return [way.method for way in ways if way.is_open and way.method in HERE]

    def _facts(self) -> str:
        titles = (
            *rows.titles(self.app.kit.words),
            self.app.kit.words.text("Firmware"),
            self.app.kit.words.text("Start time"),
        )
        told = (*rows.cells(self._found, self.app.kit.words), self._found.firmware, self._found.started)
        return "\n".join(
            f"{title + ':':<18}{value}" for title, value in zip(titles, told, strict=True) if value
        )

    def _show_ways(self, ways: list[WayBack]) -> None:
        lines = []
        for number, way in enumerate(ways, 1):
            lines.append(f"{number}. {way.title}" + (f" ({way.takes})" if way.takes else ""))
            lines += [f"   {text}" for text in ((way.closed,) if way.closed else (way.loses,)) if text]
            if not way.closed and target_of(self._found) is None:
                lines.append(f"   {way.needs}")
        self.query_one("#ways", Static).update("\n".join(lines))

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """As the keys do."""
        {"forgot": self.action_forgot, "activate": self.action_activate, "passwords": self.action_passwords}[
            str(event.button.id)
        ]()

    def action_forgot(self) -> None:
        """The dialog that the device is able to do; where there are several, the person chooses."""
        if self._abilities is None or not self._open():
            return
        if len(self._open()) == 1:
            self.app.push_screen(RecoverScreen(self._found, self._open()[0]))
        else:
            self.app.push_screen(ForgotScreen(self._found, self._open()))

    def action_activate(self) -> None:
        """The first password."""
        if not self.query_one("#activate", Button).disabled:
            self.app.push_screen(ActivateScreen([self._found]))

    def action_passwords(self) -> None:
        """A new password, by one that is known."""
        self.app.push_screen(RotateScreen([self._found]))

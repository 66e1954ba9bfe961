"""The first password of new devices, one or many."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding
from textual.containers import Horizontal, VerticalScroll
from textual.screen import Screen
from textual.widgets import Button, Input, Static

from sparekey.core.errors import SparekeyError
from sparekey.core.values import Secret, mail_address
from sparekey.finder.activating import Activating
from sparekey.finder.many import End
from sparekey.finder.noes import no
from sparekey.finder.tui import new_passwords
from sparekey.finder.tui.fields import Field
from sparekey.finder.tui.keys import Keys
from sparekey.finder.tui.results import ResultsScreen
from sparekey.finder.tui.targets import about, targets_of
from sparekey.lan.link.frame import Refused
from sparekey.lan.link.owner import Login

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from sparekey.finder.tui.app import FinderApp
    from sparekey.lan.discovery.found import Found


class ActivateScreen(Screen[None]):
    """`chosen`: devices of ours that nobody has set up."""

    app: FinderApp
    BINDINGS: ClassVar = [Binding("escape", "app.pop_screen")]

    def __init__(self, chosen: list[Found]) -> None:
        super().__init__()
        self._chosen = chosen

    def compose(self) -> ComposeResult:
        """The password, the address for lost ones, and the login on the label where there is one."""
        words = self.app.kit.words
        title = f"{words.text('First password')}: {about(self._chosen, words)}"
        yield Static(title, classes="title", markup=False)
        with VerticalScroll():
            yield from new_passwords.lines(words)
            for name, label, secret in (
                ("address", words.text("E-mail address for lost passwords"), False),
                ("user", words.text("User on the label, if there is one"), False),
                ("label", words.text("Password on the label"), True),
            ):
                yield Field(label, name, secret=secret)
            with Horizontal(classes="row"):
                yield Button(words.text("Confirm"), id="confirm", variant="primary")
            yield Static("", id="told", classes="told", markup=False)
        yield Keys([("Esc", words.text("Back"), "app.pop_screen")])

    def on_button_pressed(self, _event: Button.Pressed) -> None:
        """Check the fields, then go to the results."""
        kit, told = self.app.kit, self.query_one("#told", Static)
        address, user, label = (
            self.query_one(f"#{name}", Input).value for name in ("address", "user", "label")
        )
        try:
            new = new_passwords.read(self, kit)
            reserved = mail_address(address.strip()) if address.strip() else ""
        except SparekeyError as error:
            told.update(error.hint or error.slug)
            return
        factory = Login(user.strip(), Secret(label)) if user.strip() else None
        activating, places = Activating(new, reserved, factory), targets_of(self._chosen)

        async def one(place: str) -> tuple[End, object, str]:
            known = await self.app.know(places[place])
            answer = known if isinstance(known, Refused) else await activating.one(known)
            if isinstance(answer, Refused):
                return End.REFUSED, None, no(answer, kit.words)
            done = kit.words.text("set up. The user name is %(account)s.")
            return End.DONE, answer, done % {"account": answer.account}

        new_passwords.wipe(self)
        self.query_one("#label", Input).value = ""
        title = kit.words.text("First password")
        self.app.push_screen(ResultsScreen(title, list(places), one, "", lambda: new_passwords.saved(new)))

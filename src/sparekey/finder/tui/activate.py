"""The first password of a new device."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding
from textual.containers import Horizontal, VerticalScroll
from textual.screen import Screen
from textual.widgets import Button, Input, Static

from sparekey.core.errors import SparekeyError
from sparekey.core.values import Secret, mail_address
from sparekey.finder.noes import no
from sparekey.finder.tui.fields import Field
from sparekey.finder.tui.keys import Keys
from sparekey.finder.tui.targets import target_of
from sparekey.lan.link.frame import Refused
from sparekey.lan.link.owner import Activate, Login

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from sparekey.finder.tui.app import FinderApp
    from sparekey.lan.discovery.found import Found


class ActivateScreen(Screen[None]):
    """One device that nobody has set up."""

    app: FinderApp
    BINDINGS: ClassVar = [Binding("escape", "app.pop_screen")]

    def __init__(self, found: Found) -> None:
        super().__init__()
        self._found = found

    def compose(self) -> ComposeResult:
        """The password twice, the address for lost ones, and the login on the label where there is one."""
        words = self.app.kit.words
        title = f"{words.text('First password')}: {self._found.model} {self._found.sender}"
        yield Static(title, classes="title", markup=False)
        with VerticalScroll():
            for name, label, secret in (
                ("new", words.text("New password"), True),
                ("again", words.text("The same once more"), True),
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
        """Do it."""
        self.run_worker(self._do(), exclusive=True)

    async def _do(self) -> None:
        kit, told = self.app.kit, self.query_one("#told", Static)
        new, again, address, user, label = (
            self.query_one(f"#{name}", Input).value for name in ("new", "again", "address", "user", "label")
        )
        target = target_of(self._found)
        if not new or new != again or target is None:
            told.update(kit.words.text("Type the new password twice, the same."))
            return
        try:
            reserved = mail_address(address.strip()) if address.strip() else ""
            known = await self.app.know(target)
            factory = Login(user.strip(), Secret(label)) if user.strip() else None
            answer = (
                known
                if isinstance(known, Refused)
                else await known.send(Activate(Secret(new), reserved, factory))
            )
        except SparekeyError as error:
            told.update(error.hint or error.slug)
            return
        if isinstance(answer, Refused):
            told.update(no(answer, kit.words))
            return
        for name in ("new", "again", "label"):
            self.query_one(f"#{name}", Input).value = ""
        done = kit.words.text("set up. The user name is %(account)s.") % {"account": answer.account}
        told.update(done)

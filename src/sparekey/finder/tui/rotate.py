"""New passwords by one that is known: for one device, or for all that were marked."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding
from textual.containers import Horizontal, VerticalScroll
from textual.screen import Screen
from textual.widgets import Button, Checkbox, Input, Static

from sparekey.core.errors import InputError, SparekeyError
from sparekey.core.values import Secret
from sparekey.finder import vault
from sparekey.finder.logins import Device
from sparekey.finder.rotation import CHANGED, WOULD, Rotation
from sparekey.finder.saving import save_changes
from sparekey.finder.tui.fields import Field, Tick
from sparekey.finder.tui.keys import Keys
from sparekey.finder.tui.meeting import meet_in
from sparekey.finder.tui.results import ResultsScreen
from sparekey.finder.tui.targets import address_of
from sparekey.lan.http_digest import Credential

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from sparekey.finder.many import End
    from sparekey.finder.tui.app import FinderApp
    from sparekey.lan.discovery.found import Found


class RotateScreen(Screen[None]):
    """`chosen`: the devices."""

    app: FinderApp
    BINDINGS: ClassVar = [Binding("escape", "app.pop_screen")]

    def __init__(self, chosen: list[Found]) -> None:
        super().__init__()
        self._addresses = list(dict.fromkeys(address_of(found) for found in chosen))

    def compose(self) -> ComposeResult:
        """The login, where the new ones go, and two buttons: try, do."""
        words = self.app.kit.words
        yield Static(words.text("New passwords"), classes="title")
        with VerticalScroll():
            yield Static("\n".join(self._addresses[:5]) + ("\n..." if len(self._addresses) > 5 else ""),
                         classes="line", markup=False)  # fmt: skip
            told = words.text(
                "Each gets a password of its own. The new one is seen to work, the old one not."
            )
            yield Static(told, classes="line")
            for name, label, secret, value in (
                ("user", words.text("User name"), False, "admin"),
                ("password", words.text("Password that works now"), True, ""),
                ("save", words.text("Where the new ones go: FILE.csv or FILE.kdbx"), False, ""),
                ("master", words.text("Password of the .kdbx"), True, ""),
            ):
                yield Field(label, name, secret=secret, value=value)
            open_ = words.text("Yes, new passwords may travel readable to cameras without https")
            yield Tick(open_, id="cleartext", compact=True)
            with Horizontal(classes="row"):
                yield Button(words.text("Try the login"), id="try", variant="primary")
                yield Button(words.text("Change"), id="do")
            yield Static("", id="told", classes="told", markup=False)
        yield Keys([("Esc", words.text("Back"), "app.pop_screen")])

    def on_mount(self) -> None:
        """The password is what is missing."""
        self.query_one("#password").focus()

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Check the fields, then go to the results."""
        kit, does = self.app.kit, event.button.id == "do"
        user, password, save, master = (
            self.query_one(f"#{name}", Input).value for name in ("user", "password", "save", "master")
        )
        try:
            login = Credential(user, Secret(password))
            path = Path(save.strip()).expanduser()
            if does:
                if not save.strip():
                    raise InputError(
                        "vault", kit.words.text("Say where the new passwords go: FILE.csv or FILE.kdbx")
                    )
                vault.check(path)
                if path.suffix.lower() == ".kdbx" and not master:
                    raise InputError("vault", kit.words.text("A KeePass database has a password of its own."))
        except SparekeyError as error:
            self.query_one("#told", Static).update(error.hint or error.slug)
            return
        rotation = Rotation(kit, does, self.query_one("#cleartext", Checkbox).value, meets=meet_in(self.app))

        async def one(address: str) -> tuple[End, object, str]:
            return await rotation.one(Device(address, (login,)))

        def after() -> str:
            if not does:
                return kit.words.text("Nothing was changed.")
            saved = save_changes(kit, path, Secret(master) if master else None)
            told = kit.words.text("Saved in %(file)s: %(count)s passwords.")
            return told % {"file": path, "count": saved} if saved else ""

        self.query_one("#password", Input).value = ""
        done = kit.words.text(CHANGED if does else WOULD)
        title = kit.words.text("New passwords")
        self.app.push_screen(ResultsScreen(title, self._addresses, one, done, after))

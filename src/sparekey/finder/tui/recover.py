"""The dialogs of a recovery: what to read out or export, what to enter, and the new password."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding
from textual.containers import Horizontal, VerticalScroll
from textual.screen import Screen
from textual.widgets import Button, Checkbox, Input, Static

from sparekey.core.errors import InputError, SparekeyError
from sparekey.core.messages.armour import BATCH_ARMOUR_LIMIT
from sparekey.core.messages.link import link
from sparekey.core.messages.request import read_request
from sparekey.core.values import MethodName, Secret
from sparekey.finder import qr
from sparekey.finder.answers import OVER, read_answers
from sparekey.finder.exporting import facts, save
from sparekey.finder.handing import BACK, Handing
from sparekey.finder.many import End
from sparekey.finder.noes import no
from sparekey.finder.places import bounded_file
from sparekey.finder.recovery import Recovery
from sparekey.finder.renewing import Renewing
from sparekey.finder.tui.fields import Field, Tick
from sparekey.finder.tui.keys import Keys
from sparekey.finder.tui.notice import NoticeScreen
from sparekey.finder.tui.square import SquareScreen
from sparekey.finder.tui.targets import target_of
from sparekey.lan.link.frame import NEEDS_AGREEMENT, Refused
from sparekey.language.catalogue import N_
from sparekey.language.moments import duration

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from sparekey.finder.trusting import Known
    from sparekey.finder.tui.app import FinderApp
    from sparekey.lan.discovery.found import Found
    from sparekey.lan.link.recovery import Opened

TITLES = {
    MethodName.KEY_FILE: N_("The key file that was saved"),
    MethodName.RECOVERY_SHEET: N_("The printed recovery sheet"),
    MethodName.MAIL_CODE: N_("A code to the reserved mailbox"),
    MethodName.SECURITY_CODE: N_("A security code from support, by phone"),
    MethodName.RESPONSE_FILE: N_("A file from support"),
    MethodName.RESPONSE_KEY: N_("A key from support, for a file or a photo"),
}
HERE = frozenset(TITLES)
"""The ways that this tool can go."""
_FILES = {MethodName.KEY_FILE, MethodName.RESPONSE_FILE}
_ASKS = {MethodName.MAIL_CODE, MethodName.SECURITY_CODE, MethodName.RESPONSE_FILE, MethodName.RESPONSE_KEY}
_EXPORTS = {MethodName.RESPONSE_FILE, MethodName.RESPONSE_KEY, MethodName.MAIL_CODE}


class RecoverScreen(Screen[None]):
    """One device, one way."""

    app: FinderApp
    BINDINGS: ClassVar = [Binding("escape", "app.pop_screen")]

    def __init__(self, found: Found, method: MethodName) -> None:
        super().__init__()
        self._found = found
        self._method = method
        self._known: Known | None = None
        self.opened: Opened | None = None

    def compose(self) -> ComposeResult:
        """From top to bottom as it is done."""
        words, method = self.app.kit.words, self._method
        yield Static(
            f"{words.text(TITLES[method])}: {self._found.model} {self._found.sender}",
            classes="title",
            markup=False,
        )
        with VerticalScroll():
            yield Static("", id="facts", classes="line", markup=False)
            with Horizontal(classes="row"):
                if method in _ASKS:
                    yield Button(words.text("Copy"), id="copy", disabled=True)
                if method in _EXPORTS:
                    yield Button(words.text("Export"), id="export", disabled=True)
                    yield Button(words.text("Show the square"), id="square", disabled=True)
            if method in _FILES:
                yield Field(words.text("Path of the file"), "proof")
            else:
                yield Field(words.text("Code"), "proof")
            yield Field(words.text("New password"), "new", secret=True)
            yield Field(words.text("The same once more"), "again", secret=True)
            yield Tick(
                words.text("Reset the cameras' passwords too"), id="cameras", compact=True, disabled=True
            )
            with Horizontal(classes="row"):
                yield Button(words.text("Confirm"), id="confirm", variant="primary", disabled=True)
            yield Static("", id="told", classes="told", markup=False)
        yield Keys([("Esc", self.app.kit.words.text("Back"), "app.pop_screen")])

    def on_mount(self) -> None:
        """Meet the device, and open the request."""
        self.run_worker(self._begin(), exclusive=True)

    async def _begin(self) -> None:
        target, kit = target_of(self._found), self.app.kit
        try:
            known = await self.app.know(target) if target else None
            if known is None or isinstance(known, Refused):
                self._say(no(known, kit.words) if known else "")
                return
            self._known = known
            if self._method in _ASKS:
                opened = await self._open(known)
                if isinstance(opened, Refused):
                    self._say(no(opened, kit.words))
                    return
                self.opened = opened
                self._show(opened)
        except SparekeyError as error:
            self._say(error.hint or error.slug)
            return
        self.query_one("#cameras", Checkbox).disabled = not known.abilities.cameras
        self.query_one("#confirm", Button).disabled = False
        self.query_one("#proof").focus()

    async def _open(self, known: Known) -> Opened | Refused:
        """Where the maker has a legal notice, a person agrees to it first. Raises SparekeyError."""
        recovery, locale = Recovery(known, self.app.kit.journal, self.app.kit.clock), self.app.kit.words.code
        opened = await recovery.open(self._method, locale=locale)
        if isinstance(opened, Refused) and opened.slug == NEEDS_AGREEMENT:
            if not await self.app.push_screen_wait(NoticeScreen()):
                raise InputError("not-agreed", self.app.kit.words.text("Nothing was asked of the device."))
            opened = await recovery.open(self._method, locale=locale, agreed=True)
        return opened

    def _show(self, opened: Opened) -> None:
        words = self.app.kit.words
        lines = [f"{name + ':':<18}{value}" for name, value in facts(opened, words)]
        lines.append(words.plural("%(n)s try left", "%(n)s tries left", opened.tries))
        if opened.left:
            lines.append(
                words.text("Time left, switched on: %(time)s") % {"time": duration(opened.left, words)}
            )
        if opened.pause:
            lines.append(words.text("Time to wait: %(time)s.") % {"time": duration(opened.pause, words)})
        lines.append(words.text("Nothing is lost: recordings and settings stay."))
        self.query_one("#facts", Static).update("\n".join(lines))
        for button in self.query("#copy, #export, #square"):
            button.disabled = button.id != "copy" and not opened.sealed

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Copy, export, show, or do it."""
        opened, words = self.opened, self.app.kit.words
        if event.button.id == "confirm":
            self.run_worker(self._confirm(), exclusive=True)
        elif opened is not None and event.button.id == "copy":
            self.app.copy_to_clipboard("\n".join(f"{name}: {value}" for name, value in facts(opened, words)))
            self._say(words.text("Copied."))
        elif opened is not None and event.button.id == "square":
            self.app.push_screen(SquareScreen(qr.drawn(link(opened.prefix, read_request(opened.sealed)))))
        elif opened is not None:
            path = Path(f"{opened.number}.sparekey-request")
            try:
                save(path, [opened.sealed])
            except SparekeyError as error:
                self._say(error.hint or error.slug)
            else:
                told = words.text("Saved: %(file)s. Send it to support, or use: sparekey send %(file)s")
                self._say(told % {"file": path.resolve()})

    async def _confirm(self) -> None:
        kit, known = self.app.kit, self._known
        proof, new, again = (self.query_one(f"#{name}", Input).value for name in ("proof", "new", "again"))
        if known is None:
            return
        if not proof.strip() or not new or new != again:
            self._say(kit.words.text("Fill in all fields; the new password twice, the same."))
            return
        button = self.query_one("#confirm", Button)
        button.disabled = True
        cameras: list[str] = []
        try:
            file = self._file(proof.strip()) if self._method in _FILES else b""
            handing = Handing(
                kit,
                Renewing(kit, Secret(new), None),
                self.query_one("#cameras", Checkbox).value,
                cameras.append,
            )
            typed = "" if file else proof.strip()
            end, _, why = await handing.do(known, self._method, typed=typed, file=file)
        except SparekeyError as error:
            end, why = End.FAILED, error.hint or error.slug
        self._say("\n".join([kit.words.text(BACK) if end is End.DONE else why, *cameras]))
        for name in ("new", "again", "proof") if end is End.DONE else ():
            self.query_one(f"#{name}", Input).value = ""
        button.disabled = end is End.DONE

    def _file(self, name: str) -> bytes:
        """What is handed in: the answer to this device's request, or the key file. Raises SparekeyError."""
        kit, known = self.app.kit, self._known
        read = read_answers(
            bounded_file(Path(name).expanduser(), BATCH_ARMOUR_LIMIT), kit.journal.begun(), kit.clock.wall()
        )
        if self._method is MethodName.KEY_FILE:
            if read.key_file is None:
                raise InputError(
                    "not-a-key-file", kit.words.text("This is no key file; it ends in .sparekey-key")
                )
            return read.key_file.encoded
        mine = [one for one in read.matched if known and one.begun.key == known.key]
        if not mine:
            raise InputError("foreign", kit.words.text("This file has no answer for this device."))
        if mine[0].expired:
            raise InputError("expired", kit.words.text(OVER))
        return mine[0].file

    def _say(self, sentence: str) -> None:
        self.query_one("#told", Static).update(sentence)

"""The screens in front of a real device process: every dialog up to a new password, pressed as a person presses."""

from __future__ import annotations

import asyncio
import csv
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Button, Checkbox, DataTable, Input, OptionList, Static

from sparekey.core.codes import code_from_bits
from sparekey.core.keys import dated_key, log_id
from sparekey.core.messages.armour import FileKind, wrap
from sparekey.core.messages.batch import make_batch
from sparekey.core.messages.link import link
from sparekey.core.messages.request import Request
from sparekey.core.messages.text import read_any
from sparekey.core.methods.security_code import Spoken
from sparekey.core.values import MethodName, Secret
from sparekey.finder.journal import Journal
from sparekey.finder.kit import Kit
from sparekey.finder.place import read_place
from sparekey.finder.tui.agree import AgreeScreen
from sparekey.finder.tui.app import FinderApp
from sparekey.finder.tui.details import DetailsScreen
from sparekey.finder.tui.notice import NoticeScreen
from sparekey.finder.tui.recover import RecoverScreen
from sparekey.finder.tui.results import ResultsScreen
from sparekey.finder.tui.square import SquareScreen
from sparekey.finder.tui.table import TableScreen
from sparekey.host.clock import SystemClock
from sparekey.host.entropy import SystemEntropy
from sparekey.lan.discovery.found import Found, Protocol
from sparekey.lan.link.client import Met, meet
from sparekey.lan.link.fingerprint import shown
from sparekey.language.catalogue import translator
from sparekey.testing.clock import FixedClock
from sparekey.testing.entropy import FixedEntropy
from tests.device.recorder import NEW, OLD, OWNER
from tests.system.test_device_process import PATIENCE, Device, set_up

SERIAL = "7F2K-0042"


class Screens:
    """Somebody at the screens. Every answer is waited for, as long as it takes."""

    def __init__(self, app: FinderApp, pilot: Pilot[int], device: Device) -> None:
        self.app, self.pilot, self.device = app, pilot, device

    async def until(self, holds: Callable[[], bool]) -> None:
        async with asyncio.timeout(PATIENCE):
            while not holds():
                await self.pilot.pause(0.05)

    async def sees(self, *words: str, at: str = "#told") -> str:
        """Wait until a line says all of that."""
        await self.until(lambda: all(word in self.said(at) for word in words))
        return self.said(at)

    def said(self, at: str) -> str:
        found = self.app.screen.query(at)
        return "\n".join(str(one.render()) for one in found if isinstance(one, Static))

    def fill(self, **fields: str) -> None:
        for name, text in fields.items():
            self.app.screen.query_one(f"#{name}", Input).value = text

    async def press(self, name: str) -> None:
        """A button, once it can be pressed."""
        await self.until(lambda: bool(self.app.screen.query(f"#{name}")))
        button = self.app.screen.query_one(f"#{name}", Button)
        await self.until(lambda: not button.disabled)
        button.press()
        await self.pilot.pause()

    async def at(self, screen: type[object]) -> None:
        await self.until(lambda: isinstance(self.app.screen, screen))

    async def results(self) -> dict[str, str]:
        """What the table of results says when all is over."""
        await self.at(ResultsScreen)
        await self.until(lambda: "Done:" in self.said("#status"))
        table = self.app.screen.query_one("#results", DataTable)
        rows = (table.get_row_at(at) for at in range(table.row_count))
        return {str(address): str(result) for address, result in rows}

    async def opens(self) -> None:
        """The one device of the table."""
        await self.at(TableScreen)
        await self.until(lambda: bool(self.app.screen.query_one("#devices", DataTable).row_count))
        await self.pilot.press("enter")
        await self.at(DetailsScreen)

    async def forgot(self, method: MethodName, *, agrees: bool = True) -> None:
        """To the dialog of one way; the fingerprint is compared at the first contact."""
        await self.opens()
        await self.press("forgot")
        await self.until(lambda: bool(self.app.screen.query(OptionList)))
        ways = self.app.screen.query_one(OptionList)
        ways.highlighted = ways.get_option_index(method.value)
        ways.action_select()
        await self.at(AgreeScreen)
        assert await self.fingerprint() in self.said(".told")
        await self.press("yes" if agrees else "no")

    async def fingerprint(self) -> str:
        met = await meet(read_place(self.device.urls[1]), SystemEntropy())
        assert isinstance(met, Met)
        return shown(met.key)

    def request(self, name: str) -> Request:
        found = read_any(Path(name).read_bytes())
        assert isinstance(found, Request)
        return found


@pytest.fixture
def device(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Device]:
    monkeypatch.chdir(tmp_path)
    made = Device(tmp_path, "hikvision")
    made.clock.now = SystemClock().wall()
    made.start()
    key = (made.folder / "device.key").read_bytes()
    made.desk.enrol(SERIAL, dated_key(key), log_id(key))
    yield made
    if made.process is not None:
        made.cut_power()


def play(device: Device, story: Callable[[Screens], Awaitable[None]], journal: Path | None = None) -> None:
    clock = FixedClock(device.clock.now)
    url = device.urls[1]
    found = Found(
        protocols=(Protocol.SPAREKEY,), sender="127.0.0.1", brand="sparekey", model="PX-3216",
        links=(url + "/",), activated=True,
    )  # fmt: skip

    async def run() -> None:
        with Journal(journal) as kept:
            app = FinderApp(Kit(kept, clock, FixedEntropy(), translator("en")), ())
            async with app.run_test(size=(80, 24)) as pilot:
                await pilot.pause()
                assert isinstance(app.screen, TableScreen)
                app.screen.add(found, clock.monotonic())
                await story(Screens(app, pilot, device))

    asyncio.run(run())


def test_P15_the_code_of_the_phone_call_sets_a_new_password(device: Device) -> None:
    set_up(device)

    async def story(screens: Screens) -> None:
        await screens.forgot(MethodName.SECURITY_CODE)
        await screens.sees(
            "Serial number:", SERIAL, "Start time:", "Request number:", "tries left", at="#facts"
        )
        dialog = screens.app.screen
        assert isinstance(dialog, RecoverScreen)
        assert dialog.opened is not None
        spoken = dialog.opened.spoken
        assert spoken is not None
        await screens.press("copy")
        await screens.sees("Copied.")
        assert SERIAL in screens.app.clipboard
        code = device.desk.dictate(
            Spoken(spoken.serial, spoken.started, dialog.opened.number, spoken.mac), spoken.day
        )
        screens.fill(proof=code.text[:-1] + ("0" if code.text[-1] != "0" else "1"), new=NEW, again=NEW)
        await screens.press("confirm")
        await screens.sees("It cost no try")
        screens.fill(proof=code_from_bits(code.bits ^ 1).shown)
        await screens.press("confirm")
        await screens.sees("4 tries left")
        screens.fill(proof=code.shown, new="short", again="short")
        await screens.press("confirm")
        await screens.until(lambda: "4 tries left" not in screens.said("#told"))
        assert "back in" not in screens.said("#told"), "a password that is too short is taken"
        screens.fill(new=NEW, again=NEW)
        await screens.press("confirm")
        await screens.sees("You are back in")
        assert not any(field.value for field in dialog.query(Input)), "a password stays in a field"

    play(device, story)
    assert device.works(NEW)
    assert not device.works(OLD)


def test_P16_the_file_from_support_sets_a_new_password(device: Device) -> None:
    set_up(device)

    async def story(screens: Screens) -> None:
        await screens.forgot(MethodName.RESPONSE_FILE)
        await screens.press("export")
        name = (await screens.sees("Saved: ")).split("Saved: ")[1].split(". Send")[0]
        request = screens.request("".join(name.split()))
        foreign = device.desk.answer(request).encoded
        Path("answer.sparekey-response").write_text(wrap(FileKind.RESPONSE, foreign[:-1] + b"x", {}))
        screens.fill(proof="answer.sparekey-response", new=NEW, again=NEW)
        await screens.press("confirm")
        await screens.until(lambda: bool(screens.said("#told")) and "Saved" not in screens.said("#told"))
        assert "back in" not in screens.said("#told"), "a changed file opens it"
        answer = device.desk.answer(request)
        Path("answer.sparekey-response").write_text(wrap(FileKind.RESPONSE, answer.encoded, {}))
        await screens.press("confirm")
        await screens.sees("You are back in")

    play(device, story)
    assert device.works(NEW)
    assert not device.works(OLD)


def test_P17_the_key_for_a_square_sets_a_new_password(device: Device) -> None:
    set_up(device)

    async def story(screens: Screens) -> None:
        await screens.forgot(MethodName.RESPONSE_KEY)
        await screens.press("square")
        await screens.at(SquareScreen)
        assert "▀" in screens.said("#square")
        await screens.pilot.press("escape")
        await screens.at(RecoverScreen)
        dialog = screens.app.screen
        assert isinstance(dialog, RecoverScreen)
        assert dialog.opened is not None
        assert dialog.opened.request is not None
        key = device.desk.dictate_key(dialog.opened.request)
        assert key is not None
        screens.fill(proof=key.shown, new=NEW, again=NEW + "x")
        await screens.press("confirm")
        await screens.sees("twice, the same")
        screens.fill(again=NEW)
        await screens.press("confirm")
        await screens.sees("You are back in")

    play(device, story)
    assert device.works(NEW)
    assert not device.works(OLD)


def test_P21_a_legal_notice_is_read_before_a_code_is_asked_for(device: Device) -> None:
    set_up(device)

    async def refuses(screens: Screens) -> None:
        await screens.forgot(MethodName.MAIL_CODE)
        await screens.at(NoticeScreen)
        assert screens.app.screen.query_one("#yes", Button).disabled
        await screens.press("no")
        await screens.at(RecoverScreen)
        await screens.sees("Nothing was asked of the device.")
        assert screens.app.screen.query_one("#confirm", Button).disabled

    async def agrees(screens: Screens) -> None:
        await screens.forgot(MethodName.MAIL_CODE)
        await screens.at(NoticeScreen)
        screens.app.screen.query_one("#agreed", Checkbox).value = True
        await screens.press("yes")
        await screens.sees("The code goes to", at="#facts")
        dialog = screens.app.screen
        assert isinstance(dialog, RecoverScreen)
        assert dialog.opened is not None
        assert dialog.opened.request is not None
        device.desk.send(link(dialog.opened.prefix, dialog.opened.request))
        screens.fill(proof=device.desk.mailbox(OWNER)[-1].code.shown, new=NEW, again=NEW)
        await screens.press("confirm")
        await screens.sees("You are back in")

    play(device, refuses)
    play(device, agrees)
    assert device.works(NEW)


def test_T29_nothing_is_sent_when_the_fingerprint_is_another_one(device: Device) -> None:
    set_up(device)

    async def story(screens: Screens) -> None:
        await screens.forgot(MethodName.RESPONSE_FILE, agrees=False)
        await screens.sees("Nothing was sent")
        assert screens.app.screen.query_one("#confirm", Button).disabled
        assert not screens.app.kit.journal.begun()

    play(device, story)
    assert "open requests: 0" in device.call("status", "--config", str(device.config))


def test_T29_a_device_whose_key_changed_stops_everything(device: Device) -> None:
    set_up(device)

    async def story(screens: Screens) -> None:
        place = device.urls[1].removeprefix("https://")
        screens.app.kit.journal.meet(place, bytes(32), device.clock.now)
        await screens.opens()
        await screens.press("forgot")
        await screens.until(lambda: bool(screens.app.screen.query(OptionList)))
        screens.app.screen.query_one(OptionList).action_select()
        await screens.sees("is not the device that was met there before", "sparekey forget")
        assert screens.app.screen.query_one("#confirm", Button).disabled

    play(device, story)


def test_the_first_password_of_a_new_device(device: Device) -> None:
    async def story(screens: Screens) -> None:
        await screens.opens()
        await screens.press("activate")
        screens.fill(new=OLD, save="new.csv")
        await screens.press("confirm")
        await screens.sees("one of the two")
        screens.fill(new="", address=OWNER)
        await screens.press("confirm")
        await screens.at(AgreeScreen)
        await screens.press("yes")
        (told,) = (await screens.results()).values()
        assert "The user name is admin." in told

    play(device, story)
    with Path("new.csv").open(newline="", encoding="utf-8") as file:
        (saved,) = csv.DictReader(file)
    assert device.works(saved["password"])


def test_B06_requests_in_one_file_and_answers_in_another(device: Device) -> None:
    set_up(device)
    journal = device.folder.parent / "journal"

    async def asks(screens: Screens) -> None:
        await screens.until(lambda: bool(screens.app.screen.query_one("#devices", DataTable).row_count))
        await screens.pilot.press("space", "e")
        await screens.press("save")
        await screens.at(AgreeScreen)
        await screens.press("yes")
        (told,) = (await screens.results()).values()
        assert "Request number" in told

    async def hands_in(screens: Screens) -> None:
        await screens.pilot.press("i")
        await screens.pilot.pause()
        screens.fill(proof="answers.sparekey-response", save="new.csv")
        await screens.press("confirm")
        (told,) = (await screens.results()).values()
        assert "You are back in" in told
        await screens.sees("cannot be read", at="#status")

    play(device, asks, journal)
    found = read_any(Path("site.sparekey-request").read_bytes())
    assert isinstance(found, Request)
    answers = make_batch([b"broken", device.desk.answer(found).encoded])
    Path("answers.sparekey-response").write_text(wrap(FileKind.RESPONSES, answers, {}))
    play(device, hands_in, journal)
    with Path("new.csv").open(newline="", encoding="utf-8") as file:
        (saved,) = csv.DictReader(file)
    assert device.works(saved["password"])
    assert not device.works(OLD)


def test_rotate_from_the_screens_gives_ours_its_own_password(device: Device) -> None:
    set_up(device)

    async def story(screens: Screens) -> None:
        await screens.until(lambda: bool(screens.app.screen.query_one("#devices", DataTable).row_count))
        await screens.pilot.press("p")
        await screens.pilot.pause()
        screens.fill(password=OLD, save="new.csv")
        await screens.press("do")
        await screens.at(AgreeScreen)
        await screens.press("yes")
        (told,) = (await screens.results()).values()
        assert "the old one does not" in told

    play(device, story)
    with Path("new.csv").open(newline="", encoding="utf-8") as file:
        (saved,) = csv.DictReader(file)
    assert device.works(saved["password"])
    assert Secret(saved["password"]).text != OLD

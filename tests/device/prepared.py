"""What an owner prepared, made straight in the machine; and handing it in, as the locked-out do."""

from __future__ import annotations

from typing import Any

from sparekey.core.codes import SavedCode, saved_from_entropy
from sparekey.core.device.events import KeyFileMade, QuestionsSet, SavedProved, SheetMade
from sparekey.core.messages.armour import FileKind, wrap
from sparekey.core.messages.key_file import KeyFile
from sparekey.core.methods import key_file, recovery_sheet
from sparekey.core.methods.questions import hash_answers, substance
from sparekey.core.record import Questions
from sparekey.core.values import Face
from sparekey.testing.device import CHEAP
from tests.device.browser import Browser, Page
from tests.device.recorder import Recorder

TEXTS = ("The street of my first school?", "What did we call the grey cat?", "Where is the red bench?")
ANSWERS = ("Lime Tree Lane", "Baron Žížala", "behind the mill")
AT_SCREEN: dict[str, Any] = {"face": Face.SCREEN, "scheme": "http", "host": "localhost"}


def set_questions(recorder: Recorder) -> None:
    hashed = hash_answers(ANSWERS, recorder.entropy.bytes(16), CHEAP)
    record = recorder.agent.record
    event = QuestionsSet(
        "admin", record.generation, Face.SCREEN, Questions(TEXTS, hashed), substance(ANSWERS)
    )
    assert recorder.agent.tell(event) is None


def make_key_file(recorder: Recorder, serial: str = "") -> str:
    agent, entropy = recorder.agent, recorder.entropy
    generation = agent.record.generation
    serial = serial or agent.config.identity.serial
    file = KeyFile(serial, generation, entropy.bytes(32), entropy.bytes(16))
    if serial == agent.config.identity.serial:
        saved = key_file.keep(file, agent.record, agent.now())
        assert agent.tell(KeyFileMade("admin", generation, Face.SCREEN, saved)) is None
        assert agent.tell(SavedProved("admin", Face.SCREEN, file)) is None
    return wrap(FileKind.KEY, file.encoded, {"Device": serial})


def make_sheet(recorder: Recorder) -> SavedCode:
    agent = recorder.agent
    code = saved_from_entropy(recorder.entropy.bytes(9))
    saved = recovery_sheet.keep(code, agent.record, agent.now())
    assert agent.tell(SheetMade("admin", agent.record.generation, Face.SCREEN, saved)) is None
    return code


def send_file(browser: Browser, path: str, data: str | bytes | None) -> Page:
    """Choose a file in the form of the page that is open, or choose none, and send it."""
    content = data.encode() if isinstance(data, str) else data
    return browser.upload(path, "" if content is None else "a file from my stick", content or b"")


def answers(browser: Browser, given: tuple[str, ...] = ANSWERS) -> Page:
    browser.get("/forgot/questions")
    return browser.press("/forgot/questions", {f"answer{place}": text for place, text in enumerate(given, 1)})


def hand_in(browser: Browser, data: str | bytes | None) -> Page:
    browser.get("/forgot/key-file")
    return send_file(browser, "/forgot/key-file", data)


def type_saved(browser: Browser, code: str) -> Page:
    browser.get("/forgot/sheet")
    return browser.press("/forgot/sheet", {"code": code})

"""Every kind of reset and erase: how it is got ready, what is done, and what may be true after a failure in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from faults.device import CLAIM, NEW, OLD, Device, desk, installed
from sparekey.core.codes import read_code, read_saved, saved_from_entropy
from sparekey.core.device.events import (
    AddressChanged,
    ButtonHeld,
    KeyFileMade,
    PasswordChanged,
    SavedProved,
    SheetMade,
)
from sparekey.core.errors import Refusal
from sparekey.core.keys import dated_key, log_id
from sparekey.core.messages.key_file import KeyFile, read_key_file
from sparekey.core.messages.request import Request
from sparekey.core.messages.response import read_response
from sparekey.core.methods import key_file, recovery_sheet
from sparekey.core.methods.security_code import spoken
from sparekey.core.record import Action, Ask
from sparekey.core.values import Face, MethodName

Prepare = Callable[[Path], bytes]
Act = Callable[[Device, bytes], None]


@dataclass(frozen=True)
class Reset:
    """`prepare` makes a device in a folder and gives the proof that `act` needs. `before` and `after`: which password
    works then. `erases`: the device key goes; `recordings`: those go too.
    """

    name: str
    prepare: Prepare
    act: Act
    before: str = "old"
    after: str = "new"
    erases: bool = False
    recordings: bool = False


def _yes(refusal: Refusal | None) -> None:
    if refusal is not None:
        raise AssertionError(refusal)


def _ready(folder: Path, profile: str = "patronum", model: str = "PX-3216") -> Device:
    device = installed(folder, profile, model, desk())
    device.activate()
    device.record()
    return device


def _ask(device: Device, method: MethodName) -> Ask:
    found = device.recovering.request_of(CLAIM, method)
    if found is None:
        raise AssertionError("no request is open")
    return found


def _chosen(device: Device) -> None:
    _yes(device.recovering.choose_password(CLAIM, NEW, face=Face.SCREEN))


def _new(folder: Path) -> bytes:
    installed(folder, "patronum", "PX-3216", desk()).agent.close()
    return b""


def _activate(device: Device, _proof: bytes) -> None:
    device.activate(NEW)


def _used(folder: Path) -> bytes:
    _ready(folder).agent.close()
    return b""


def _change(device: Device, _proof: bytes) -> None:
    kept, generation = device.agent.passwords.hash(NEW), device.agent.record.generation
    _yes(device.agent.tell(PasswordChanged("admin", generation, Face.SCREEN, kept)))


def _move(device: Device, _proof: bytes) -> None:
    told = AddressChanged("admin", device.agent.record.generation, Face.SCREEN, "other@example.com")
    _yes(device.agent.tell(told))


def _with_key_file(folder: Path) -> bytes:
    device = _ready(folder)
    agent, face = device.agent, Face.SCREEN
    file = KeyFile(
        agent.config.identity.serial,
        agent.record.generation,
        agent.entropy.bytes(32),
        agent.entropy.bytes(16),
    )
    kept = key_file.keep(file, agent.record, agent.now())
    _yes(agent.tell(KeyFileMade("admin", agent.record.generation, face, kept)))
    _yes(agent.tell(SavedProved("admin", face, file)))
    agent.close()
    return file.encoded


def _by_key_file(device: Device, proof: bytes) -> None:
    _yes(device.recovering.hand_in(CLAIM, read_key_file(proof), face=Face.SCREEN))
    _chosen(device)


def _with_sheet(folder: Path) -> bytes:
    device = _ready(folder, "sparekey")
    agent, face = device.agent, Face.SCREEN
    code = saved_from_entropy(agent.entropy.bytes(9))
    kept = recovery_sheet.keep(code, agent.record, agent.now())
    _yes(agent.tell(SheetMade("admin", agent.record.generation, face, kept)))
    _yes(agent.tell(SavedProved("admin", face, code)))
    agent.close()
    return code.text.encode()


def _by_sheet(device: Device, proof: bytes) -> None:
    _yes(device.recovering.type_saved(CLAIM, read_saved(proof.decode()), face=Face.SCREEN))
    _chosen(device)


def _with_mail(folder: Path) -> bytes:
    device, support = _ready(folder, "sparekey"), desk()
    request = device.recovering.open_mail_code(CLAIM, face=Face.SCREEN, locale="en")
    assert isinstance(request, Request)
    body = support.open(request)
    device.agent.close()
    return body.code.text.encode()  # type: ignore[union-attr]


def _by_mail(device: Device, proof: bytes) -> None:
    number = _ask(device, MethodName.MAIL_CODE).number
    _yes(device.recovering.type_code(number, CLAIM, read_code(proof.decode()), face=Face.SCREEN))
    _chosen(device)


def _with_answer(method: MethodName, action: Action, profile: str) -> Prepare:
    def prepare(folder: Path) -> bytes:
        device, support = _ready(folder, profile), desk()
        key = device.agent.keys.device_key
        support.enrol(device.settings.serial, dated_key(key), log_id(key))
        request = device.recovering.open_support(CLAIM, face=Face.SCREEN, method=method)
        assert isinstance(request, Request)
        device.agent.close()
        return support.answer(request, action).encoded

    return prepare


def _by_answer(device: Device, proof: bytes) -> None:
    number = _ask(device, MethodName.RESPONSE_FILE).number
    _yes(device.recovering.take_answer(number, CLAIM, read_response(proof), face=Face.SCREEN))
    _chosen(device)


def _by_technician(device: Device, proof: bytes) -> None:
    number, method = _ask(device, MethodName.TECHNICIAN).number, MethodName.TECHNICIAN
    answer = read_response(proof)
    _yes(device.recovering.take_answer(number, CLAIM, answer, face=Face.SCREEN, method=method))
    _yes(device.recovering.choose_default(CLAIM, face=Face.SCREEN))


def _with_security_code(folder: Path) -> bytes:
    device, support = _ready(folder, "camera-support"), desk()
    key = device.agent.keys.device_key
    support.enrol(device.settings.serial, dated_key(key), log_id(key))
    told = device.recovering.open_security_code(CLAIM, face=Face.SCREEN)
    assert isinstance(told, Ask)
    assert told.frozen is not None
    code = support.dictate(spoken(told, device.agent.now()), told.frozen.day)
    device.agent.close()
    return code.text.encode()


def _to_default(device: Device, proof: bytes) -> None:
    number, method = _ask(device, MethodName.SECURITY_CODE).number, MethodName.SECURITY_CODE
    code = read_code(proof.decode())
    _yes(device.recovering.type_code_of(method, number, CLAIM, code, face=Face.SCREEN))
    _yes(device.recovering.choose_default(CLAIM, face=Face.SCREEN))


def _camera(folder: Path) -> bytes:
    _ready(folder, model="C-220").agent.close()
    return b""


def _hold(device: Device, _proof: bytes) -> None:
    _yes(device.agent.tell(ButtonHeld(5)))


_FILE = MethodName.RESPONSE_FILE
RESETS = {
    reset.name: reset
    for reset in (
        Reset("first-password", _new, _activate, before="must-set"),
        Reset("own-change", _used, _change),
        Reset("address", _used, _move, after="old"),
        Reset("key-file", _with_key_file, _by_key_file),
        Reset("recovery-sheet", _with_sheet, _by_sheet),
        Reset("mail-code", _with_mail, _by_mail),
        Reset("response-file", _with_answer(_FILE, Action.NEW_PASSWORD, "hikvision"), _by_answer),
        Reset("security-code-default", _with_security_code, _to_default, after="must-set", erases=True),
        Reset("reset-button", _camera, _hold, after="must-set", erases=True),
        Reset(
            "technician",
            _with_answer(MethodName.TECHNICIAN, Action.ERASE, "patronum"),
            _by_technician,
            after="must-set",
            erases=True,
            recordings=True,
        ),
    )
}
"""By name. Every way in which a password is set or a device emptied."""

assert OLD != NEW

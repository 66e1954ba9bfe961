"""How each method is played from the locked screen to the new password, by an owner and a desk that do their part."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sparekey.core.codes import SavedCode
from sparekey.core.crypto import PasswordHash, sha256
from sparekey.core.errors import Refusal
from sparekey.core.messages.key_file import KeyFile
from sparekey.core.messages.request import Request
from sparekey.core.methods.security_code import Spoken
from sparekey.core.model import Model
from sparekey.core.values import Face, MethodName
from sparekey.testing.world import World

OLD = "correct old password"
NEW = "a quite new password"
OWNER = "owner@example.com"
CLAIM = sha256(b"the owner's browser")
STRANGER = sha256(b"somebody else's browser")
ASKED = ("First pet?", "Street of your school?", "Mother's birthplace?")
ANSWERS = ("Rex the Second", "U Školy 12", "Hradec Králové")


@dataclass
class Prepared:
    """What the owner keeps in a drawer."""

    key_file: KeyFile | None = None
    sheet: SavedCode | None = None


def ready(
    profile: str,
    cut_at: int | None = None,
    model: Model | None = None,
    makers_store: dict[str, PasswordHash] | None = None,
) -> tuple[World, Prepared]:
    """A world whose recorder is set up with everything that its profile offers."""
    world = World(profile, cut_at, model=model, makers_store=makers_store)
    world.device.power_on()
    return world, prepare(world)


def prepare(world: World) -> Prepared:
    """Set up whatever is not set up yet."""
    kept, device = Prepared(), world.device
    if not device.record.accounts:
        assert device.activate(OLD, OWNER) is None
    offered = device.policy.methods
    if MethodName.QUESTIONS in offered:
        assert device.set_questions(ASKED, ANSWERS) is None
    if MethodName.KEY_FILE in offered:
        kept.key_file = device.make_key_file()
    if MethodName.RECOVERY_SHEET in offered:
        kept.sheet = device.make_sheet()
    world.enrol()
    return kept


def prove(world: World, method: MethodName, kept: Prepared) -> Refusal | None:
    """Everything up to the right proof."""
    return PROOFS[method](world, kept)


def _questions(world: World, _kept: Prepared) -> Refusal | None:
    return world.device.prove(MethodName.QUESTIONS, CLAIM, world.device.answers(ANSWERS))


def _key_file(world: World, kept: Prepared) -> Refusal | None:
    return world.device.prove(MethodName.KEY_FILE, CLAIM, kept.key_file)


def _sheet(world: World, kept: Prepared) -> Refusal | None:
    return world.device.prove(MethodName.RECOVERY_SHEET, CLAIM, kept.sheet)


def _mail_code(world: World, _kept: Prepared) -> Refusal | None:
    request = world.device.open_mail_code(CLAIM)
    assert isinstance(request, Request)
    (mail,) = world.scan_and_send(request)
    return world.device.type_code(request, CLAIM, mail.code)


def _security_code(world: World, _kept: Prepared) -> Refusal | None:
    spoken = world.device.open_security_code(CLAIM)
    assert isinstance(spoken, Spoken)
    ask = world.device.record.request(spoken.number)
    assert ask is not None
    assert ask.frozen is not None
    code = world.desk.dictate(spoken, ask.frozen.day)
    return world.device.prove(MethodName.SECURITY_CODE, CLAIM, code, spoken.number)


def _response_file(world: World, _kept: Prepared) -> Refusal | None:
    request = world.device.open_support(CLAIM)
    assert isinstance(request, Request)
    response = world.desk.answer(request)
    return world.device.prove(MethodName.RESPONSE_FILE, CLAIM, response, request.header.number)


def _response_key(world: World, _kept: Prepared) -> Refusal | None:
    request = world.device.open_support(CLAIM)
    assert isinstance(request, Request)
    key = world.desk.dictate_key(request)
    return world.device.prove(MethodName.RESPONSE_KEY, CLAIM, key, request.header.number)


PROOFS: dict[MethodName, Callable[[World, Prepared], Refusal | None]] = {
    MethodName.QUESTIONS: _questions,
    MethodName.KEY_FILE: _key_file,
    MethodName.RECOVERY_SHEET: _sheet,
    MethodName.MAIL_CODE: _mail_code,
    MethodName.SECURITY_CODE: _security_code,
    MethodName.RESPONSE_FILE: _response_file,
    MethodName.RESPONSE_KEY: _response_key,
}
WHERE = {
    MethodName.QUESTIONS: "patronum",
    MethodName.KEY_FILE: "patronum",
    MethodName.RECOVERY_SHEET: "sparekey",
    MethodName.MAIL_CODE: "sparekey",
    MethodName.SECURITY_CODE: "hikvision",
    MethodName.RESPONSE_FILE: "hikvision",
    MethodName.RESPONSE_KEY: "hikvision",
}
"""A profile that offers each method."""
NETWORK, SCREEN = Face.NETWORK, Face.SCREEN

"""A recovery by calls: the same requests, counters and rights as on the pages (spec/lan.md section 5.5)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sparekey.core.codes import read_code, read_saved
from sparekey.core.crypto import derive, equal
from sparekey.core.errors import InputError, Refusal
from sparekey.core.messages.key_file import read_key_file
from sparekey.core.messages.request import read_request
from sparekey.core.messages.response import read_response
from sparekey.core.methods import METHODS
from sparekey.core.methods.method import Closed
from sparekey.core.methods.security_code import spoken
from sparekey.core.values import Face, MethodName, mask
from sparekey.device.cameras.camera import Result
from sparekey.device.lan_face.calls import FOREIGN_FILE
from sparekey.device.lan_face.rates import Sort
from sparekey.device.pages.pickup import hashed
from sparekey.lan.link import recovery as link
from sparekey.lan.link.cameras import AskResults, CameraResult, Outcome, Results
from sparekey.lan.link.frame import NEEDS_AGREEMENT, Nothing, Refused

if TYPE_CHECKING:
    from starlette.routing import BaseRoute

    from sparekey.core.messages.fields import Fields
    from sparekey.core.record import Ask, Right
    from sparekey.device.lan_face.calls import Caller, Calls
    from sparekey.device.pages.door import Door

_FACE = Face.NETWORK
_TYPED = {MethodName.MAIL_CODE, MethodName.SECURITY_CODE, MethodName.RESPONSE_KEY}
_SAVED = {MethodName.KEY_FILE, MethodName.RECOVERY_SHEET}
_BY_CALL = _TYPED | _SAVED | {MethodName.RESPONSE_FILE}
"""Questions have their page; the button and the technician are at the device itself."""
_CLOSED = {Closed.NOT_OFFERED: Refusal.NOT_OFFERED, Closed.NOT_HERE: Refusal.NOT_OFFERED}
_COUNTED = {Refusal.WRONG_CODE, Refusal.NOT_GENUINE, Refusal.PAUSED, Refusal.TOO_MANY_TRIES}
"""Refusals that say how many entries are left."""


def routes(calls: Calls) -> list[BaseRoute]:
    """The calls of this group."""
    recovery = _Recovery(calls.door)
    return [
        calls.route("begin", Sort.BEGIN, recovery.begin),
        calls.route("show", Sort.LOOK, recovery.show),
        calls.route("apply", Sort.ACT, recovery.apply),
        calls.route("password", Sort.ACT, recovery.choose),
        calls.route("cancel", Sort.ACT, recovery.cancel),
        calls.route("cameras", Sort.LOOK, recovery.results),
    ]


class _Recovery:
    def __init__(self, door: Door) -> None:
        self._door = door
        self._agent = door.agent
        self._recovering = door.recovering

    def begin(self, caller: Caller, fields: Fields) -> link.Opened | Refused | Refusal:
        asked = link.Begin.read(fields)
        method, closed = asked.method, self._closed(asked.method)
        if closed is not None:
            return closed
        token = caller.claim or self._recovering.new_claim()
        claim = hashed(token) or b""
        if method not in _SAVED:
            refusal = self._open(asked, claim)
            if refusal is not None:
                return refusal
        return self._standing(token, method)

    def show(self, caller: Caller, fields: Fields) -> link.Opened | Refusal:
        method = link.Show.read(fields).method
        closed = self._closed(method)
        if closed is not None:
            return closed
        if not caller.claim or (method not in _SAVED and self._ask(caller.hash, method) is None):
            return Refusal.NO_SUCH_REQUEST
        return self._standing(caller.claim, method)

    def apply(self, caller: Caller, fields: Fields) -> link.Granted | Refused | Refusal:
        asked = link.Apply.read(fields)
        closed = self._closed(asked.method)
        if closed is not None:
            return closed
        token = caller.claim or self._recovering.new_claim()
        claim = hashed(token) or b""
        refusal = self._prove(asked, claim)
        if isinstance(refusal, Refused):
            return refusal
        if refusal in _COUNTED:
            tries = self._recovering.tries(asked.method, _FACE)
            return Refused(refusal.value, tries.pause, tries.left)
        if refusal is not None:
            return refusal
        right = self._recovering.right(claim, _FACE)
        return self._granted(token, right) if right else Refusal.EXPIRED

    def choose(self, caller: Caller, fields: Fields) -> link.Recovered | Refused | Refusal:
        asked = link.Choose.read(fields)
        right = self._recovering.right(caller.hash, _FACE)
        if right is None or caller.hash is None:
            return Refusal.EXPIRED if self._recovering.lapsed(caller.hash) else Refusal.NOT_AUTHORISED
        fault = self._agent.password_fault(asked.password.text)
        if fault is not None:
            return Refused(fault.value)
        claim, room = caller.hash, self._door.cameras

        def set_it() -> Refusal | None:
            return self._recovering.choose_password(claim, asked.password.text, face=_FACE)

        along = room is not None and right.cameras and asked.cameras
        refusal = room.recover(set_it, asked.password, shared=True) if room and along else set_it()
        receipt = self._receipt() if along else ""
        return refusal or link.Recovered(right.account, self._agent.afterwards, receipt)

    def results(self, _caller: Caller, fields: Fields) -> Results | Refusal:
        """What became of the cameras, for whoever holds the receipt of the newest recovery."""
        asked = AskResults.read(fields)
        if not equal(asked.receipt.encode(), self._receipt().encode()):
            return Refusal.NO_SUCH_REQUEST
        generation = self._agent.record.generation
        told = []
        for camera in self._agent.cameras.all():
            if camera.change is not None and camera.change.generation == generation:
                told.append(CameraResult(camera.name, Outcome.WAITING))
            elif camera.result_generation == generation:
                done = camera.result in (Result.SHARED.value, Result.OWN.value)
                told.append(CameraResult(camera.name, Outcome.DONE if done else Outcome.FAILED))
        return Results(tuple(told))

    def _receipt(self) -> str:
        """What only whoever finished the newest recovery knows."""
        generation = self._agent.record.generation
        return derive(self._agent.keys.device_key, f"cameras of {generation}")[:16].hex()

    def cancel(self, caller: Caller, fields: Fields) -> Nothing | Refusal:
        number = link.Cancel.read(fields).number
        return self._recovering.cancel(number, caller.hash or b"", face=_FACE) or Nothing()

    def _closed(self, method: MethodName) -> Refusal | None:
        """Why nobody can begin or go on with this method by calls."""
        if method not in _BY_CALL:
            return Refusal.NOT_OFFERED
        closed = self._recovering.greyed(method, _FACE)
        if not self._agent.is_set_up or closed is not None or not self._recovering.reaches_desk(method):
            return _CLOSED.get(closed, Refusal.NOT_SET_UP) if closed else Refusal.NOT_SET_UP
        return None

    def _open(self, asked: link.Begin, claim: bytes) -> Refused | Refusal | None:
        recovering = self._recovering
        if asked.method is MethodName.MAIL_CODE:
            notice = self._agent.config.policy.mail_code.legal_notice and not asked.agreed
            if notice and self._ask(claim, asked.method) is None:
                return Refused(NEEDS_AGREEMENT)
            return _refusal(recovering.open_mail_code(claim, face=_FACE, locale=asked.locale))
        if asked.method is MethodName.SECURITY_CODE:
            return _refusal(recovering.open_security_code(claim, face=_FACE))
        return _refusal(recovering.open_support(claim, face=_FACE))

    def _ask(self, claim: bytes | None, method: MethodName) -> Ask | None:
        """The open request that a proof of this method belongs to."""
        asks = METHODS[method].asks
        return self._recovering.request_of(claim, asks) if asks else None

    def _standing(self, token: str, method: MethodName) -> link.Opened:
        claim, now = hashed(token), self._agent.now()
        tries, kept = self._recovering.tries(method, _FACE), self._ask(claim, method)
        right = self._recovering.right(claim, _FACE)
        reserved, mailed = self._agent.record.reserved, method is MethodName.MAIL_CODE
        dictated = method is MethodName.SECURITY_CODE
        told = spoken(kept, now) if kept and kept.frozen else None
        return link.Opened(
            claim=token,
            method=method,
            action=METHODS[method].action(now),
            tries=tries.left,
            pause=tries.pause,
            number=kept.number if kept else "",
            left=kept.remaining(self._agent.record.age, now.moment) if kept else 0,
            sealed=kept.sealed if kept else b"",
            prefix=self._agent.trust.prefix if kept else "",
            desk=self._agent.trust.name if kept else "",
            spoken=link.Spoken(told.serial, told.started, kept.frozen.day, told.mac)
            if told and kept and kept.frozen
            else None,
            address=mask(reserved.address) if reserved and mailed and kept else "",
            temporary=(self._agent.config.policy.security_code.temporary or "") if dictated else "",
            granted=self._granted(token, right) if right else None,
        )

    def _granted(self, token: str, right: Right) -> link.Granted:
        left = max(0, right.until - self._agent.age())
        return link.Granted(token, right.action, right.account, left)

    def _prove(self, asked: link.Apply, claim: bytes) -> Refused | Refusal | None:
        """Hand the proof to the one verifier. What does not read, or is for something else, costs no try."""
        kept = self._ask(claim, asked.method)
        if asked.method not in _SAVED and kept is None:
            return Refusal.NO_SUCH_REQUEST
        if asked.typed is not None:
            return self._type(asked.method, asked.typed.text, claim, kept)
        if asked.method is MethodName.KEY_FILE:
            file = read_key_file(asked.file)
            if self._recovering.is_foreign(file):
                return Refused(FOREIGN_FILE)
            return self._recovering.hand_in(claim, file, face=_FACE)
        if asked.method is MethodName.RESPONSE_FILE and kept is not None:
            answer = read_response(asked.file)
            if answer.answer.request != read_request(kept.sealed).hash:
                return Refused(FOREIGN_FILE)
            return self._recovering.take_answer(kept.number, claim, answer, face=_FACE)
        raise InputError("proof", "this way in takes no file")

    def _type(
        self, method: MethodName, typed: str, claim: bytes, kept: Ask | None
    ) -> Refused | Refusal | None:
        try:
            if method is MethodName.RECOVERY_SHEET:
                return self._recovering.type_saved(claim, read_saved(typed), face=_FACE)
            code = read_code(typed)
        except InputError as slip:
            return Refused(slip.slug)
        if kept is None or method not in _TYPED:
            raise InputError("proof", "this way in takes no code")
        return self._recovering.type_code_of(method, kept.number, claim, code, face=_FACE)


def _refusal(opened: object) -> Refusal | None:
    return opened if isinstance(opened, Refusal) else None

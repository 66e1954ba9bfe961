"""Security code: serial, start time, request number and date go over the phone, a code of the day comes back.

Start: anyone. Challenge: what is read out, frozen when the request number was made, so that reboot, NTP and 1970 break
nothing. Proof: the code for today or, for two hours, yesterday, counted in days of the request's age from the frozen
date. Grant: a new password; where the profile says so, factory settings instead (spec/requests.md section 10).
"""

from __future__ import annotations

from dataclasses import dataclass

from sparekey.core.codec import encode
from sparekey.core.codes import Code, code_from_entropy
from sparekey.core.crypto import equal, mac, sha256
from sparekey.core.errors import Refusal
from sparekey.core.keys import dated_key
from sparekey.core.methods.method import (
    EVERYWHERE,
    RIGHT_LASTS,
    Method,
    Recordings,
    always_open,
    right_or_wrong,
)
from sparekey.core.policy import DAY
from sparekey.core.record import Action, Ask, Frozen, Record, Situation
from sparekey.core.values import Face, MethodName

GRACE = 2 * 3600
"""Seconds of a new day in which yesterday's code still works."""
DEFAULT_LASTS = 30 * 60
"""Seconds for which a login that may choose factory settings opens the same page again."""

_SPOKEN = b"sparekey/1 spoken\x00"


@dataclass(frozen=True)
class Spoken:
    """What the caller reads out. `started`: Unix seconds as the device shows them. `mac`: only for a camera that is not
    behind a recorder, else empty.
    """

    serial: str
    started: int
    number: str
    mac: str = ""

    @property
    def hash(self) -> bytes:
        """What stands for a request's hash in a case at the desk. It can be guessed, so the log has another one."""
        return sha256(_SPOKEN + encode([self.serial, self.started, self.number, self.mac]))


def code_of_day(key: bytes, spoken: Spoken, day: int) -> Code:
    """The code for one date. `key`: K from enrolment. `day`: whole days since 1970 by the device's own calendar."""
    parts = (spoken.serial, str(spoken.started), spoken.number, str(day), spoken.mac)
    message = b"".join(len(part).to_bytes(2, "big") + part.encode() for part in parts)
    return code_from_entropy(mac(key, b"sparekey/1 security code\x00" + message)[:5])


def challenge(
    record: Record, situation: Situation, *, face: Face, claim: bytes, number: str, revealed: bool = False
) -> Ask:
    """Freeze start time and date under a new request number. `revealed`: by a wrong password at the login."""
    moment = situation.moment
    return Ask(
        number=number,
        method=MethodName.SECURITY_CODE,
        face=face,
        account=record.admin.name if record.admin else "",
        claim=claim,
        valid=situation.policy.security_code.valid,
        opened_age=record.age.at(moment),
        opened_boot=record.age.boots,
        opened_wall=moment.wall,
        bound=record.binding(record.age.at(moment)),
        frozen=Frozen(started=max(0, moment.clock - moment.uptime), day=moment.clock // DAY),
        revealed=revealed,
    )


def spoken(ask: Ask, situation: Situation) -> Spoken:
    """What to read out for an open request."""
    started = ask.frozen.started if ask.frozen else 0
    return Spoken(situation.identity.serial, started, ask.number, situation.mac)


def today(record: Record, ask: Ask, situation: Situation) -> int:
    """The date whose code is right now, in days since 1970 by the frozen calendar."""
    frozen = ask.frozen.day if ask.frozen else 0
    return frozen + (record.age.at(situation.moment) - ask.opened_age) // DAY


def _judge(record: Record, ask: Ask | None, proof: object, situation: Situation) -> Refusal | None:
    if ask is None or ask.frozen is None or not isinstance(proof, Code):
        return Refusal.WRONG_CODE
    lived = record.age.at(situation.moment) - ask.opened_age
    now = today(record, ask, situation)
    also = now - 1 if now > ask.frozen.day and lived % DAY < GRACE else now
    told, key = spoken(ask, situation), dated_key(situation.device_key)
    right = [equal(code_of_day(key, told, day).text.encode(), proof.text.encode()) for day in (now, also)]
    return right_or_wrong(any(right))


def _action(situation: Situation) -> Action:
    may_default = situation.policy.security_code.may_default
    return Action.NEW_PASSWORD_OR_DEFAULT if may_default else Action.NEW_PASSWORD


def _lasts(situation: Situation) -> int:
    return DEFAULT_LASTS if situation.policy.security_code.may_default else RIGHT_LASTS


METHOD = Method(
    name=MethodName.SECURITY_CODE,
    faces=EVERYWHERE,
    asks=MethodName.SECURITY_CODE,
    strong=False,
    needs_desk=True,
    recordings=Recordings.KEPT,
    lasts=_lasts,
    closed=always_open,
    action=_action,
    judge=_judge,
)

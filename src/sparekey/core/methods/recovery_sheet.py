"""Recovery sheet: a saved code of 65 bits on paper, with a QR.

Start: anyone who has it. Challenge: none. Proof: the saved code. Grant: a new password for the admin (spec/codes.md 7).
"""

from __future__ import annotations

from sparekey.core.codes import SavedCode
from sparekey.core.crypto import equal
from sparekey.core.errors import Refusal
from sparekey.core.keys import sheet_verifier
from sparekey.core.methods.method import (
    EVERYWHERE,
    Closed,
    Method,
    Recordings,
    new_password,
    right_or_wrong,
    ten_minutes,
)
from sparekey.core.record import Ask, Record, Saved, Situation
from sparekey.core.values import MethodName


def keep(code: SavedCode, record: Record, situation: Situation) -> Saved:
    """What the device keeps of a new sheet."""
    moment = situation.moment
    return Saved(_verifier(code, record, situation), record.age.at(moment), moment.wall)


def _closed(record: Record, _situation: Situation) -> Closed | None:
    return None if record.factors.sheet else Closed.NO_SHEET


def _judge(record: Record, _ask: Ask | None, proof: object, situation: Situation) -> Refusal | None:
    kept = record.factors.sheet
    if kept is None or not isinstance(proof, SavedCode):
        return Refusal.WRONG_CODE
    return right_or_wrong(equal(kept.verifier, _verifier(proof, record, situation)))


def _verifier(code: SavedCode, record: Record, situation: Situation) -> bytes:
    return sheet_verifier(situation.device_key, record.generation, code, situation.cost)


METHOD = Method(
    name=MethodName.RECOVERY_SHEET,
    faces=EVERYWHERE,
    asks=None,
    strong=True,
    needs_desk=False,
    recordings=Recordings.KEPT,
    lasts=ten_minutes,
    closed=_closed,
    action=new_password,
    judge=_judge,
)

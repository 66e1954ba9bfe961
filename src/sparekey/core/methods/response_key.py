"""Response key: the code that support reads out for a request it was sent as a file or a photo of the QR.

Start, challenge: the same request as for a response file; accepting either kills both. Proof: eight characters.
Grant: a new password for the admin. The recommended profile has it off (spec/requests.md section 12).
"""

from __future__ import annotations

from sparekey.core.codes import Code
from sparekey.core.crypto import equal
from sparekey.core.errors import Refusal
from sparekey.core.keys import key_secret
from sparekey.core.methods.method import (
    EVERYWHERE,
    Method,
    Recordings,
    always_open,
    new_password,
    right_or_wrong,
    ten_minutes,
)
from sparekey.core.record import Ask, Record, Situation
from sparekey.core.values import MethodName


def _judge(_record: Record, ask: Ask | None, proof: object, situation: Situation) -> Refusal | None:
    if ask is None or not isinstance(proof, Code):
        return Refusal.WRONG_CODE
    secret = key_secret(situation.device_key, ask.number, ask.salt)
    return right_or_wrong(equal(secret.text.encode(), proof.text.encode()))


def _cameras(situation: Situation, _proof: object) -> bool:
    """A key says nothing: whoever types it chooses."""
    return situation.policy.response.cameras_too


METHOD = Method(
    name=MethodName.RESPONSE_KEY,
    faces=EVERYWHERE,
    asks=MethodName.RESPONSE_FILE,
    strong=False,
    needs_desk=True,
    recordings=Recordings.KEPT,
    lasts=ten_minutes,
    closed=always_open,
    action=new_password,
    judge=_judge,
    cameras=_cameras,
)

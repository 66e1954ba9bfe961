"""Key file: exported once, kept by the owner, uploaded to get back in. Bound to the device and its generation.

Start: anyone who has it. Challenge: none. Proof: the file. Grant: a new password for the admin (spec/files.md 5).
"""

from __future__ import annotations

from enum import Enum

from sparekey.core.crypto import equal
from sparekey.core.errors import Refusal
from sparekey.core.keys import saved_verifier
from sparekey.core.messages.key_file import KeyFile
from sparekey.core.methods.method import EVERYWHERE, Closed, Method, Recordings, new_password, ten_minutes
from sparekey.core.record import Ask, Record, Saved, Situation
from sparekey.core.values import MethodName


class Standing(Enum):
    """What a key file is worth on this device."""

    VALID = "valid"
    REPLACED = "replaced"
    OTHER_DEVICE = "other-device"


def keep(file: KeyFile, record: Record, situation: Situation) -> Saved:
    """What the device keeps of a new key file."""
    moment = situation.moment
    return Saved(_verifier(file, situation), record.age.at(moment), moment.wall)


def standing(file: KeyFile, record: Record, situation: Situation) -> Standing:
    """Whether the file is this device's and of this generation. Tells the holder, who has the file anyway, and nobody
    else: a wrong secret is REPLACED too.
    """
    if file.serial != situation.identity.serial:
        return Standing.OTHER_DEVICE
    return Standing.REPLACED if _judge(record, None, file, situation) else Standing.VALID


def _closed(record: Record, _situation: Situation) -> Closed | None:
    return None if record.factors.key_file else Closed.NO_KEY_FILE


def _judge(record: Record, _ask: Ask | None, proof: object, situation: Situation) -> Refusal | None:
    kept = record.factors.key_file
    if kept is None or not isinstance(proof, KeyFile):
        return Refusal.NOT_GENUINE
    own = proof.serial == situation.identity.serial and proof.generation == record.generation
    return None if equal(kept.verifier, _verifier(proof, situation)) and own else Refusal.NOT_GENUINE


def _verifier(file: KeyFile, situation: Situation) -> bytes:
    return saved_verifier(situation.device_key, "key file", file.generation, file.secret)


METHOD = Method(
    name=MethodName.KEY_FILE,
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

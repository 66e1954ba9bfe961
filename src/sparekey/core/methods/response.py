"""How a device judges a file from the desk: the same for a new password and for the technician's erase.

In this order: is it for this very request, is its secret the one sealed there, did the desk sign it, does it allow what
this request may ask for, is it still in time, and does it stand in the public log as the trust file demands.
"""

from __future__ import annotations

from dataclasses import replace

from sparekey.core.crypto import sha256
from sparekey.core.errors import InputError, Refusal, UntrustedError
from sparekey.core.keys import file_secret, log_id
from sparekey.core.messages.response import Answer, Response, check_response
from sparekey.core.record import Action, Ask, Lasting, Record, Situation
from sparekey.core.tlog.checkpoint import Checkpoint, read_checkpoint
from sparekey.core.tlog.leaf import LeafAction
from sparekey.core.tlog.proof import check_proof, read_proof
from sparekey.core.values import MethodName

CLOCK_SLACK = 15 * 60
"""Seconds by which the clocks of a device and a desk may differ."""

_ALLOWED = {
    MethodName.RESPONSE_FILE: LeafAction(Action.NEW_PASSWORD.value),
    MethodName.TECHNICIAN: LeafAction(Action.ERASE.value),
}


def judge(record: Record, ask: Ask | None, proof: object, situation: Situation) -> Refusal | None:
    """None when the file holds. Only who has the genuine file is told that it is out of time."""
    if ask is None or not isinstance(proof, Response):
        return Refusal.NOT_GENUINE
    secret = file_secret(situation.device_key, ask.number, ask.salt)
    try:
        answer = check_response(proof, sha256(ask.sealed), situation.identity.serial, secret, situation.trust)
        if answer.action is not _ALLOWED[ask.method]:
            return Refusal.NOT_GENUINE
        _check_log(record, ask, answer, proof, situation)
    except (InputError, UntrustedError):
        return Refusal.NOT_GENUINE
    return None if _in_time(record, ask, answer, situation) else Refusal.EXPIRED


def learns(record: Record, proof: object) -> Lasting:
    """The checkpoint and the signed time of a file that held."""
    lasting = record.lasting
    if not isinstance(proof, Response):
        return lasting
    checkpoint = read_checkpoint(read_proof(proof.proof).note.text)
    signed = max(lasting.signed, proof.answer.issued)
    return replace(
        lasting,
        tree_origin=checkpoint.origin,
        tree_size=checkpoint.size,
        tree_root=checkpoint.root,
        signed=signed,
    )


def cameras(situation: Situation, proof: object) -> bool:
    """Whether the file says so, in a profile that takes it."""
    return situation.policy.response.cameras_too and isinstance(proof, Response) and proof.answer.cameras


def _check_log(record: Record, ask: Ask, answer: Answer, proof: Response, situation: Situation) -> None:
    """The device rebuilds the leaf itself. Without a log in the trust file nothing is taken."""
    trust, lasting = situation.trust, record.lasting
    if not trust.logs:
        raise UntrustedError("no-log", "the trust file names no log; ask for a newer one")
    origin = trust.logs[0].name
    known = (
        Checkpoint(origin, lasting.tree_size, lasting.tree_root) if lasting.tree_origin == origin else None
    )
    leaf = answer.leaf(ask.method, log_id(situation.device_key))
    check_proof(leaf, read_proof(proof.proof), origin, trust.log_keys(origin), trust.witnesses, known)


def _in_time(record: Record, ask: Ask, answer: Answer, situation: Situation) -> bool:
    """By a trusted clock: between issue and expiry. Without one: by the age of the request."""
    rules, moment = situation.policy.response, situation.moment
    if moment.wall is None:
        return record.age.at(moment) - ask.opened_age < rules.file_age
    ends = min(answer.expires, answer.issued + rules.file_valid)
    return answer.issued - CLOCK_SLACK <= moment.wall < ends

"""Mailed code: the screen shows a QR, a phone carries it to the desk, the desk mails the code to the sealed address.

Start: anyone at the screen or the network, when an address is reserved. Challenge: the sealed request as a QR.
Proof: the code from the mail. Grant: a new password for the admin (spec/requests.md section 6).
"""

from __future__ import annotations

from sparekey.core import crypto
from sparekey.core.codes import Code
from sparekey.core.errors import Refusal
from sparekey.core.keys import code_verifier
from sparekey.core.messages.header import Purpose
from sparekey.core.messages.request import Header, Kind, MailBody, Request, fitting, seal_mail
from sparekey.core.methods.method import (
    EVERYWHERE,
    Closed,
    Method,
    Recordings,
    new_password,
    right_or_wrong,
    ten_minutes,
)
from sparekey.core.record import Ask, Record, Situation
from sparekey.core.values import Face, MethodName


def challenge(
    record: Record,
    situation: Situation,
    *,
    face: Face,
    claim: bytes,
    number: str,
    code: Code,
    tls: bytes,
    locale: str,
) -> tuple[Ask, Request]:
    """Make a request: what the device keeps, and what travels. Not repeatable, since it seals.

    `record` has a reserved address and an admin: ask `METHOD.greyed` first. `claim`: hash of the opener's pickup code.
    """
    moment, policy = situation.moment, situation.policy.mail_code
    key = situation.trust.sealing_key(Purpose.MAIL)
    header = Header(
        kind=Kind.MAIL,
        desk=situation.trust.desk,
        key=crypto.key_id(key),
        identity=situation.identity,
        number=number,
        tls=tls,
        valid=policy.valid,
        made=moment.wall,
    )
    account = record.admin.name if record.admin else ""
    listening = fitting(record.listening(record.age.at(moment)))
    body = MailBody(code, listening, locale, account, record.ticket, fleeting=policy.reboot_voids)
    request = seal_mail(header, body, key)
    ask = Ask(
        number=number,
        method=MethodName.MAIL_CODE,
        face=face,
        account=account,
        claim=claim,
        sealed=request.encoded,
        verifier=code_verifier(_root(policy.reboot_voids, situation), number, code),
        valid=policy.valid,
        memory_only=policy.reboot_voids,
        opened_age=record.age.at(moment),
        opened_boot=record.age.boots,
        opened_wall=moment.wall,
        bound=record.binding(record.age.at(moment)),
    )
    return ask, request


def _closed(record: Record, _situation: Situation) -> Closed | None:
    return None if record.reserved and record.admin else Closed.NO_ADDRESS


def _judge(_record: Record, ask: Ask | None, proof: object, situation: Situation) -> Refusal | None:
    if ask is None or not isinstance(proof, Code):
        return Refusal.WRONG_CODE
    verifier = code_verifier(_root(ask.memory_only, situation), ask.number, proof)
    return right_or_wrong(crypto.equal(ask.verifier, verifier))


def _root(memory_only: bool, situation: Situation) -> bytes:
    return situation.moment.boot_key if memory_only else situation.device_key


METHOD = Method(
    name=MethodName.MAIL_CODE,
    faces=EVERYWHERE,
    asks=MethodName.MAIL_CODE,
    strong=False,
    needs_desk=True,
    recordings=Recordings.KEPT,
    lasts=ten_minutes,
    closed=_closed,
    action=new_password,
    judge=_judge,
)

"""Mailed code: the screen shows a QR, a phone carries it to the desk, the desk mails the code to the sealed address.

Start: anyone at the screen or the web page, when an address is reserved. Challenge: the sealed request as a QR.
Proof: the code from the mail. Grant: a new password for the admin (spec/requests.md section 6).
"""

from __future__ import annotations

from sparekey.core import crypto
from sparekey.core.codes import Code
from sparekey.core.messages.request import Header, Kind, MailBody, Request, fitting, seal_mail
from sparekey.core.messages.trust import Purpose, Trust
from sparekey.core.methods.method import Closed, Method
from sparekey.core.record import Ask, Record, Situation
from sparekey.core.values import Face, MethodName


def challenge(
    record: Record,
    situation: Situation,
    trust: Trust,
    *,
    face: Face,
    claim: bytes,
    number: str,
    code: Code,
    tls: bytes,
    locale: str,
) -> tuple[Ask, Request]:
    """Make a request: what the device keeps, and what travels. Not repeatable, since it seals.

    `record` has a reserved address and an admin: ask `METHOD.closed` first. `claim`: hash of the opener's pickup code.
    """
    age = record.age.at(situation.moment)
    policy = situation.policy.mail_code
    header = Header(
        kind=Kind.MAIL,
        desk=trust.desk,
        key=crypto.key_id(trust.sealing_key(Purpose.MAIL)),
        identity=situation.identity,
        number=number,
        tls=tls,
        valid=policy.valid,
        made=situation.moment.wall,
    )
    account = record.admin.name if record.admin else ""
    listening = record.reserved.listening(age) if record.reserved else ()
    body = MailBody(code, fitting(listening), locale, account)
    request = seal_mail(header, body, trust.sealing_key(Purpose.MAIL))
    ask = Ask(
        number=number,
        method=MethodName.MAIL_CODE,
        face=face,
        account=account,
        claim=claim,
        sealed=request.encoded,
        verifier=_verifier(number, code, policy.reboot_voids, situation),
        valid=policy.valid,
        memory_only=policy.reboot_voids,
        opened_age=age,
        opened_boot=record.age.boots,
        opened_wall=situation.moment.wall,
    )
    return ask, request


def _closed(record: Record, _situation: Situation) -> Closed | None:
    return None if record.reserved and record.admin else Closed.NO_ADDRESS


def _holds(ask: Ask, proof: Code, situation: Situation) -> bool:
    return crypto.equal(ask.verifier, _verifier(ask.number, proof, ask.memory_only, situation))


def _verifier(number: str, code: Code, memory_only: bool, situation: Situation) -> bytes:
    """What is kept instead of the code: a MAC under a key that no database holds."""
    root = situation.moment.boot_key if memory_only else situation.device_key
    return crypto.mac(crypto.derive(root, "code verifier"), f"{number} {code.text}".encode())


METHOD = Method(
    name=MethodName.MAIL_CODE,
    faces=frozenset(Face),
    needs_desk=True,
    keeps_recordings=True,
    closed=_closed,
    valid=lambda policy: policy.mail_code.valid,
    memory_only=lambda policy: policy.mail_code.reboot_voids,
    holds=_holds,
)

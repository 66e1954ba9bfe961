"""What a device seals about itself: its enrolment, a code that confirms its address, a notice to its owner.

None of it is repeatable, since it seals; the machine takes what was sealed in an event (spec/enrolment.md).
"""

from __future__ import annotations

from dataclasses import replace

from sparekey.core import crypto
from sparekey.core.codes import Code
from sparekey.core.effects import Notify
from sparekey.core.enrolled import Confirming, Enrolment
from sparekey.core.keys import confirm_verifier, dated_key, log_id
from sparekey.core.messages.enrol import EnrolBody, refresh_mac
from sparekey.core.messages.header import VALID_LIMIT
from sparekey.core.messages.notice import NoticeBody
from sparekey.core.messages.request import Header, Kind, MailBody, Request, fitting, seal_body
from sparekey.core.record import Record, Situation


def enrolment(
    record: Record, situation: Situation, *, number: str, tls: bytes, locale: str, token: bytes | None
) -> Enrolment:
    """Seal what the desk is to know now. `token`: 32 bytes that the factory left, or None.

    Raises UntrustedError (`no-key`) where the trust file names no key for enrolments.
    """
    header, public = _header(Kind.ENROL, situation, number, tls, VALID_LIMIT)
    age, held = record.age.at(situation.moment), record.enrolment
    key = dated_key(situation.device_key)
    body = EnrolBody(
        key=key,
        log_id=log_id(situation.device_key),
        count=held.count + 1 if held else 1,
        epoch=record.lasting.epoch,
        locale=locale,
        addresses=fitting(record.listening(age)),
        confirmed=record.reserved is not None and record.reserved.confirmed,
        token=token,
    )
    # Under its own K: should the desk have this K already, the change is the device's own.
    body = replace(body, refresh=refresh_mac(key, header, body))
    request = seal_body(header, body, public)
    return Enrolment(body.count, request.encoded, record.saying(age), ticket=held.ticket if held else b"")


def confirming(
    record: Record, situation: Situation, *, number: str, code: Code, tls: bytes, locale: str
) -> Confirming:
    """Seal a code for the reserved address, which is there. Raises UntrustedError (`no-key`)."""
    policy = situation.policy.mail_code
    header, public = _header(Kind.MAIL, situation, number, tls, policy.valid)
    address = record.reserved.address if record.reserved else ""
    account = record.admin.name if record.admin else ""
    body = MailBody(code, (address,), locale, account, record.ticket, confirms=True)
    request = seal_body(header, body, public)
    verifier = confirm_verifier(situation.device_key, number, code)
    return Confirming(
        number, address, request.encoded, verifier, policy.valid, record.age.at(situation.moment)
    )


def notice(order: Notify, situation: Situation, *, number: str, tls: bytes, locale: str) -> Request:
    """Seal what the owner is to hear. Raises UntrustedError (`no-key`)."""
    header, public = _header(Kind.NOTICE, situation, number, tls, VALID_LIMIT)
    body = NoticeBody(
        what=order.what,
        age=order.age,
        account=order.account,
        addresses=fitting(order.addresses),
        locale=locale,
        wall=order.wall,
        request=order.request or None,
        ticket=order.ticket or None,
    )
    return seal_body(header, body, public)


def _header(kind: Kind, situation: Situation, number: str, tls: bytes, valid: int) -> tuple[Header, bytes]:
    public = situation.trust.sealing_key(kind.purpose)
    header = Header(
        kind=kind,
        desk=situation.trust.desk,
        key=crypto.key_id(public),
        identity=situation.identity,
        number=number,
        tls=tls,
        valid=valid,
        made=situation.moment.wall,
    )
    return header, public

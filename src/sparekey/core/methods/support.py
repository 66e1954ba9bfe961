"""A request to support: the one challenge behind a response file, a response key and the technician's file.

What it seals is made again from the device key and a fresh salt whenever a proof is judged; neither secret is stored.
"""

from __future__ import annotations

from sparekey.core import crypto
from sparekey.core.keys import file_secret, key_secret
from sparekey.core.messages.header import Purpose
from sparekey.core.messages.request import Header, Kind, Request, seal_body
from sparekey.core.messages.support import SupportBody
from sparekey.core.messages.technician import TechnicianBody
from sparekey.core.record import Ask, Record, Situation
from sparekey.core.values import Face, MethodName


def challenge(
    record: Record,
    situation: Situation,
    *,
    method: MethodName,
    face: Face,
    claim: bytes,
    number: str,
    salt: bytes,
    tls: bytes,
) -> tuple[Ask, Request]:
    """Make a request: what the device keeps, and what travels. Not repeatable, since it seals.

    `method`: RESPONSE_FILE or TECHNICIAN. `salt`: 16 random bytes. The key secret goes in only where the profile offers
    the response key, and never into a technician's request.
    """
    moment, policy = situation.moment, situation.policy
    public = situation.trust.sealing_key(Purpose.SUPPORT)
    technician = method is MethodName.TECHNICIAN
    header = Header(
        kind=Kind.TECHNICIAN if technician else Kind.SUPPORT,
        desk=situation.trust.desk,
        key=crypto.key_id(public),
        identity=situation.identity,
        number=number,
        tls=tls,
        valid=policy.response.valid,
        made=moment.wall,
        seen=_seen(record, situation),
    )
    secret = file_secret(situation.device_key, number, salt)
    typed = (
        key_secret(situation.device_key, number, salt) if MethodName.RESPONSE_KEY in policy.methods else None
    )
    ticket = record.ticket
    body = TechnicianBody(secret, ticket) if technician else SupportBody(secret, typed, ticket)
    request = seal_body(header, body, public)
    ask = Ask(
        number=number,
        method=method,
        face=face,
        account=record.admin.name if record.admin else "",
        claim=claim,
        sealed=request.encoded,
        salt=salt,
        valid=policy.response.valid,
        opened_age=record.age.at(moment),
        opened_boot=record.age.boots,
        opened_wall=moment.wall,
        bound=record.binding(record.age.at(moment)),
    )
    return ask, request


def _seen(record: Record, situation: Situation) -> int:
    """Entries of the log when this device last saw it; none of a log that the trust file no longer names."""
    named = {key.name for key in situation.trust.logs}
    return record.lasting.tree_size if record.lasting.tree_origin in named else 0

"""One example of every message, made from fixed keys. Only sealing differs from run to run."""

from __future__ import annotations

from sparekey.core import crypto
from sparekey.core.codes import code_from_bits
from sparekey.core.messages.enrol import EnrolBody
from sparekey.core.messages.enrol_reply import EnrolReply
from sparekey.core.messages.header import Header, Kind
from sparekey.core.messages.key_file import KeyFile
from sparekey.core.messages.mail import MailBody
from sparekey.core.messages.notice import NoticeBody, Noticed
from sparekey.core.messages.pairing import make_pairing
from sparekey.core.messages.request import Body
from sparekey.core.messages.response import Answer
from sparekey.core.messages.support import SupportBody
from sparekey.core.messages.technician import TechnicianBody
from sparekey.core.messages.trust import Purpose, Trust
from sparekey.core.tlog.checkpoint import log_key
from sparekey.core.tlog.leaf import LeafAction
from sparekey.core.tlog.note import KeyType, VerifierKey
from sparekey.core.tlog.witness import WitnessPolicy
from sparekey.core.values import Identity


def fixed(name: str, count: int = 32) -> bytes:
    """Bytes that always are the same for a name."""
    return crypto.sha256(name.encode())[:count]


PRIVATE = {purpose: fixed(f"desk key for {purpose.name}") for purpose in Purpose}
PUBLIC = {purpose: crypto.sealing_public(key) for purpose, key in PRIVATE.items()}
SIGNING = fixed("desk signing key")
ROOT = fixed("maker's root key")
ROOT_PUBLIC = crypto.signing_public(ROOT)
DESK = fixed("desk", 8)
SERIAL = "PX-3216-0001"
NUMBER = "4F7Q0001"
NOW = 1_700_000_000
FILE_SECRET = fixed("file secret")
TICKET = fixed("ticket", 16)
DEVICE_KEY = fixed("device key K")
TOKEN = fixed("factory token")
PROOF = b"stands in for a proof"
CODE = code_from_bits(12_345_678_901)

BODIES: dict[Kind, Body] = {
    Kind.MAIL: MailBody(CODE, ("owner@example.com", "shop@example.com"), "en", "admin", TICKET),
    Kind.SUPPORT: SupportBody(FILE_SECRET, CODE, TICKET),
    Kind.TECHNICIAN: TechnicianBody(FILE_SECRET, TICKET),
    Kind.ENROL: EnrolBody(
        DEVICE_KEY,
        fixed("log id", 16),
        2,
        1,
        "cs",
        ("owner@example.com",),
        confirmed=True,
        token=TOKEN,
        refresh=fixed("refresh"),
    ),
    Kind.NOTICE: NoticeBody(
        Noticed.ADDRESS_CHANGED,
        3600,
        "admin",
        ("owner@example.com",),
        "en",
        wall=NOW,
        request=fixed("request"),
        ticket=TICKET,
    ),
}
PLAIN_BODIES: dict[Kind, Body] = {
    Kind.MAIL: MailBody(CODE, ("owner@example.com",), "cs", "admin"),
    Kind.SUPPORT: SupportBody(FILE_SECRET),
    Kind.TECHNICIAN: TechnicianBody(FILE_SECRET),
    Kind.ENROL: EnrolBody(DEVICE_KEY, fixed("log id", 16), 1, 0, "en"),
    Kind.NOTICE: NoticeBody(Noticed.ERASED, 0, "admin", ("owner@example.com",), "cs"),
}
"""The same with every optional field left out."""


def header(kind: Kind, made: int | None = NOW) -> Header:
    """A header of this kind."""
    return Header(
        kind=kind,
        desk=DESK,
        key=crypto.key_id(PUBLIC[kind.purpose]),
        identity=Identity(SERIAL, "PX-3216", "1.0.0"),
        number=NUMBER,
        tls=fixed("tls key"),
        valid=86_400,
        made=made,
    )


def log(name: str) -> VerifierKey:
    """A key of the recovery log."""
    return log_key("desk.example.com/log", crypto.signing_public(fixed(name)))


def witness(name: str) -> VerifierKey:
    """A witness's key."""
    return VerifierKey(name, KeyType.COSIGNATURE, crypto.signing_public(fixed(name)))


TRUST = Trust(
    desk=DESK,
    name="Example support",
    prefix="HTTPS://DESK.EXAMPLE.COM/R/",
    version=3,
    sealing=tuple((purpose, (PUBLIC[purpose],)) for purpose in Purpose),
    signing=(crypto.signing_public(SIGNING),),
)
FULL_TRUST = Trust(
    desk=DESK,
    name="Example support",
    prefix="HTTPS://DESK.EXAMPLE.COM/R/",
    version=4,
    sealing=TRUST.sealing,
    signing=(*TRUST.signing, crypto.signing_public(fixed("next signing key"))),
    revoked=(fixed("lost key", 8),),
    logs=(log("first log key"), log("second log key")),
    witnesses=WitnessPolicy((witness("w1.example.com"), witness("w2.example.net")), 1),
    floor=7,
)
ANSWER = Answer(
    desk=DESK,
    request=fixed("request"),
    serial=SERIAL,
    action=LeafAction.NEW_PASSWORD,
    issued=NOW,
    expires=NOW + 86_400,
    policy=7,
    approvers=(bytes(8),),
    cameras=True,
)
KEY_FILE = KeyFile(SERIAL, 3, fixed("key file secret"), fixed("salt", 16), NOW)
PAIRING = make_pairing(
    DEVICE_KEY, desk=DESK, token=fixed("token", 16), serial=SERIAL, series=3, age=8_640_000
)
REPLY = EnrolReply(fixed("enrolment"), TICKET, b"a trust file's bytes", 1)

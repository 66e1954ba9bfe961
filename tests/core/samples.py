"""One recorder, one owner, one moment: what most tests of the core start from."""

from __future__ import annotations

from dataclasses import replace

from sparekey.core import crypto
from sparekey.core.codes import Code, code_from_bits
from sparekey.core.crypto import Argon2Cost, PasswordHash, sha256
from sparekey.core.device import Guarded
from sparekey.core.methods.mail_code import challenge
from sparekey.core.policy import MailCode, Policy
from sparekey.core.record import Account, Ask, Record, Reserved, Situation
from sparekey.core.values import Face, Moment
from tests.vectors.desk import HEADER, MADE, TRUST

CHEAP = Argon2Cost(memory=8, passes=1)
"""A password hash that costs nothing."""
OWNER = "owner@example.com"
CLAIM = sha256(b"the owner's browser")
STRANGER = sha256(b"a stranger's browser")
NOBODY = b""
DEVICE_KEY = sha256(b"sparekey test device")
CODE = code_from_bits(0x1_2345_6789)
WRONG = code_from_bits(0x1_2345_678A)
NUMBER = "7KM2Q4XZ"
POLICY = Policy(name="test", title="Test")
VOLATILE = replace(POLICY, mail_code=MailCode(reboot_voids=True))
OLD = PasswordHash(CHEAP, bytes(16), bytes(32))
NEW = PasswordHash(CHEAP, b"n" * 16, b"n" * 32)
RECORD = Record(accounts=(Account("admin", OLD, admin=True),), reserved=Reserved(OWNER))
GUARDED = Guarded(RECORD)


def now(
    uptime: int = 100, wall: int | None = MADE, policy: Policy = POLICY, boot: bytes = b"b" * 32
) -> Situation:
    """The situation `uptime` seconds after boot."""
    return Situation(Moment(uptime, wall, boot), policy, HEADER.identity, DEVICE_KEY)


def ask(
    number: str = NUMBER,
    claim: bytes = CLAIM,
    face: Face = Face.NETWORK,
    code: Code = CODE,
    record: Record = RECORD,
    situation: Situation | None = None,
) -> Ask:
    """A mailed code's request, freshly opened."""
    made, _ = challenge(
        record,
        situation or now(),
        TRUST,
        face=face,
        claim=claim,
        number=number,
        code=code,
        tls=bytes(32),
        locale="en",
    )
    return made


def password(text: str, salt: bytes = bytes(16)) -> PasswordHash:
    """A cheap hash of a real password."""
    return crypto.hash_password(text, salt, CHEAP)

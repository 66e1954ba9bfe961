"""A response file: what support allows one device to do, once (spec/files.md section 4).

It needs both: the secret that only the device and the desk know, and the desk's signature. One leaked key
is not enough.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from sparekey.core import crypto
from sparekey.core.codec import Value, decode, encode
from sparekey.core.errors import InputError, UntrustedError
from sparekey.core.messages.fields import Fields
from sparekey.core.messages.header import DESK_ID_LENGTH, KEY_ID_LENGTH, VALID_LIMIT, WALL_LIMIT
from sparekey.core.messages.trust import Trust
from sparekey.core.tlog.leaf import APPROVERS_LIMIT, LOG_ID_LENGTH, Issued, LeafAction
from sparekey.core.tlog.proof import PROOF_LIMIT
from sparekey.core.values import SERIAL_LIMIT, MethodName, label

RESPONSE_LIMIT = PROOF_LIMIT + 1024
"""Bytes of a response, at most."""
MAC_LENGTH = 32
HASH_LENGTH = 32

_CONTEXT = b"sparekey/1 response\x00"


@dataclass(frozen=True)
class Answer:
    """What a response says. Raises InputError if it breaks a rule.

    `request`: hash of the request that it answers. `action`: a new password, or erase and default; an erase
    has two approvers at least. `issued`, `expires`: Unix seconds at the desk. `policy`: version of the
    desk's evidence policy. `approvers`: key ids of the people who approved, ascending. `cameras`: the
    recorder's cameras get new passwords too.
    """

    desk: bytes
    request: bytes
    serial: str
    action: LeafAction
    issued: int
    expires: int
    policy: int
    approvers: tuple[bytes, ...] = ()
    cameras: bool = False

    def __post_init__(self) -> None:
        label("serial", self.serial, SERIAL_LIMIT)
        self.leaf(MethodName.RESPONSE_FILE, bytes(LOG_ID_LENGTH))
        if self.action is LeafAction.NEW_PASSWORD_OR_DEFAULT or len(self.desk) != DESK_ID_LENGTH:
            raise InputError("field", "a response allows one thing, and names its desk")
        if not 0 < self.expires - self.issued <= VALID_LIMIT:
            raise InputError("field", "a response ends after it begins, within 14 days")

    def leaf(self, method: MethodName, log_id: bytes) -> Issued:
        """The log entry, built from what the asker knows itself: `method` from its own request, `log_id`
        its own.
        """
        return Issued(self.issued, self.policy, method, self.action, self.request, log_id, self.approvers)

    @property
    def encoded(self) -> bytes:
        """The answer as CBOR: what is authenticated and signed."""
        fields: dict[int, Value] = {
            1: 1,
            2: self.desk,
            3: self.request,
            4: self.serial,
            5: self.action.value,
            6: self.issued,
            7: self.expires,
            8: {1: self.cameras},
            9: self.policy,
        }
        if self.approvers:
            fields[10] = list(self.approvers)
        return encode(fields)


@dataclass(frozen=True)
class Response:
    """A response as it travels, parsed and not yet checked. `signer`: id of the desk's signing key.
    `proof`: that it stands in the log, for `tlog.proof` to read and check.
    """

    answer: Answer
    payload: bytes = field(repr=False)
    mac: bytes = field(repr=False)
    signer: bytes
    signature: bytes = field(repr=False)
    proof: bytes = field(repr=False)
    encoded: bytes = field(repr=False)


class Wrong(Enum):
    """Why a response is not taken: for the audit and for tests. People are told one and the same thing."""

    DESK = "other-desk"
    REQUEST = "other-request"
    SERIAL = "other-device"
    MAC = "mac"
    POLICY = "old-policy"
    SIGNER = "unknown-signer"
    REVOKED = "revoked-signer"
    SIGNATURE = "signature"


class ResponseError(UntrustedError):
    """A response that this device does not take. `slug` is always `response`; `wrong` says which check
    failed.
    """

    def __init__(self, wrong: Wrong) -> None:
        super().__init__("response", "this file is not for this device and this request, or it was changed")
        self.wrong = wrong


def make_response(answer: Answer, file_secret: bytes, private: bytes, proof: bytes) -> bytes:
    """The file's bytes. `file_secret`: from the request. `private`: the desk's Ed25519 key. `proof`: from
    the log.
    """
    payload = answer.encoded
    said = _CONTEXT + payload
    signer = crypto.key_id(crypto.signing_public(private))
    return encode([payload, crypto.mac(file_secret, said), signer, crypto.sign(private, said), proof])


def read_response(data: bytes) -> Response:
    """Read a response; nothing is checked. Raises InputError."""
    if len(data) > RESPONSE_LIMIT:
        raise InputError("oversize", f"a response has at most {RESPONSE_LIMIT} bytes")
    parts = decode(data)
    if not isinstance(parts, list) or len(parts) != 5:
        raise InputError("field", "a response has five parts")
    payload, mac, signer, signature, proof = (_blob(part) for part in parts)
    if (len(mac), len(signer), len(signature)) != (MAC_LENGTH, KEY_ID_LENGTH, crypto.SIGNATURE_LENGTH):
        raise InputError("field", "a part of the response has the wrong length")
    if not 0 < len(proof) <= PROOF_LIMIT:
        raise InputError("field", "a response carries its proof from the log")
    return Response(_read_answer(payload), payload, mac, signer, signature, proof, data)


def check_response(
    response: Response, request: bytes, serial: str, file_secret: bytes, trust: Trust
) -> Answer:
    """The answer, when it is for this request of this device and the desk in the trust file made it.

    `request`: hash of the device's open request. `file_secret`: the one sealed in it. Neither times nor the
    log's proof are looked at here. Raises ResponseError.
    """
    answer, said = response.answer, _CONTEXT + response.payload
    if answer.desk != trust.desk:
        raise ResponseError(Wrong.DESK)
    if not crypto.equal(answer.request, request):
        raise ResponseError(Wrong.REQUEST)
    if answer.serial != serial:
        raise ResponseError(Wrong.SERIAL)
    if not crypto.equal(response.mac, crypto.mac(file_secret, said)):
        raise ResponseError(Wrong.MAC)
    if answer.policy < trust.floor:
        raise ResponseError(Wrong.POLICY)
    if response.signer in trust.revoked:
        raise ResponseError(Wrong.REVOKED)
    public = next((key for key in trust.signing if crypto.key_id(key) == response.signer), None)
    if public is None:
        raise ResponseError(Wrong.SIGNER)
    try:
        crypto.check_signature(public, said, response.signature)
    except UntrustedError:
        raise ResponseError(Wrong.SIGNATURE) from None
    return answer


def _read_answer(payload: bytes) -> Answer:
    fields = Fields.of(payload, "response")
    fields.number(1, 1, 1)
    options = fields.inner(8, "options")
    answer = Answer(
        desk=fields.data(2, DESK_ID_LENGTH, DESK_ID_LENGTH),
        request=fields.data(3, HASH_LENGTH, HASH_LENGTH),
        serial=fields.text(4, SERIAL_LIMIT),
        action=fields.choice(5, LeafAction),
        issued=fields.number(6, 0, WALL_LIMIT),
        expires=fields.number(7, 0, WALL_LIMIT),
        policy=fields.number(9, 1, 1 << 32),
        approvers=fields.blobs(10, APPROVERS_LIMIT, KEY_ID_LENGTH) if fields.has(10) else (),
        cameras=options.flag(1),
    )
    options.end()
    fields.end()
    return answer


def _blob(value: Value) -> bytes:
    if not isinstance(value, bytes):
        raise InputError("field", "a part of the response is not bytes")
    return value

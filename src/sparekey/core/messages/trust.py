"""The trust file: which desk a device seals to, signed by the maker's root (spec/files.md section 3)."""

from __future__ import annotations

from dataclasses import dataclass, field

from sparekey.core import crypto
from sparekey.core.codec import Value, decode, encode
from sparekey.core.errors import InputError, UntrustedError
from sparekey.core.messages.fields import Fields
from sparekey.core.messages.header import DESK_ID_LENGTH, KEY_ID_LENGTH, Purpose
from sparekey.core.messages.link import check_prefix
from sparekey.core.tlog.note import KeyType, VerifierKey, read_verifier_key
from sparekey.core.tlog.witness import WitnessPolicy, read_witness_policy

__all__ = [
    "NAME_LIMIT",
    "TRUST_LIMIT",
    "Purpose",
    "Trust",
    "TrustFile",
    "newer",
    "parse_trust",
    "read_trust",
    "sign_trust",
]

TRUST_LIMIT = 8192
"""Bytes of a trust file, at most."""
NAME_LIMIT = 64
KEYS_LIMIT = 4
"""Keys of one purpose, at most."""
LOGS_LIMIT = 2
REVOKED_LIMIT = 64

_CONTEXT = b"sparekey/1 trust\x00"
_VERSION_LIMIT = 1 << 32
_LOG_KEY_LIMIT = 320


@dataclass(frozen=True)
class Trust:
    """A trust file's content.

    `version` only ever rises. `sealing`: for each purpose the desk's X25519 public keys, the first one is
    used for sealing. `signing`: the desk's Ed25519 public keys. `revoked`: ids of keys that must not be
    used any more. `logs`: the keys that sign the recovery log, each named after its log's origin.
    `witnesses`: who must have seen the log, and how many of them. `floor`: the oldest version of the desk's
    evidence policy that is still taken, 0 for any.
    """

    desk: bytes
    name: str
    prefix: str
    version: int
    sealing: tuple[tuple[Purpose, tuple[bytes, ...]], ...]
    signing: tuple[bytes, ...]
    revoked: tuple[bytes, ...] = ()
    logs: tuple[VerifierKey, ...] = ()
    witnesses: WitnessPolicy = field(default_factory=WitnessPolicy)
    floor: int = 0

    def sealing_key(self, purpose: Purpose) -> bytes:
        """The key to seal to. Raises UntrustedError (`no-key`) when all are revoked or there is none."""
        for listed, keys in self.sealing:
            usable = [key for key in keys if crypto.key_id(key) not in self.revoked]
            if listed is purpose and usable:
                return usable[0]
        raise UntrustedError("no-key", "the trust file names no usable key of the desk; ask for a newer one")

    def log_keys(self, origin: str) -> tuple[bytes, ...]:
        """The public keys that may sign a checkpoint of this log, the revoked ones left out."""
        return tuple(
            key.public
            for key in self.logs
            if key.name == origin and crypto.key_id(key.public) not in self.revoked
        )

    @property
    def encoded(self) -> bytes:
        """The content as CBOR. What is not there takes no bytes."""
        sealing: dict[int, Value] = {int(purpose): list(keys) for purpose, keys in self.sealing}
        fields: dict[int, Value] = {
            1: 1,
            2: self.desk,
            3: self.name,
            4: self.prefix,
            5: self.version,
            6: sealing,
            7: list(self.signing),
        }
        if self.revoked:
            fields[8] = list(self.revoked)
        if self.logs:
            fields[9] = [key.text for key in self.logs]
        if self.witnesses.witnesses:
            fields[10] = self.witnesses.value
        if self.floor:
            fields[11] = self.floor
        return encode(fields)


@dataclass(frozen=True)
class TrustFile:
    """A trust file as it travels, parsed and not yet checked: to be looked at, never to be relied on."""

    unproved: Trust
    content: bytes = field(repr=False)
    signature: bytes = field(repr=False)


def sign_trust(trust: Trust, root: bytes) -> bytes:
    """The signed file's bytes. `root`: the maker's private Ed25519 key."""
    content = trust.encoded
    return encode([content, crypto.sign(root, _CONTEXT + content)])


def read_trust(data: bytes, root_public: bytes) -> Trust:
    """Check the root's signature and read the content. Raises InputError or UntrustedError (`signature`)."""
    content, signature = _parts(data)
    crypto.check_signature(root_public, _CONTEXT + content, signature)
    return _read_content(content)


def parse_trust(data: bytes) -> TrustFile:
    """Read a trust file without its signature being checked, to show it to somebody. Raises InputError."""
    content, signature = _parts(data)
    return TrustFile(_read_content(content), content, signature)


def newer(held: Trust, offered: Trust) -> Trust:
    """What a device holds afterwards: another desk, a lower version, or another content under the same version is
    refused. Raises UntrustedError.
    """
    if offered.desk != held.desk:
        raise UntrustedError("other-desk", "this trust file is another desk's")
    if offered.version < held.version or (offered.version == held.version and offered != held):
        raise UntrustedError("older-trust", "this trust file is older than the one in use")
    return offered


def _parts(data: bytes) -> tuple[bytes, bytes]:
    if len(data) > TRUST_LIMIT:
        raise InputError("oversize", f"a trust file has at most {TRUST_LIMIT} bytes")
    parts = decode(data)
    if not isinstance(parts, list) or len(parts) != 2:
        raise InputError("field", "a trust file has two parts")
    content, signature = parts
    if (
        not isinstance(content, bytes)
        or not isinstance(signature, bytes)
        or len(signature) != crypto.SIGNATURE_LENGTH
    ):
        raise InputError("field", "a trust file has a content and a signature")
    return content, signature


def _read_content(content: bytes) -> Trust:
    fields = Fields.of(content, "trust file")
    fields.number(1, 1, 1)
    keys = fields.inner(6, "key list")
    trust = Trust(
        desk=fields.data(2, DESK_ID_LENGTH, DESK_ID_LENGTH),
        name=fields.text(3, NAME_LIMIT),
        prefix=check_prefix(fields.text(4, 96)),
        version=fields.number(5, 1, _VERSION_LIMIT),
        sealing=tuple(
            (purpose, keys.blobs(int(purpose), KEYS_LIMIT, crypto.KEY_LENGTH))
            for purpose in Purpose
            if keys.has(int(purpose))
        ),
        signing=fields.blobs(7, KEYS_LIMIT, crypto.KEY_LENGTH),
        revoked=fields.blobs(8, REVOKED_LIMIT, KEY_ID_LENGTH) if fields.has(8) else (),
        logs=_read_logs(fields.items(9, LOGS_LIMIT)) if fields.has(9) else (),
        witnesses=_read_witnesses(fields.inner(10, "witness policy")) if fields.has(10) else WitnessPolicy(),
        floor=fields.number(11, 1, _VERSION_LIMIT) if fields.has(11) else 0,
    )
    keys.end()
    fields.end()
    return trust


def _read_logs(values: list[Value]) -> tuple[VerifierKey, ...]:
    keys = tuple(
        read_verifier_key(value)
        for value in values
        if isinstance(value, str) and len(value) <= _LOG_KEY_LIMIT
    )
    own = {key.public for key in keys if key.type is KeyType.ED25519}
    if len(own) != len(values):
        raise InputError("field", "the keys of the log are not named in a way that can be kept")
    return keys


def _read_witnesses(fields: Fields) -> WitnessPolicy:
    policy = read_witness_policy(fields)
    if not policy.witnesses:
        raise InputError("field", "a witness policy names witnesses, or is left out")
    return policy

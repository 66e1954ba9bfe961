"""The trust file: which desk a device seals to, signed by the maker's offline root (spec/files.md section 3)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from sparekey.core import crypto
from sparekey.core.codec import Value, decode, encode
from sparekey.core.errors import InputError, UntrustedError
from sparekey.core.messages.fields import Fields
from sparekey.core.messages.link import check_prefix
from sparekey.core.messages.request import DESK_ID_LENGTH

TRUST_LIMIT = 4096
"""Bytes of a trust file's content, at most."""
NAME_LIMIT = 64

_CONTEXT = b"sparekey/1 trust\x00"


class Purpose(IntEnum):
    """What a desk key is for. Each purpose has keys of its own, newest first."""

    MAIL = 1


@dataclass(frozen=True)
class Trust:
    """A trust file's content.

    `version` only ever rises. `sealing`: for each purpose the desk's X25519 public keys, the first one is used for
    sealing. `signing`: the desk's Ed25519 public keys. `revoked`: ids of keys that must not be used any more.
    """

    desk: bytes
    name: str
    prefix: str
    version: int
    sealing: tuple[tuple[Purpose, tuple[bytes, ...]], ...]
    signing: tuple[bytes, ...]
    revoked: tuple[bytes, ...] = ()

    def sealing_key(self, purpose: Purpose) -> bytes:
        """The key to seal to. Raises UntrustedError (`no-key`) when all are revoked or there is none."""
        for listed, keys in self.sealing:
            usable = [key for key in keys if crypto.key_id(key) not in self.revoked]
            if listed is purpose and usable:
                return usable[0]
        raise UntrustedError("no-key", "the trust file names no usable key of the desk; ask for a newer one")

    @property
    def encoded(self) -> bytes:
        """The content as CBOR."""
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
        return encode(fields)


def sign_trust(trust: Trust, root: bytes) -> bytes:
    """The signed file's bytes. `root`: the maker's private Ed25519 key."""
    content = trust.encoded
    return encode([content, crypto.sign(root, _CONTEXT + content)])


def read_trust(data: bytes, root_public: bytes) -> Trust:
    """Check the root's signature and read the content. Raises InputError or UntrustedError (`signature`)."""
    if len(data) > TRUST_LIMIT:
        raise InputError("oversize", f"a trust file has at most {TRUST_LIMIT} bytes")
    parts = decode(data)
    if not isinstance(parts, list) or len(parts) != 2:
        raise InputError("field", "a trust file has two parts")
    content, signature = parts
    if not isinstance(content, bytes) or not isinstance(signature, bytes) or len(signature) != crypto.SIGNATURE_LENGTH:
        raise InputError("field", "a trust file has a content and a signature")
    crypto.check_signature(root_public, _CONTEXT + content, signature)
    return _read_content(content)


def newer(held: Trust, offered: Trust) -> Trust:
    """What a device holds afterwards: another desk or a lower version is refused. Raises UntrustedError."""
    if offered.desk != held.desk:
        raise UntrustedError("other-desk", "this trust file is another desk's")
    if offered.version < held.version:
        raise UntrustedError("older-trust", "this trust file is older than the one in use")
    return offered


def _read_content(content: bytes) -> Trust:
    fields = Fields.of(content, "trust file")
    fields.number(1, 1, 1)
    keys = fields.inner(6, "key list")
    trust = Trust(
        desk=fields.data(2, DESK_ID_LENGTH, DESK_ID_LENGTH),
        name=fields.text(3, NAME_LIMIT),
        prefix=check_prefix(fields.text(4, 96)),
        version=fields.number(5, 1, 1 << 32),
        sealing=tuple((purpose, _blobs(keys.items(int(purpose), 4), 32)) for purpose in Purpose if keys.has(int(purpose))),
        signing=_blobs(fields.items(7, 4), 32),
        revoked=_blobs(fields.items(8, 64), 8) if fields.has(8) else (),
    )
    keys.end()
    fields.end()
    return trust


def _blobs(values: list[Value], length: int) -> tuple[bytes, ...]:
    if any(not isinstance(value, bytes) or len(value) != length for value in values):
        raise InputError("field", "a key or an id has the wrong length")
    return tuple(value for value in values if isinstance(value, bytes))

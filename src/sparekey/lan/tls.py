"""TLS to devices on the local network: nobody vouches for their certificates, so their key itself is recognised.

The hash of a key is SHA-256 of its SubjectPublicKeyInfo (RFC 5280 section 4.1), the same that a request carries.
"""

from __future__ import annotations

from sparekey.core.crypto import equal, sha256
from sparekey.core.errors import InputError, UntrustedError

_SEQUENCE, _INTEGER, _VERSION = 0x30, 0x02, 0xA0
_BEFORE_KEY = 5
"""Parts of a certificate's body between its version and its key: number, signature kind, issuer, validity, subject."""


def key_hash(certificate: bytes) -> bytes:
    """The hash of the key in a DER certificate, 32 bytes. Reads no more of X.509 than that: the whole of it is heavy
    on a small device. Raises InputError (`certificate`).
    """
    _, body = _part(certificate, _SEQUENCE)
    _, rest = _part(certificate[body[0] : body[1]], _SEQUENCE)
    inside = certificate[body[0] : body[1]][rest[0] : rest[1]]
    if inside[:1] == bytes([_VERSION]):
        inside = inside[_part(inside, _VERSION)[1][1] :]
    _part(inside, _INTEGER)
    for _ in range(_BEFORE_KEY):
        inside = inside[_part(inside)[1][1] :]
    _, (_, end) = _part(inside, _SEQUENCE)
    return sha256(inside[:end])


def check(shown: bytes, expected: bytes | None) -> None:
    """Raises UntrustedError (`tls-key`) unless the key is the expected one; without one any passes."""
    if expected is not None and not equal(shown, expected):
        raise UntrustedError("tls-key", "another device answers at this address, or its key was changed")


def _part(data: bytes, kind: int | None = None) -> tuple[int, tuple[int, int]]:
    """The first part of DER data: its kind, and where its content begins and ends (X.690 section 8.1)."""
    if len(data) < 2 or (kind is not None and data[0] != kind):
        raise InputError("certificate", "this is not a certificate")
    length, begin = data[1], 2
    if length & 0x80:
        more = length & 0x7F
        begin += more
        length = int.from_bytes(data[2:begin], "big")
        if not 0 < more <= 4 or len(data) < begin:
            raise InputError("certificate", "this is not a certificate")
    if begin + length > len(data):
        raise InputError("certificate", "this certificate ends in the middle")
    return data[0], (begin, begin + length)

"""The one file that touches `cryptography`. Every primitive of the protocol, under names that say what it is for.

HPKE (RFC 9180), Ed25519 (RFC 8032), HMAC and HKDF with SHA-256 (RFC 2104, RFC 5869), ChaCha20-Poly1305 (RFC 8439),
Argon2id (RFC 9106), X.509.
Sealing draws its randomness inside the library: it is the one function here that does not repeat.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidSignature, InvalidTag, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from sparekey.core.errors import InputError, MisuseError, UntrustedError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey, EllipticCurvePublicKey
    from cryptography.x509 import Certificate, ExtensionType, GeneralName, KeyUsage

KEY_LENGTH = 32
"""Bytes of every key here, private or public."""
SIGNATURE_LENGTH = 64
"""Bytes of an Ed25519 signature."""
SEAL_OVERHEAD = 48
"""Bytes that sealing adds: a 32-byte encapsulated key and a 16-byte tag."""
NONCE_LENGTH = 12
"""Random bytes at the start of what `lock` makes."""
LOCK_OVERHEAD = 28
"""Bytes that locking adds: the nonce and a 16-byte tag."""

_SUITE = hpke.Suite(hpke.KEM.X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.CHACHA20_POLY1305)


@dataclass(frozen=True)
class Argon2Cost:
    """What one password hash costs: memory in KiB, passes, lanes (RFC 9106 section 3.1)."""

    memory: int = 19456
    passes: int = 2
    lanes: int = 1


@dataclass(frozen=True)
class PasswordHash:
    """A password as it is kept: Argon2id, 16-byte salt, 32-byte result, with the cost it was made at."""

    cost: Argon2Cost
    salt: bytes
    result: bytes

    def __repr__(self) -> str:
        return "PasswordHash(...)"


def sha256(data: bytes) -> bytes:
    """SHA-256, 32 bytes."""
    return hashlib.sha256(data).digest()


def mac(key: bytes, data: bytes) -> bytes:
    """HMAC-SHA256, 32 bytes (RFC 2104)."""
    return hmac.new(
        key, data, hashlib.sha256
    ).digest()  # `hmac.digest` takes as long and lets other threads in


def derive(key: bytes, purpose: str) -> bytes:
    """A 32-byte key for one purpose: HKDF-Expand, one block (RFC 5869 section 2.3). `key` is uniformly random."""
    return mac(key, f"sparekey/1 {purpose}".encode() + b"\x01")


def equal(left: bytes, right: bytes) -> bool:
    """Compare in a time that tells nothing."""
    return hmac.compare_digest(left, right)


def key_id(public: bytes) -> bytes:
    """The eight bytes by which a public key is named: the start of its SHA-256."""
    return sha256(public)[:8]


def seal(public: bytes, info: bytes, plaintext: bytes) -> bytes:
    """HPKE single-shot base mode to an X25519 public key; `info` is bound, not sent. Not repeatable."""
    return _SUITE.encrypt(plaintext, X25519PublicKey.from_public_bytes(_key(public)), info)


def unseal(private: bytes, info: bytes, sealed: bytes) -> bytes:
    """Open what `seal` made. Every failure is the same UntrustedError (`sealed`)."""
    try:
        return _SUITE.decrypt(sealed, _opening_key(private), info)
    except (InvalidTag, ValueError):
        raise UntrustedError("sealed", "it was damaged, changed, or sealed for somebody else") from None


@lru_cache(maxsize=64)
def _opening_key(private: bytes) -> X25519PrivateKey:
    """Kept, because making it takes almost as long as opening: whoever opens has the same few keys for all its life."""
    return X25519PrivateKey.from_private_bytes(_key(private))


def lock(key: bytes, nonce: bytes, bound: bytes, plaintext: bytes) -> bytes:
    """Encrypt for oneself: the nonce, then ChaCha20-Poly1305 (RFC 8439); `bound` is bound, not kept. `nonce`: 12 fresh
    random bytes.
    """
    if len(nonce) != NONCE_LENGTH:
        raise MisuseError("nonce-length", f"a nonce has {NONCE_LENGTH} bytes")
    return nonce + ChaCha20Poly1305(_key(key)).encrypt(nonce, plaintext, bound)


def unlock(key: bytes, bound: bytes, locked: bytes) -> bytes:
    """Open what `lock` made. Every failure is the same UntrustedError (`locked`)."""
    try:
        return ChaCha20Poly1305(_key(key)).decrypt(locked[:NONCE_LENGTH], locked[NONCE_LENGTH:], bound)
    except (InvalidTag, ValueError):
        raise UntrustedError("locked", "it was damaged, changed, or kept under another key") from None


def sealing_public(private: bytes) -> bytes:
    """The X25519 public key of 32 private bytes."""
    return X25519PrivateKey.from_private_bytes(_key(private)).public_key().public_bytes_raw()


def sign(private: bytes, message: bytes) -> bytes:
    """Ed25519 signature, 64 bytes."""
    return Ed25519PrivateKey.from_private_bytes(_key(private)).sign(message)


def signing_public(private: bytes) -> bytes:
    """The Ed25519 public key of 32 private bytes."""
    return Ed25519PrivateKey.from_private_bytes(_key(private)).public_key().public_bytes_raw()


def check_signature(public: bytes, message: bytes, signature: bytes) -> None:
    """Raises UntrustedError (`signature`) unless it holds."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        raise UntrustedError("signature", "the signature does not belong to this content") from None


def hash_password(password: str, salt: bytes, cost: Argon2Cost) -> PasswordHash:
    """Argon2id over the password in Unicode's form NFKC as UTF-8 (RFC 9106; NIST SP 800-63B-4 section 3.1.1.2), so that
    the same letters from another keyboard are the same password. `salt`: 16 random bytes.
    """
    return PasswordHash(cost, salt, _argon2(password, salt, cost))


def password_matches(password: str, kept: PasswordHash) -> bool:
    """Whether this is the password, in constant time once hashed."""
    return equal(_argon2(password, kept.salt, kept.cost), kept.result)


def tls_identity(
    private: bytes, name: str, serial_number: int, starts: int, days: int
) -> tuple[bytes, bytes]:
    """A self-signed certificate for a device's own TLS key (RFC 5280), as PEM: (certificate, private key).

    `private`: 32 random bytes, the P-256 scalar. `starts`: Unix seconds. The certificate is valid for `localhost` and
    the `.local` name; people compare the key's hash, not the name. Imports X.509 only when called: it is heavy.
    """
    key = _tls_key(private)
    return _certificate(key, name, serial_number, starts, days), _tls_key_pem(key)


def certificate_authority(
    private: bytes, name: str, names: tuple[str, ...], serial_number: int, starts: int, days: int
) -> bytes:
    """The certificate, as PEM, of an authority that can vouch for this machine and nothing else (RFC 5280).

    `private`: 32 random bytes. `names`: the addresses and host names it may vouch for, beside `localhost` and
    127.0.0.1 (name constraints, section 4.2.1.10): whoever trusts it trusts it for these alone.
    `starts`: Unix seconds.
    """
    from cryptography import x509

    key = _tls_key(private)
    may = [x509.DNSName("localhost"), _network("127.0.0.1"), *map(_network, names)]
    usage = _key_usage(signs_certificates=True)
    extensions = [
        (x509.BasicConstraints(ca=True, path_length=0), True),
        (usage, True),
        (x509.NameConstraints(permitted_subtrees=may, excluded_subtrees=None), True),
        (x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False),
    ]
    return _signed(key.public_key(), key, (name, name), extensions, serial_number, starts, days)


def issue_certificate(
    authority: bytes,
    authority_private: bytes,
    private: bytes,
    names: tuple[str, ...],
    serial_number: int,
    starts: int,
    days: int,
) -> tuple[bytes, bytes]:
    """A server's certificate signed by such an authority (RFC 5280), as PEM: (certificate, private key).

    `authority`: its certificate. `names`: IP addresses and host names of the server, at least one.
    `private`: 32 random bytes. `starts`: Unix seconds. Raises InputError (`certificate`) for another file.
    """
    from cryptography import x509
    from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

    issuer = _read_certificate(authority)
    (issuer_name,) = issuer.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    key, signer = _tls_key(private), _tls_key(authority_private)
    extensions = [
        (x509.SubjectAlternativeName([_general_name(name) for name in names]), False),
        (x509.BasicConstraints(ca=False, path_length=None), True),
        (_key_usage(signs_certificates=False), True),
        (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), False),
        (x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False),
        (x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), False),
    ]
    between = (names[0], str(issuer_name.value))
    certificate = _signed(key.public_key(), signer, between, extensions, serial_number, starts, days)
    return certificate, _tls_key_pem(key)


def tls_key_hash(certificate: bytes) -> bytes:
    """SHA-256 of the certificate's SubjectPublicKeyInfo: the hash that a request carries and a client compares.

    Raises InputError (`certificate`).
    """
    from cryptography.hazmat.primitives import serialization

    public = _read_certificate(certificate).public_key()
    return sha256(
        public.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    )


def certificate_fingerprint(certificate: bytes) -> bytes:
    """SHA-256 of a PEM certificate, 32 bytes: what people compare before they trust it. Raises InputError."""
    from cryptography.hazmat.primitives import serialization

    return sha256(_read_certificate(certificate).public_bytes(serialization.Encoding.DER))


def _tls_key(private: bytes) -> EllipticCurvePrivateKey:
    from cryptography.hazmat.primitives.asymmetric import ec

    order = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
    scalar = int.from_bytes(_key(private), "big") % (order - 1) + 1
    return ec.derive_private_key(scalar, ec.SECP256R1())


def _tls_key_pem(key: EllipticCurvePrivateKey) -> bytes:
    from cryptography.hazmat.primitives import serialization

    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _certificate(
    key: EllipticCurvePrivateKey, name: str, serial_number: int, starts: int, days: int
) -> bytes:
    from cryptography import x509

    extensions = [
        (x509.SubjectAlternativeName([x509.DNSName("localhost")]), False),
        (x509.BasicConstraints(ca=False, path_length=None), True),
    ]
    return _signed(key.public_key(), key, (name, name), extensions, serial_number, starts, days)


def _signed(
    public: EllipticCurvePublicKey,
    signer: EllipticCurvePrivateKey,
    between: tuple[str, str],
    extensions: Sequence[tuple[ExtensionType, bool]],
    serial_number: int,
    starts: int,
    days: int,
) -> bytes:
    """`between`: subject and issuer. `extensions`: each with whether it is critical."""
    from datetime import UTC, datetime, timedelta

    from cryptography import x509
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.x509.oid import NameOID

    subject, issuer = (x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name[:64])]) for name in between)
    begin = datetime.fromtimestamp(starts, UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(serial_number)
        .not_valid_before(begin)
        .not_valid_after(begin + timedelta(days=days))
    )
    for extension, critical in extensions:
        builder = builder.add_extension(extension, critical=critical)
    return builder.sign(signer, SHA256()).public_bytes(serialization.Encoding.PEM)


def _key_usage(*, signs_certificates: bool) -> KeyUsage:
    from cryptography import x509

    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        key_cert_sign=signs_certificates,
        crl_sign=False,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _general_name(name: str) -> GeneralName:
    from cryptography import x509

    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _network(name: str) -> GeneralName:
    """The same for name constraints, where an address is a network of one."""
    from cryptography import x509

    try:
        return x509.IPAddress(ipaddress.ip_network(name))
    except ValueError:
        return x509.DNSName(name)


def _read_certificate(pem: bytes) -> Certificate:
    from cryptography import x509

    try:
        found = x509.load_pem_x509_certificate(pem)
        found.public_key()  # raises where nobody here can use a key of its kind
    except (ValueError, UnsupportedAlgorithm, x509.InvalidVersion):
        raise InputError("certificate", "this is not a PEM certificate that can be used") from None
    return found


def _argon2(password: str, salt: bytes, cost: Argon2Cost) -> bytes:
    derivation = Argon2id(
        salt=salt, length=KEY_LENGTH, iterations=cost.passes, lanes=cost.lanes, memory_cost=cost.memory
    )
    # Half a character, as a broken form may send it, is no reason to fail.
    text = unicodedata.normalize("NFKC", password).encode(errors="surrogatepass")
    return derivation.derive(text)


def _key(data: bytes) -> bytes:
    if len(data) != KEY_LENGTH:
        raise MisuseError("key-length", f"a key has {KEY_LENGTH} bytes")
    return data

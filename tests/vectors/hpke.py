"""HPKE (RFC 9180) written a second time, straight from the RFC, with the ephemeral key as an argument.

The library that the core uses draws that key itself, so only this one can rebuild a sealed vector byte for
byte, and only this one can be held against the RFC's own vectors.
"""

from __future__ import annotations

import hmac

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

KEM_SUITE = b"KEM\x00\x20"
SUITE = b"HPKE\x00\x20\x00\x01\x00\x03"


def _extract(suite: bytes, salt: bytes, label: bytes, key: bytes) -> bytes:
    return hmac.digest(salt or bytes(32), b"HPKE-v1" + suite + label + key, "sha256")


def _expand(suite: bytes, key: bytes, label: bytes, info: bytes, length: int) -> bytes:
    data = length.to_bytes(2, "big") + b"HPKE-v1" + suite + label + info
    return hmac.digest(key, data + b"\x01", "sha256")[:length]


def shared_secret(ephemeral: bytes, public: bytes) -> tuple[bytes, bytes]:
    """Section 4.1: the encapsulated key and the shared secret."""
    own = X25519PrivateKey.from_private_bytes(ephemeral)
    sent = own.public_key().public_bytes_raw()
    common = own.exchange(X25519PublicKey.from_public_bytes(public))
    key = _extract(KEM_SUITE, b"", b"eae_prk", common)
    return sent, _expand(KEM_SUITE, key, b"shared_secret", sent + public, 32)


def schedule(secret: bytes, info: bytes) -> tuple[bytes, bytes]:
    """Section 5.1, base mode: the key and the first nonce."""
    context = b"\x00" + _extract(SUITE, b"", b"psk_id_hash", b"") + _extract(SUITE, b"", b"info_hash", info)
    secret = _extract(SUITE, secret, b"secret", b"")
    return _expand(SUITE, secret, b"key", context, 32), _expand(SUITE, secret, b"base_nonce", context, 12)


def seal(public: bytes, info: bytes, plaintext: bytes, ephemeral: bytes, aad: bytes = b"") -> bytes:
    """Section 6.1: the encapsulated key, then the ciphertext with its tag."""
    sent, secret = shared_secret(ephemeral, public)
    key, nonce = schedule(secret, info)
    return sent + ChaCha20Poly1305(key).encrypt(nonce, plaintext, aad)

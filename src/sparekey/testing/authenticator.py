"""A passkey in software: it speaks WebAuthn as a browser with an authenticator does, and signs with Ed25519.

Its private keys lie open in memory: for tests and for the demo, never for a person.
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sparekey.core import crypto
from sparekey.core.errors import MisuseError

if TYPE_CHECKING:
    from sparekey.host.entropy import Entropy

_PRESENT, _VERIFIED, _MADE = 0x01, 0x04, 0x40
_COSE = bytes.fromhex("a4010103272006215820")
"""A COSE key up to the 32 bytes of the key itself: type OKP, algorithm EdDSA, curve Ed25519 (RFC 9053)."""


@dataclass(frozen=True)
class Credential:
    """One passkey that it made."""

    id: bytes
    private: bytes
    host: str
    user: bytes


class Authenticator:
    """Made for one browser at one desk. `origin`: the address of the page, as the browser says it. `counts`: it tells
    how often it was used, as security keys do; passkeys that are kept on several devices tell 0.
    """

    def __init__(self, origin: str, entropy: Entropy, *, verifies: bool = True, counts: bool = False) -> None:
        self.origin = origin
        self.verifies = verifies
        self.counts = counts
        self.uses = 0
        self.credentials: list[Credential] = []
        self._entropy = entropy

    def make(self, options: str) -> str:
        """`navigator.credentials.create()`: what the page gets for what it asked, both as JSON."""
        asked = json.loads(options)
        credential = Credential(
            self._entropy.bytes(16), self._entropy.bytes(32), asked["rp"]["id"], _bytes(asked["user"]["id"])
        )
        self.credentials.append(credential)
        public = _COSE + crypto.signing_public(credential.private)
        about = bytes(16) + len(credential.id).to_bytes(2, "big") + credential.id + public
        data = self._data(credential.host, _MADE) + about
        attestation = b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData" + _byte_string(data)
        client = self._client("webauthn.create", asked["challenge"])
        return self._answer(credential, {"clientDataJSON": client, "attestationObject": attestation})

    def sign(self, options: str) -> str:
        """`navigator.credentials.get()`: the first passkey that the page allows signs."""
        asked = json.loads(options)
        allowed = {_bytes(one["id"]) for one in asked.get("allowCredentials") or []}
        for credential in self.credentials:
            if credential.host == asked["rpId"] and (not allowed or credential.id in allowed):
                return self.sign_with(credential, asked["challenge"])
        raise MisuseError("no-passkey", "this authenticator has no passkey for that page")

    def sign_with(self, credential: Credential, challenge: str) -> str:
        """One passkey signs one challenge (in base64url)."""
        data = self._data(credential.host, 0)
        client = self._client("webauthn.get", challenge)
        signature = crypto.sign(credential.private, data + crypto.sha256(client))
        parts = {"clientDataJSON": client, "authenticatorData": data, "signature": signature}
        return self._answer(credential, parts | {"userHandle": credential.user})

    def _data(self, host: str, flags: int) -> bytes:
        flags |= _PRESENT | (_VERIFIED if self.verifies else 0)
        self.uses += self.counts
        return crypto.sha256(host.encode()) + bytes([flags]) + self.uses.to_bytes(4, "big")

    def _client(self, kind: str, challenge: str) -> bytes:
        told = {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}
        return json.dumps(told, separators=(",", ":")).encode()

    @staticmethod
    def _answer(credential: Credential, parts: dict[str, bytes]) -> str:
        answer: dict[str, Any] = {
            "id": _text(credential.id),
            "rawId": _text(credential.id),
            "type": "public-key",
            "authenticatorAttachment": "platform",
            "clientExtensionResults": {},
            "response": {name: _text(value) for name, value in parts.items()},
        }
        return json.dumps(answer)


def _byte_string(data: bytes) -> bytes:
    """A CBOR byte string of up to 65535 bytes."""
    if len(data) < 256:
        return b"\x58" + bytes([len(data)]) + data
    return b"\x59" + len(data).to_bytes(2, "big") + data


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))

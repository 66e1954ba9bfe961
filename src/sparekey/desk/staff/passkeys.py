"""Passkeys as a browser speaks of them (WebAuthn): what it is asked, and what its answers prove."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import parse_authentication_credential_json
from webauthn.helpers.cose import COSEAlgorithmIdentifier
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from sparekey.core import crypto
from sparekey.core.errors import UntrustedError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sparekey.desk.staff.people import Passkey, Person

ANSWER_LIMIT = 8192
"""Characters of what a browser sends back."""
TIME = 120_000
"""Milliseconds that a browser gives its person."""

_ALGORITHMS = [
    COSEAlgorithmIdentifier.EDDSA,
    COSEAlgorithmIdentifier.ECDSA_SHA_256,
    COSEAlgorithmIdentifier.RSASSA_PKCS1_v1_5_SHA_256,  # what older computers' own chips make
]


@dataclass(frozen=True)
class Made:
    """A passkey that a browser has just made."""

    id: bytes
    credential: bytes
    public: bytes
    count: int


class Passkeys:
    """`host`: the name that passkeys are bound to. `origin`: the desk's address in browsers. `desk`: its name."""

    def __init__(self, *, host: str, origin: str, desk: str) -> None:
        self._host = host
        self._origin = origin
        self._desk = desk

    def to_make(self, person: Person, challenge: bytes, have: Iterable[Passkey] = ()) -> str:
        """What a browser is asked, as JSON, so that it makes one. `have`: those that must not be made again."""
        options = generate_registration_options(
            rp_id=self._host,
            rp_name=self._desk,
            user_id=person.id.encode(),
            user_name=person.name,
            challenge=challenge,
            timeout=TIME,
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.REQUIRED,
                user_verification=UserVerificationRequirement.REQUIRED,
            ),
            exclude_credentials=[PublicKeyCredentialDescriptor(id=key.credential) for key in have],
            supported_pub_key_algs=_ALGORITHMS,
        )
        return options_to_json(options)

    def made(self, answer: str, challenge: bytes) -> Made:
        """The passkey in a browser's answer. Raises UntrustedError (`passkey`)."""
        _check_length(answer)
        try:
            verified = verify_registration_response(
                credential=answer,
                expected_challenge=challenge,
                expected_rp_id=self._host,
                expected_origin=self._origin,
                require_user_verification=True,
                supported_pub_key_algs=_ALGORITHMS,
            )
        except Exception:  # noqa: BLE001 - whatever the library stumbles over, the answer was made up
            raise _not_held() from None
        public = verified.credential_public_key
        return Made(crypto.key_id(public), verified.credential_id, public, verified.sign_count)

    def to_sign(self, challenge: bytes, keys: Iterable[Passkey] = ()) -> str:
        """What a browser is asked, as JSON, so that a passkey signs. Without `keys` the person chooses among theirs."""
        options = generate_authentication_options(
            rp_id=self._host,
            challenge=challenge,
            timeout=TIME,
            allow_credentials=[PublicKeyCredentialDescriptor(id=key.credential) for key in keys],
            user_verification=UserVerificationRequirement.REQUIRED,
        )
        return options_to_json(options)

    def signer(self, answer: str) -> bytes:
        """The credential that an answer says it is from; nothing is proved. Raises UntrustedError (`passkey`)."""
        _check_length(answer)
        try:
            return bytes(parse_authentication_credential_json(answer).raw_id)
        except Exception:  # noqa: BLE001 - whatever the library stumbles over, the answer was made up
            raise _not_held() from None

    def signed(self, answer: str, challenge: bytes, key: Passkey) -> int:
        """Check that `key` signed the challenge here, its person verified. Returns the passkey's new count.

        Raises UntrustedError (`passkey`).
        """
        _check_length(answer)
        try:
            verified = verify_authentication_response(
                credential=answer,
                expected_challenge=challenge,
                expected_rp_id=self._host,
                expected_origin=self._origin,
                credential_public_key=key.public,
                credential_current_sign_count=key.count,
                require_user_verification=True,
            )
        except Exception:  # noqa: BLE001 - whatever the library stumbles over, the answer was made up
            raise _not_held() from None
        if verified.credential_id != key.credential:
            raise _not_held()
        return verified.new_sign_count


def _check_length(answer: str) -> None:
    if not 0 < len(answer) <= ANSWER_LIMIT:
        raise _not_held()


def _not_held() -> UntrustedError:
    return UntrustedError("passkey", "the passkey's answer does not hold; try once more")

"""One person's word for one decision, which cases, rights and enrolments ask for: a passkey touched over exactly it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Consent:
    """`by`: the person's id. `key`: the eight-byte id of the passkey. `at`: Unix seconds."""

    by: str
    key: bytes
    at: int


def has_agreed(consents: Iterable[Consent], by: str, key: bytes) -> bool:
    """Whether this person agreed before, or somebody with this passkey."""
    return any(by == kept.by or key == kept.key for kept in consents)


def keys_of(consents: Iterable[Consent]) -> tuple[bytes, ...]:
    """The passkeys, ascending, as the log names them."""
    return tuple(sorted(kept.key for kept in consents))

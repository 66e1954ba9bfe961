"""The keys folder as it changes: at every instant it holds a key for each purpose, and no key is ever overwritten."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sparekey.core import crypto
from sparekey.core.errors import InputError, UnavailableError
from sparekey.desk.keyring import NAMES, OPENING, read_key, spelled, write_new

if TYPE_CHECKING:
    from pathlib import Path

    from sparekey.host.entropy import Entropy

SIGN_NEXT = "sign-next.key"
"""The signing key that devices are told of and that does not sign yet."""


@dataclass(frozen=True)
class KeyFile:
    """One file. `public`: its public half, or None for a key without one."""

    path: Path
    purpose: str
    public: bytes | None

    @property
    def id(self) -> str:
        """What it is called in the trust file and in the log; a ticket key has no such name."""
        return "-" if self.public is None else crypto.key_id(self.public).hex()


def listed(folder: Path) -> list[KeyFile]:
    """Every key file, purpose after purpose, the one in use first. Raises as `read_key`."""
    return [
        KeyFile(path, name, public_of(name, read_key(path)))
        for name in NAMES
        for path in (folder / f"{name}.key", *sorted(folder.glob(f"{name}-*.key")))
    ]


def public_of(purpose: str, private: bytes) -> bytes | None:
    """The public half of a key for this purpose."""
    if purpose == "ticket":
        return None
    if purpose in OPENING.values():
        return crypto.sealing_public(private)
    return crypto.signing_public(private)


def replace_key(folder: Path, purpose: str, entropy: Entropy) -> bytes:
    """Make a new key for the purpose; the one before stays beside it and still opens, signs or holds.

    Returns the new private key. Raises UnavailableError.
    """
    private = entropy.bytes(crypto.KEY_LENGTH)
    fresh = folder / f"{purpose}.new"
    fresh.unlink(missing_ok=True)
    write_new(fresh, spelled(private), private=True)
    _move(fresh, folder / f"{purpose}.key", _beside(folder, purpose))
    return private


def prepare_signer(folder: Path, entropy: Entropy) -> bytes:
    """Make the signing key that follows. Returns its private half. Raises InputError (`exists`), UnavailableError."""
    private = entropy.bytes(crypto.KEY_LENGTH)
    write_new(folder / SIGN_NEXT, spelled(private), private=True)
    return private


def switch_signer(folder: Path) -> None:
    """Let the prepared key sign from now on. Raises InputError (`no-next-key`), UnavailableError."""
    if not (folder / SIGN_NEXT).exists():
        raise InputError("no-next-key", "there is no key to switch to: sparekey desk keys rotate sign")
    _move(folder / SIGN_NEXT, folder / "sign.key", _beside(folder, "sign"))


def _beside(folder: Path, purpose: str) -> Path:
    """The name by which the key in use is kept: after a part of its hash, so that it is always the same."""
    private = read_key(folder / f"{purpose}.key")
    return folder / f"{purpose}-{crypto.sha256(public_of(purpose, private) or private)[:4].hex()}.key"


def _move(fresh: Path, place: Path, kept: Path) -> None:
    try:
        if not kept.exists():
            os.link(place, kept)
        fresh.replace(place)
        descriptor = os.open(place.parent, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    except OSError as error:
        raise UnavailableError("disk", f"cannot change {place.parent}: {error.strerror}") from None

"""The site's own certificate authority. Its private key signs once and is never written down."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sparekey.core import crypto

if TYPE_CHECKING:
    from pathlib import Path

    from sparekey.host.clock import Clock
    from sparekey.host.entropy import Entropy

DAYS = 397
"""Phones refuse server certificates that are valid for longer."""
NAME = "sparekey demo"

_SLACK = 86400


@dataclass(frozen=True)
class Identity:
    """Three PEM files: the authority that others trust, and the certificate and key of the servers here."""

    authority: Path
    certificate: Path
    key: Path


def identity(folder: Path) -> Identity:
    """Where the files are."""
    return Identity(folder / "authority.pem", folder / "certificate.pem", folder / "key.pem")


def make(folder: Path, names: tuple[str, ...], clock: Clock, entropy: Entropy) -> Identity:
    """Write an authority that vouches for `names` alone, and a certificate of it for exactly these names."""
    files = identity(folder)
    starts = clock.wall() - _SLACK  # a phone's clock may be behind ours
    secret = entropy.bytes(32)
    authority = crypto.certificate_authority(
        secret, f"{NAME} {entropy.bytes(2).hex()}", names, _number(entropy), starts, DAYS
    )
    certificate, key = crypto.issue_certificate(
        authority, secret, entropy.bytes(32), names, _number(entropy), starts, DAYS
    )
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    files.authority.write_bytes(authority)
    files.certificate.write_bytes(certificate)
    files.key.touch(mode=0o600)
    files.key.write_bytes(key)
    return files


def fingerprint(authority: bytes) -> str:
    """The SHA-256 fingerprint as phones show it: pairs of upper-case hex digits with colons."""
    return crypto.certificate_fingerprint(authority).hex(":").upper()


def _number(entropy: Entropy) -> int:
    """A serial number of 127 bits (RFC 5280 section 4.1.2.2: positive)."""
    return int.from_bytes(entropy.bytes(16), "big") >> 1 | 1

"""The device's own keys: files beside the storage, made at the first start, readable by nobody else."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from sparekey.core.crypto import KEY_LENGTH, sha256
from sparekey.core.errors import InputError, SparekeyError, UnavailableError
from sparekey.device import certificate, secret_file

if TYPE_CHECKING:
    from pathlib import Path

    from sparekey.device.config import Config
    from sparekey.host.entropy import Entropy

CERTIFICATE = "device-tls.crt"
KEY = "device-tls.key"
HASH = "device-tls.hash"


@dataclass(frozen=True)
class Keys:
    """What makes this device itself. `tls_hash`: the hash of its TLS key that every request carries."""

    device_key: bytes = field(repr=False)
    tls_certificate: Path
    tls_key: Path
    tls_hash: bytes


def ready(config: Config, entropy: Entropy) -> Keys:
    """Read the keys; make those that are not there yet.

    Raises InputError (`key-mode`, `key`, `certificate`) for a file that does not fit, UnavailableError when
    the disk or the short program that makes certificates fails.
    """
    try:
        device_key = _device_key(config.settings.key, entropy)
        tls_certificate, tls_key = _tls(config, entropy)
        secret_file.private(tls_key)
        return Keys(device_key, tls_certificate, tls_key, _tls_hash(tls_certificate, config.folder / HASH))
    except OSError as error:
        raise UnavailableError("keys", f"cannot read or write {error.filename}: {error.strerror}") from None


def renew(keys: Keys, path: Path, entropy: Entropy) -> Keys:
    """A device key made anew where an erase destroyed the old one. The TLS key stays. Raises UnavailableError."""
    try:
        return replace(keys, device_key=_device_key(path, entropy))
    except OSError as error:
        raise UnavailableError("keys", f"cannot write {error.filename}: {error.strerror}") from None


def _device_key(path: Path, entropy: Entropy) -> bytes:
    if not path.exists():
        secret_file.write(path, entropy.bytes(KEY_LENGTH))
    secret_file.private(path)
    key = path.read_bytes()
    if len(key) != KEY_LENGTH:
        raise InputError("key", f"{path} must hold exactly {KEY_LENGTH} bytes; put the saved file back")
    return key


def _tls(config: Config, entropy: Entropy) -> tuple[Path, Path]:
    settings = config.settings
    if settings.tls_certificate and settings.tls_key:
        return settings.tls_certificate, settings.tls_key
    tls_certificate, tls_key = config.folder / CERTIFICATE, config.folder / KEY
    if not (tls_certificate.exists() and tls_key.exists()):
        name = f"{config.identity.model} {config.identity.serial}"
        made = certificate.make(entropy.bytes(32), name, int.from_bytes(entropy.bytes(8), "big") >> 1 | 1)
        # Never an old certificate beside a new key, whenever power fails.
        tls_certificate.unlink(missing_ok=True)
        secret_file.write(tls_key, made[1])
        secret_file.write(tls_certificate, made[0])
    return tls_certificate, tls_key


def _tls_hash(tls_certificate: Path, cache: Path) -> bytes:
    """From the cache, as long as the certificate is the one that it was read from."""
    content = tls_certificate.read_bytes()
    mark = sha256(content).hex()
    try:
        kept, _, found = cache.read_text("ascii").strip().partition(" ")
        if kept == mark and len(bytes.fromhex(found)) == KEY_LENGTH:
            return bytes.fromhex(found)
    except (FileNotFoundError, ValueError):
        pass
    try:
        fresh = certificate.key_hash(content)
    except SparekeyError as error:
        raise type(error)(error.slug, f"{tls_certificate}: {error.hint}") from None
    secret_file.write(cache, f"{mark} {fresh.hex()}\n".encode())
    return fresh

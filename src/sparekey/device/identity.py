"""The device's own keys: files beside the storage, made at the first start, readable by nobody else."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sparekey.core.crypto import KEY_LENGTH, sha256
from sparekey.core.errors import InputError, SparekeyError, UnavailableError
from sparekey.device import certificate

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
        _private(tls_key)
        return Keys(device_key, tls_certificate, tls_key, _tls_hash(tls_certificate, config.folder / HASH))
    except OSError as error:
        raise UnavailableError("keys", f"cannot read or write {error.filename}: {error.strerror}") from None


def _device_key(path: Path, entropy: Entropy) -> bytes:
    if not path.exists():
        _write(path, entropy.bytes(KEY_LENGTH))
    _private(path)
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
        _write(tls_key, made[1])
        _write(tls_certificate, made[0])
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
    _write(cache, f"{mark} {fresh.hex()}\n".encode())
    return fresh


def _private(path: Path) -> None:
    if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise InputError("key-mode", f"others on this machine can read {path}; close it: chmod 600 {path}")


def _write(path: Path, data: bytes) -> None:
    """The whole file or none of it, on the disk when this returns, readable by its owner alone."""
    fresh = path.with_name(path.name + ".new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)

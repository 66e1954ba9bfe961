"""Whom to believe: the log's keys and its witnesses, from a trust file or as people pass them on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sparekey.core.errors import InputError, UnavailableError
from sparekey.core.messages.armour import ARMOUR_LIMIT, FileKind, unwrap
from sparekey.core.messages.trust import read_trust
from sparekey.core.tlog.note import KeyType, read_verifier_key
from sparekey.core.tlog.witness import WitnessPolicy

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_KEY_FILE_LIMIT = 1024


@dataclass(frozen=True)
class Believed:
    """A log by its origin, the public keys that may sign it, and the witnesses that must have."""

    origin: str
    keys: tuple[bytes, ...]
    witnesses: WitnessPolicy


def by_trust(file: Path, root: Path) -> Believed:
    """Those of a trust file that the maker's root signed. Raises SparekeyError."""
    try:
        public = bytes.fromhex(read_small(root, _KEY_FILE_LIMIT).decode(errors="replace").strip())
    except ValueError:
        public = b""
    if len(public) != 32:
        raise InputError("root", f"{root} does not hold the maker's public key, 64 hexadecimal digits")
    trust = read_trust(
        unwrap(FileKind.TRUST, read_small(file, ARMOUR_LIMIT).decode(errors="replace")), public
    )
    if not trust.logs:
        raise InputError("trust", f"{file} names no recovery log")
    origin = trust.logs[0].name
    return Believed(origin, trust.log_keys(origin), trust.witnesses)


def by_keys(texts: Sequence[str]) -> Believed:
    """Those of keys as text, `name+id+key`, all of one log. Witnesses' keys among them must have cosigned.

    Raises InputError.
    """
    keys = [read_verifier_key(text) for text in texts]
    logs = [key for key in keys if key.type is KeyType.ED25519]
    witnesses = tuple(key for key in keys if key.type is KeyType.COSIGNATURE)
    if len({key.name for key in logs}) != 1:
        raise InputError("log-keys", "give the key of one log: --key name+id+key, or --trust and --root")
    publics = tuple(key.public for key in logs)
    return Believed(logs[0].name, publics, WitnessPolicy(witnesses, len(witnesses)))


def read_small(path: Path, limit: int) -> bytes:
    """A file's content. Raises UnavailableError, InputError."""
    try:
        with path.open("rb") as file:
            data = file.read(limit + 1)
    except OSError as error:
        raise UnavailableError("no-file", f"cannot read {path}: {error.strerror}") from None
    if len(data) > limit:
        raise InputError("oversize", f"{path} is too large")
    return data

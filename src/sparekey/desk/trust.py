"""The desk's own trust file: made once, signed by the maker's root, shown to every device."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sparekey.core import crypto
from sparekey.core.errors import InputError, UnavailableError
from sparekey.core.messages.armour import ARMOUR_LIMIT, FileKind, unwrap, wrap
from sparekey.core.messages.request import DESK_ID_LENGTH
from sparekey.core.messages.trust import Trust, read_trust, sign_trust
from sparekey.core.tlog.checkpoint import log_key
from sparekey.desk.keyring import OPENING, read_public

if TYPE_CHECKING:
    from pathlib import Path

    from sparekey.desk.keyring import Keyring
    from sparekey.host.entropy import Entropy

LOG_PATH = "/log"
"""Where the recovery log is served, below the desk's address."""


def make_trust(*, name: str, prefix: str, keyring: Keyring, root: bytes, entropy: Entropy) -> str:
    """The first trust file of a desk, armoured. `root`: the maker's private key."""
    content = Trust(
        desk=entropy.bytes(DESK_ID_LENGTH),
        name=name,
        prefix=prefix,
        version=1,
        sealing=tuple(
            (purpose, tuple(crypto.sealing_public(key) for key in keys.values()))
            for purpose, keys in keyring.opening.items()
        ),
        signing=(crypto.signing_public(keyring.sign),),
        logs=tuple(log_key(log_origin(prefix), crypto.signing_public(key)) for key in keyring.log),
    )
    told = {"Desk": name, "Address": prefix, "Version": str(content.version)}
    return wrap(FileKind.TRUST, sign_trust(content, root), told)


def log_origin(prefix: str) -> str:
    """What a new desk calls its recovery log: the place where it is served. `prefix`: as in the trust file."""
    return prefix.lower().removesuffix("/r/").partition("://")[2] + LOG_PATH


def load_trust(path: Path, root: Path) -> tuple[Trust, str]:
    """Read and check the file: (content, text as it is handed out). Raises SparekeyError of any family."""
    text = _read(path)
    return read_trust(unwrap(FileKind.TRUST, text), read_public(root)), text


def check_trust(trust: Trust, *, prefix: str, keyring: Keyring) -> None:
    """Whether devices that hold this file can reach this desk. Raises InputError (`trust`)."""
    if trust.prefix != prefix:
        raise InputError("trust", f"the trust file leads to {trust.prefix}, the url in desk.toml to {prefix}")
    for purpose, _ in trust.sealing:
        if crypto.key_id(trust.sealing_key(purpose)) not in keyring.opening[purpose]:
            name = f"{OPENING[purpose]}.key"
            raise InputError(
                "trust", f"devices seal to a key that is not in the keys folder; put {name} back"
            )
    if crypto.signing_public(keyring.sign) not in trust.signing:
        raise InputError("trust", "devices do not know the key in sign.key; put back the one that they know")
    if crypto.key_id(crypto.signing_public(keyring.sign)) in trust.revoked:
        raise InputError(
            "trust", "the trust file revokes the key in sign.key; put the one that follows it there"
        )
    if not trust.logs:
        raise InputError(
            "trust", "the trust file names no recovery log, so devices take no file; make a new one"
        )
    known = trust.log_keys(trust.logs[0].name)
    if not any(crypto.signing_public(key) in known for key in keyring.log):
        raise InputError("trust", "devices do not know the key in log.key; put back the one that they know")


def _read(path: Path) -> str:
    try:
        with path.open("rb") as file:
            data = file.read(ARMOUR_LIMIT + 1)
    except OSError as error:
        raise UnavailableError("no-trust-file", f"cannot read {path}: {error.strerror}") from None
    return data.decode(errors="replace")

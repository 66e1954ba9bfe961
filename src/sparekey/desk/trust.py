"""The desk's own trust file: made once, signed by the maker's root, shown to every device."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sparekey.core import crypto
from sparekey.core.errors import InputError, UnavailableError
from sparekey.core.messages.armour import ARMOUR_LIMIT, FileKind, unwrap, wrap
from sparekey.core.messages.request import DESK_ID_LENGTH
from sparekey.core.messages.trust import Trust, read_trust, sign_trust
from sparekey.desk.keyring import OPENING, read_public

if TYPE_CHECKING:
    from pathlib import Path

    from sparekey.desk.keyring import Keyring
    from sparekey.host.entropy import Entropy


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
    )
    told = {"Desk": name, "Address": prefix, "Version": str(content.version)}
    return wrap(FileKind.TRUST, sign_trust(content, root), told)


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


def _read(path: Path) -> str:
    try:
        with path.open("rb") as file:
            data = file.read(ARMOUR_LIMIT + 1)
    except OSError as error:
        raise UnavailableError("no-trust-file", f"cannot read {path}: {error.strerror}") from None
    return data.decode(errors="replace")

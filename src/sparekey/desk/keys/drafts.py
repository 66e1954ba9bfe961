"""The next trust file on its way: drafted here, signed where the maker's root key is, installed here."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sparekey.core import crypto
from sparekey.core.codec import encode
from sparekey.core.errors import InputError, UnavailableError
from sparekey.core.messages.armour import ARMOUR_LIMIT, FileKind, unwrap, wrap
from sparekey.core.messages.trust import Trust, newer, parse_trust, read_trust, sign_trust
from sparekey.desk.keyring import read_key, read_keys, read_public
from sparekey.desk.keys.folder import SIGN_NEXT, switch_signer
from sparekey.desk.trust import check_trust, load_trust

if TYPE_CHECKING:
    from pathlib import Path

    from sparekey.desk.config import DeskConfig

DRAFT = "trust-next.unsigned"
"""Beside the trust file. Changes gather in it until it is installed."""

_UNSIGNED = bytes(crypto.SIGNATURE_LENGTH)


@dataclass(frozen=True)
class Drafts:
    """The trust file in use and the next one, for one desk."""

    config: DeskConfig

    @property
    def path(self) -> Path:
        """Where the draft is."""
        return self.config.trust.with_name(DRAFT)

    def current(self) -> Trust:
        """The trust file in use. Raises SparekeyError."""
        return load_trust(self.config.trust, self.config.root)[0]

    def next(self) -> Trust:
        """What to change: the draft, where there is one that follows the file in use, else that file's content."""
        current = self.current()
        if self.path.exists():
            draft = parse_trust(unwrap(FileKind.TRUST, _read(self.path))).unproved
            if draft.version == current.version + 1 and draft.desk == current.desk:
                return draft
        return replace(current, version=current.version + 1)

    def write(self, trust: Trust) -> None:
        """Keep a draft. Raises UnavailableError."""
        put(self.path, armoured(trust, encode([trust.encoded, _UNSIGNED])))

    def install(self, text: str) -> Trust:
        """Use a signed trust file from now on; the one before stays beside it.

        Where devices shall not take the key in sign.key any more, the one that follows it signs from now on. Raises
        UntrustedError unless the root signed it and it follows the one in use, InputError (`trust`) where this desk has
        not the keys that it names.
        """
        current, before = load_trust(self.config.trust, self.config.root)
        data = unwrap(FileKind.TRUST, text)
        trust = newer(current, read_trust(data, read_public(self.config.root)))
        self._let_sign(trust)
        check_trust(trust, prefix=self.config.prefix, keyring=read_keys(self.config.keys))
        if trust.version > current.version:
            put(self.config.trust.with_name(f"trust-{current.version}.sparekey-trust"), before)
        put(self.config.trust, armoured(trust, data))
        self.path.unlink(missing_ok=True)
        return trust

    def _let_sign(self, trust: Trust) -> None:
        keys = self.config.keys
        following = keys / SIGN_NEXT
        if not following.exists() or crypto.signing_public(read_key(keys / "sign.key")) in trust.signing:
            return
        if crypto.signing_public(read_key(following)) in trust.signing:
            switch_signer(keys)


def signed(text: str, root: bytes) -> tuple[Trust, str]:
    """A draft's content and the signed file's text. `root`: the maker's private key. Raises InputError."""
    trust = parse_trust(unwrap(FileKind.TRUST, text)).unproved
    return trust, armoured(trust, sign_trust(trust, root))


def armoured(trust: Trust, data: bytes) -> str:
    """A trust file's text, with what its reader should see."""
    return wrap(
        FileKind.TRUST, data, {"Desk": trust.name, "Address": trust.prefix, "Version": str(trust.version)}
    )


def put(path: Path, text: str) -> None:
    """Put a file in the place of another, durably. Raises UnavailableError."""
    beside = path.with_name(f"{path.name}.new")
    try:
        with beside.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except OSError as error:
        raise UnavailableError("disk", f"cannot write {path}: {error.strerror}") from None


def read_file(path: Path) -> str:
    """A trust file's or draft's text. Raises UnavailableError, InputError."""
    return _read(path)


def _read(path: Path) -> str:
    try:
        with path.open("rb") as file:
            data = file.read(ARMOUR_LIMIT + 1)
    except OSError as error:
        raise UnavailableError("no-trust-file", f"cannot read {path}: {error.strerror}") from None
    if len(data) > ARMOUR_LIMIT:
        raise InputError("oversize", f"{path} is too large for a trust file")
    return data.decode(errors="replace")

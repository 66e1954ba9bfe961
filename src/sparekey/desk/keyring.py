"""The desk's private keys: one file for each purpose, readable by their owner alone."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sparekey.core import crypto, mailing
from sparekey.core.errors import InputError, UnavailableError, UntrustedError
from sparekey.core.messages.header import Purpose
from sparekey.core.messages.request import open_body, open_mail

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from sparekey.core.messages.request import Body, Header, MailBody, Request
    from sparekey.host.entropy import Entropy

OPENING = {purpose: purpose.name.lower() for purpose in Purpose}
"""The names of the keys that open what is sealed to the desk (X25519), one for each purpose."""
NAMES = (*OPENING.values(), "sign", "ticket", "log")
"""Every key file's name: `sign` signs answers and `log` the recovery log (Ed25519), `ticket` makes tickets and marks
(HMAC).
"""

_LIMIT = 1024


@dataclass(frozen=True)
class Keyring:
    """The keys in memory. `opening`: private keys by purpose and key id, the newest first: what was sealed to an older
    one still opens. `log`: all of them sign every checkpoint, so that devices with an older trust file take it too.
    `old_tickets`: tickets made with them still hold.
    """

    opening: Mapping[Purpose, Mapping[bytes, bytes]] = field(repr=False)
    sign: bytes = field(repr=False)
    ticket: bytes = field(repr=False)
    log: tuple[bytes, ...] = field(default=(), repr=False)
    old_tickets: tuple[bytes, ...] = field(default=(), repr=False)

    def open_mail(self, request: Request) -> MailBody:
        """Open a `mail` request. Raises UntrustedError: `no-key` when it was sealed to none of ours, or `sealed`."""
        private = self.opening[Purpose.MAIL].get(request.header.key)
        if private is None:
            raise UntrustedError("no-key", "it was sealed to a key that this desk does not have")
        return open_mail(request, private)

    def open(self, request: Request) -> Body:
        """Open a request of any kind. Raises UntrustedError as `open_mail`."""
        private = self.opening[request.header.kind.purpose].get(request.header.key)
        if private is None:
            raise UntrustedError("no-key", "it was sealed to a key that this desk does not have")
        return open_body(request, private)

    def ticket_holds(self, header: Header, shown: bytes | None) -> bool:
        """Whether a request comes from a device that enrolled here, by the newest key or one that it had before."""
        held = [mailing.ticket_holds(key, header, shown) for key in (self.ticket, *self.old_tickets)]
        return any(held)

    def first_use_holds(self, header: Header, shown: bytes | None) -> bool:
        """The same for a device that enrolled and proved nothing: worth a budget, and none of its words."""
        keys = (self.ticket, *self.old_tickets)
        held = [mailing.first_use_ticket_holds(key, header, shown) for key in keys]
        return any(held)

    @property
    def form_key(self) -> bytes:
        """What form tokens are made with: the same on every node and after every restart."""
        return crypto.derive(self.ticket, "form tokens")


def make_keys(folder: Path, entropy: Entropy) -> None:
    """Make the folder and one key for each purpose. Raises InputError (`exists`), UnavailableError."""
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        raise InputError("exists", f"{folder} is already there; nothing was changed") from None
    except OSError as error:
        raise UnavailableError("disk", f"cannot make {folder}: {error.strerror}") from None
    for name in NAMES:
        write_new(folder / f"{name}.key", spelled(entropy.bytes(crypto.KEY_LENGTH)), private=True)


def read_keys(folder: Path) -> Keyring:
    """Read the folder. `mail.key` is the newest key for mail; `mail-*.key` are older ones that still open; likewise for
    each purpose, `log` and `ticket`.

    Raises InputError (`key-mode`, `key`), UnavailableError (`no-key-file`).
    """
    _check_mode(folder)
    return Keyring(
        opening={purpose: _read_opening(folder, name) for purpose, name in OPENING.items()},
        sign=read_key(folder / "sign.key"),
        ticket=read_key(folder / "ticket.key"),
        log=tuple(_read_all(folder, "log")),
        old_tickets=tuple(_read_all(folder, "ticket")[1:]),
    )


def _read_opening(folder: Path, name: str) -> dict[bytes, bytes]:
    return {crypto.key_id(crypto.sealing_public(private)): private for private in _read_all(folder, name)}


def _read_all(folder: Path, name: str) -> list[bytes]:
    """The newest key and the older ones."""
    return [read_key(path) for path in (folder / f"{name}.key", *sorted(folder.glob(f"{name}-*.key")))]


def read_key(path: Path) -> bytes:
    """One private key: 64 hexadecimal digits in a file. Raises as `read_secret`."""
    return _key(path, read_secret(path))


def read_public(path: Path) -> bytes:
    """One public key, written the same way. Raises InputError (`key`), UnavailableError."""
    return _key(path, _read(path))


def read_secret(path: Path) -> str:
    """A small file that only its owner may read. Raises InputError (`key-mode`, `key`), UnavailableError."""
    _check_mode(path)
    return _read(path)


def spelled(key: bytes) -> bytes:
    """A key as its file holds it: digits that survive a print-out."""
    return f"{key.hex()}\n".encode()


def write_new(path: Path, data: bytes, *, private: bool = False) -> None:
    """Write a file that is not there yet, durably. Raises InputError (`exists`), UnavailableError."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600 if private else 0o644)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except FileExistsError:
        raise InputError("exists", f"{path} is already there; nothing was changed") from None
    except OSError as error:
        raise UnavailableError("disk", f"cannot write {path}: {error.strerror}") from None


def _key(path: Path, text: str) -> bytes:
    try:
        key = bytes.fromhex(text.strip())
    except ValueError:
        key = b""
    if len(key) != crypto.KEY_LENGTH:
        raise InputError("key", f"{path} does not hold a key: {2 * crypto.KEY_LENGTH} hexadecimal digits")
    return key


def _read(path: Path) -> str:
    try:
        with path.open("rb") as file:
            data = file.read(_LIMIT + 1)
    except OSError as error:
        raise UnavailableError("no-key-file", f"cannot read {path}: {error.strerror}") from None
    if len(data) > _LIMIT:
        raise InputError("key", f"{path} is too large for what it should hold")
    return data.decode(errors="replace")


def _check_mode(path: Path) -> None:
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
    except OSError as error:
        raise UnavailableError("no-key-file", f"cannot read {path}: {error.strerror}") from None
    if mode & 0o077:
        wanted = "700" if path.is_dir() else "600"
        raise InputError("key-mode", f"others can read {path}; mend it with: chmod {wanted} {path}")

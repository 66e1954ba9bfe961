"""A password hash as text, in the form that account programs everywhere keep (spec/accounts.md section 4)."""

from __future__ import annotations

import re
from base64 import b64decode, b64encode

from sparekey.core.crypto import Argon2Cost, PasswordHash
from sparekey.core.errors import InputError

_FORM = re.compile(
    r"\$argon2id\$v=19\$m=([1-9][0-9]{0,6}),t=([1-9][0-9]{0,2}),p=([1-9][0-9]{0,1})"
    r"\$([A-Za-z0-9+/]{22})\$([A-Za-z0-9+/]{43})",
    re.ASCII,
)


def phc(password: PasswordHash) -> str:
    """`$argon2id$v=19$m=MEMORY,t=PASSES,p=LANES$SALT$RESULT`: memory in KiB, base64 without padding."""
    cost = password.cost
    return (
        f"$argon2id$v=19$m={cost.memory},t={cost.passes},p={cost.lanes}"
        f"${_text(password.salt)}${_text(password.result)}"
    )


def read_phc(text: str) -> PasswordHash:
    """The hash behind such a text: 16 bytes of salt, 32 of result. Raises InputError (`phc`) for others."""
    found = _FORM.fullmatch(text)
    if found is None:
        raise InputError("phc", "a kept password does not look like $argon2id$v=19$m=..,t=..,p=..$..$..")
    memory, passes, lanes = (int(number) for number in found.groups()[:3])
    salt, result = (b64decode(f"{part}{'=' * (-len(part) % 4)}") for part in found.groups()[3:])
    read = PasswordHash(Argon2Cost(memory, passes, lanes), salt, result)
    if phc(read) != text:
        raise InputError("phc", "a kept password is not written in its shortest form")
    return read


def _text(data: bytes) -> str:
    return b64encode(data).decode().rstrip("=")

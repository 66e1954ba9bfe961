"""Codes that let one person in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sparekey.core import crypto
from sparekey.core.admission import Role
from sparekey.core.codes import saved_from_entropy
from sparekey.core.errors import InputError
from sparekey.desk.staff.people import Invitation

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sparekey.core.codes import SavedCode
    from sparekey.desk.staff.book import Book
    from sparekey.host.entropy import Entropy

INVITED = 24 * 3600
"""Seconds for which an invitation serves."""
NAME_LIMIT = 60
"""Characters of a name."""


def invite(book: Book, entropy: Entropy, now: int, by: str, name: str, roles: Sequence[Role]) -> SavedCode:
    """A code that lets one person in. `by`: a staff id, or empty for whoever runs the server.

    Raises InputError (`name`, `role`).
    """
    name = " ".join(name.split())
    if not 0 < len(name) <= NAME_LIMIT or not name.isprintable():
        raise InputError("name", f"a name has 1 to {NAME_LIMIT} characters")
    if not roles:
        raise InputError("role", "choose at least one role")
    code = saved_from_entropy(entropy.bytes(9))
    ordered = tuple(role for role in Role if role in roles)
    book.invite(Invitation(mark_of(code), name, ordered, by, now + INVITED))
    book.note(by, "invited", name)
    return code


def mark_of(code: SavedCode) -> bytes:
    """What the store knows a code by."""
    return crypto.sha256(b"staff invitation\x00" + code.text.encode())

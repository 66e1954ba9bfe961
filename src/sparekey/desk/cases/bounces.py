"""Reports of mail servers that a mail about a case did not arrive (RFC 3464): read, and noted on the case.

Most mail servers take a mail first and find out later. What they write then comes to the sender's address; whoever
gets it hands it to `sparekey desk bounced`. Each of our mails carries a mark that only this desk makes, and the
report brings it back: so nobody can make a case look as if its owner could not be reached.
"""

from __future__ import annotations

from email import message_from_bytes, message_from_string
from email.errors import MessageError
from email.message import Message
from typing import TYPE_CHECKING

from sparekey.core.crypto import derive, equal, mac
from sparekey.core.errors import InputError
from sparekey.desk.cases.asking import Past
from sparekey.desk.cases.posting import ASKER, Kind
from sparekey.desk.mail.message import MARK

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sparekey.desk.cases.posting import CaseMail
    from sparekey.desk.cases.repository import CaseRepository

REPORT_LIMIT = 1024 * 1024
"""Bytes of a report, at most."""

_REPORTS, _ORIGINALS = "message/delivery-status", ("message/rfc822", "text/rfc822-headers")


class Marks:
    """Makes and reads the marks. `tickets`: the desk's ticket keys, the newest first."""

    def __init__(self, tickets: Sequence[bytes]) -> None:
        self._keys = [derive(key, "mail marks") for key in tickets]

    def make(self, mail: CaseMail) -> str:
        """The mark of a mail: case, kind, place, and what nobody else can write."""
        said = f"{mail.number} {mail.kind.value} {mail.place}"
        return f"{said} {_seal(self._keys[0], said)}"

    def read(self, text: str) -> tuple[str, Kind, int] | None:
        """Case, kind and place; None when it is no mark of ours."""
        said, _, seal = " ".join(text.split()).rpartition(" ")
        held = [equal(seal.encode(), _seal(key, said).encode()) for key in self._keys]
        if not any(held):
            return None
        number, kind, place = said.split(" ")
        return number, Kind(kind), int(place)


def returned(report: bytes, marks: Marks) -> tuple[str, Kind, int] | None:
    """Which mail a report is about. None when it reports no failure (a delay, an answer of a person), and for
    what is none. Raises InputError (`oversize`).
    """
    if len(report) > REPORT_LIMIT:
        raise InputError("oversize", "this mail is too large for a report")
    try:
        parts = list(message_from_bytes(report).walk())
        failed = any(_failed(part) for part in parts if part.get_content_type() == _REPORTS)
        found = [marks.read(told) for part in parts for told in _marks(part)] if failed else []
    except (MessageError, ValueError, LookupError, AttributeError, TypeError, RecursionError):
        return None  # whatever a stranger sends, parts in parts in parts among it
    return next((mark for mark in found if mark is not None), None)


def note_return(repository: CaseRepository, mark: tuple[str, Kind, int], now: int) -> None:
    """Note on the case that this mail did not arrive, once. Raises UnavailableError."""
    number, kind, place = mark
    role = "asker" if place == ASKER else "owner"
    past = Past(now, "bounced", "", role, kind.value)
    same = [(line.what, line.role, line.detail) for line in repository.history(number)]
    if repository.get(number) is not None and (past.what, past.role, past.detail) not in same:
        repository.note(number, past)


def _failed(part: Message) -> bool:
    """Whether a block of the report says so of a recipient."""
    blocks = part.get_payload()
    return isinstance(blocks, list) and any(
        isinstance(block, Message) and str(block.get("Action", "")).strip().lower() == "failed"
        for block in blocks
    )


def _marks(part: Message) -> Iterator[str]:
    """The mark in what the report brings back: the whole mail, or its head."""
    if part.get_content_type() not in _ORIGINALS:
        return
    inside = part.get_payload()
    if isinstance(inside, list):
        heads = [head for head in inside if isinstance(head, Message)]
    else:
        content = part.get_payload(decode=True)
        heads = (
            [message_from_string(content.decode("ascii", "replace"))] if isinstance(content, bytes) else []
        )
    for head in heads:
        told = head.get(MARK)
        if told is not None:
            yield str(told)


def _seal(key: bytes, said: str) -> str:
    return mac(key, said.encode())[:16].hex()

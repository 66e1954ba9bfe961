"""What the desk answers to one letter of a device (spec/desklink.md section 3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum

from sparekey.core.codec import Value, encode
from sparekey.core.errors import InputError
from sparekey.core.messages.batch import make_batch, read_items
from sparekey.core.messages.enrol_reply import HASH_LENGTH, REPLY_LIMIT
from sparekey.core.messages.fields import Fields

LINK_MOST = 100
"""Items of one call, at most."""


class LinkVerdict(Enum):
    """What became of an item; the value stands on the wire."""

    TAKEN = "taken"
    WAITS = "waits"
    """Two people at the desk look at it first."""
    OLD = "old"
    """A newer one was taken before."""
    LATER = "later"
    """The desk takes no more of these for now."""
    EXPIRED = "expired"
    DAMAGED = "damaged"
    OTHER_KIND = "other-kind"
    OTHER_DESK = "other-desk"
    UNKNOWN_KEY = "unknown-key"
    NOT_GENUINE = "not-genuine"


@dataclass(frozen=True)
class LinkAnswer:
    """`data`: for an enrolment that was taken the reply's bytes, where the key is unknown the newest trust file's, else
    empty. `request`: hash of what is answered; empty where the answer stands in its place.
    """

    verdict: LinkVerdict
    data: bytes = field(default=b"", repr=False)
    request: bytes = b""

    @property
    def encoded(self) -> bytes:
        """The answer as CBOR."""
        fields: dict[int, Value] = {1: 1, 2: self.verdict.value}
        if self.data:
            fields[3] = self.data
        if self.request:
            fields[4] = self.request
        return encode(fields)


def make_answers(answers: Sequence[LinkAnswer]) -> bytes:
    """The answers to a call, each in its place."""
    return make_batch([answer.encoded for answer in answers])


def read_answers(data: bytes, count: int) -> list[LinkAnswer]:
    """As many answers as there were items. Raises InputError for anything else."""
    items = read_items(data)
    if len(items) != count:
        raise InputError("link-answer", "the desk answered more or fewer items than it was given")
    return [_read(item) for item in items]


def read_carried(data: bytes) -> LinkAnswer:
    """An answer that left its place, so that it names what it answers. Raises InputError."""
    answer = _read(data)
    if not answer.request:
        raise InputError("link-answer", "this answer does not say what it answers")
    return answer


def read_carried_batch(data: bytes) -> list[LinkAnswer | InputError]:
    """A file of such answers, each in its place, or why it cannot be read. Raises InputError when the file itself is
    broken.
    """
    return [_one(item) for item in read_items(data)]


def _one(item: bytes) -> LinkAnswer | InputError:
    try:
        return read_carried(item)
    except InputError as error:
        return error


def _read(data: bytes) -> LinkAnswer:
    fields = Fields.of(data, "answer")
    fields.number(1, 1, 1)
    verdict = fields.choice(2, LinkVerdict)
    answer = LinkAnswer(
        verdict,
        fields.data(3, 1, REPLY_LIMIT) if fields.has(3) else b"",
        fields.data(4, HASH_LENGTH, HASH_LENGTH) if fields.has(4) else b"",
    )
    fields.end()
    return answer

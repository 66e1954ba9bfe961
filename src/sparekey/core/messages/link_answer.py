"""What the desk's link answers to one item of a batch (spec/desklink.md section 3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum

from sparekey.core.codec import Value, encode
from sparekey.core.errors import InputError
from sparekey.core.messages.batch import make_batch, read_items
from sparekey.core.messages.enrol_reply import REPLY_LIMIT
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
    """`data`: for an enrolment that was taken the reply's bytes, else empty."""

    verdict: LinkVerdict
    data: bytes = field(default=b"", repr=False)

    @property
    def encoded(self) -> bytes:
        """The answer as CBOR."""
        fields: dict[int, Value] = {1: 1, 2: self.verdict.value}
        if self.data:
            fields[3] = self.data
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


def _read(data: bytes) -> LinkAnswer:
    fields = Fields.of(data, "answer")
    fields.number(1, 1, 1)
    verdict = fields.choice(2, LinkVerdict)
    answer = LinkAnswer(verdict, fields.data(3, 1, REPLY_LIMIT) if fields.has(3) else b"")
    fields.end()
    return answer

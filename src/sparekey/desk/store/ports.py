"""What the desk asks of its store. Nothing that counts stays in a process: any node answers any request."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from contextlib import AbstractContextManager

    from sparekey.core.mailing import Sent


class Counted(Protocol):
    """What is remembered of a mail for counting; see `Queued`."""

    @property
    def request_hash(self) -> bytes:
        """Of the request that it is about."""

    @property
    def address_mark(self) -> bytes:
        """For whom, as `mailing` marks it."""

    @property
    def ticketed(self) -> bool:
        """Whether the device showed a ticket."""

    @property
    def keep_until(self) -> int:
        """Unix seconds."""


@dataclass(frozen=True)
class Queued:
    """One mail to be sent: the request as it came, never what is inside.

    `place`: which of the sealed addresses. `round`: how many mails for this request and address went before.
    `good_until`: Unix seconds, when the code ends. `keep_until`: Unix seconds, until when the mail is
    remembered for counting and for "first seen".
    """

    request: bytes = field(repr=False)
    request_hash: bytes
    place: int
    address_mark: bytes
    ticketed: bool
    round: int
    good_until: int
    keep_until: int


@dataclass(frozen=True)
class Waiting:
    """A mail taken from the outbox by one worker. `attempts`: how often it was taken, this time included."""

    id: int
    request: bytes = field(repr=False)
    place: int
    round: int
    good_until: int
    attempts: int


class DeskTransaction(Protocol):
    """All or nothing. Transactions behave as if they ran one after the other, each at one moment."""

    def expect(self, hashes: Sequence[bytes], marks: Sequence[bytes], now: int) -> None:
        """Requests and addresses that will be asked about: looked up together, which costs little more than one."""

    def first_seen(self, request_hash: bytes) -> int | None:
        """When the first mail for a request was queued, Unix seconds, or None."""

    def sent(self, request_hash: bytes, address_mark: bytes, *, ticketed: bool, now: int) -> Sent:
        """What was queued so far."""

    def queue(self, mail: Queued, now: int) -> None:
        """Put a mail into the outbox and count it."""

    def tally(self, kind: str, now: int) -> int:
        """One more of anything that has a budget for each hour; how many there were before."""

    def hold_back(self, now: int) -> None:
        """Count a mail that must not go out. A write like the other, so that the two take equally long."""


class DeskStore(Protocol):
    """The desk's memory. Every method raises UnavailableError when the store fails; then nothing changed."""

    def transaction(self) -> AbstractContextManager[DeskTransaction]:
        """Begin; leaving without an error commits, durably."""

    def first_seen(self, hashes: Sequence[bytes]) -> Mapping[bytes, int]:
        """As in a transaction, for pages that only look. What was never queued is not in it."""

    def claim(self, now: int, lease: int, most: int) -> Sequence[Waiting]:
        """Take up to `most` due mails, oldest first; nobody else gets them for `lease` seconds."""

    def done(self, *mails: int) -> None:
        """Forget mails of the outbox. Doing so twice is fine."""

    def postpone(self, mail: int, *, due: int, attempts: int) -> None:
        """Give a mail back; it is due again at `due`, and was tried `attempts` times."""

    def waiting(self) -> int:
        """How many mails are in the outbox."""

    def prune(self, now: int) -> None:
        """Forget counts that no rule asks for any more."""

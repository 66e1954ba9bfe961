"""What the outbox asks of a mail server, and of the piles that mails wait on."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from contextlib import AbstractContextManager


NOBODY = "nobody"
"""The slug of a mail that turned out to have no reader: that is no failure, and it counts as done."""


@dataclass(frozen=True)
class Sender:
    """Who the mails are from: the desk's name and address."""

    name: str
    address: str

    @property
    def domain(self) -> str:
        """The right side of every Message-ID."""
        return self.address.rpartition("@")[2]


class Delivery(Enum):
    """What the server said to one mail (RFC 5321 section 4.2.1)."""

    TAKEN = "taken"
    LATER = "later"
    """A refusal that may pass (4xx)."""
    NEVER = "never"
    """A refusal that stays until somebody changes something (5xx)."""


class MailSession(Protocol):
    """One conversation with the server."""

    def send(self, sender: str, recipient: str, message: bytes) -> Delivery:
        """Hand over one mail. Raises UnavailableError when the conversation is over."""


class Mailer(Protocol):
    """Where mail goes out."""

    def session(self) -> AbstractContextManager[MailSession]:
        """Begin a conversation. Raises UnavailableError."""


class Due(Protocol):
    """A mail taken from a pile by one worker. `good_until`: Unix seconds, when it is not worth sending any more.
    `attempts`: how often it was taken, this time included.
    """

    @property
    def id(self) -> int:
        """Its name on the pile."""

    @property
    def good_until(self) -> int:
        """Unix seconds."""

    @property
    def attempts(self) -> int:
        """Times."""


M = TypeVar("M", bound=Due)


class Pile(Protocol[M]):
    """Mails of one kind that wait. Every method raises UnavailableError when the store fails; then nothing changed."""

    def claim(self, now: int, lease: int, most: int) -> Sequence[M]:
        """Take up to `most` due mails, oldest first; nobody else gets them for `lease` seconds."""

    def prepare(self, mails: Sequence[M]) -> None:
        """What has to be done before any of these leaves. Raises UnavailableError when they have to wait."""

    def write(self, mail: M) -> tuple[str, bytes]:
        """The recipient and the whole message. Raises InputError or UntrustedError when it cannot be written, ever."""

    def done(self, *mails: int) -> None:
        """They were sent, or have no reader. Doing so twice is fine."""

    def postpone(self, mail: int, *, due: int, attempts: int) -> None:
        """Give a mail back; it is due again at `due`, and was tried `attempts` times."""

    def give_up(self, mail: M) -> None:
        """It never goes out."""

    def prune(self, now: int) -> None:
        """Forget what no rule asks for any more."""

    def named(self, mail: M) -> Mapping[str, object]:
        """How a mail is named in a log line: nothing of anybody's."""

"""What the outbox asks of a mail server."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from contextlib import AbstractContextManager


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

"""What every room of the desk is made with at its start."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from sparekey.desk.mail.outbox import Outbox
from sparekey.desk.mail.ports import Due

if TYPE_CHECKING:
    from collections.abc import Callable

    from sparekey.core.messages.trust import Trust
    from sparekey.desk.config import DeskConfig
    from sparekey.desk.keyring import Keyring
    from sparekey.desk.mail.letters import Letters
    from sparekey.desk.mail.ports import Mailer, Pile, Sender
    from sparekey.desk.store.database import Database
    from sparekey.host.clock import Clock
    from sparekey.host.entropy import Entropy

M = TypeVar("M", bound=Due)


@dataclass(frozen=True)
class Tools:
    """`trust_text`: the trust file as it is handed out. `wake`: called when mail waits. `outboxes`: all there are."""

    config: DeskConfig
    trust: Trust
    trust_text: str
    keyring: Keyring = field(repr=False)
    database: Database
    letters: Letters
    sender: Sender
    mailer: Mailer
    clock: Clock
    entropy: Entropy
    wake: Callable[[], None]
    outboxes: list[Outbox[Any]] = field(default_factory=list)

    def outbox(self, pile: Pile[M]) -> Outbox[M]:
        """What sends the mails of a pile."""
        made = Outbox(pile, mailer=self.mailer, sender=self.sender.address, clock=self.clock)
        self.outboxes.append(made)
        return made

"""Puts the registry's parts together at the desk's start."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sparekey.core.messages.armour import FileKind, unwrap
from sparekey.desk.mail.outbox import Outbox
from sparekey.desk.registry.disputes import Disputes
from sparekey.desk.registry.news import NewsDue, NewsPile
from sparekey.desk.registry.notices import Notices
from sparekey.desk.registry.pages import STOP
from sparekey.desk.registry.registrar import Registrar
from sparekey.desk.registry.room import RegistryRoom

if TYPE_CHECKING:
    from collections.abc import Callable

    from sparekey.core.messages.trust import Trust
    from sparekey.desk.config import DeskConfig
    from sparekey.desk.intake import Intake
    from sparekey.desk.keyring import Keyring
    from sparekey.desk.mail.letters import Letters
    from sparekey.desk.mail.ports import Mailer, Sender
    from sparekey.desk.store.database import Database
    from sparekey.host.clock import Clock
    from sparekey.host.entropy import Entropy


@dataclass(frozen=True)
class OpenRegistry:
    """`registrar` is what the other rooms ask (`registry.ports.Registry`), `disputes` what the console lists.
    `outbox`: sends what owners hear. `room`: the pages and calls.
    """

    registrar: Registrar
    notices: Notices
    disputes: Disputes
    outbox: Outbox[NewsDue]
    room: RegistryRoom

    @property
    def chores(self) -> tuple[Callable[[], int], ...]:
        """What the desk's worker does for it."""
        return (self.disputes.work, self.outbox.work)


def open_registry(
    config: DeskConfig,
    *,
    keyring: Keyring,
    trust: Trust,
    trust_text: str,
    database: Database,
    intake: Intake,
    letters: Letters,
    sender: Sender,
    mailer: Mailer,
    clock: Clock,
    entropy: Entropy,
    wake: Callable[[], None],
) -> OpenRegistry:
    """Everything, on one database."""
    newest = unwrap(FileKind.TRUST, trust_text)
    registrar = Registrar(
        desk=trust.desk,
        database=database,
        keyring=keyring,
        trust=lambda: newest,
        rules=config.registry,
        clock=clock,
        entropy=entropy,
        wake=wake,
    )
    notices, disputes = Notices(registrar, config.limits), Disputes(registrar)
    pile = NewsPile(
        database,
        keyring=keyring,
        letters=letters,
        sender=sender,
        clock=clock,
        stop_page=config.url + STOP,
    )
    room = RegistryRoom(
        registrar=registrar,
        notices=notices,
        disputes=disputes,
        intake=intake,
        trust=lambda: newest,
        prefix=config.prefix,
    )
    outbox = Outbox(pile, mailer=mailer, sender=sender.address, clock=clock)
    return OpenRegistry(registrar, notices, disputes, outbox, room)

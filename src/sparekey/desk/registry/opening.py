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

    from sparekey.desk.intake import Intake
    from sparekey.desk.tools import Tools


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
        """What the desk's worker does for it, besides its mails."""
        return (self.disputes.work,)


def open_registry(tools: Tools, intake: Intake) -> OpenRegistry:
    """Everything, on one database."""
    config, database, keyring, clock = tools.config, tools.database, tools.keyring, tools.clock
    newest = unwrap(FileKind.TRUST, tools.trust_text)
    registrar = Registrar(
        desk=tools.trust.desk,
        database=database,
        keyring=keyring,
        trust=lambda: newest,
        rules=config.registry,
        clock=clock,
        entropy=tools.entropy,
        wake=tools.wake,
    )
    notices, disputes = Notices(registrar, config.limits), Disputes(registrar)
    pile = NewsPile(
        database,
        keyring=keyring,
        letters=tools.letters,
        sender=tools.sender,
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
    return OpenRegistry(registrar, notices, disputes, tools.outbox(pile), room)

"""Puts the parts of the cases together at the desk's start."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sparekey.desk.cases.link import CasesLink
from sparekey.desk.cases.policy import load_policy
from sparekey.desk.cases.service import Cases
from sparekey.desk.help.room import Help
from sparekey.desk.mail.outbox import Outbox
from sparekey.desk.source import Sources

if TYPE_CHECKING:
    from collections.abc import Callable

    from sparekey.core.messages.trust import Trust
    from sparekey.desk.cases.posting import CaseMail
    from sparekey.desk.config import DeskConfig
    from sparekey.desk.keyring import Keyring
    from sparekey.desk.log.ports import RecoveryLog
    from sparekey.desk.mail.letters import Letters
    from sparekey.desk.mail.ports import Mailer, Sender
    from sparekey.desk.registry.ports import Registry
    from sparekey.desk.store.database import Database
    from sparekey.host.clock import Clock
    from sparekey.host.entropy import Entropy


@dataclass(frozen=True)
class OpenCases:
    """`cases`: the service. `outbox`: sends what people hear of them. `rooms`: public pages, and calls for
    programs.
    """

    cases: Cases
    outbox: Outbox[CaseMail]
    rooms: tuple[Help, CasesLink]

    @property
    def chores(self) -> tuple[Callable[[], int], ...]:
        """What the desk's worker does for them."""
        return (self.cases.work, self.outbox.work)

    @property
    def prunes(self) -> tuple[Callable[[], None], ...]:
        """What it does once an hour."""
        return (self.cases.prune,)


def open_cases(
    config: DeskConfig,
    *,
    trust: Trust,
    database: Database,
    keyring: Keyring,
    registry: Registry,
    log: RecoveryLog,
    letters: Letters,
    sender: Sender,
    mailer: Mailer,
    clock: Clock,
    entropy: Entropy,
    wake: Callable[[], None],
) -> OpenCases:
    """Everything. Raises InputError (`config`), UnavailableError for the policy's file."""
    cases = Cases(
        desk=trust.desk,
        database=database,
        keyring=keyring,
        registry=registry,
        log=log,
        policy=load_policy(config.policy),
        clock=clock,
        entropy=entropy,
        wake=wake,
    )
    outbox = Outbox(
        cases.mails(letters, sender, config.url), mailer=mailer, sender=sender.address, clock=clock
    )
    sources = Sources(keyring.ticket)
    pages = Help(
        cases=cases,
        sources=sources,
        key=keyring.form_key,
        profiles=config.profiles,
        clock=clock,
        zone=config.zone,
        shop=config.shop is not None,
    )
    return OpenCases(cases, outbox, (pages, CasesLink(cases, sources.mark)))

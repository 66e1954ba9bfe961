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

    from sparekey.desk.cases.posting import CaseMail
    from sparekey.desk.log.ports import RecoveryLog
    from sparekey.desk.registry.ports import Registry
    from sparekey.desk.tools import Tools


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
        """What the desk's worker does for them, besides their mails."""
        return (self.cases.work, self.cases.files.work)

    @property
    def prunes(self) -> tuple[Callable[[], None], ...]:
        """What it does once an hour."""
        return (self.cases.prune,)


def open_cases(tools: Tools, registry: Registry, log: RecoveryLog) -> OpenCases:
    """Everything. Raises InputError (`config`), UnavailableError for the policy's file."""
    config, keyring, clock = tools.config, tools.keyring, tools.clock
    cases = Cases(
        desk=tools.trust.desk,
        database=tools.database,
        keyring=keyring,
        registry=registry,
        log=log,
        policy=load_policy(config.policy),
        clock=clock,
        entropy=tools.entropy,
        wake=tools.wake,
    )
    outbox = tools.outbox(cases.mails(tools.letters, tools.sender, config.url))
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

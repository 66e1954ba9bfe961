"""Puts the owners' room together at the desk's start."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar
from urllib.parse import urlsplit

from sparekey.core import crypto
from sparekey.desk.cases.vault import Vault
from sparekey.desk.mail.outbox import Outbox
from sparekey.desk.owners.accounts import Accounts
from sparekey.desk.owners.devices import Devices
from sparekey.desk.owners.door import ROOT
from sparekey.desk.owners.mails import CodeDue, OwnerCodes
from sparekey.desk.owners.pages import OwnerPages
from sparekey.desk.source import Sources
from sparekey.desk.staff.challenges import Challenges
from sparekey.desk.staff.passkeys import Passkeys
from sparekey.language.moments import moment

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import tzinfo

    from starlette.requests import Request
    from starlette.routing import BaseRoute

    from sparekey.core.messages.trust import Trust
    from sparekey.desk.cases.service import Cases
    from sparekey.desk.registry.notices import Notices
    from sparekey.desk.registry.registrar import Registrar
    from sparekey.desk.tools import Tools
    from sparekey.web.page import Pages


class OwnerRoom:
    """A room of the desk (`desk.web.Room`)."""

    packages: ClassVar[Mapping[str, str]] = {
        "owners": "sparekey.desk.owners",
        "console": "sparekey.desk.console",
    }
    larger: ClassVar[tuple[tuple[str, int], ...]] = ()

    def __init__(
        self, accounts: Accounts, devices: Devices, *, trust: Trust, sources: Sources, zone: tzinfo
    ) -> None:
        self._accounts = accounts
        self._devices = devices
        self._trust = trust
        self._sources = sources
        self._zone = zone

    def routes(self, pages: Pages) -> Sequence[BaseRoute]:
        """Its pages."""

        def when(request: Request, at: int) -> str:
            offset = datetime.fromtimestamp(at, self._zone).utcoffset()
            seconds = int(offset.total_seconds()) if offset else 0
            return moment(at, self._accounts.clock.wall(), seconds, pages.words(request))

        return OwnerPages(
            pages,
            accounts=self._accounts,
            devices=self._devices,
            sources=self._sources,
            logs=self._trust.logs,
            teller=when,
        ).routes()


@dataclass(frozen=True)
class OpenOwners:
    """`outbox`: sends the codes. `room`: the pages."""

    accounts: Accounts
    devices: Devices
    outbox: Outbox[CodeDue]
    room: OwnerRoom


def open_owners(tools: Tools, registrar: Registrar, notices: Notices, cases: Cases) -> OpenOwners:
    """Everything. Passkeys are bound to the host in the desk's url."""
    config, keyring, clock, entropy = tools.config, tools.keyring, tools.clock, tools.entropy
    accounts = Accounts(
        database=registrar.database,
        keyring=keyring,
        vault=Vault(keyring),
        keys=Passkeys(host=urlsplit(config.url).hostname or "", origin=config.url, desk=config.name),
        challenges=Challenges(crypto.derive(keyring.ticket, "owner challenges"), entropy),
        clock=clock,
        entropy=entropy,
        wake=tools.wake,
    )
    devices = Devices(desk=tools.trust.desk, registrar=registrar, cases=cases, clock=clock)
    notices.heard.append(devices.heard)
    pile = OwnerCodes(accounts, letters=tools.letters, sender=tools.sender, url=config.url + ROOT)
    outbox = tools.outbox(pile)
    sources = Sources(keyring.ticket)
    return OpenOwners(
        accounts,
        devices,
        outbox,
        OwnerRoom(accounts, devices, trust=tools.trust, sources=sources, zone=config.zone),
    )

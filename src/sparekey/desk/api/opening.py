"""Puts the interface for programs together at the desk's start."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sparekey.desk.api.app import api_app
from sparekey.desk.api.desk import Desk
from sparekey.desk.api.entrance import Entrance
from sparekey.desk.api.repeats import Repeats
from sparekey.desk.cases.vault import Vault
from sparekey.desk.source import Sources
from sparekey.desk.web import own_names

if TYPE_CHECKING:
    from collections.abc import Callable

    from fastapi import FastAPI

    from sparekey.desk.api.tokens import Tokens
    from sparekey.desk.cases.service import Cases
    from sparekey.desk.log.ledger import Ledger
    from sparekey.desk.orders.service import Orders
    from sparekey.desk.staff.staff import Staff
    from sparekey.desk.tools import Tools


@dataclass(frozen=True)
class OpenApi:
    """`app`: its calls. `work`, `prune`: what the desk's worker does for it, always and once an hour."""

    app: FastAPI
    work: Callable[[], int]
    prune: Callable[[], None]


def open_api(
    tools: Tools, *, tokens: Tokens, cases: Cases, orders: Orders | None, staff: Staff, ledger: Ledger
) -> OpenApi:
    """Everything."""
    config, keyring, clock = tools.config, tools.keyring, tools.clock
    repeats = Repeats(tools.database, Vault(keyring))
    entrance = Entrance(
        tokens=tokens,
        repeats=repeats,
        counts=cases.budget,
        sources=Sources(keyring.ticket),
        clock=clock,
        per_hour=config.api.per_hour,
    )
    desk = Desk(cases, orders, staff, ledger, entrance, clock)
    names = own_names(config)
    app = api_app(desk, url=config.url, own_names=lambda: names, entropy=tools.entropy)
    return OpenApi(app, lambda: repeats.settle(clock.wall()), lambda: repeats.prune(clock.wall()))

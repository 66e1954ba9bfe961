"""Opens every room of the desk on its database: the pages, the calls, and what the worker does for them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sparekey.core.mailing import CLOCK_SLACK
from sparekey.desk.api.tokens import Tokens
from sparekey.desk.cases.starting import open_cases
from sparekey.desk.cases.tables import case_mails, case_orders
from sparekey.desk.console.console import Console
from sparekey.desk.figures import Counts
from sparekey.desk.intake import Intake
from sparekey.desk.log.opening import open_log
from sparekey.desk.mail.mailed_codes import MailedCodes
from sparekey.desk.mail.outbox import LONGEST_WAIT
from sparekey.desk.orders.starting import open_orders
from sparekey.desk.orders.tables import order_mails
from sparekey.desk.owners.opening import open_owners
from sparekey.desk.owners.tables import codes as owner_codes
from sparekey.desk.registry.opening import open_registry
from sparekey.desk.registry.tables import news
from sparekey.desk.staff.opening import open_company, open_staff
from sparekey.desk.store.due import Stuck
from sparekey.desk.store.sql import SqlStore
from sparekey.desk.store.tables import outbox as code_mails
from sparekey.desk.web import desk_app

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.applications import Starlette
    from starlette.types import ASGIApp, Lifespan

    from sparekey.desk.cases.service import Cases
    from sparekey.desk.log.opening import OpenLog
    from sparekey.desk.orders.service import Orders
    from sparekey.desk.registry.opening import OpenRegistry
    from sparekey.desk.staff.staff import Staff
    from sparekey.desk.tools import Tools
    from sparekey.desk.web import Room


@dataclass(frozen=True)
class OpenDesk:
    """`app`: makes the pages and calls. `chores`, `prunes`: what is done always and once an hour. `others`: the chores
    that send no mail. `orders`, `tokens`: None where this desk has no shop, where it answers no programs.
    """

    app: Callable[[Lifespan[Starlette] | None], ASGIApp]
    chores: tuple[Callable[[], int], ...]
    others: tuple[Callable[[], int], ...]
    prunes: tuple[Callable[[], None], ...]
    store: SqlStore
    log: OpenLog
    counts: Counts
    registry: OpenRegistry
    cases: Cases
    staff: Staff
    orders: Orders | None
    tokens: Tokens | None


def open_desk(tools: Tools) -> OpenDesk:
    """Everything is checked before the first door opens. Raises InputError, UntrustedError, UnavailableError."""
    config, keyring, database, clock = tools.config, tools.keyring, tools.database, tools.clock
    store = SqlStore(database)
    log = open_log(config, keyring, tools.trust, database)
    codes = MailedCodes(
        store=store,
        keyring=keyring,
        letters=tools.letters,
        sender=tools.sender,
        clock=clock,
        log=log.sequencer,
    )
    outbox = tools.outbox(codes)
    intake = Intake(
        desk=tools.trust.desk,
        keyring=keyring,
        store=store,
        limits=config.limits,
        clock=clock,
        wake=tools.wake,
    )
    registry = open_registry(tools, intake)
    codes.log_ids = registry.registrar.log_ids
    cases = open_cases(tools, registry.registrar, log.sequencer)
    staff = open_staff(tools, log.sequencer, cases.cases.policy.version)
    counts = Counts(database)
    owners = open_owners(tools, registry.registrar, registry.notices, cases.cases)
    piles = (code_mails, news, case_mails, order_mails, owner_codes, case_orders)
    stuck = Stuck(database, piles, LONGEST_WAIT + CLOCK_SLACK, clock)
    others = [*registry.chores, *cases.chores, staff.work, stuck.work]
    prunes = [outbox.prune, owners.accounts.prune, *cases.prunes]
    rooms: list[Room] = [registry.room, *cases.rooms, owners.room]
    shop = None
    if config.shop is not None:
        shop = open_orders(tools, config.shop, cases.cases)
        others += shop.chores
        prunes += shop.prunes
        rooms.append(shop.room)
    orders = None if shop is None else shop.orders
    tokens, api = None, None
    if config.api.on:
        from sparekey.desk.api.opening import open_api  # a large library, for those who use it

        tokens = Tokens(database, clock, tools.entropy)
        api = open_api(tools, tokens=tokens, cases=cases.cases, orders=orders, staff=staff, ledger=log.ledger)
        others.append(api.work)
        prunes.append(api.prune)
    rooms.append(
        Console(
            staff=staff,
            cases=cases.cases,
            counts=counts,
            disputes=registry.disputes,
            url=config.url,
            clock=clock,
            zone=config.zone,
            orders=orders,
            company=open_company(config, staff, clock),
            tokens=tokens,
        )
    )

    def app(lifespan: Lifespan[Starlette] | None = None) -> ASGIApp:
        return desk_app(
            config,
            intake=intake,
            trust=tools.trust_text,
            form_key=keyring.form_key,
            entropy=tools.entropy,
            healthy=store.waiting,
            ledger=log.ledger,
            rooms=rooms,
            api=None if api is None else api.app,
            lifespan=lifespan,
        )

    chores = (*(each.work for each in tools.outboxes), *others)
    return OpenDesk(
        app,
        chores,
        tuple(others),
        tuple(prunes),
        store,
        log,
        counts,
        registry,
        cases.cases,
        staff,
        orders,
        tokens,
    )

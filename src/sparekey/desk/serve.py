"""Puts the desk's parts together and serves them until told to stop."""

from __future__ import annotations

import asyncio
import logging
import socket
from contextlib import asynccontextmanager, contextmanager
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import uvicorn
from starlette.concurrency import run_in_threadpool

from sparekey.core.errors import InputError, UnavailableError
from sparekey.desk.api.tokens import Tokens
from sparekey.desk.beat import Beat
from sparekey.desk.cases.starting import open_cases
from sparekey.desk.config import host_and_port
from sparekey.desk.console.console import Console
from sparekey.desk.figures import Counts
from sparekey.desk.intake import Intake
from sparekey.desk.keyring import read_keys
from sparekey.desk.log.opening import open_log
from sparekey.desk.mail.letters import Letters
from sparekey.desk.mail.mailed_codes import MailedCodes
from sparekey.desk.mail.outbox import Worker
from sparekey.desk.mail.ports import Sender
from sparekey.desk.mail.smtp import SmtpMailer
from sparekey.desk.metrics import Metrics
from sparekey.desk.orders.starting import open_orders
from sparekey.desk.owners.opening import open_owners
from sparekey.desk.registry.opening import open_registry
from sparekey.desk.staff.opening import open_company, open_staff
from sparekey.desk.store.opening import open_database
from sparekey.desk.store.sql import SqlStore
from sparekey.desk.tools import Tools
from sparekey.desk.trust import check_trust, load_trust
from sparekey.desk.web import desk_app
from sparekey.host.clock import SystemClock
from sparekey.host.entropy import SystemEntropy

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator

    from starlette.applications import Starlette
    from starlette.types import ASGIApp

    from sparekey.desk.config import DeskConfig
    from sparekey.desk.web import Room

GRACE = 5
"""Seconds for what is in hand when the desk is told to stop."""


def serve(config: DeskConfig, ready: Callable[[], None]) -> None:
    """Run until SIGINT or SIGTERM. `ready` is called once the pages answer.

    Everything is checked before the first door opens. Raises InputError, UntrustedError, UnavailableError.
    """
    clock, entropy = SystemClock(), SystemEntropy()
    keyring = read_keys(config.keys)
    trust, trust_text = load_trust(config.trust, config.root)
    check_trust(trust, prefix=config.prefix, keyring=keyring)
    mailer = SmtpMailer(config.smtp, greeting=urlsplit(config.url).hostname or "localhost")
    mailer.check()
    with _door(config) as door:
        database = open_database(config)
        store = SqlStore(database)
        log = open_log(config, keyring, trust, database)
        sender = Sender(config.name, config.smtp.sender)
        letters = Letters(config.name, config.zone)
        codes = MailedCodes(
            store=store, keyring=keyring, letters=letters, sender=sender, clock=clock, log=log.sequencer
        )
        chores: list[Callable[[], int]] = []
        prunes: list[Callable[[], None]] = []
        worker = Worker(chores, clock, prunes)
        tools = Tools(
            config, trust, trust_text, keyring, database, letters, sender, mailer, clock, entropy, worker.wake
        )
        outbox = tools.outbox(codes)
        chores.append(outbox.work)
        prunes.append(outbox.prune)
        intake = Intake(
            desk=trust.desk, keyring=keyring, store=store, limits=config.limits, clock=clock, wake=worker.wake
        )
        registry = open_registry(tools, intake)
        chores += registry.chores
        codes.log_id = registry.registrar.log_id
        cases = open_cases(tools, registry.registrar, log.sequencer)
        staff = open_staff(tools, log.sequencer, cases.cases.policy.version)
        counts = Counts(database)
        owners = open_owners(tools, registry.registrar, registry.notices, cases.cases)
        chores += [*cases.chores, staff.work, *owners.chores]
        prunes.append(owners.accounts.prune)
        prunes += cases.prunes
        rooms: list[Room] = [registry.room, *cases.rooms, owners.room]
        shop = None
        if config.shop is not None:
            shop = open_orders(tools, config.shop, cases.cases)
            chores += shop.chores
            prunes += shop.prunes
            rooms.append(shop.room)
        tokens, api = None, None
        if config.api.on:
            from sparekey.desk.api.opening import open_api  # a large library, for those who use it

            tokens = Tokens(database, clock, entropy)
            api = open_api(
                tools,
                tokens=tokens,
                cases=cases.cases,
                orders=None if shop is None else shop.orders,
                staff=staff,
                ledger=log.ledger,
            )
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
                orders=None if shop is None else shop.orders,
                company=open_company(config, staff, clock),
                tokens=tokens,
            )
        )

        @asynccontextmanager
        async def lifespan(_app: Starlette) -> AsyncIterator[None]:
            worker.start()
            log.keeper.start()
            try:
                yield
            finally:
                await run_in_threadpool(worker.stop, GRACE)
                await run_in_threadpool(log.keeper.stop, GRACE)
                database.close()

        app = desk_app(
            config,
            intake=intake,
            trust=trust_text,
            form_key=keyring.form_key,
            entropy=entropy,
            healthy=store.waiting,
            ledger=log.ledger,
            rooms=rooms,
            api=None if api is None else api.app,
            lifespan=lifespan,
        )
        metrics = Metrics(counts, store.waiting, clock)
        server = _Server(_uvicorn(Beat(metrics.counted(app), clock), config), ready)
        asyncio.run(_serve(server, door, metrics, config))
        if not server.started:
            raise UnavailableError("start", "the desk did not start; the log says what failed")


async def _serve(server: _Server, door: socket.socket, metrics: Metrics, config: DeskConfig) -> None:
    """Both doors, or the public one alone; the monitor's ends with it."""
    if not config.metrics:
        await server.serve(sockets=[door])
        return
    monitor = _Quiet(
        uvicorn.Config(
            metrics.app(),
            loop="asyncio",
            http="h11",
            ws="none",
            access_log=False,
            server_header=False,
            log_config=None,
        )
    )
    with _open_door(config.metrics) as second:
        watched = asyncio.create_task(monitor.serve(sockets=[second]))
        try:
            await server.serve(sockets=[door])
        finally:
            monitor.should_exit = True
            await watched


class _Quiet(uvicorn.Server):
    """Leaves signals to the other one."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class _Server(uvicorn.Server):
    """Says when it answers."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._ready()


def _uvicorn(app: ASGIApp, config: DeskConfig) -> uvicorn.Config:
    logging.getLogger("uvicorn").setLevel(logging.WARNING)
    try:
        made = uvicorn.Config(
            app,
            loop="asyncio",
            http="h11",
            ws="none",
            lifespan="on",
            access_log=False,
            server_header=False,
            proxy_headers=False,
            log_config=None,
            timeout_graceful_shutdown=GRACE,
            ssl_certfile=config.tls_certificate,
            ssl_keyfile=config.tls_key,
        )
        made.load()
    except OSError:  # an ssl.SSLError too
        raise InputError("config", "tls_certificate, tls_key: unreadable, or not a pair") from None
    return made


def _door(config: DeskConfig) -> socket.socket:
    return _open_door(config.listen)


def _open_door(listen: str) -> socket.socket:
    host, port = host_and_port(listen)
    door = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    try:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        door.bind((host, port))
    except OSError as error:
        door.close()
        raise UnavailableError("port", f"cannot listen at {listen}: {error.strerror}") from None
    return door

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
from sparekey.desk.beat import Beat
from sparekey.desk.config import host_and_port
from sparekey.desk.keyring import read_keys
from sparekey.desk.mail.letters import Letters
from sparekey.desk.mail.outbox import Worker
from sparekey.desk.mail.ports import Sender
from sparekey.desk.mail.smtp import SmtpMailer
from sparekey.desk.metrics import Metrics
from sparekey.desk.opening import open_desk
from sparekey.desk.store.opening import open_database
from sparekey.desk.tools import Tools
from sparekey.desk.trust import check_trust, load_trust
from sparekey.host import tls
from sparekey.host.clock import SystemClock
from sparekey.host.entropy import SystemEntropy

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator

    from starlette.applications import Starlette
    from starlette.types import ASGIApp

    from sparekey.desk.config import DeskConfig

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
    mailer = SmtpMailer(config.smtp, greeting=urlsplit(config.url).hostname or "localhost", clock=clock)
    mailer.check()
    with open_door(config.listen) as door:
        database = open_database(config)
        mails: list[Callable[[], int]] = []
        chores: list[Callable[[], int]] = []
        prunes: list[Callable[[], None]] = []
        renewals: list[Callable[[], None]] = []
        post = Worker("mails", mails, clock, renewals=renewals)  # of its own: a mail server may take its time
        worker = Worker("chores", chores, clock, prunes)
        letters = Letters(config.name, config.zone)
        sender = Sender(config.name, config.smtp.sender)
        tools = Tools(
            config, trust, trust_text, keyring, database, letters, sender, mailer, clock, entropy, post.wake
        )
        desk = open_desk(tools)
        chores += desk.others
        prunes += desk.prunes
        mails += [outbox.work for outbox in tools.outboxes]
        renewals += [outbox.renew for outbox in tools.outboxes]
        keeper = desk.log.keeper

        @asynccontextmanager
        async def lifespan(_app: Starlette) -> AsyncIterator[None]:
            for each in (post, worker, keeper):
                each.start()
            try:
                yield
            finally:
                for each in (post, worker, keeper):
                    await run_in_threadpool(each.stop, GRACE)
                database.close()

        app = desk.app(lifespan)
        metrics = Metrics(desk.counts, desk.store.waiting, clock)
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
    with open_door(config.metrics) as second:
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
        if made.ssl is not None:
            tls.tightened(made.ssl)
    except OSError:  # an ssl.SSLError too
        raise InputError("config", "tls_certificate, tls_key: unreadable, or not a pair") from None
    return made


def open_door(listen: str) -> socket.socket:
    """Bound, for `host:port`. Raises UnavailableError (`port`)."""
    host, port = host_and_port(listen)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Only for a socket that says that it is TCP does asyncio send the second part of an answer at once (TCP_NODELAY).
    door = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        door.bind((host, port))
    except OSError as error:
        door.close()
        raise UnavailableError("port", f"cannot listen at {listen}: {error.strerror}") from None
    return door

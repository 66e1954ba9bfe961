"""What a monitor reads: numbers for Prometheus, at a door of its own that no proxy leads to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from sparekey.core.errors import UnavailableError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from prometheus_client.metrics_core import Metric
    from prometheus_client.registry import Collector
    from starlette.requests import Request
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from sparekey.desk.figures import Counts
    from sparekey.host.clock import Clock

_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class Metrics:
    """Counts the answers of this process, and asks the store for the rest when it is read. Labels name rooms and
    states, never a person or a device. `healthy`: asks the store, raising UnavailableError when it does not answer.
    """

    def __init__(self, counts: Counts, healthy: Callable[[], object], clock: Clock) -> None:
        self._registry = CollectorRegistry()
        self._registry.register(_Stored(counts))
        self._answers = Counter(
            "sparekey_desk_answers", "Answers by room and status", ("room", "status"), registry=self._registry
        )
        self._seconds = Histogram(
            "sparekey_desk_answer_seconds",
            "Seconds until an answer begins",
            ("room",),
            registry=self._registry,
        )
        self._found: dict[tuple[str, int], tuple[Counter, Histogram]] = {}
        self._healthy = healthy
        self._clock = clock

    def counted(self, app: ASGIApp) -> ASGIApp:
        """The application, with its answers counted."""

        async def call(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] != "http":
                await app(scope, receive, send)
                return
            room, began = _room(scope["path"]), self._clock.monotonic()

            async def seen(message: Message) -> None:
                if message["type"] == "http.response.start":
                    answers, seconds = self._of(room, message["status"] // 100)
                    answers.inc()
                    seconds.observe(self._clock.monotonic() - began)
                await send(message)

            await app(scope, receive, seen)

        return call

    def _of(self, room: str, status: int) -> tuple[Counter, Histogram]:
        """What counts the answers of one room with such a status. Finding it by labels takes longer than counting."""
        found = self._found.get((room, status))
        if found is None:
            found = self._answers.labels(room, f"{status}xx"), self._seconds.labels(room)
            self._found[room, status] = found
        return found

    def app(self) -> Starlette:
        """The pages of the monitor's own door."""
        return Starlette(
            routes=[
                Route("/metrics", self._metrics),
                Route("/health", self._health),
                Route("/ready", self._ready),
            ]
        )

    async def _metrics(self, _request: Request) -> Response:
        try:
            text = await run_in_threadpool(generate_latest, self._registry)
        except UnavailableError:
            return PlainTextResponse("store\n", 503)
        return Response(text, headers={"content-type": _TYPE, "cache-control": "no-store"})

    async def _health(self, _request: Request) -> Response:
        return PlainTextResponse("ok\n")

    async def _ready(self, _request: Request) -> Response:
        try:
            await run_in_threadpool(self._healthy)
        except UnavailableError:
            return PlainTextResponse("store\n", 503)
        return PlainTextResponse("ok\n")


class _Stored:
    """What only the store knows: the same on every node."""

    def __init__(self, counts: Counts) -> None:
        self._counts = counts

    def collect(self) -> Iterator[Metric]:
        """Asked at each reading. Raises UnavailableError."""
        states = GaugeMetricFamily("sparekey_desk_cases", "Cases by state", labels=["state"])
        for state, count in self._counts.cases().items():
            states.add_metric([state], count)
        yield states
        yield GaugeMetricFamily("sparekey_desk_mails_waiting", "Mails that wait", value=self._counts.mails())

    def describe(self) -> Iterator[Metric]:
        """Nothing is asked when it is registered."""
        return iter(())


if TYPE_CHECKING:
    _IS: type[Collector] = _Stored

_ROOMS = {"R": "square", "r": "square"} | {
    name: name
    for name in (
        "P",
        "api",
        "app",
        "console",
        "devices",
        "help",
        "link",
        "log",
        "registration",
        "static",
        "unlock",
    )
}


def _room(path: str) -> str:
    """The first part of a path, if it is a room of ours: no stranger makes up labels."""
    return _ROOMS.get(path.lstrip("/").partition("/")[0], "other")

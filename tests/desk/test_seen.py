"""What others see of the desk: figures without names at a door of their own; whose word about an address counts."""

from __future__ import annotations

import asyncio

import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from sparekey.core.admission import Role
from sparekey.core.errors import InputError, UnavailableError
from sparekey.core.evidence import Remedy
from sparekey.desk.figures import Counts
from sparekey.desk.metrics import Metrics
from sparekey.desk.proxies import Proxies, networks
from sparekey.desk.store.database import Database
from tests.desk.casework import OWNER, SERIAL, Casework
from tests.desk.desk_console import Room
from tests.web.asgi import call


@pytest.fixture
def work(database: Database) -> Casework:
    made = Casework(database)
    made.enrol()
    made.issue(made.opened(), Remedy.SECURITY_CODE)
    made.cases.refuse(made.opened(made.file()), "anna", "not-proved")
    return made


@pytest.mark.meets("asvs-13.4.5", "asvs-15.3.1", "etsi-6-4", "etsi-6-8")
def test_the_monitor_reads_counts_and_never_who_or_which(database: Database, work: Casework) -> None:
    metrics = Metrics(Counts(database), lambda: None, work.clock)
    app = metrics.counted(PlainTextResponse("ok"))
    for path in ("/console/cases/4F7Q0001", f"/help/{SERIAL}", "/made-up"):
        assert call(app, "GET", path).status == 200
    text = call(metrics.app(), "GET", "/metrics").text
    assert 'sparekey_desk_cases{state="issued"} 1.0' in text
    assert 'sparekey_desk_cases{state="closed"} 1.0' in text
    assert 'sparekey_desk_answers_total{room="console",status="2xx"} 1.0' in text
    assert 'room="other"' in text
    for secret in (SERIAL, OWNER, "4F7Q0001", "made-up"):
        assert secret not in text


def test_mails_that_wait_are_counted_on_all_piles(database: Database) -> None:
    work, counts = Casework(database), Counts(database)
    work.enrol()
    work.mailed()
    assert counts.mails() == 0
    work.opened()
    work.post.up = False
    work.mailed()
    assert counts.mails() == 3, "who asked, and two places of the owner's, whether there is one or not"
    work.post.up = True
    work.clock.forward(60)
    work.mailed()
    assert counts.mails() == 0


def test_alive_and_ready_are_two_questions(database: Database, work: Casework) -> None:
    def gone() -> None:
        raise UnavailableError("store", "gone")

    metrics = Metrics(Counts(database), gone, work.clock).app()
    assert call(metrics, "GET", "/health").status == 200
    assert call(metrics, "GET", "/ready").status == 503
    assert call(Metrics(Counts(database), lambda: None, work.clock).app(), "GET", "/ready").status == 200


@pytest.mark.meets("asvs-13.4.5")
def test_the_public_door_has_no_metrics(database: Database) -> None:
    room = Room(database)
    assert call(room.app, "GET", "/metrics", host="desk.example.com").status == 404


@pytest.mark.meets("asvs-1.2.3", "etsi-5.10-1")
def test_the_charts_count_days_remedies_and_refusals(database: Database, work: Casework) -> None:
    figures = Counts(database).figures(work.clock.wall())
    assert figures.opened.total == 2
    assert [(series.kind, series.total) for series in figures.given] == [("security-code", 1)]
    assert [(series.kind, series.total) for series in figures.refused] == [("not-proved", 1)]
    assert max(figures.hours.counts) == 24 * 3600


@pytest.mark.meets("asvs-1.2.3")
def test_charts_and_audit_are_pages_without_script(database: Database) -> None:
    room = Room(database)
    anna = room.browser(room.member("Anna", Role.AUDITOR))
    anna.open("/console/numbers")
    assert "Cases opened" in anna.words
    assert "<svg" in anna.page.text
    anna.open("/console/audit")
    assert "signed in by passkey" in anna.words
    assert "agreed to a right" in anna.words
    agent = room.browser(room.member("Dan", Role.AGENT))
    assert agent.open("/console/audit").page.status == 403
    assert agent.open("/console/numbers").page.status == 200


def client(app: ASGIApp, peer: str, *forwarded: str) -> str:
    scope: Scope = {"type": "http", "method": "GET", "path": "/", "query_string": b"", "client": (peer, 1)}
    scope["headers"] = [(b"x-forwarded-for", value.encode()) for value in forwarded]
    sent: list[bytes] = []

    async def receive() -> dict[str, object]:
        return {"type": "http.request"}

    async def send(message: object) -> None:
        assert isinstance(message, dict)
        sent.append(message.get("body", b""))

    async def run() -> None:
        await app(scope, receive, send)

    asyncio.run(run())
    return b"".join(sent).decode()


@pytest.mark.meets("asvs-4.1.3", "asvs-15.3.4")
@pytest.mark.parametrize(
    ("peer", "forwarded", "believed"),
    [
        ("203.0.113.7", ("198.51.100.9",), "203.0.113.7"),
        ("127.0.0.1", ("198.51.100.9",), "198.51.100.9"),
        ("127.0.0.1", ("192.0.2.1, 198.51.100.9",), "198.51.100.9"),
        ("127.0.0.1", ("192.0.2.1", "198.51.100.9, 127.0.0.1"), "198.51.100.9"),
        ("127.0.0.1", ("2001:db8::1",), "2001:db8::1"),
        ("127.0.0.1", ("somewhere",), "127.0.0.1"),
        ("127.0.0.1", ("198.51.100.9, nonsense",), "127.0.0.1"),
        ("127.0.0.1", (), "127.0.0.1"),
    ],
)
def test_only_a_named_proxy_is_believed_about_who_asks(
    peer: str, forwarded: tuple[str, ...], believed: str
) -> None:
    async def echo(scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope)
        assert request.client is not None
        await PlainTextResponse(request.client.host)(scope, receive, send)

    assert client(Proxies(echo, ("127.0.0.1",)), peer, *forwarded) == believed
    assert client(Proxies(echo, ()), peer, *forwarded) == peer


@pytest.mark.meets("asvs-4.1.3")
def test_a_proxy_is_named_by_its_address() -> None:
    with pytest.raises(InputError):
        networks(["proxy.example.com"])

"""The tables beside the machine: sessions and audit, row by row."""

from __future__ import annotations

import pytest

from sparekey.core import crypto
from sparekey.core.effects import Happened, WriteAudit
from sparekey.core.record import Account, Age, Record
from sparekey.core.values import Face, Role
from sparekey.device import audit, sessions
from sparekey.device.passwords import Passwords
from sparekey.device.sessions import IDLE, SESSIONS_LIMIT, Instant, Sessions
from sparekey.host.sqlite_store import SqliteFile
from sparekey.testing.device import CHEAP
from sparekey.testing.entropy import FixedEntropy


def entry(number: str = "") -> WriteAudit:
    return WriteAudit(Happened.SIGNED_IN, Face.NETWORK, "admin", number, 5, None)


def test_writing_an_order_twice_leaves_one_row() -> None:
    log = audit.Audit(SqliteFile(None, (audit.SCHEMA,)))
    log.write(7, entry("first"))
    log.write(7, entry("again"))
    assert log.last(10) == [entry("first")]


def test_the_oldest_rows_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit, "KEPT", 3)
    log = audit.Audit(SqliteFile(None, (audit.SCHEMA,)))
    for order in range(1, 12, 2):
        log.write(order, entry(str(order)))
    assert [row.number for row in log.last(10)] == ["11", "9", "7"]


@pytest.mark.parametrize("what", list(Happened))
def test_every_event_comes_back(what: Happened) -> None:
    log = audit.Audit(SqliteFile(None, (audit.SCHEMA,)))
    told = WriteAudit(what, Face.SCREEN, "admin", "ABCDEFGH", 3600, 1_790_000_000)
    log.write(1, told)
    assert log.last(1) == [told]


def opened(generation: int = 1) -> tuple[Sessions, Record]:
    account = Account("admin", Passwords(FixedEntropy(), CHEAP).hash("some password"), Role.ADMIN)
    record = Record(age=Age(boots=1), generation=generation, accounts=(account,))
    return Sessions(SqliteFile(None, (sessions.SCHEMA, sessions.SOURCE_SCHEMA)), FixedEntropy()), record


@pytest.mark.meets("nist-session-secret", "asvs-7.2.1", "asvs-7.2.2", "asvs-7.2.3")
def test_a_session_belongs_to_its_cookie_and_generation() -> None:
    table, record = opened()
    now = Instant(1, 100, None)
    token = table.open("admin", 1, now)
    assert table.account(token, record, now) == "admin"
    for other in (None, "", "x", token.upper(), token + "0", "é"):
        assert table.account(other, record, now) is None
    later = Record(age=record.age, generation=2, accounts=record.accounts)
    assert table.account(token, later, now) is None
    assert table.account(token, record, now) is None  # ended for good


def test_ending_the_sessions_of_older_generations_twice_is_harmless() -> None:
    table, record = opened()
    now = Instant(1, 100, None)
    old, new = table.open("admin", 1, now), table.open("admin", 2, now)
    table.end_before(2)
    table.end_before(2)
    assert table.account(old, record, now) is None
    assert table.account(new, Record(generation=2, accounts=record.accounts), now) == "admin"


def test_without_a_trusted_clock_a_restart_ends_sessions() -> None:
    table, record = opened()
    token = table.open("admin", 1, Instant(1, 100, None))
    assert table.account(token, record, Instant(2, 5, 1_790_000_000)) is None


def test_across_a_restart_a_trusted_clock_counts() -> None:
    table, record = opened()
    token = table.open("admin", 1, Instant(1, 100, 1_790_000_000))
    assert table.account(token, record, Instant(2, 5, 1_790_000_000 + IDLE - 1)) == "admin"
    assert table.account(token, record, Instant(2, 5 + IDLE, None)) is None


@pytest.mark.meets("nist-invalidation", "asvs-7.4.2")
def test_a_suspended_or_removed_account_has_no_session() -> None:
    table, _ = opened()
    now = Instant(1, 100, None)
    token = table.open("admin", 1, now)
    assert table.account(token, Record(generation=1), now) is None


@pytest.mark.meets("asvs-7.1.2")
def test_there_are_never_more_sessions_than_the_limit() -> None:
    table, record = opened()
    tokens = [table.open("admin", 1, Instant(1, uptime, None)) for uptime in range(SESSIONS_LIMIT + 3)]
    now = Instant(1, SESSIONS_LIMIT + 3, None)
    alive = [token for token in tokens if table.account(token, record, now)]
    assert alive == tokens[3:]


def test_nobody_costs_as_much_as_somebody(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[crypto.Argon2Cost] = []
    matches = crypto.password_matches

    def counted(typed: str, kept: crypto.PasswordHash) -> bool:
        seen.append(kept.cost)
        return matches(typed, kept)

    monkeypatch.setattr(crypto, "password_matches", counted)
    passwords = Passwords(FixedEntropy(), CHEAP)
    kept = passwords.hash("some password")
    assert passwords.matches("some password", kept)
    assert not passwords.matches("some passwore", kept)
    assert not passwords.matches("some password", None)
    assert seen == [CHEAP] * 3


@pytest.mark.meets("asvs-7.5.2")
def test_places_are_those_whose_sessions_still_count() -> None:
    table, record = opened()
    table.open("admin", 1, Instant(1, 100, None), "192.0.2.7")
    for account, generation, now in (
        ("nobody", 1, Instant(1, 100, None)),
        ("admin", 0, Instant(1, 100, None)),
        ("admin", 1, Instant(0, 100, None)),
        ("admin", 1, Instant(1, 200 - IDLE, None)),
    ):
        table.open(account, generation, now)
    fresh = table.open("admin", 1, Instant(1, 190, None))
    found = table.places(record, Instant(1, 200, None))
    assert [(one.source, one.since, one.idle) for one in found] == [("", 10, 10), ("192.0.2.7", 100, 100)]
    assert found[0].mark == sessions.mark_of(fresh)
    table.end([found[1].mark, "00"])
    assert [one.source for one in table.places(record, Instant(1, 200, None))] == [""]

"""Signing in and out, and what a stranger learns from it."""

from __future__ import annotations

import contextlib
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from sparekey.core import crypto
from sparekey.core.device import Guarded
from sparekey.core.record import Account
from sparekey.core.throttle import FREE
from sparekey.core.values import Face, MethodName
from sparekey.device.agent import SCHEMA
from sparekey.device.recovery import Tries
from sparekey.device.sessions import IDLE, LONGEST
from sparekey.host.snapshot import freeze
from sparekey.host.sqlite_store import SqliteFile, SqliteStore
from sparekey.testing.device import CHEAP
from tests.device.browser import Browser, Page
from tests.device.recorder import NEW, OLD, Recorder, choose


def sign_in(browser: Browser, user: str, password: str) -> Page:
    browser.get("/login")
    return browser.press("/login", {"user": user, "password": password})


@pytest.mark.meets("nist-session-out", "asvs-7.2.4", "asvs-7.4.1", "asvs-7.4.4")
def test_sign_in_see_the_recorder_sign_out(recorder: Recorder) -> None:
    browser = recorder.signed_in()
    words = browser.page.words
    for told in ("Front door recorder", "PX-3216", "7F2K-0042", "1.0.0", "Example support", "o***@ex***.com"):
        assert told in words
    assert "owner@" not in browser.page.html
    assert "admin signed in, over the network" in words
    assert browser.get("/login").path == "/home"
    held = dict(browser.cookies)
    assert browser.press("/logout").path == "/login"
    browser.cookies = held  # the cookie of an ended session is worth nothing
    assert browser.get("/home").path == "/login"


@pytest.mark.meets("etsi-5.5-4")
def test_pages_of_the_signed_in_send_others_to_the_login(recorder: Recorder) -> None:
    browser = recorder.browser()
    assert browser.get("/home").path == "/login"
    browser.cookies["__Host-Http-session"] = "0" * 64
    assert browser.get("/home").path == "/login"


@pytest.mark.meets("asvs-6.3.8")
def test_T06_known_and_unknown_users_get_the_same_answer_for_the_same_work(
    recorder: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    costs: list[crypto.Argon2Cost] = []

    def counted(password: str, kept: crypto.PasswordHash) -> bool:
        costs.append(kept.cost)
        return matches(password, kept)

    matches = crypto.password_matches
    monkeypatch.setattr(crypto, "password_matches", counted)
    pages = [
        sign_in(recorder.browser(client=client), user, "not the password")
        for client, user in (("192.0.2.1", "admin"), ("192.0.2.2", "nobody"), ("192.0.2.3", ""))
    ]
    assert [page.status for page in pages] == [403] * 3
    assert len({page.words for page in pages}) == 1
    assert len(costs) == 3
    assert len(set(costs)) == 1


@pytest.mark.meets("nist-guessing")
def test_T08_wrong_passwords_slow_down_their_source_alone(recorder: Recorder) -> None:
    browser = recorder.browser(client="192.0.2.50")
    for _ in range(FREE):
        assert sign_in(browser, "admin", "wrong").status == 403
    page = sign_in(browser, "admin", OLD)
    assert page.status == 429
    assert "Time to wait: 1 second. Then try again." in page.words
    recorder.signed_in(client="192.0.2.51")
    recorder.clock.forward(1)
    assert sign_in(browser, "admin", "wrong").status == 403
    assert "Time to wait: 2 seconds." in sign_in(browser, "admin", OLD).words
    recorder.clock.forward(2)
    assert sign_in(browser, "admin", OLD).path == "/home"


def test_T08_neighbours_in_one_ipv6_network_are_one_source(recorder: Recorder) -> None:
    for last in range(FREE):
        assert sign_in(recorder.browser(client=f"2001:db8::{last}"), "admin", "wrong").status == 403
    assert sign_in(recorder.browser(client="2001:db8::99"), "admin", OLD).status == 429
    assert sign_in(recorder.browser(client="2001:db8:0:1::99"), "admin", OLD).path == "/home"


def test_T08_the_factory_login_is_slowed_too(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path, "patronum")
    browser = recorder.browser()
    for _ in range(FREE):
        assert sign_in(browser, "admin", "wrong").status == 403
    assert sign_in(browser, "admin", "admin").status == 429


@pytest.mark.meets("nist-throttle-owner")
def test_T08_login_and_recovery_do_not_touch_each_other(recorder: Recorder) -> None:
    browser = recorder.browser()
    for _ in range(2 * FREE):
        sign_in(browser, "admin", "wrong")
    assert recorder.recovering.tries(MethodName.MAIL_CODE, Face.NETWORK) == Tries(5, 0)
    assert choose(recorder.choosing()).path == "/forgot/done"


@pytest.mark.meets("nist-session-idle", "asvs-7.3.1")
def test_a_session_ends_when_nobody_uses_it(recorder: Recorder) -> None:
    browser = recorder.signed_in()
    recorder.clock.forward(IDLE - 1)
    assert browser.get("/home").path == "/home"
    recorder.clock.forward(IDLE - 1)
    assert browser.get("/home").path == "/home"
    recorder.clock.forward(IDLE)
    assert browser.get("/home").path == "/login"


@pytest.mark.meets("nist-session-idle", "asvs-7.3.2")
def test_a_session_ends_after_eight_hours_of_use(recorder: Recorder) -> None:
    browser = recorder.signed_in()
    for _ in range(LONGEST // 600 - 1):
        recorder.clock.forward(600)
        assert browser.get("/home").path == "/home"
    recorder.clock.forward(600)
    assert browser.get("/home").path == "/login"


def test_a_session_survives_a_restart_and_not_a_recovery(recorder: Recorder) -> None:
    browser = recorder.signed_in()
    recorder.reboot()
    recorder.clock.forward(60)
    browser.app = recorder.app
    assert browser.get("/home").path == "/home"
    choose(recorder.choosing())
    assert browser.get("/home").path == "/login"
    recorder.signed_in(NEW)


def test_T12_a_clock_that_went_back_ends_a_session_across_a_restart(recorder: Recorder) -> None:
    browser = recorder.signed_in()
    recorder.clock.now -= 3600
    assert browser.get("/home").path == "/home"  # within a boot the clock does not matter
    recorder.clock.now -= 3600
    recorder.reboot()
    browser.app = recorder.app
    assert browser.get("/home").path == "/login"


def test_the_banner_of_a_recovery_stays_for_seven_days_of_age(recorder: Recorder) -> None:
    choose(recorder.choosing())
    told = "The password was recovered with a code by e-mail."
    reference = recorder.agent.record.recovered
    assert reference is not None
    page = recorder.signed_in(NEW).page
    assert told in page.words
    assert reference.request.hex()[:8].upper() in page.words
    assert "If that was not you, somebody can read the mailbox o***@ex***.com" in page.words
    recorder.clock.forward(7 * 24 * 3600 - 1)
    assert told in recorder.signed_in(NEW).page.words
    recorder.clock.forward(1)
    assert told not in recorder.signed_in(NEW).page.words


def test_what_happened_is_told_in_words_and_newest_first(recorder: Recorder) -> None:
    choose(recorder.choosing())
    words = recorder.signed_in(NEW).page.words
    lines = [
        "admin signed in, over the network",
        "The password was recovered and a new one set, over the network",
        "Somebody tried a way back in, and it was right, over the network",
        "A way back in was asked for, over the network",
        "The first password was set, at the recorder's screen",
    ]
    places = [words.index(line) for line in lines]
    assert places == sorted(places)


def test_T06_a_suspended_user_is_told_no_more_than_anybody(recorder: Recorder) -> None:
    with_guest(recorder, suspended=True)
    browser = recorder.browser()
    page = sign_in(browser, "guest", "the password of a guest")
    assert page.status == 403
    assert page.words == sign_in(recorder.browser(client="192.0.2.9"), "guest", "wrong").words


@pytest.mark.meets("asvs-7.4.3")
def test_a_recovery_suspends_the_others_ends_all_sessions_and_says_so(recorder: Recorder) -> None:
    with_guest(recorder)
    guest = recorder.browser()
    assert sign_in(guest, "guest", "the password of a guest").path == "/home"
    page = choose(recorder.choosing(client="192.0.2.78"))
    assert "Other users cannot sign in until you have looked at them." in page.words
    assert guest.get("/home").path == "/login"
    assert sign_in(guest, "guest", "the password of a guest").status == 403
    with contextlib.closing(sqlite3.connect(recorder.config.settings.storage)) as rows:
        assert rows.execute("SELECT count(*) FROM sessions").fetchone() == (0,)


def with_guest(recorder: Recorder, *, suspended: bool = False) -> None:
    """Give the recorder a second user, as a later version will let its owner do."""
    hashed = crypto.hash_password("the password of a guest", bytes(16), CHEAP)
    guest = Account("guest", hashed, suspended=suspended)
    record = recorder.agent.record
    file = SqliteFile(recorder.config.settings.storage, SCHEMA)
    with SqliteStore(file).transaction() as transaction:
        transaction.save(freeze(Guarded(replace(record, accounts=(*record.accounts, guest)))), ())
    recorder.reboot()


def test_without_a_trusted_clock_the_past_is_told_in_switched_on_time(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path, clock_trusted=False)
    recorder.set_up()
    recorder.clock.uptime += 600
    words = recorder.signed_in().page.words
    assert "10 min of switched-on time ago The first password was set, at the recorder's screen" in words


def test_the_age_is_noted_and_a_boot_never_makes_it_smaller(recorder: Recorder) -> None:
    recorder.clock.forward(3600)
    recorder.agent.tick()
    before = recorder.agent.age()
    recorder.agent.close()
    recorder.reboot()
    assert recorder.agent.age() > before

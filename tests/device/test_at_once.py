"""Two browsers, one recorder: whatever they do at the same time, one wins and the other is told."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sparekey.core.codes import code_from_bits
from sparekey.core.crypto import sha256
from sparekey.core.errors import Refusal
from sparekey.core.keys import dated_key
from sparekey.core.messages.link import link
from sparekey.core.methods.security_code import code_of_day, spoken, today
from sparekey.core.record import Ask
from sparekey.core.values import Face, MethodName
from tests.device.recorder import OLD, Recorder

FIRST, SECOND = sha256(b"the first browser"), sha256(b"the second browser")


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Run in threads that start together; the answers in the order given."""
    together = threading.Barrier(len(acts))
    answers: dict[int, Any] = {}

    def run(place: int, act: Callable[[], Any]) -> None:
        together.wait()
        answers[place] = act()

    threads = [threading.Thread(target=run, args=each) for each in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [answers[place] for place in range(len(acts))]


def prove(recorder: Recorder, claim: bytes) -> None:
    """A request whose code was right."""
    recovering = recorder.recovering
    request = recovering.open_mail_code(claim, face=Face.NETWORK, locale="en")
    assert not isinstance(request, Refusal)
    recorder.desk.send(link(recorder.desk.trust.prefix, request))
    number = request.header.number
    assert recovering.type_code(number, claim, recorder.desk.mails[-1].code, face=Face.NETWORK) is None


def test_T09_two_claims_one_new_password(recorder: Recorder) -> None:
    for claim in (FIRST, SECOND):
        prove(recorder, claim)
    passwords = {FIRST: "the first new password", SECOND: "the second new password"}

    def choosing(claim: bytes) -> Callable[[], Refusal | None]:
        return lambda: recorder.recovering.choose_password(claim, passwords[claim], face=Face.NETWORK)

    answers = at_once(choosing(FIRST), choosing(SECOND))
    assert sorted(map(str, answers)) == ["None", "Refusal.NO_SUCH_REQUEST"]
    winner = FIRST if answers[0] is None else SECOND
    loser = SECOND if winner is FIRST else FIRST
    recorder.signed_in(passwords[winner])
    browser = recorder.browser(client="192.0.2.9")
    browser.get("/login")
    assert browser.press("/login", {"password": passwords[loser]}).status == 403
    assert recorder.agent.record.generation == 2


def test_T09_one_browser_that_opens_twice_at_once_has_one_request(recorder: Recorder) -> None:
    def opening() -> Any:
        return recorder.recovering.open_mail_code(FIRST, face=Face.NETWORK, locale="en")

    first, second = at_once(opening, opening)
    assert first.encoded == second.encoded
    assert len(recorder.agent.record.requests) == 1


@pytest.mark.meets("nist-oob-guessing", "asvs-6.6.3")
def test_T09_codes_typed_at_once_are_each_counted(recorder: Recorder) -> None:
    request = recorder.recovering.open_mail_code(FIRST, face=Face.NETWORK, locale="en")
    assert not isinstance(request, Refusal)
    number = request.header.number

    def typing(bits: int) -> Callable[[], Refusal | None]:
        return lambda: recorder.recovering.type_code(number, FIRST, code_from_bits(bits), face=Face.NETWORK)

    answers = at_once(*(typing(bits) for bits in range(8)))
    assert answers.count(Refusal.WRONG_CODE) == 5
    assert answers.count(Refusal.PAUSED) == 3
    assert recorder.agent.record.budgets[0].counted == 5


def test_T08_logins_at_once_from_one_source_are_each_counted(recorder: Recorder) -> None:
    def knocking() -> Any:
        return recorder.agent.sign_in("admin", "wrong", source="192.0.2.5", face=Face.NETWORK)

    answers = at_once(*[knocking] * 8)
    assert answers.count(None) == 3


def right_code(recorder: Recorder, claim: bytes) -> None:
    """A request at a camera's login whose code was right."""
    recovering, face = recorder.recovering, Face.SCREEN
    kept = recovering.open_security_code(claim, face=face)
    assert isinstance(kept, Ask)
    now = recorder.agent.now()
    code = code_of_day(
        dated_key(recorder.keys.device_key), spoken(kept, now), today(recorder.agent.record, kept, now)
    )
    method = MethodName.SECURITY_CODE
    assert recovering.type_code_of(method, kept.number, claim, code, face=face) is None


def test_T09_a_new_password_and_factory_settings_at_once_and_one_winner(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path, "camera-support")
    recorder.set_up()
    for claim in (FIRST, SECOND):
        right_code(recorder, claim)
    recovering, face = recorder.recovering, Face.SCREEN
    first, second = at_once(
        lambda: recovering.choose_password(FIRST, "the first new password", face=face),
        lambda: recovering.choose_default(SECOND, face=face),
    )
    assert (first is None) != (second is None)
    assert recorder.agent.is_set_up is (first is None)
    assert not recorder.agent.knows("admin", OLD)
    assert recorder.agent.knows("admin", "the first new password") is (first is None)


def test_T39_wrong_passwords_at_once_reveal_to_one_browser(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path, "camera-support", model="C-220")
    recorder.set_up()

    def revealing(claim: bytes) -> Callable[[], object]:
        return lambda: recorder.recovering.open_security_code(claim, face=Face.NETWORK, revealed=True)

    answers = at_once(*(revealing(sha256(bytes([number]))) for number in range(8)))
    assert sum(isinstance(answer, Ask) for answer in answers) == 1
    assert answers.count(Refusal.TOO_MANY_REQUESTS) == 7
    assert len(recorder.agent.record.requests) == 1

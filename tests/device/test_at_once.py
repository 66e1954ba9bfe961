"""Two browsers, one recorder: whatever they do at the same time, one wins and the other is told."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from sparekey.core.codes import code_from_bits
from sparekey.core.crypto import sha256
from sparekey.core.errors import Refusal
from sparekey.core.messages.link import link
from sparekey.core.values import Face
from tests.device.recorder import Recorder

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

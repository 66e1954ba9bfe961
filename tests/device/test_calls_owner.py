"""Our own calls by somebody who has the password; and the network address."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from sparekey.core.codec import encode
from sparekey.core.effects import Happened
from sparekey.core.errors import UnavailableError
from sparekey.core.messages.enrol_reply import make_reply, read_reply
from sparekey.core.messages.link_answer import LinkAnswer, LinkVerdict
from sparekey.core.messages.notice import Noticed
from sparekey.core.values import Face, MethodName, Role, Secret
from sparekey.device.lan_settings import NetworkSettings
from sparekey.device.network import NetworkProgram, NoNetwork, open_network
from sparekey.device.registration import Registered
from sparekey.lan.link import letters, owner, recovery
from sparekey.lan.link.frame import Nothing, Refused
from sparekey.lan.link.network import Network
from sparekey.testing.clock import FixedClock
from tests.device.desk_end import TICKET, DeskEnd
from tests.device.link import LOGIN, Caller, confirmed, known, link_text, opened, typed
from tests.device.recorder import NEW, OLD, OWNER, Recorder


def test_the_owner_changes_password_and_address_by_calls(recorder: Recorder) -> None:
    caller, browser = Caller(recorder.app), recorder.signed_in()
    assert caller.ask(owner.SetPassword(LOGIN, Secret("short"))) == Refused("password-too-short")
    assert caller.ask(owner.SetPassword(LOGIN, Secret(NEW))) == Nothing()
    assert browser.get("/home").path == "/login", "whoever was signed in with the old one is not any more"
    assert caller.ask(owner.Check(LOGIN)) == Refused("wrong-login")
    login = owner.Login("admin", Secret(NEW))
    assert caller.ask(owner.SetAddress(login, "not an address")) == Refused("bad-address")
    assert caller.ask(owner.SetAddress(login, "jane@example.com")) == Nothing()
    reserved = recorder.agent.record.reserved
    assert reserved is not None
    assert reserved.address == "jane@example.com"
    assert recorder.agent.record.listening(recorder.agent.age()) == ("jane@example.com", OWNER)


def test_T08_wrong_passwords_slow_their_source_alone(recorder: Recorder) -> None:
    caller = Caller(recorder.app)
    wrong = owner.Check(owner.Login("admin", Secret("a wrong password")))
    for _ in range(3):
        assert caller.ask(wrong) == Refused("wrong-login")
    assert caller.ask(owner.Check(LOGIN)) == Refused("slow-down", 1)
    assert caller.ask(owner.Check(owner.Login("nobody", Secret(OLD)))) == Refused("slow-down", 1)
    assert Caller(recorder.app, client="192.0.2.89").ask(owner.Check(LOGIN)) == known(recorder)


@pytest.mark.meets("asvs-8.2.3")
def test_other_users_change_nothing_but_their_own_password(recorder: Recorder) -> None:
    ownership, by = confirmed(recorder)
    assert ownership.set_user(by, "guard", Role.OPERATOR, "the guard's own sentence") is None
    caller, login = Caller(recorder.app), owner.Login("guard", Secret("the guard's own sentence"))
    assert getattr(caller.ask(owner.Check(login)), "role", None) is Role.OPERATOR
    assert caller.ask(owner.SetAddress(login, "evil@example.com")) == Refused("not-authorised")
    assert caller.ask(owner.SetNetwork(login, Network())) == Refused("not-authorised")
    assert caller.ask(owner.SetPassword(login, Secret(NEW))) == Nothing()
    assert recorder.recovering.tries(MethodName.MAIL_CODE, Face.NETWORK).left == 5


def test_an_administrator_adds_a_user_by_calls_and_gives_another_a_new_password(recorder: Recorder) -> None:
    caller = Caller(recorder.app)
    assert caller.ask(owner.SetUser(LOGIN, "recorder", Secret("short"))) == Refused("password-too-short")
    assert caller.ask(owner.SetUser(LOGIN, "recorder", Secret("a way in for itself"))) == Nothing()
    login = owner.Login("recorder", Secret("a way in for itself"))
    assert getattr(caller.ask(owner.Check(login)), "role", None) is Role.ADMIN
    assert caller.ask(owner.SetUser(login, "admin", Secret(NEW))) == Nothing()
    assert caller.ask(owner.Check(LOGIN)) == Refused("wrong-login")
    ownership, by = confirmed(recorder, NEW)
    assert ownership.set_user(by, "guard", Role.VIEWER, "the guard's own sentence") is None
    guard = owner.Login("guard", Secret("the guard's own sentence"))
    assert caller.ask(owner.SetUser(guard, "guard", Secret(NEW))) == Refused("not-authorised")
    wrong = owner.Login("guard", Secret("a wrong one"))
    assert caller.ask(owner.SetUser(wrong, "guard", Secret(NEW))) == Refused("wrong-login")


@pytest.mark.meets("asvs-6.3.4")
def test_a_suspended_user_is_let_in_by_no_call(recorder: Recorder) -> None:
    ownership, by = confirmed(recorder)
    assert ownership.set_user(by, "guard", Role.ADMIN, "the guard's own sentence") is None
    _recover(recorder)
    login = owner.Login("guard", Secret("the guard's own sentence"))
    assert Caller(recorder.app, client="192.0.2.92").ask(owner.Check(login)) == Refused("wrong-login")


def _recover(recorder: Recorder) -> None:
    caller = Caller(recorder.app)
    told = opened(caller.ask(recovery.Begin(MethodName.MAIL_CODE)))
    assert told.request is not None
    recorder.desk.send(told.prefix + link_text(told.request))
    caller.ask(typed(MethodName.MAIL_CODE, recorder.desk.mails[-1].code.text), told.claim)
    assert caller.ask(recovery.Choose(Secret(NEW)), told.claim) == recovery.Recovered("admin")


# Letters to the desk


def test_whoever_has_the_password_carries_the_enrolment_to_the_desk_and_the_answer_back(
    recorder: Recorder,
) -> None:
    caller, desk = Caller(recorder.app), DeskEnd(recorder)
    trust = recorder.agent.trust
    told = caller.ask(letters.Fetch(LOGIN))
    assert isinstance(told, letters.Letters)
    assert (told.version, told.prefix, told.desk) == (trust.version, trust.prefix, trust.name)
    (sealed,) = told.sealed
    assert caller.ask(letters.Fetch(LOGIN)) == told, "asking changes nothing"
    (answer,) = desk.letters([sealed])
    assert caller.post("deliver", encode({**LOGIN.fields, 3: [b"\x80"]}))[0] == 400
    other = replace(answer, data=make_reply(read_reply(answer.data).reply, bytes(32)))
    stranger = LinkAnswer(LinkVerdict.OLD, request=bytes(32))
    wrong = letters.Deliver(LOGIN, (other, replace(answer, data=b"\x80"), stranger))
    useless = (answer.request, answer.request, stranger.request)
    assert caller.ask(wrong) == letters.Delivered(useless)
    assert getattr(caller.ask(letters.Fetch(LOGIN)), "sealed", None) == (sealed,)
    assert caller.ask(letters.Deliver(LOGIN, (answer,))) == letters.Delivered()
    assert recorder.agent.registration.standing is Registered.DONE
    assert recorder.agent.record.ticket == TICKET
    assert getattr(caller.ask(letters.Fetch(LOGIN)), "sealed", None) == ()


def test_T47_an_answer_that_somebody_made_up_ends_no_enrolment(recorder: Recorder) -> None:
    caller, registration = Caller(recorder.app), recorder.agent.registration
    for verdict in LinkVerdict:
        held = registration.request()
        assert held is not None
        answer = LinkAnswer(verdict, b"a reply that nobody proved", held.hash)
        caller.ask(letters.Deliver(LOGIN, (answer,)))
        assert registration.standing in (Registered.OUTSTANDING, Registered.WAITS)
        told = caller.ask(letters.Fetch(LOGIN))
        assert isinstance(told, letters.Letters)
        assert told.sealed, "it is still to be carried"
        recorder.clock.forward(60)


def test_notices_follow_the_enrolment_and_never_more_than_one_answer_holds(recorder: Recorder) -> None:
    caller, agent = Caller(recorder.app), recorder.agent
    held = agent.registration.request()
    assert held is not None
    for order in range(1, letters.LETTERS_LIMIT + 5):
        agent.notices.keep(
            order, Noticed.PASSWORD_RECOVERED, replace(held, header=replace(held.header, valid=order)), 0
        )
    told = caller.ask(letters.Fetch(LOGIN))
    assert isinstance(told, letters.Letters)
    waiting = [sealed for _, sealed in agent.notices.waiting()]
    assert list(told.sealed) == [held.encoded, *waiting[: letters.LETTERS_LIMIT - 1]]


def test_nobody_but_an_administrator_carries_letters(recorder: Recorder) -> None:
    ownership, by = confirmed(recorder)
    assert ownership.set_user(by, "guard", Role.OPERATOR, "the guard's own sentence") is None
    caller, guard = Caller(recorder.app), owner.Login("guard", Secret("the guard's own sentence"))
    assert caller.ask(letters.Fetch(guard)) == Refused("not-authorised")
    answer = LinkAnswer(LinkVerdict.OLD, request=bytes(32))
    assert caller.ask(letters.Deliver(guard, (answer,))) == Refused("not-authorised")
    wrong = owner.Login("admin", Secret("a wrong password"))
    assert caller.ask(letters.Fetch(wrong)) == Refused("wrong-login")
    assert caller.ask(letters.Deliver(wrong, (answer,))) == Refused("wrong-login")


# The network address


class Program:
    """Takes every address but one."""

    def __init__(self, answer: bytes = b'{"ok": true}') -> None:
        self.heard: list[dict[str, Any]] = []
        self.answer = answer

    def ask(self, question: bytes) -> bytes:
        self.heard.append(json.loads(question))
        return self.answer


FIXED = Network("eth0", "192.0.2.20", 24, "192.0.2.1", ("192.0.2.1",))


def test_the_makers_program_changes_the_address_after_the_answer(recorder: Recorder) -> None:
    waiting: list[Any] = []
    caller, program = Caller(recorder.app), Program()
    assert caller.ask(owner.SetNetwork(LOGIN, FIXED)) == Refused("not-offered")
    recorder.agent.network = NetworkProgram(program, waiting.append)
    assert caller.ask(owner.SetNetwork(LOGIN, FIXED)) == Nothing()
    assert [asked["do"] for asked in program.heard] == ["check"]
    (line, *_) = recorder.agent.audit.last(1)
    assert (line.what, line.account, line.face) == (Happened.NETWORK_CHANGED, "admin", Face.NETWORK)
    waiting[0]()
    told = {"interface": "eth0", "address": "192.0.2.20", "prefix": 24, "gateway": "192.0.2.1"}
    assert program.heard[1] == {"do": "change", "servers": ["192.0.2.1"], **told}
    program.answer = b'{"ok": false}'
    assert caller.ask(owner.SetNetwork(LOGIN, Network())) == Refused("unavailable")
    lines = [line.what for line in recorder.agent.audit.last(9)]
    assert lines.count(Happened.NETWORK_CHANGED) == 1, "what the program refuses did not happen"
    program.answer = b"no"
    waiting[0]()
    assert len(waiting) == 1


def test_the_program_is_named_in_the_settings() -> None:
    assert isinstance(open_network(NetworkSettings(), FixedClock()), NoNetwork)
    there = open_network(NetworkSettings(("/nowhere/set-address",)), FixedClock())
    with pytest.raises(UnavailableError, match="network-program"):
        there.change(FIXED, lambda: None)

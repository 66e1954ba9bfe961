"""Registration at the desk: by itself, by phone or file; notices; the address."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from sparekey.core.crypto import sha256
from sparekey.core.device import events
from sparekey.core.errors import Refusal
from sparekey.core.messages.armour import FileKind, unwrap, wrap
from sparekey.core.messages.batch import read_items
from sparekey.core.messages.enrol_reply import reply_link
from sparekey.core.messages.header import Purpose
from sparekey.core.messages.link import read_link
from sparekey.core.messages.link_answer import LinkVerdict
from sparekey.core.messages.notice import Noticed
from sparekey.core.messages.request import read_request
from sparekey.core.values import Face
from sparekey.device import notices
from sparekey.device.desk_line import LONGEST, SHORTEST
from sparekey.device.registration import Registered, read_token
from tests.device.desk_end import TICKET, DeskEnd
from tests.device.recorder import OWNER, Recorder, link_in


@pytest.fixture
def recorder(tmp_path: Path) -> Recorder:
    made = Recorder(tmp_path)
    made.set_up()
    return made


@pytest.fixture
def desk(recorder: Recorder) -> DeskEnd:
    return DeskEnd(recorder)


def standing(recorder: Recorder) -> Registered:
    return recorder.agent.registration.standing


def change_address(recorder: Recorder, address: str) -> None:
    generation = recorder.agent.record.generation
    told = events.AddressChanged("admin", generation, Face.SCREEN, address)
    assert recorder.agent.tell(told) is None


# By itself


def test_a_new_recorder_registers_by_itself_and_carries_the_ticket_from_then_on(
    recorder: Recorder, desk: DeskEnd
) -> None:
    assert standing(recorder) is Registered.OUTSTANDING
    assert desk.line.work()
    assert standing(recorder) is Registered.DONE
    (body,) = desk.enrolled
    assert (body.addresses, body.confirmed, body.epoch, body.count) == ((OWNER,), False, 1, 1)
    assert recorder.agent.record.ticket == TICKET
    _, mail = recorder.scanning()
    assert mail.address == OWNER
    request = read_request(recorder.agent.record.requests[0].sealed)
    opened = recorder.desk.open(request)
    assert opened.ticket == TICKET  # type: ignore[union-attr]
    recorder.reboot()
    assert standing(recorder) is Registered.DONE


def test_nothing_is_said_before_there_is_a_password(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path)
    desk = DeskEnd(recorder)
    assert standing(recorder) is Registered.NOT_YET
    assert recorder.agent.registration.request() is None
    assert desk.line.work()
    assert desk.enrolled == []


def test_the_same_bytes_go_out_until_something_changes(recorder: Recorder, desk: DeskEnd) -> None:
    registration = recorder.agent.registration
    first = registration.request()
    assert first is not None
    assert registration.request() == first
    recorder.reboot()
    again = recorder.agent.registration.request()
    assert again is not None
    assert again.encoded == first.encoded
    desk = DeskEnd(recorder)
    assert desk.line.work()
    change_address(recorder, "new@example.com")
    assert standing(recorder) is Registered.OUTSTANDING
    assert desk.line.work()
    assert [body.addresses for body in desk.enrolled] == [(OWNER,), ("new@example.com", OWNER)]
    recorder.clock.forward(8 * 86400)
    assert standing(recorder) is Registered.OUTSTANDING, "the address of before hears no more"
    assert desk.line.work()
    assert desk.enrolled[-1].addresses == ("new@example.com",)


@pytest.mark.meets("etsi-5.9-3")
def test_an_unreachable_desk_is_asked_again_and_again_with_longer_waits(
    recorder: Recorder, desk: DeskEnd
) -> None:
    desk.up = False
    desk.line._turn()
    assert desk.line.reached is False
    waits = []
    for _ in range(12):
        waits.append(desk.line._wait)
        recorder.clock.forward(desk.line._wait - 1)
        desk.line._turn()
        assert waits[-1] == desk.line._wait, "not before its time"
        recorder.clock.forward(1)
        desk.line._turn()
    assert waits[:3] == [SHORTEST, 2 * SHORTEST, 4 * SHORTEST]
    assert waits[-1] == LONGEST
    change_address(recorder, "new@example.com")
    desk.up = True
    desk.line._turn()
    assert standing(recorder) is Registered.DONE, "something new is tried at once"
    assert desk.line.reached
    calls = desk.calls
    desk.line._turn()
    assert desk.calls == calls


def test_what_waits_for_people_is_shown_and_asked_again(recorder: Recorder, desk: DeskEnd) -> None:
    desk.says = [LinkVerdict.WAITS]
    assert not desk.line.work()
    assert standing(recorder) is Registered.WAITS
    assert "Two people at support" in recorder.signed_in().get("/registration").words
    assert desk.line.work()
    assert standing(recorder) is Registered.DONE


def test_an_old_count_is_raised_until_it_is_taken(recorder: Recorder, desk: DeskEnd) -> None:
    desk.says = [LinkVerdict.OLD, LinkVerdict.OLD]
    assert desk.line.work()
    assert [body.count for body in desk.enrolled] == [3]
    change_address(recorder, "new@example.com")
    desk.says = [LinkVerdict.OLD] * 4  # its notice goes with the first of them
    assert not desk.line.work()


def test_T13_a_newer_trust_file_comes_with_the_reply_and_stays(recorder: Recorder, desk: DeskEnd) -> None:
    held = recorder.agent.trust
    desk.trust_file = replace(held, version=held.version + 1, name="Renamed support")
    assert desk.line.work()
    assert recorder.agent.trust.name == "Renamed support"
    recorder.reboot()
    assert recorder.agent.trust.name == "Renamed support", "the older file on the disk does not come back"
    desk.trust_file = replace(held, name="Older support")
    recorder.agent.offer_trust(desk.trust())
    recorder.agent.offer_trust(b"nonsense")
    desk.trust_file = replace(held, version=9, desk=bytes(8))
    recorder.agent.offer_trust(desk.trust())
    assert recorder.agent.trust.name == "Renamed support"


def test_a_key_that_the_desk_does_not_have_any_more_is_replaced(recorder: Recorder, desk: DeskEnd) -> None:
    held = recorder.agent.trust
    desk.trust_file = replace(held, version=held.version + 1)
    desk.says = [LinkVerdict.UNKNOWN_KEY]
    assert desk.line.work()
    assert recorder.agent.trust.version == held.version + 1
    assert standing(recorder) is Registered.DONE


def test_where_the_desk_takes_none_nothing_is_asked(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path)
    recorder.set_up()
    mail = recorder.desk.trust.sealing_key(Purpose.MAIL)
    recorder.agent.trust = replace(recorder.agent.trust, sealing=((Purpose.MAIL, (mail,)),))
    assert standing(recorder) is Registered.IMPOSSIBLE
    assert "takes no registrations" in recorder.signed_in().get("/registration").words
    change_address(recorder, "new@example.com")
    assert recorder.agent.notices.waiting() == []
    assert DeskEnd(recorder).line.work()


# By phone or file


def test_a_phone_carries_it_and_the_answer_comes_back_as_a_file(recorder: Recorder, desk: DeskEnd) -> None:
    browser = recorder.signed_in()
    assert "Support does not know" in browser.get("/home").words
    page = browser.get("/registration")
    sealed = read_link(link_in(page)).encoded
    saved = browser.get("/registration/file")
    assert read_items(unwrap(FileKind.REQUESTS, saved.html)) == [sealed]
    reply = desk.reply(sealed)
    browser.get("/registration/answer")
    file = wrap(FileKind.REPLY, reply, {}).encode()
    page = browser.upload("/registration/answer", "a.sparekey-response", file)
    assert "is registered" in page.words
    assert standing(recorder) is Registered.DONE
    assert "Support does not know" not in browser.get("/home").words
    assert "o***@ex***.com" in browser.get("/registration").words


@pytest.mark.parametrize(
    ("model", "told"), [("PX-3216", "Your phone can carry it"), ("C-220", "A recorder that")]
)
def test_without_internet_the_page_says_who_carries_it(tmp_path: Path, model: str, told: str) -> None:
    recorder = Recorder(tmp_path, model=model)
    recorder.set_up()
    recorder.settings = replace(recorder.settings, desk_online=False)
    recorder.reboot()
    assert told in recorder.signed_in().get("/registration").words


def test_the_answer_may_be_pasted_as_text(recorder: Recorder, desk: DeskEnd) -> None:
    browser = recorder.signed_in()
    sealed = read_link(link_in(browser.get("/registration"))).encoded
    text = reply_link(recorder.agent.trust.prefix, desk.reply(sealed))
    browser.get("/registration/answer")
    browser.press("/registration/answer/text", {"text": text.lower()})
    assert standing(recorder) is Registered.DONE


def test_what_is_no_answer_or_another_one_is_told_and_changes_nothing(
    recorder: Recorder, desk: DeskEnd
) -> None:
    browser = recorder.signed_in()
    sealed = read_link(link_in(browser.get("/registration"))).encoded
    browser.get("/registration/answer")
    assert "not the answer" in browser.press("/registration/answer/text", {"text": "nonsense"}).words
    browser.get("/registration")
    old = desk.reply(sealed)
    change_address(recorder, "new@example.com")
    browser.get("/registration")
    browser.get("/registration/answer")
    page = browser.press("/registration/answer/text", {"text": reply_link(recorder.agent.trust.prefix, old)})
    assert "another square" in page.words
    assert standing(recorder) is Registered.OUTSTANDING


def test_T04_registration_is_for_the_administrator(recorder: Recorder) -> None:
    browser = recorder.browser()
    for path in ("/registration", "/registration/file", "/registration/notice", "/address/confirm"):
        assert browser.get(path).path == "/login"


# Notices


def test_B04_notices_are_sent_once_the_desk_is_there(recorder: Recorder, desk: DeskEnd) -> None:
    recorder.scanning()
    change_address(recorder, "new@example.com")
    recorder.reboot()
    desk = DeskEnd(recorder)
    desk.up = False
    assert not desk.line.work()
    assert len(recorder.agent.notices.waiting()) == 2
    desk.up = True
    desk.says = [LinkVerdict.TAKEN, LinkVerdict.LATER]
    assert not desk.line.work()
    assert [body.what for body in desk.noticed] == [Noticed.ADDRESS_CHANGED]
    assert desk.line.work(), "the desk's budget for the hour was used up; now it is not"
    assert [body.what for body in desk.noticed] == [Noticed.ADDRESS_CHANGED, Noticed.RECOVERY_OPENED]
    assert desk.noticed[0].addresses == ("new@example.com", OWNER)
    assert recorder.agent.notices.waiting() == []


def test_B04_a_phone_carries_notices_one_after_the_other(recorder: Recorder) -> None:
    recorder.scanning()
    change_address(recorder, "new@example.com")
    browser = recorder.signed_in()
    assert "2 notices to the owner wait" in browser.get("/registration").words
    for left in (2, 1):
        page = browser.get("/registration/notice")
        assert f"{left} notice" in page.words
        number = recorder.agent.notices.waiting()[0][0]
        browser.press("/registration/notice", {"number": str(number)})
    assert browser.get("/registration/notice").path == "/registration"


def test_T05_a_flood_of_requests_does_not_push_out_what_matters(
    recorder: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notices, "MOST", 4)
    change_address(recorder, "new@example.com")
    for number in range(4):
        claim = sha256(bytes([number]))
        assert not isinstance(
            recorder.recovering.open_mail_code(claim, face=Face.SCREEN, locale="en"), Refusal
        )
        asked = recorder.agent.record.requests[-1].number
        assert recorder.agent.tell(events.RequestCancelled(asked, claim, Face.SCREEN)) is None
    kept = [recorder.desk.open(read_request(data)) for _, data in recorder.agent.notices.waiting()]
    assert len(kept) == 4
    assert next(body.what for body in kept) is Noticed.ADDRESS_CHANGED  # type: ignore[union-attr]


# The address


def test_P20_the_administrator_confirms_the_address_on_a_page(recorder: Recorder, desk: DeskEnd) -> None:
    browser = recorder.signed_in()
    assert "/address/confirm" in browser.get("/users/admin/address").links
    assert "A code goes to" in browser.get("/address/confirm").words
    page = browser.press("/address/confirm")
    assert "It opens nothing" in page.words
    desk.line.work()
    (mail,) = desk.mailed
    assert (mail.addresses, mail.confirms) == ((OWNER,), True)
    desk.line.work()
    assert len(desk.mailed) == 1, "once, until somebody asks again"
    browser.press("/address/confirm")
    desk.line.work()
    assert desk.mailed[1] == mail
    assert "not the code" in browser.press("/address/confirm/code", {"code": "0000-0000"}).words
    assert "eight characters" in browser.press("/address/confirm/code", {"code": "12"}).words
    page = browser.press("/address/confirm/code", {"code": mail.code.shown})
    assert "The address is confirmed" in page.words
    desk.line.work()
    assert desk.enrolled[-1].confirmed


def test_without_internet_the_phone_has_the_code_sent(recorder: Recorder) -> None:
    browser = recorder.signed_in()
    browser.get("/address/confirm")
    page = browser.press("/address/confirm")
    body = recorder.desk.open(read_link(link_in(page)))
    assert body.confirms  # type: ignore[union-attr]
    for _ in range(5):
        browser.press("/address/confirm/code", {"code": "0000-0000"})
    assert "a moment ago" in browser.press("/address/confirm").words
    recorder.clock.forward(61)
    browser.get("/address/confirm")
    assert "It opens nothing" in browser.press("/address/confirm").words


@pytest.mark.parametrize(
    ("content", "expected"), [(b"ab" * 32 + b"\n", b"\xab" * 32), (b"ab" * 31, None), (b"\xff", None)]
)
def test_the_factorys_token_is_read_from_its_file(
    tmp_path: Path, content: bytes, expected: bytes | None
) -> None:
    path = tmp_path / "token"
    path.write_bytes(content)
    assert read_token(path) == expected
    assert read_token(tmp_path / "none") is None
    assert read_token(None) is None

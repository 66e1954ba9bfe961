"""Enrolments and notices as they come: by a program's batch over HTTPS, by a phone that scanned a square."""

from __future__ import annotations

import re
from dataclasses import replace
from urllib.parse import urlencode

import pytest

from sparekey.core import crypto, mailing
from sparekey.core.codec import encode
from sparekey.core.codes import code_from_bits
from sparekey.core.mailing import MailLimits
from sparekey.core.messages.armour import FileKind, unwrap
from sparekey.core.messages.batch import make_batch
from sparekey.core.messages.enrol import EnrolBody, refresh_mac
from sparekey.core.messages.enrol_reply import ReplyFile, check_reply, read_reply
from sparekey.core.messages.link_answer import LINK_MOST, LinkAnswer, LinkVerdict, read_answers
from sparekey.core.messages.notice import NoticeBody, Noticed
from sparekey.core.messages.request import Body, Header, Kind, MailBody, Request, seal_body
from sparekey.core.messages.text import read_any
from sparekey.core.registry import dispute_item
from tests.desk.room import HOST, IDENTITY, JANE, Room
from tests.web.asgi import FORM, Answer, call

K = crypto.sha256(b"a device's K")
BINARY = {"content-type": "application/octet-stream"}


def seal(room: Room, kind: Kind, body: Body) -> Request:
    public = crypto.sealing_public(room.mail_key)
    header = Header(kind, room.trust.desk, crypto.key_id(public), IDENTITY, "7F2K0042", bytes(32), 14 * 86400)
    if isinstance(body, EnrolBody):
        body = replace(body, refresh=refresh_mac(body.key, header, body))
    return seal_body(header, body, public)


def enrolment(room: Room, key: bytes = K, count: int = 1, address: str = JANE) -> Request:
    return seal(room, Kind.ENROL, EnrolBody(key, bytes(16), count, 1, "en", (address,), confirmed=True))


def notice(room: Room, *, ticketed: bool = True) -> Request:
    ticket = mailing.ticket(room.ticket_key, IDENTITY.serial) if ticketed else None
    body = NoticeBody(Noticed.PASSWORD_RECOVERED, 60, "admin", (JANE,), "en", ticket=ticket)
    return seal(room, Kind.NOTICE, body)


def post(room: Room, name: str, body: bytes, **headers: str) -> Answer:
    return call(room.app, "POST", f"/link/{name}", {**BINARY, **headers}, body, host=HOST)


def verdicts(answer: Answer, count: int) -> list[LinkVerdict]:
    return [one.verdict for one in read_answers(answer.body, count)]


def press(room: Room, path: str, **fields: str) -> Answer:
    page = room.get(path)
    form = re.search(r'action="/(?:R|registration)/[^>]*>\s*<input[^>]* value="([0-9a-f]{64})"', page.text)
    assert form, page.text
    cookie = "; ".join(f"{name}={value}" for name, value in page.cookies.items())
    headers = {**FORM, "origin": f"https://{HOST}", "cookie": cookie}
    return call(room.app, "POST", path, headers, urlencode({"token": form[1], **fields}).encode(), host=HOST)


def test_a_batch_of_enrolments_is_answered_in_its_places(room: Room) -> None:
    request = enrolment(room)
    answer = post(room, "enrolments", make_batch([b"broken", request.encoded]))
    assert answer.status == 200
    broken, taken = read_answers(answer.body, 2)
    assert (broken.verdict, taken.verdict) == (LinkVerdict.DAMAGED, LinkVerdict.TAKEN)
    reply = check_reply(read_reply(taken.data), request.hash, K)
    assert reply.trust == unwrap(FileKind.TRUST, room.trust_text)
    assert room.get("/link/trust").body == reply.trust


def test_whoever_knows_only_an_old_key_hears_of_the_newest_ones(room: Room) -> None:
    for kind in (Kind.ENROL, Kind.NOTICE, Kind.MAIL):
        whole = enrolment(room) if kind is Kind.ENROL else notice(room)
        old = replace(whole.header, kind=kind, key=bytes(8))
        name = {Kind.ENROL: "enrolments", Kind.NOTICE: "notices", Kind.MAIL: "mails"}[kind]
        sealed = encode([old.encoded, bytes(99)])
        (answer,) = read_answers(post(room, name, make_batch([sealed])).body, 1)
        assert answer == LinkAnswer(LinkVerdict.UNKNOWN_KEY, unwrap(FileKind.TRUST, room.trust_text))


@pytest.mark.parametrize(("body", "status"), [(b"\xa0", 400), (b"", 400), (bytes(140_000), 413)])
def test_T14_what_is_no_batch_is_told(room: Room, body: bytes, status: int) -> None:
    assert post(room, "enrolments", body).status == status


def test_too_many_at_once_are_not_taken(room: Room) -> None:
    assert post(room, "notices", make_batch([b"x"] * (LINK_MOST + 1))).status == 413


def test_T10_no_foreign_page_speaks_the_link(room: Room) -> None:
    batch = make_batch([enrolment(room).encoded])
    assert post(room, "enrolments", batch, origin="https://evil.example.com").status == 403
    assert post(room, "enrolments", batch, **{"sec-fetch-site": "cross-site"}).status == 403
    assert room.registry.registrar.opened(IDENTITY.serial) is None


def test_a_code_that_confirms_is_mailed_in_its_own_words_and_stands_in_no_log(room: Room) -> None:
    before = room.log.ledger.rows()
    body = MailBody(code_from_bits(7), (JANE,), "en", "admin", confirms=True)
    request = seal(room, Kind.MAIL, body)
    answer = post(room, "mails", make_batch([request.encoded, b"x", enrolment(room).encoded]))
    expected = [LinkVerdict.TAKEN, LinkVerdict.DAMAGED, LinkVerdict.OTHER_KIND]
    assert verdicts(answer, 3) == expected
    room.work()
    (mail,) = room.post.taken
    assert body.code.shown in mail.part("plain")
    assert "opens nothing" in mail.part("plain").replace("\n", " ")
    assert "opens nothing" in mail.part("html")
    assert room.log.ledger.rows() == before
    page = room.get(f"/R/{room.text(request)}")
    assert "Confirm the e-mail address" in page.text
    assert "Type it at the recorder" in press(room, f"/R/{room.text(request)}").text


def test_a_phone_registers_a_device_and_carries_the_answer_back(room: Room) -> None:
    request = enrolment(room)
    path = f"/R/{room.text(request)}"
    page = room.get(path)
    assert page.status == 200
    assert "Register this recorder" in page.text
    assert JANE not in page.text
    assert "j***@" in page.text
    assert room.registry.registrar.opened(IDENTITY.serial) is None, "looking changes nothing"
    done = press(room, path)
    assert "The recorder is registered" in done.text
    assert 'class="qr"' in done.text
    file = room.get(path + "?as=file")
    assert "attachment" in file.headers["content-disposition"]
    found = read_any(file.body)
    assert isinstance(found, ReplyFile)
    check_reply(found, request.hash, K)
    again = room.get(path)
    assert "The recorder is registered" in again.text
    text = re.search(r"<textarea[^>]*>([^<]+)</textarea>", again.text)
    assert text
    assert text[1].startswith("HTTPS://DESK.EXAMPLE.COM/E/")
    assert read_any(text[1]) == found


def test_a_phone_with_an_older_or_disputed_square_is_told_what_to_do(room: Room) -> None:
    first, second = enrolment(room), enrolment(room, count=2)
    press(room, f"/R/{room.text(second)}")
    assert "out of date" in press(room, f"/R/{room.text(first)}").text
    other = press(room, f"/R/{room.text(enrolment(room, crypto.sha256(b'another K')))}")
    assert "Two people look at it first" in other.text
    foreign = replace(first.header, desk=bytes(8))
    public = crypto.sealing_public(room.mail_key)
    body = EnrolBody(K, bytes(16), 1, 1, "en")
    assert "another support desk" in room.get(f"/R/{room.text(seal_body(foreign, body, public))}").text


def test_B04_a_phone_carries_a_notice(room: Room) -> None:
    request = notice(room)
    path = f"/R/{room.text(request)}"
    assert "News for the owner" in room.get(path).text
    assert "on its way" in press(room, path).text
    assert "on its way" in press(room, path).text
    room.work()
    (mail,) = room.post.taken
    assert mail.recipient == JANE
    assert "recovered" in str(mail.message["Subject"])


def test_T05_ticketless_requests_share_sixty_mails_and_enrolled_devices_do_not(room: Room) -> None:
    room.restart(MailLimits(ticketless_hour=1))
    assert len(room.send(room.request("a@example.com", number="00000001"))) == 1
    assert room.send(room.request("b@example.com", number="00000002")) == []
    answer = post(room, "notices", make_batch([notice(room, ticketed=False).encoded]))
    assert verdicts(answer, 1) == [LinkVerdict.LATER]
    taken = read_answers(post(room, "enrolments", make_batch([enrolment(room).encoded])).body, 1)
    ticket = read_reply(taken[0].data).reply.ticket
    assert len(room.send(room.request("c@example.com", number="00000003", ticket=ticket))) == 1
    assert verdicts(post(room, "notices", make_batch([notice(room).encoded])), 1) == [LinkVerdict.TAKEN]
    room.work()
    assert [mail.recipient for mail in room.post.taken] == ["a@example.com", "c@example.com", JANE]


def test_T05_news_does_not_use_up_the_mails_that_a_code_needs(room: Room) -> None:
    room.restart(MailLimits(per_address_hour=2))
    for age in range(3):
        ticket = mailing.ticket(room.ticket_key, IDENTITY.serial)
        body = NoticeBody(Noticed.RECOVERY_OPENED, age, "admin", (JANE,), "en", ticket=ticket)
        post(room, "notices", make_batch([seal(room, Kind.NOTICE, body).encoded]))
    assert len(room.send(room.request(JANE))) == 3, "two notices, and the code"


def test_T36_the_owner_stops_a_foreign_registration_on_a_page(room: Room) -> None:
    press(room, f"/R/{room.text(enrolment(room))}")
    press(room, f"/R/{room.text(enrolment(room, crypto.sha256(b'another K'), address='next@example.com'))}")
    (row,) = room.registry.disputes.open()
    item = dispute_item(row.state.claim)
    for by, key in (("ann", b"a" * 8), ("bob", b"b" * 8)):
        assert room.registry.disputes.agree(row.number, by, key, [item]) is None
    room.work()
    (mail,) = room.post.taken
    code = re.search(r"^\s+([0-9A-Z]{4}-[0-9A-Z]{4})\s*$", mail.part("plain"), re.MULTILINE)
    assert code
    wrong = press(room, "/registration/stop", number=row.number, code="0000-0000")
    assert wrong.status == 422
    assert press(room, "/registration/stop", number="x", code="y").status == 422
    assert "It is stopped" in press(room, "/registration/stop", number=row.number, code=code[1]).text
    assert room.registry.disputes.open() == []


def test_T05_a_made_up_device_gets_a_ticket_and_no_words_into_a_mail(room: Room) -> None:
    room.restart(MailLimits(ticketless_hour=0, first_use_hour=2))
    taken = read_answers(post(room, "enrolments", make_batch([enrolment(room).encoded])).body, 1)
    ticket = read_reply(taken[0].data).reply.ticket
    assert ticket == room.registry.registrar.ticket(IDENTITY.serial)
    assert ticket != mailing.ticket(room.ticket_key, IDENTITY.serial)
    (mail,) = room.send(room.request("a@example.com", number="00000001", ticket=ticket))
    assert IDENTITY.serial not in mail.part("plain")
    body = NoticeBody(Noticed.ERASED, 1, "admin", ("b@example.com",), "en", ticket=ticket)
    post(room, "notices", make_batch([seal(room, Kind.NOTICE, body).encoded]))
    room.work()
    assert IDENTITY.serial not in room.post.taken[-1].part("plain")
    assert room.send(room.request("c@example.com", number="00000003", ticket=ticket)) == [], (
        "the hour is over"
    )
    proved = room.request("d@example.com", number="00000004", ticketed=True)
    assert IDENTITY.serial in room.send(proved)[0].part("plain")

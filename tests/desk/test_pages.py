"""The desk's pages, as a browser gets them."""

from __future__ import annotations

import re

import pytest

from sparekey.core import crypto
from sparekey.core.codec import encode
from sparekey.core.codes import to_base32
from sparekey.core.errors import UnavailableError
from sparekey.core.mailing import MailLimits
from sparekey.core.messages.armour import FileKind, unwrap
from sparekey.core.values import Identity
from sparekey.desk.store.sql import SqlStore
from tests.desk.room import CODE, HOST, IDENTITY, JANE, Room
from tests.web.asgi import FORM, call

MASKED = "j***@ex***.com"


def path(room: Room, **options: object) -> str:
    return "/R/" + room.text(room.request(**options))  # type: ignore[arg-type]  # the options of `request`


def test_the_first_page_says_who_we_are_and_what_to_do(room: Room) -> None:
    page = room.get("/")
    assert page.status == 200
    assert "Example support desk" in page.text
    assert "Point your phone's camera at the square" in page.text


def test_the_request_page_shows_device_and_masked_address_and_one_button(room: Room) -> None:
    page = room.get(path(room))
    assert page.status == 200
    for text in (IDENTITY.serial, IDENTITY.model, MASKED):
        assert text in page.text
    main = page.text.partition("<main")[2]
    assert re.findall(r"<button[^>]*>([^<]*)</button>", main) == ["Send the code"]
    assert JANE not in page.text
    assert CODE.shown not in page.text


def test_the_button_sends_and_says_where_to_look(room: Room) -> None:
    page = room.press(path(room))
    assert page.status == 200
    text = " ".join(page.text.split())
    assert f"If this square is from your own recorder, the code is on its way to {MASKED}." in text
    assert "Look there within two minutes, also in the junk folder." in text
    assert "Go back to the recorder and type the code." in text
    assert "Send it again" in text
    room.work()
    assert [mail.recipient for mail in room.post.taken] == [JANE]


def test_P22_whether_the_recorder_may_be_switched_off_is_said(room: Room) -> None:
    for fleeting, said in ((True, "that would end the code"), (False, "The code stays good")):
        target = "/R/" + room.text(room.request(fleeting=fleeting))
        assert ("that would end the code" in room.get(target).text) is fleeting
        assert said in room.press(target).text


def test_send_it_again_is_the_same_form(room: Room) -> None:
    target = path(room)
    page = room.press(target)
    assert f'action="{target}"' in page.text


def test_a_link_whose_case_was_lowered_works(room: Room) -> None:
    target = path(room).lower()
    assert room.get(target).status == 200
    assert room.press(target).status == 200
    assert room.store.waiting() == 1


@pytest.mark.meets("asvs-3.5.3")
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_opening_a_page_sends_and_writes_nothing(room: Room, method: str) -> None:
    written = room.written()
    answer = room.get(path(room), method=method)
    assert answer.status == 200
    assert (room.store.waiting(), room.written()) == (0, written)


def test_T06_every_press_gets_the_same_page(room: Room) -> None:
    target = path(room)
    first = bare(room.press(target).text)
    again = bare(room.press(target).text)
    ticketed = bare(room.press(path(room, ticketed=True)).text)
    room.restart(MailLimits(ticketless_hour=0, ticketed_hour=0))
    held_back = bare(room.press(path(room, number="7F2K0043")).text)
    assert first == again == ticketed == held_back


def test_T10_a_foreign_page_cannot_press_the_button(room: Room) -> None:
    target = path(room)
    for headers in ({}, {"origin": "https://evil.example.net"}, {"origin": f"https://{HOST}"}):
        answer = call(room.app, "POST", target, {**FORM, **headers}, b"token=" + b"0" * 64, host=HOST)
        assert answer.status == 403
    assert call(room.app, "GET", target, host="evil.example.net").status == 421
    assert room.store.waiting() == 0


def test_behind_a_proxy_that_ends_tls_the_button_works(room: Room) -> None:
    target = path(room)
    page = call(room.app, "GET", target, host=HOST, scheme="http")
    assert "__Host-Http-browser" in page.cookies
    assert room.press(target).status == 200


TROUBLES = {
    "damaged": (400, "This square cannot be read", "scan the square again"),
    "cut": (400, "This square cannot be read", "scan the square again"),
    "nothing": (400, "This square cannot be read", "scan the square again"),
    "oversize": (414, "This is too long", "scan the square on its screen"),
    "far too long": (414, "The address is too long", "Scan or type it again"),
    "foreign": (404, "This recorder belongs to another support desk", "Scan the square again"),
    "old key": (410, "This recorder knows only an old key of this desk", "Choose another way"),
    "altered": (403, "This square was changed or damaged on the way", "scan the square on its own screen"),
    "expired": (410, "The time for this square is over", "scan the new square"),
}


def troubled(room: Room, name: str) -> str:
    """The path of a request with one thing wrong."""
    request = room.request(valid=3600)
    text = room.text(request)
    altered = encode([request.header.encoded, request.sealed[:-1] + bytes([request.sealed[-1] ^ 1])])
    texts = {
        "damaged": "U" + text[1:],
        "cut": text[:-20],
        "nothing": "",
        "oversize": "0" * 1700,
        "far too long": "0" * 5000,
        "foreign": room.text(room.request(desk=b"another.")),
        "old key": room.text(room.request(key=crypto.sealing_public(room.entropy.bytes(32)))),
        "altered": to_base32(altered),
        "expired": text,
    }
    if name == "expired":
        room.clock.forward(5000)
    return "/R/" + texts[name]


@pytest.mark.parametrize("name", TROUBLES)
def test_each_trouble_has_its_own_page_with_a_next_step(room: Room, name: str) -> None:
    status, title, step = TROUBLES[name]
    page = room.get(troubled(room, name))
    assert page.status == status
    assert f"<h1>{title}</h1>" in page.text
    assert step in page.text
    assert 'action="/R/' not in page.text


@pytest.mark.parametrize("name", ["damaged", "foreign", "old key", "altered", "expired", "oversize"])
def test_posting_what_is_wrong_gets_the_same_page(room: Room, name: str) -> None:
    good = path(room, number="7F2K0043")
    page = room.get(good)
    token = re.search(r'action="/R/[^>]*>\s*<input[^>]* value="([0-9a-f]{64})"', page.text)
    assert token
    cookie = "; ".join(f"{key}={value}" for key, value in page.cookies.items())
    headers = {**FORM, "origin": f"https://{HOST}", "cookie": cookie}
    answer = call(room.app, "POST", troubled(room, name), headers, f"token={token[1]}".encode(), host=HOST)
    assert (answer.status, TROUBLES[name][1] in answer.text) == (TROUBLES[name][0], True)
    assert room.store.waiting() == 0


@pytest.mark.meets("asvs-1.2.1")
def test_T14_what_the_device_calls_itself_cannot_become_markup(room: Room) -> None:
    page = room.get(path(room, identity=Identity("-/ . _", "A/B", "1")))
    assert page.status == 200
    assert "-/ . _" in page.text


def test_browsers_are_told_to_come_by_https_alone(room: Room) -> None:
    for path in ("/", "/trust", "/no/such/page"):
        assert room.get(path).headers["strict-transport-security"] == "max-age=31536000"
    foreign = call(room.app, "GET", "/", host="other.example.net")
    assert "strict-transport-security" not in foreign.headers


@pytest.mark.meets("asvs-4.1.1")
def test_the_trust_file_is_there_as_it_is(room: Room) -> None:
    answer = room.get("/trust")
    assert answer.text == room.trust_text
    assert "attachment" in answer.headers["content-disposition"]
    assert unwrap(FileKind.TRUST, answer.text)


def test_the_health_page_asks_the_store(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    assert (room.get("/healthz").status, room.get("/healthz").text) == (200, "ok\n")
    assert call(room.app, "GET", "/healthz", host="127.0.0.1:8600").status == 200

    def away(_: SqlStore) -> int:
        raise UnavailableError("store")

    monkeypatch.setattr(SqlStore, "waiting", away)
    room.restart()
    assert room.get("/healthz").status == 503


def test_a_store_that_is_away_gets_a_page(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(_: SqlStore, __: bytes) -> int:
        raise UnavailableError("store")

    monkeypatch.setattr(SqlStore, "first_seen", away)
    asked = path(room)
    page = room.get(asked)
    assert (page.status, page.headers["retry-after"]) == (503, "30")
    assert "nothing that it told you is lost" in page.text
    assert f'href="{asked}">Go on' in page.text


def test_the_language_switch_comes_back_to_the_request(room: Room) -> None:
    target = path(room)
    assert f'<input type="hidden" name="back" value="{target}">' in room.get(target).text


@pytest.mark.meets("asvs-16.5.2")
def test_no_page_waits_for_the_mail_server(room: Room) -> None:
    room.post.up = False
    assert room.press(path(room)).status == 200
    assert room.post.conversations == 0
    assert room.store.waiting() == 1


def bare(text: str) -> str:
    """A page without what differs from browser to browser and from request to request."""
    return re.sub(r"[0-9a-f]{64}|/R/[0-9A-Z]+", "", text)

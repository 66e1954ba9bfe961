"""The console's pages about cases: from a call or a file to an answer, through real touches."""

from __future__ import annotations

import io
import json
import re
from urllib.parse import urlencode

import pytest
import segno
from PIL import Image, ImageFilter

from sparekey.core.admission import Role
from sparekey.core.codes import code_from_bits, spell
from sparekey.core.messages.armour import FileKind, wrap
from sparekey.core.messages.batch import make_batch
from sparekey.core.messages.link import link
from sparekey.core.methods.security_code import Spoken
from sparekey.core.methods.spoken import spoken_text
from sparekey.desk.store.database import Database
from tests.desk.casework import OWNER, SERIAL
from tests.desk.desk_console import Room, Tab
from tests.desk.office import ORIGIN
from tests.web.asgi import call

HOUR = 3600
CALL: dict[str, str | list[str]] = {
    "serial": f" {SERIAL} ",
    "started": "2O26-09-21 1O:00:00",
    "number": "7km2 q4xz",
    "day": "2026-09-21",
}
KEY = code_from_bits(12345678901)


@pytest.fixture
def room(database: Database) -> Room:
    made = Room(database)
    made.work.enrol()
    return made


def people(room: Room) -> tuple[Tab, Tab]:
    """An agent and an approver who have signed in."""
    anna, bert = room.member("Anna", Role.AGENT), room.member("Bert", Role.APPROVER)
    return room.browser(anna), room.browser(bert)


def upload(tab: Tab, data: bytes, name: str = "request.sparekey-request") -> Tab:
    """Hand in a file on the page of new cases."""
    tab.open("/console/new")
    token = tab.form("/console/new/file").values["token"]
    edge = "edge42"
    body = (
        (
            f'--{edge}\r\ncontent-disposition: form-data; name="token"\r\n\r\n{token}\r\n'
            f'--{edge}\r\ncontent-disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
        ).encode()
        + data
        + f"\r\n--{edge}--\r\n".encode()
    )
    return tab._go(
        "POST", "/console/new/file", body, {"content-type": f"multipart/form-data; boundary={edge}"}
    )


def number_of(tab: Tab) -> str:
    assert tab.at.startswith("/console/cases/"), (tab.at, tab.words[:300])
    return tab.at.rpartition("/")[2]


def approved(tab: Tab, *numbers: str) -> Tab:
    """Look at these cases, and touch."""
    tab.open("/console/approvals").send("/console/approvals", {"number": list(numbers)})
    return touched(tab)


def touched(tab: Tab) -> Tab:
    return tab.touch("/console/approvals/touch", signed(tab))


def signed(tab: Tab) -> dict[str, str | list[str]]:
    """The hidden fields of the page that is signed."""
    return {
        name: re.findall(f'name="{name}" value="([0-9A-Za-z]+)"', tab.page.text)
        for name in ("number", "item")
    }


def proved(tab: Tab) -> Tab:
    number = number_of(tab)
    for kind in ("invoice", "installer"):
        tab.open(f"/console/cases/{number}")
        tab.post(
            f"/console/cases/{number}/evidence",
            {"token": tab.form(f"/console/cases/{number}/evidence").values["token"], "kind": kind},
        )
        assert tab.at == f"/console/cases/{number}"
    return tab


def proposed(tab: Tab, remedy: str, **boxes: str) -> str:
    number = number_of(tab)
    token = tab.form(f"/console/cases/{number}/propose").values["token"]
    fields: dict[str, str | list[str]] = {"token": token, "remedy": remedy}
    tab.post(f"/console/cases/{number}/propose", {**fields, **{f"{remedy} {k}": v for k, v in boxes.items()}})
    assert tab.page.status == 200, tab.words[:500]
    return number


def test_P15_from_a_call_to_codes_for_several_dates(room: Room) -> None:
    anna, bert = people(room)
    anna.open("/console/new").send("/console/new/call", CALL)
    assert "The evidence is not enough yet." in anna.words
    assert "Please send us the invoice" in anna.words
    number = proposed(proved(anna), "security-code")
    assert "0 of 1" in anna.words
    approved(bert, number)
    assert "approved; now it is: on hold" in bert.words
    room.work.clock.forward(24 * HOUR)
    room.work.cases.work()
    anna = room.browser(anna.member).open("/console?waits=call")
    assert f"#{number}" in anna.words
    assert "They wait for your call" in anna.open(f"/console/cases/{number}").words
    anna.send(f"/console/cases/{number}/answer")
    shown = re.findall(r'class="spelled">([0-9A-Z]{4}-[0-9A-Z]{4})<', anna.page.text)
    given = room.work.cases.give(number)
    assert shown == [dated.code.shown for dated in given.codes]  # type: ignore[union-attr]
    assert len(shown) >= 2
    assert "2026-09-21" in anna.words
    for dated in given.codes:  # type: ignore[union-attr]
        assert dated.code.shown_digits in anna.words
        assert " ".join(spell(dated.code.text, "en")) in anna.words


def test_P10_a_code_that_may_open_factory_settings_says_so_to_who_approves(room: Room) -> None:
    anna, bert = people(room)
    anna.open("/console/new").send("/console/new/call", CALL)
    number = proposed(proved(anna), "security-code", **{"may-default": "yes"})
    bert.open("/console/approvals").send("/console/approvals", {"number": number})
    assert "may open factory settings" in bert.words


def test_P12_a_code_by_mail_is_seen_by_nobody_at_the_desk(room: Room) -> None:
    anna, bert = people(room)
    anna.open("/console/new").send("/console/new/call", CALL)
    assert "Allowed by mail only" in anna.words
    number = proposed(anna, "security-code", **{"by-mail": "yes"})
    approved(bert, number)
    anna.open(f"/console/cases/{number}")
    assert "The code goes to the confirmed address by mail." in anna.words
    token = anna.form("/console/sign-out").values["token"]
    anna.post(f"/console/cases/{number}/answer", {"token": token})
    assert anna.page.status == 409
    assert OWNER in [mail.recipient for mail in room.work.mailed()]


def photo(text: str, blur: float = 0.0, turn: float = 0.0) -> bytes:
    """A picture of a screen that shows the square, taken by hand."""
    out = io.BytesIO()
    segno.make(text, error="L", micro=False).save(out, kind="png", scale=6, border=6)
    with Image.open(io.BytesIO(out.getvalue())) as square:
        page = Image.new("L", (1280, 960), 90)
        page.paste(square.convert("L"), (300, 120))
    seen = page.rotate(turn, expand=True, fillcolor=40).filter(ImageFilter.GaussianBlur(blur))
    made = io.BytesIO()
    seen.convert("RGB").save(made, "JPEG", quality=80)
    return made.getvalue()


def test_P17_a_photo_of_the_square_becomes_a_case_with_a_key(room: Room) -> None:
    anna, bert = people(room)
    request = room.work.request(key=KEY)
    text = link(room.work.desk.trust.prefix, request)
    upload(anna, photo(text, blur=1.2, turn=7), "photo.jpg")
    number = proposed(proved(anna), "response-key")
    approved(bert, number)
    room.work.clock.forward(24 * HOUR)
    room.work.cases.work()
    anna = room.browser(anna.member).open(f"/console/cases/{number}").send(f"/console/cases/{number}/answer")
    assert KEY.shown in anna.page.text
    assert KEY.shown_digits in anna.page.text


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (photo("HELLO", blur=30), "Ask kindly for another one"),
        (b"\x89PNG\r\n\x1a\n" + b"x" * 100, "This is no photo that can be opened"),
        (photo("https://example.com/"), "It cannot be read"),
        (b"hello", "It cannot be read"),
        (b"Request number: 7KM2Q4XZ", "Not all numbers of a security code stand in it once"),
    ],
)
def test_what_cannot_be_read_is_asked_for_again_kindly(room: Room, data: bytes, told: str) -> None:
    anna, _ = people(room)
    upload(anna, data, "photo.jpg")
    assert anna.page.status == 400
    assert told in anna.words


def test_P15_the_numbers_that_a_customer_copied_become_a_case(room: Room) -> None:
    anna, _ = people(room)
    text = spoken_text(Spoken(SERIAL, 1_789_984_800, "7KM2Q4XZ"), 20_717)
    upload(anna, f"Good morning,\nwe are locked out:\n\n{text}".encode(), "mail.txt")
    assert "2026-09-21 10:00:00" in anna.words
    assert "7KM2" in anna.words


def test_P16_a_signed_file_is_saved(room: Room) -> None:
    anna, bert = people(room)
    upload(anna, room.work.file().encode())
    number = proposed(proved(anna), "response-file")
    approved(bert, number)
    room.work.clock.forward(24 * HOUR)
    room.work.cases.work()
    anna = room.browser(anna.member).open(f"/console/cases/{number}").send(f"/console/cases/{number}/answer")
    assert "BEGIN SPAREKEY RESPONSE" in anna.page.text
    assert f"{SERIAL}-{number}.sparekey-response" in anna.page.headers["content-disposition"]


def test_T26_a_file_of_many_devices_with_three_broken_ones(room: Room) -> None:
    anna, _ = people(room)
    requests = [room.work.request(f"PX-{place:05}", number="4F7Q0001").encoded for place in range(60)]
    for place in (3, 17, 59):
        requests[place] = requests[place][:-9] + b"?" * 9
    batch = wrap(FileKind.REQUESTS, make_batch(requests), {})
    upload(anna, batch.encode())
    assert "57 of 60 requests became cases" in anna.words
    assert "3 requests could not be taken. They hurt no other:" in anna.words
    for place in (4, 18, 60):
        assert f"Request {place}:" in anna.words
    anna.open("/console?waits=evidence")
    assert anna.words.count("PX-000") == 50
    more = re.search(r'href="(/console\?waits=evidence&amp;after=[^"]+)"', anna.page.text)
    assert more
    assert anna.open(more[1].replace("&amp;", "&")).words.count("PX-000") == 7


def test_a_request_for_another_desk_is_told(room: Room) -> None:
    anna, _ = people(room)
    request = room.work.request()
    spoilt = request.encoded.replace(room.work.desk.trust.desk, bytes(len(room.work.desk.trust.desk)))
    upload(anna, wrap(FileKind.REQUEST, spoilt, {}).encode())
    assert "It is for another support desk." in anna.words


def test_B05_nobody_approves_their_own_device(room: Room) -> None:
    both = room.member("Cyril", Role.AGENT, Role.APPROVER)
    anna = room.browser(room.member("Anna", Role.AGENT))
    anna.open("/console/new").send("/console/new/call", CALL)
    number = proposed(proved(anna), "security-code")
    room.work.enrol(owners=(both.id,))
    tab = room.browser(both).open("/console/approvals")
    tab.send("/console/approvals", {"number": number})
    touched(tab)
    assert tab.page.status == 409
    assert "not yours" in tab.words or "something else was decided" in tab.words
    assert room.work.cases.give(number).value == "not-now"  # type: ignore[union-attr]


def test_T31_a_replayed_foreign_or_changed_approval_is_refused(room: Room) -> None:
    anna, bert = people(room)
    anna.open("/console/new").send("/console/new/call", CALL)
    first = proposed(proved(anna), "security-code")
    anna.open("/console/new").send("/console/new/call", {**CALL, "number": "7KM2Q4XW"})
    second = proposed(proved(anna), "security-code")
    bert.open("/console/approvals").send("/console/approvals", {"number": [first]})
    fields = {**bert.form("/console/approvals/touch").values, **signed(bert)}
    assert bert.member is not None
    answer = bert.member.authenticator.sign(json.dumps(bert.asked()))
    other_item = room.work.cases.items([second])[0].hex()
    bert.post("/console/approvals/touch", {**fields, "number": second, "item": other_item, "answer": answer})
    assert bert.page.status == 403
    bert.post("/console/approvals/touch", {**fields, "number": second, "answer": answer})
    assert bert.page.status == 409
    assert "It was changed since you looked." in bert.words
    bert.post("/console/approvals/touch", {**fields, "answer": answer})
    assert bert.page.status == 403
    assert "a touch serves once" in bert.words
    view = room.work.cases.show(first)
    assert view is not None
    assert view.approvals == ()


def test_B05_an_approval_by_one_touch_for_many_and_a_second_touch_is_refused(room: Room) -> None:
    anna, bert = people(room)
    numbers = []
    for number in ("7KM2Q4XZ", "7KM2Q4XW"):
        anna.open("/console/new").send("/console/new/call", {**CALL, "number": number})
        numbers.append(proposed(proved(anna), "security-code"))
    bert.open("/console/approvals").send("/console/approvals", {"number": numbers})
    fields = {**bert.form("/console/approvals/touch").values, **signed(bert)}
    assert bert.member is not None
    answer = bert.member.authenticator.sign(json.dumps(bert.asked()))
    bert.post("/console/approvals/touch", {**fields, "answer": answer})
    assert bert.words.count("approved; now it is") == 2
    bert.post("/console/approvals/touch", {**fields, "answer": answer})
    assert bert.page.status == 403
    assert [len(room.work.cases.show(number).approvals) for number in numbers] == [1, 1]  # type: ignore[union-attr]


def test_two_agents_who_decide_at_once_get_one_winner(room: Room) -> None:
    anna = room.browser(room.member("Anna", Role.AGENT))
    dana = room.browser(room.member("Dana", Role.AGENT))
    anna.open("/console/new").send("/console/new/call", CALL)
    number = number_of(proved(anna))
    anna.open(f"/console/cases/{number}")
    dana.open(f"/console/cases/{number}")
    dana.send(f"/console/cases/{number}/refuse", {"reason": "not-proved"})
    assert "closed" in dana.words
    anna.send(f"/console/cases/{number}/propose")
    assert anna.page.status == 409
    assert "somebody was faster" in anna.words or "something else was decided" in anna.words


def test_T32_a_role_that_ends_while_a_page_is_open_decides_nothing(room: Room) -> None:
    bert = room.member("Bert", Role.APPROVER)
    anna, tab = room.browser(room.member("Anna", Role.AGENT)), room.browser(bert)
    anna.open("/console/new").send("/console/new/call", CALL)
    number = proposed(proved(anna), "security-code")
    tab.open("/console/approvals").send("/console/approvals", {"number": number})
    right = next(
        kept for kept in room.office.staff.rights_of(bert.id) if kept.state.right.role is Role.APPROVER
    )
    room.office.staff.end(room.admins[0].id, right.state.right.number)
    touched(tab)
    assert tab.page.status == 403
    assert room.work.cases.show(number).approvals == ()  # type: ignore[union-attr]


@pytest.mark.meets("asvs-8.2.1")
def test_only_agents_open_and_decide(room: Room) -> None:
    auditor = room.browser(room.member("Ann", Role.AUDITOR))
    anna, _ = people(room)
    anna.open("/console/new").send("/console/new/call", CALL)
    number = number_of(anna)
    assert auditor.open(f"/console/cases/{number}").page.status == 200
    assert "I have seen it" not in auditor.words
    token = auditor.form("/console/sign-out").values["token"]
    for action in (
        "evidence",
        "propose",
        "refuse",
        "withdraw",
        "finish",
        "answer",
        "mailbox",
        "mailbox-code",
    ):
        auditor.post(f"/console/cases/{number}/{action}", {"token": token, "kind": "invoice"})
        assert auditor.page.status == 403
    assert auditor.open("/console/new").page.status == 403
    auditor.post("/console/approvals", {"token": token, "number": number})
    assert auditor.page.status == 403


@pytest.mark.meets("asvs-1.2.4")
def test_a_case_is_found_however_its_number_or_serial_is_typed(room: Room) -> None:
    anna, _ = people(room)
    anna.open("/console/new").send("/console/new/call", CALL)
    number = number_of(anna)
    for text in (number.lower(), f"#{number[:4]}-{number[4:]}", SERIAL.lower()):
        assert f"#{number}" in anna.open("/console?" + urlencode({"find": text})).words
    assert "Nothing was found" in anna.open("/console?find=zzz").words
    assert anna.open("/console/cases/ZZZZZZZZ").page.status == 404


def test_the_mailbox_code_that_the_caller_reads_back_is_enough(room: Room) -> None:
    anna, _ = people(room)
    anna.open("/console/new").send("/console/new/call", CALL)
    number = number_of(anna)
    anna.send(f"/console/cases/{number}/mailbox")
    assert "a code is on its way there" in anna.words
    mails = [mail.part("plain") for mail in room.work.mailed() if mail.recipient == OWNER]
    code = re.search(r"\b([0-9A-Z]{4}-[0-9A-Z]{4})\b", mails[-1])
    assert code
    anna.send(f"/console/cases/{number}/mailbox-code", {"code": "ABCD"})
    assert "not a whole code" in anna.words
    anna.send(f"/console/cases/{number}/mailbox-code", {"code": code[1].lower()})
    assert anna.page.status == 200
    assert "✓ Code to the confirmed mailbox" in anna.words


def test_every_page_of_a_case_speaks_czech(room: Room) -> None:
    anna = room.browser(room.member("Anna", Role.AGENT), language="cs")
    anna.open("/console/new").send("/console/new/call", CALL)
    assert "Řekněte" in anna.open("/console/new").words
    assert call(room.app, "GET", "/console", {"origin": ORIGIN}, host="desk.example.com").status == 303

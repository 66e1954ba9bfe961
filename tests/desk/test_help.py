"""The public pages of support, as a browser without scripts gets them."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
import segno
from sqlalchemy import event
from starlette.requests import Request

from sparekey.core.evidence import EvidenceKind, Remedy
from sparekey.core.messages.armour import FileKind, unwrap, wrap
from sparekey.core.messages.batch import make_batch
from sparekey.core.messages.link import link
from sparekey.core.messages.response import read_response
from sparekey.core.messages.xml import write_xml
from sparekey.core.methods.security_code import Spoken
from sparekey.core.methods.spoken import spoken_text
from sparekey.desk.source import Sources
from sparekey.desk.store.sqlite import open_sqlite
from tests.desk.casework import ASKER, KEY, OWNER, SERIAL, Casework, code_in
from tests.desk.help_desk import Person, face_of, words
from tests.web.asgi import Answer

TYPED = {"serial": SERIAL, "started": "2026-09-21 10:00:00", "number": "7km2 q4xz", "day": "2026-09-21"}
ADDRESS = ASKER.address


@pytest.fixture
def casework(tmp_path_factory: pytest.TempPathFactory) -> Casework:
    made = Casework(open_sqlite(tmp_path_factory.mktemp("desk") / "desk.sqlite"))
    made.enrol()
    return made


@pytest.fixture
def person(casework: Casework) -> Person:
    return Person(face_of(casework))


def number_on(answer: Answer) -> str:
    (first, second) = re.findall(r'<dd class="spelled">(\w{4})-(\w{4})</dd>', answer.text)[0]
    return f"{first}{second}"


def entered(person: Person, number: str, code: str) -> Answer:
    return person.send("/help/case", "/help/case", {"number": number, "code": code})


def test_every_page_is_there_in_both_languages(casework: Casework) -> None:
    for language, title in (("en", "How do you want to get help?"), ("cs", "Jak vám máme pomoci?")):
        person = Person(face_of(casework), language)
        assert title in words(person.get("/help"))
        for path in ("/help/request", "/help/codes", "/help/case", "/help/ways"):
            assert person.get(path).status == 200
    assert "/help/codes" in Person(face_of(casework)).get("/help").text


def test_P27_what_the_screen_shows_is_typed_and_becomes_a_case(casework: Casework, person: Person) -> None:
    answer = person.send("/help/codes", "/help/codes", {**TYPED, "address": ADDRESS})
    assert answer.status == 200
    number = number_on(answer)
    assert "a mail with the code of your case is on its way there" in words(answer)
    code = code_in(casework.mail(ADDRESS))
    assert code.shown not in answer.text
    case = entered(person, number.lower(), code.shown)
    assert "Nothing was decided yet" in words(case)
    assert "7KM2Q4XZ" in words(case)
    again = person.send("/help/codes", "/help/codes", {**TYPED, "address": ADDRESS})
    assert number_on(again) == number


@pytest.mark.parametrize("form", ["file", "xml", "photo", "text"])
def test_P27_a_request_in_any_form_is_dropped(casework: Casework, person: Person, form: str) -> None:
    request = casework.request()
    text = link(casework.desk.trust.prefix, request)
    square = io.BytesIO()
    segno.make(text, error="l", boost_error=False).save(square, kind="png", scale=6)
    files = {
        "file": ("a.sparekey-request", wrap(FileKind.REQUEST, request.encoded, {}).encode()),
        "xml": ("a.xml", write_xml(request).encode()),
        "photo": ("a.png", square.getvalue()),
    }
    fields = {"address": ADDRESS, **({"text": text} if form == "text" else {})}
    answer = person.send("/help/request", "/help/request", fields, files.get(form))
    assert answer.status == 200, words(answer)
    view = casework.cases.show(number_on(answer))
    assert view is not None
    assert view.file.request == request.hash


@pytest.mark.parametrize("form", ["file", "photo", "text", "mail"])
def test_P15_the_copied_numbers_are_the_same_case_as_typed_ones(
    casework: Casework, person: Person, form: str
) -> None:
    typed = number_on(person.send("/help/codes", "/help/codes", {**TYPED, "address": ADDRESS}))
    text = spoken_text(Spoken(SERIAL, 1_789_984_800, "7KM2Q4XZ"), 20_717)
    square = io.BytesIO()
    segno.make(text, boost_error=False).save(square, kind="png", scale=6)
    files = {"file": ("a.txt", b"\xef\xbb\xbf" + text.encode()), "photo": ("a.png", square.getvalue())}
    mail = "Hello,\nhere it is\n> " + text.replace("\n", "\r\n> ")
    pasted = {"text": text, "mail": mail}.get(form, "")
    fields = {"address": ADDRESS, "text": pasted}
    answer = person.send("/help/request", "/help/request", fields, files.get(form))
    assert answer.status == 200, words(answer)
    assert number_on(answer) == typed
    view = casework.cases.show(typed)
    assert view is not None
    assert (view.asked.started, view.asked.number, view.asked.day) == (1_789_984_800, "7KM2Q4XZ", 20_717)


@pytest.mark.parametrize(
    ("lost", "told"),
    [("Serial number", "A number is missing here"), ("SPAREKEY", ""), ("", "longer than any request")],
)
def test_copied_numbers_that_are_not_whole_are_told_kindly(person: Person, lost: str, told: str) -> None:
    text = spoken_text(Spoken(SERIAL, 1_789_984_800, "7KM2Q4XZ"), 20_717)
    kept = "\n".join(line for line in text.splitlines() if not lost or not line.startswith(lost))
    file = ("a.txt", (kept if lost else kept + " " * 5000).encode())
    answer = person.send("/help/request", "/help/request", {"address": ADDRESS}, file)
    assert answer.status == (422 if told else 200)
    assert told in words(answer)


def test_P27_without_an_address_the_code_is_shown_once(casework: Casework, person: Person) -> None:
    answer = person.send("/help/codes", "/help/codes", TYPED)
    (code,) = re.findall(r"<strong class=\"spelled whole\">(\w{4}-\w{4})</strong>", answer.text)
    assert "shown only now" in words(answer)
    assert "Nothing was decided yet" in words(entered(person, number_on(answer), code))


def test_P27_known_and_unknown_serials_get_the_same_page(casework: Casework) -> None:
    pages = []
    for serial in (SERIAL, "PX-9999-0009"):
        person = Person(face_of(casework))
        fields = {**TYPED, "serial": serial, "address": ADDRESS}
        text = words(person.send("/help/codes", "/help/codes", fields))
        pages.append(re.sub(r"\w{4}-\w{4}$|\b\w{4}-\w{4}\b", "", text.replace(serial, "")))
    assert pages[0] == pages[1]


@pytest.mark.meets("asvs-6.3.8")
def test_P27_an_unknown_serial_costs_the_database_the_same_as_a_known_one(tmp_path: Path) -> None:
    """What is asked of the database, word by word, from the form to the code that a mailbox would get."""
    asked: dict[str, list[str]] = {SERIAL: [], "PX-9999-0009": []}
    for serial, seen in asked.items():
        casework = Casework(open_sqlite(tmp_path / f"{serial}.sqlite"))
        casework.enrol()
        person = Person(face_of(casework))

        def note(*given: object, seen: list[str] = seen) -> None:
            seen.append(str(given[2]))

        event.listen(casework.database.engine, "before_cursor_execute", note)
        opened = person.send("/help/codes", "/help/codes", {**TYPED, "serial": serial})
        (code,) = re.findall(r"<strong class=\"spelled whole\">(\w{4}-\w{4})</strong>", opened.text)
        assert entered(person, number_on(opened), code).status == 200
        person.send("/help/case/view", "/help/case/mailbox")
        person.send("/help/case/view", "/help/case/mailbox-code", {"code": KEY.shown})
        casework.database.close()
    known, unknown = asked.values()
    assert len(known) > 10
    assert known == unknown


def test_T26_a_file_for_many_names_the_broken_ones(casework: Casework, person: Person) -> None:
    items = [casework.request(f"PX-{number}").encoded for number in range(3)]
    items.insert(1, b"broken")
    file = wrap(FileKind.REQUESTS, make_batch(items), {}).encode()
    answer = person.send(
        "/help/request", "/help/request", {"address": ADDRESS}, ("all.sparekey-request", file)
    )
    assert "3 cases are open" in words(answer)
    assert "1 request cannot be used" in words(answer)
    assert "Number 2 in the file: This cannot be read" in words(answer)


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"serial": "Č"}, "A serial number has"),
        ({"started": "noon"}, "A start time looks like"),
        ({"number": "7"}, "A request number has eight"),
        ({"mac": "xy"}, "A MAC address looks like"),
        ({"address": "nobody"}, "An e-mail address looks like"),
        ({"route": "mail"}, "To send it by e-mail we need your address."),
        ({"route": "call"}, "To call you we need your phone number."),
        ({"phone": "call me"}, "A phone number has"),
    ],
)
def test_what_was_typed_wrong_is_told_at_its_field_and_kept(
    person: Person, fields: dict[str, str], told: str
) -> None:
    answer = person.send("/help/codes", "/help/codes", {**TYPED, **fields})
    assert answer.status == 422
    assert told in words(answer)
    assert 'value="2026-09-21"' in answer.text


def test_a_photo_without_a_square_and_no_file_are_told_kindly(person: Person) -> None:
    from PIL import Image

    empty = io.BytesIO()
    Image.new("RGB", (64, 64), "white").save(empty, "PNG")
    for file, told in (
        (("a.png", empty.getvalue()), "We cannot read the square on this photo."),
        (("a.png", b"\x89PNG\r\n\x1a\nnothing"), "We cannot open this picture."),
        (None, "This cannot be read"),
    ):
        answer = person.send("/help/request", "/help/request", {}, file)
        assert answer.status == 422
        assert told in words(answer)


def test_B09_the_page_of_a_case_says_what_happened_and_what_helps(casework: Casework, person: Person) -> None:
    number = casework.opened(casework.file())
    code = code_in(casework.mail(ADDRESS))
    page = entered(person, number, code.shown)
    assert "code sent to the mailbox that is registered on the device" in words(page)
    sent = person.send("/help/case/view", "/help/case/papers", {"kind": "invoice"}, ("bill.pdf", b"%PDF-1.7"))
    assert "You sent: invoice with the serial number" in words(sent)
    bad = person.send("/help/case/view", "/help/case/papers", {"kind": "invoice"}, ("x.html", b"<script>"))
    assert "Send a photo" in words(bad)
    casework.cases.add_evidence(number, EvidenceKind.INVOICE, "anna")
    casework.cases.propose(number, Remedy.RESPONSE_FILE, "anna")
    casework.approve(number)
    held = words(person.get("/help/case/view"))
    assert "the owner has time to cancel" in held
    assert "The answer was approved (an approver)" in held
    assert "anna" not in held
    assert "bert" not in held


def test_B09_the_answer_is_downloaded(casework: Casework, person: Person) -> None:
    request = casework.file()
    number = casework.opened(request)
    code = code_in(casework.mail(ADDRESS))
    casework.issue(number, Remedy.RESPONSE_FILE)
    entered(person, number, code.shown)
    assert "Download the file" in words(person.get("/help/case/view"))
    file = person.get("/help/case/answer")
    assert (
        file.headers["content-disposition"] == f'attachment; filename="{SERIAL}-{number}.sparekey-response"'
    )
    assert read_response(unwrap(FileKind.RESPONSE, file.text)).answer.serial == SERIAL
    assert person.get("/help/case/answers").status == 303
    closed = person.send("/help/case/view", "/help/case/finish")
    assert "This case is closed." in words(closed)
    left = person.send("/help/case/view", "/help/case/leave")
    assert "How does my case stand?" in words(left)


def test_B09_an_answer_whose_time_is_over_says_so(casework: Casework, person: Person) -> None:
    number = casework.opened(casework.file())
    code = code_in(casework.mail(ADDRESS))
    casework.issue(number, Remedy.RESPONSE_FILE)
    casework.clock.forward(casework.policy.lasts * 3600)
    page = words(entered(person, number, code.shown))
    assert "The time of this answer is over." in page
    assert "Download" not in page
    assert "mailbox" not in page


def test_P15_P17_codes_and_keys_stand_on_the_page(casework: Casework, person: Person) -> None:
    number = casework.opened()
    code = code_in(casework.mail(ADDRESS))
    casework.issue(number, Remedy.SECURITY_CODE)
    page = words(entered(person, number, code.shown))
    assert page.count("2026-09-2") >= 4
    assert "probably this one" in page
    key = casework.opened(casework.file(key=KEY))
    code = code_in([mail for mail in casework.mailed() if mail.recipient == ADDRESS][-1])
    casework.issue(key, Remedy.RESPONSE_KEY)
    page = words(entered(person, key, code.shown))
    assert KEY.shown in page
    assert KEY.shown_digits in page
    assert "Bravo Foxtrot X-ray" in page


def test_the_registered_mailbox_proves_it_from_the_page(casework: Casework, person: Person) -> None:
    number = casework.opened()
    entered(person, number, code_in(casework.mail(ADDRESS)).shown)
    mailed = person.send("/help/case/view", "/help/case/mailbox")
    assert "If a confirmed mailbox is registered" in words(mailed)
    code = code_in(casework.mail(OWNER))
    for typed, told in ((KEY.shown, "That is not the code."), ("xx", "One character is not right")):
        answer = person.send("/help/case/view", "/help/case/mailbox-code", {"code": typed})
        assert answer.status == 422
        assert told in words(answer)
    right = person.send("/help/case/view", "/help/case/mailbox-code", {"code": code.shown})
    assert "Proof was checked: code sent to the mailbox" in words(right)


def test_B04_the_owner_cancels_with_the_code_of_the_mail_and_sees_no_answer(
    casework: Casework, person: Person
) -> None:
    number = casework.opened(casework.file())
    owner = Person(person.app, "cs")
    entered(owner, number, code_in(casework.mail(OWNER)).shown)
    casework.prove(number)
    casework.cases.propose(number, Remedy.RESPONSE_FILE, "anna")
    casework.approve(number)
    assert "Zrušit případ" in words(owner.get("/help/case/view"))
    assert "case/papers" not in owner.get("/help/case/view").text
    cancelled = owner.send("/help/case/view", "/help/case/cancel")
    assert "Tento případ je uzavřen." in words(cancelled)
    assert owner.get("/help/case/answer").status == 303


def test_T06_a_wrong_number_and_a_wrong_code_get_the_same_page(casework: Casework, person: Person) -> None:
    number = casework.opened()
    told = {words(entered(person, typed, KEY.shown)) for typed in (number, "ABCDEFGH", "nonsense")}
    assert len({re.sub(r"value=\S+", "", text) for text in told}) == 1
    assert "One character is not right" in words(entered(person, number, "ABCDEFG0"))
    for _ in range(9):
        entered(person, number, KEY.shown)
    assert "Too many codes were typed." in words(entered(person, number, KEY.shown))


def test_T45_a_made_up_pass_opens_nothing(casework: Casework, person: Person) -> None:
    number = casework.opened()
    for value in (f"{number}.status.9999999999.{'0' * 32}", "", "...", "x.y.z.w"):
        person.cookies["__Host-case"] = value
        assert person.get("/help/case/view").headers["location"] == "/help/case"
    entered(person, number, code_in(casework.mail(ADDRESS)).shown)
    casework.clock.forward(2 * 3600)
    assert person.get("/help/case/view").status == 303


def test_P25_the_ways_of_a_kind_of_device_least_loss_first(person: Person) -> None:
    page = person.get("/help/ways?kind=recorder&profile=hikvision")
    text = words(page)
    assert text.index("Verify by Reserved Email") < text.index("Security code from support")
    assert text.index("Key from support") > 0
    text = words(person.get("/help/ways?kind=recorder&profile=patronum"))
    assert "Recorders have no reset button, and there is no universal password." in text
    assert "ALL RECORDINGS ARE ERASED" in text
    camera = words(person.get("/help/ways?kind=camera&profile=patronum&model=C-220"))
    assert "Hold the button on its body for 5 seconds" in camera
    assert "This model has no reset button." in words(
        person.get("/help/ways?kind=camera&profile=patronum&model=C-221")
    )
    old = person.get("/help/ways?kind=recorder&profile=hikvision&model=PX-3216&firmware=0.9")
    assert "upgrade to 1.0.0" in words(old)
    assert person.get("/help/ways?kind=x&profile=y&model=%C4%8D").status == 200


def test_P25_a_request_tells_its_own_ways(casework: Casework, person: Person) -> None:
    file = ("a.sparekey-request", casework.file().encode())
    answer = person.send("/help/ways", "/help/ways/request", {}, file)
    assert "This is what your device asks for." in words(answer)
    for wrong in (
        ("a", b"nothing"),
        ("b", b"-----BEGIN SPAREKEY TRUST FILE-----\n\nAA==\n-----END SPAREKEY TRUST FILE-----"),
    ):
        assert person.send("/help/ways", "/help/ways/request", {}, wrong).status == 422


@pytest.mark.meets("asvs-5.2.4", "asvs-15.2.2")
def test_T45_photos_of_one_source_are_looked_at_thirty_times_an_hour(person: Person) -> None:
    picture = ("a.png", b"\x89PNG\r\n\x1a\nnothing")
    for _ in range(30):
        person.send("/help/request", "/help/request", {}, picture)
    answer = person.send("/help/request", "/help/request", {}, picture)
    assert "Many photos were sent from here" in words(answer)


@pytest.mark.meets("asvs-15.3.4")
def test_T45_a_household_is_one_source_and_what_is_no_address_is_one_too() -> None:
    def mark(host: str) -> bytes:
        return Sources(bytes(32)).mark(Request({"type": "http", "client": (host, 1), "headers": []}))

    assert mark("2001:db8::1") == mark("2001:db8::ffff")
    assert mark("2001:db8::1") != mark("2001:db8:0:1::1")
    assert mark("192.0.2.9") != mark("192.0.2.8")
    assert mark("nonsense") == mark("more nonsense")

"""The console's pages about orders, as a technician works with them, with an agent and two approvers beside."""

from __future__ import annotations

import pytest

from sparekey.core.admission import Role
from sparekey.core.evidence import EvidenceKind, Remedy
from sparekey.desk.store.database import Database
from sparekey.testing.bank import Transfer
from tests.desk.casework import SERIAL
from tests.desk.desk_console import Room, Tab
from tests.desk.test_console_cases import approved
from tests.desk.workshop import PRICE

ORDERS = "/console/orders"


@pytest.fixture
def room(database: Database) -> Room:
    made = Room(database)
    made.work.enrol()
    return made


def technician(room: Room) -> Tab:
    return room.browser(room.member("Tom", Role.TECHNICIAN)).open(ORDERS)


def upload(tab: Tab, action: str, data: bytes, **fields: str) -> Tab:
    """Choose a file on the page that is open, and send the form."""
    values = {"token": str(tab.form(action).values["token"]), **fields}
    edge = "edge42"
    parts = "".join(
        f'--{edge}\r\ncontent-disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in values.items()
    )
    head = f'--{edge}\r\ncontent-disposition: form-data; name="file"; filename="f"\r\n\r\n'
    body = parts.encode() + head.encode() + data + f"\r\n--{edge}--\r\n".encode()
    return tab._go("POST", action, body, {"content-type": f"multipart/form-data; boundary={edge}"})


def test_P06_T18_the_technicians_day(room: Room) -> None:
    work = room.work
    number, low = work.place(), work.place(source=b"x")
    tom = technician(room)
    statement = work.bank(
        Transfer(PRICE, symbol=number, reference="1"), Transfer("5.00", symbol=low, reference="2")
    )
    upload(tom, f"{ORDERS}/statement", statement)
    assert "1 order is paid by it. 1 payment is for you to look at." in tom.words
    assert "CZK\u00a05" in tom.page.text
    upload(tom.open(ORDERS), f"{ORDERS}/statement", statement)
    assert "2 payments were taken in before." in tom.words
    here = f"{ORDERS}/{number}"
    tom.open(here).send(f"{here}/received")
    assert "device is here" in tom.words
    upload(tom, f"{ORDERS}/request", work.file(technician=True).encode(), number=number)
    (line,) = work.orders.find(number)
    assert f"It is in case #{line.case}." in tom.words
    refused = tom.send(f"{here}/file")
    assert refused.page.status == 409
    assert "two people have to approve" in refused.words
    work.prove(line.case)
    anna, bert, carl = (room.member(name, role) for name, role in (
        ("Anna", Role.AGENT), ("Bert", Role.APPROVER), ("Carl", Role.APPROVER),
    ))  # fmt: skip
    case = line.case
    assert work.cases.add_evidence(case, EvidenceKind.INSTALLER, "x").refusal is None
    assert work.cases.propose(case, Remedy.ERASE_FILE, anna.id).refusal is None
    approved(room.browser(bert), case)
    assert room.browser(tom.member).open(here).send(f"{here}/file").page.status == 409
    approved(room.browser(carl), case)
    tom = room.browser(tom.member).open(here)
    saved = tom.send(f"{here}/file")
    assert saved.page.headers["content-disposition"].endswith('.sparekey-response"')
    assert "SPAREKEY RESPONSE" in saved.page.text
    tom.open(here)
    assert f"{here}/cancel" not in tom.page.text
    assert f"{here}/refund" not in tom.page.text
    tom.send(f"{here}/unlocked").send(f"{here}/returned")
    assert "sent back" in tom.words
    assert "Tom" in tom.words


def test_money_that_waits_is_decided_by_a_person(room: Room) -> None:
    work = room.work
    low, other = work.place(), work.place(source=b"x")
    work.orders.statement(
        work.bank(Transfer("5.00", symbol=low), Transfer(PRICE, message="a recorder")), "tom"
    )
    tom = technician(room)
    assert "too little" in tom.words
    assert "the price, without a number" in tom.words
    action = f"{ORDERS}/money"
    tom.send(action, {"number": "1000000006"})
    assert "That is no order’s number" in tom.words
    for _ in range(2):
        form = next(form for form in _forms(tom, action) if form["do"] == "accept")
        tom.post(action, {**form, "number": form.get("number") or other})
        assert tom.page.status == 200, tom.words
    assert work.status(low) == "paid"
    assert work.status(other) == "paid"
    assert "Money to look at" not in tom.words


def _forms(tab: Tab, action: str) -> list[dict[str, str]]:
    from sparekey.demo.page_reader import read

    return [dict(form.values) for form in read(tab.page.text).forms if form.action == action]


def test_money_back_and_cancel(room: Room) -> None:
    work = room.work
    number = work.paid()
    here = f"{ORDERS}/{number}"
    tom = technician(room).open(here)
    tom.send(f"{here}/cancel").send(f"{here}/refund")
    assert work.status(number) == "refunded"
    tom.open(here).send(f"{here}/received").send(f"{here}/returned")
    assert "money sent back" in tom.words
    assert tom.open(f"{ORDERS}/1000000005").page.status == 404


def test_two_technicians_at_once(room: Room) -> None:
    work = room.work
    number = work.paid()
    here = f"{ORDERS}/{number}"
    tom = technician(room).open(here)
    work.orders.sent(number)
    tom.send(f"{here}/received")
    assert tom.page.status == 409
    assert work.status(number) == "sent"


def test_what_a_technician_hands_in_is_looked_at(room: Room) -> None:
    work = room.work
    number = work.paid()
    tom = technician(room).open(f"{ORDERS}/{number}")
    action = f"{ORDERS}/request"
    for data, told in (
        (b"", "Choose the request"),
        (b"\xff", "It cannot be read"),
        (work.file().encode(), "not the request of a technician"),
        (work.file(serial="PX-9999", technician=True).encode(), "of another device"),
        (b"\x89PNG\r\n\x1a\n", "no photo that can be opened"),
    ):
        upload(tom.open(f"{ORDERS}/{number}"), action, data, number=number)
        assert tom.page.status == 422, told
        assert told in tom.words
    upload(tom.open(ORDERS), f"{ORDERS}/statement", b"%PDF")
    assert "not well-formed XML" in tom.words


@pytest.mark.parametrize("role", [Role.AGENT, Role.APPROVER, Role.ADMIN])
def test_B05_only_technicians_and_auditors_see_orders(room: Room, role: Role) -> None:
    number = room.work.paid()
    tab = room.browser(room.member("Eve", role))
    for path in (ORDERS, f"{ORDERS}/{number}"):
        assert tab.open(path).page.status == 403
    auditor = room.browser(room.member("Olga", Role.AUDITOR)).open(f"{ORDERS}/{number}")
    assert SERIAL in auditor.words
    assert f'action="{ORDERS}' not in auditor.page.text


def test_the_list_is_found_in(room: Room) -> None:
    number = room.work.paid()
    tom = technician(room)
    assert number in tom.words
    assert number not in tom.open(f"{ORDERS}?state=returned").words
    assert number in tom.open(f"{ORDERS}?find={SERIAL}").words
    assert "Nothing was found" in tom.open(f"{ORDERS}?find=nothing").words

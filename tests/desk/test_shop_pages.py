"""The shop's public pages: from what is lost to an order that is on its way back."""

from __future__ import annotations

import re

import pytest
from starlette.types import ASGIApp

from sparekey.desk.store.database import Database
from sparekey.testing.bank import Transfer
from tests.desk.casework import SERIAL
from tests.desk.help_desk import Person, words
from tests.desk.workshop import PRICE, Workshop, shop_face

ORDER = {
    "serial": f" {SERIAL} ",
    "address": "jane@example.com",
    "name": "Jane Doe",
    "street": "Krátká 2",
    "city": "602 00 Brno",
    "country": "CZ",
    "erase": "yes",
}


@pytest.fixture
def shop(database: Database) -> Workshop:
    return Workshop(database)


@pytest.fixture
def app(shop: Workshop) -> ASGIApp:
    return shop_face(shop)


def number_of(text: str) -> str:
    found = re.search(r"\b[0-9]{10}\b", text)
    assert found, text
    return found[0]


def test_P06_the_page_says_what_it_costs_and_what_is_lost(app: ASGIApp) -> None:
    shown = words(Person(app).get("/unlock"))
    assert "CZK\u00a01,990".replace("\u00a0", " ") in shown
    assert "about 3 working days plus shipping" in shown
    assert "ALL RECORDINGS ARE ERASED" in shown
    assert "Recordings – erased" in shown
    czech = Person(app, "cs").get("/unlock")
    assert "VŠECHNY ZÁZNAMY SE SMAŽOU" in czech.text
    assert "<script" not in czech.text.partition("<main")[2]


def test_P06_from_the_form_to_the_squares_and_the_way_back(app: ASGIApp, shop: Workshop) -> None:
    jane = Person(app)
    placed = jane.send("/unlock/order", "/unlock/order", ORDER)
    number = number_of(words(placed))
    assert placed.text.count('class="qr"') == 1
    assert "Jane Doe" not in placed.text
    shop.orders.statement(shop.bank(Transfer(PRICE, symbol=number)), "tom")
    assert "Now send us the device" in words(jane.get("/unlock/view"))
    assert "on its way to us" in words(jane.send("/unlock/view", "/unlock/sent"))
    shop.orders.received(number, "tom")
    assert "It goes back by" in words(jane.get("/unlock/view"))
    shop.orders.refund(number, "tom")
    shown = words(jane.get("/unlock/view"))
    assert "We sent your money back" in shown
    assert "Your device comes back as it is." in shown


def test_P06_nothing_is_ordered_without_the_tick(app: ASGIApp, shop: Workshop) -> None:
    fields = {name: value for name, value in ORDER.items() if name != "erase"}
    refused = Person(app).send("/unlock/order", "/unlock/order", fields)
    assert refused.status == 422
    assert "we erase nothing without it" in words(refused)
    assert 'value="Krátká 2"' in refused.text
    assert shop.orders.lines() == []


@pytest.mark.parametrize("wrong", [{"serial": "<b>"}, {"address": "jane"}, {"country": "DE"}, {"name": ""}])
def test_a_field_that_does_not_fit_is_told_beside_it(app: ASGIApp, wrong: dict[str, str]) -> None:
    refused = Person(app).send("/unlock/order", "/unlock/order", ORDER | wrong)
    assert refused.status == 422
    assert f'id="{next(iter(wrong))}-error"' in refused.text


def test_a_file_of_another_device_is_told(app: ASGIApp, shop: Workshop) -> None:
    file = "request.sparekey-request", shop.file(serial="PX-9999", technician=True).encode()
    refused = Person(app).send("/unlock/order", "/unlock/order", ORDER, file)
    assert refused.status == 422
    assert "of another device" in words(refused)
    damaged = Person(app).send("/unlock/order", "/unlock/order", ORDER, ("a", b"%PDF"))
    assert "It cannot be read" in words(damaged)
    good = "request.sparekey-request", shop.file(technician=True).encode()
    assert number_of(words(Person(app).send("/unlock/order", "/unlock/order", ORDER, good)))


def test_P06_an_order_opens_with_its_number_and_code(app: ASGIApp, shop: Workshop) -> None:
    number = shop.place()
    code = shop.orders.code(number).shown
    jane = Person(app)
    shown = jane.send("/unlock/status", "/unlock/status", {"number": number, "code": code.lower()})
    assert "Pay CZK 1,990" in words(shown)
    cancelled = jane.send("/unlock/view", "/unlock/cancel")
    assert "nothing is erased" in words(cancelled)
    left = jane.send("/unlock/view", "/unlock/leave")
    assert "How does my order stand?" in words(left)
    jane.cookies.pop("__Host-Http-order", None)
    assert (
        "How does my order stand?" in words(jane.get("/unlock/view"))
        or jane.get("/unlock/view").status == 303
    )


def test_T06_T39_a_stranger_learns_nothing(app: ASGIApp, shop: Workshop) -> None:
    number = shop.place()
    wrong = shop.orders.code("1000000005").shown
    answers = [
        Person(app).send("/unlock/status", "/unlock/status", {"number": asked, "code": wrong})
        for asked in (number, "1000000005")
    ]
    assert [answer.status for answer in answers] == [422, 422]
    assert words(answers[0]) == words(answers[1])
    stranger = Person(app, cookies={"__Host-Http-order": f"{number}.99999999999.{'0' * 32}"})
    assert stranger.get("/unlock/view").status == 303
    slip = Person(app).send("/unlock/status", "/unlock/status", {"number": number[:-1], "code": wrong})
    assert "has ten digits" in words(slip)
    slip = Person(app).send("/unlock/status", "/unlock/status", {"number": number, "code": "ABCD"})
    assert "One character is not right" in words(slip)


def test_T03_typed_codes_stop(app: ASGIApp, shop: Workshop) -> None:
    number, wrong = shop.place(), shop.orders.code("1000000005").shown
    for _ in range(10):
        Person(app).send("/unlock/status", "/unlock/status", {"number": number, "code": wrong})
    stopped = Person(app).send("/unlock/status", "/unlock/status", {"number": number, "code": wrong})
    assert "Too many codes were typed" in words(stopped)


def test_a_pass_ends(app: ASGIApp, shop: Workshop) -> None:
    jane = Person(app)
    jane.send("/unlock/order", "/unlock/order", ORDER)
    assert jane.get("/unlock/view").status == 200
    shop.clock.forward(2 * 3600)
    assert jane.get("/unlock/view").status == 303

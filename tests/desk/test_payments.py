"""Squares that banks' apps read, and statements that banks give out."""

from __future__ import annotations

import io
from dataclasses import replace
from decimal import Decimal

import pytest
import segno
import zxingcpp
from PIL import Image
from segno.helpers import make_epc_qr

from sparekey.core.errors import InputError
from sparekey.core.order import Deal
from sparekey.desk.orders.camt import STATEMENT_LIMIT, read_statement
from sparekey.desk.orders.money import plain, read_amount, shown
from sparekey.desk.orders.shop import ShopConfig, check_shop, is_iban
from sparekey.desk.orders.squares import epc, spayd, squares
from sparekey.language.catalogue import translator
from sparekey.testing.bank import Transfer, statement
from sparekey.web import qr
from tests.desk.workshop import SHOP
from tests.vectors.pages import examples

NUMBER, OTHER = "7523061831", "1000000005"
DEAL = Deal(NUMBER, "PX-3216-0001", 199_000, "CZK", 1, 2)
EURO = replace(SHOP, currency="EUR", price="79.90", holder="Příklad & servis")
EURO_DEAL = replace(DEAL, price=7990, currency="EUR")
ACCOUNT = SHOP.account


def test_P06_the_czech_square_is_the_specs() -> None:
    block = examples("support")["square of an order"]
    shop = replace(SHOP, iban=block["iban"], bic=block["bic"], holder=block["holder"])
    deal = replace(
        DEAL, number=block["number"], price=read_amount(block["price"]), currency=block["currency"]
    )
    assert spayd(shop, deal) == block["text"]


def test_a_value_of_the_square_breaks_no_field() -> None:
    text = spayd(replace(SHOP, bic="", holder="Šváb 100% * syn"), DEAL)
    assert text.split("*")[2:6] == [f"ACC:{ACCOUNT}", "AM:1990.00", "CC:CZK", "RN:SVAB 100%25 %2A SYN"]
    assert text.isascii()


def test_the_european_square_is_what_others_write() -> None:
    theirs = make_epc_qr(
        "PRIKLAD & SERVIS", ACCOUNT, Decimal("79.90"), text=f"ORDER {NUMBER}", bic="GIBACZPX", encoding=1
    )
    lines, others = epc(EURO, EURO_DEAL).split("\n"), read_square(theirs).split("\n")
    assert (lines[7], others[7]) == ("EUR79.90", "EUR79.9")
    assert lines[:7] + lines[8:] == others[:7] + others[8:]


def read_square(code: segno.QRCode) -> str:
    stream = io.BytesIO()
    code.save(stream, kind="png", scale=4, border=4)
    (found,) = zxingcpp.read_barcodes(Image.open(stream))
    return found.text


def test_which_squares_there_are() -> None:
    assert [square.text[:3] for square in squares(SHOP, DEAL)] == ["SPD"]
    assert [square.text[:3] for square in squares(EURO, EURO_DEAL)] == ["BCD", "SPD"]
    slovak = replace(EURO, iban="SK6807200002891987426353")
    assert [square.text[:3] for square in squares(slovak, EURO_DEAL)] == ["BCD"]
    for square in squares(EURO, EURO_DEAL):
        assert 'class="qr"' in qr.svg(square.text, "pay", plain=True, level="M")


@pytest.mark.parametrize("version", [2, 8])
@pytest.mark.parametrize(
    "transfer",
    [
        Transfer("1990.00", symbol=NUMBER),
        Transfer("1990.00", symbol=f"VS:{NUMBER}"),
        Transfer("1990", end_to_end=f"/VS{NUMBER}/SS/KS0308"),
        Transfer("1990.00", message=f"Order {NUMBER}, thank you"),
        Transfer("1990.00", message=f"000{NUMBER}"),
    ],
)
def test_P06_a_number_is_found_wherever_the_payer_wrote_it(transfer: Transfer, version: int) -> None:
    (credit,) = read_statement(statement(ACCOUNT, (transfer,), version=version), ACCOUNT)
    assert (credit.amount, credit.currency, credit.numbers, credit.day) == (
        199_000,
        "CZK",
        (NUMBER,),
        "2026-11-25",
    )
    assert credit.told.startswith("Jane Doe · ")
    assert "Jane" not in repr(credit)


@pytest.mark.parametrize("message", ["", "7523061832", f"1{NUMBER}", f"{NUMBER}7", "no number"])
def test_what_is_no_number(message: str) -> None:
    (credit,) = read_statement(statement(ACCOUNT, (Transfer("1990.00", message=message),)), ACCOUNT)
    assert credit.numbers == ()


@pytest.mark.parametrize("other", [{"credit": False}, {"booked": False}, {"reversal": True}])
def test_only_money_that_came_to_stay_counts(other: dict[str, bool]) -> None:
    transfer = replace(Transfer("1990.00", symbol=NUMBER), **other)  # type: ignore[arg-type]
    assert read_statement(statement(ACCOUNT, (transfer,)), ACCOUNT) == []


@pytest.mark.parametrize("version", [2, 8])
def test_an_entry_of_several_payments_is_several_or_one(version: int) -> None:
    one, two = Transfer("1990.00", symbol=NUMBER), Transfer("10.50", symbol=OTHER)
    whole = Transfer("2000.50", reference="batch", parts=(one, two))
    found = read_statement(statement(ACCOUNT, (whole,), version=version), ACCOUNT)
    assert [(credit.amount, credit.numbers) for credit in found] == [(199_000, (NUMBER,)), (1050, (OTHER,))]
    assert len({credit.mark for credit in found}) == 2
    other = Transfer("3000.00", reference="batch", parts=(one, two))
    (single,) = read_statement(statement(ACCOUNT, (other,), version=version), ACCOUNT)
    assert (single.amount, single.numbers) == (300_000, ())


def test_the_same_money_has_the_same_mark_in_every_statement() -> None:
    known = Transfer("1990.00", symbol=NUMBER, reference="B-1")
    first = read_statement(statement(ACCOUNT, (known,), name="day"), ACCOUNT)
    again = read_statement(statement(ACCOUNT, (Transfer("5.00"), known), name="month", version=8), ACCOUNT)
    assert first[0].mark == again[1].mark
    twice = read_statement(statement(ACCOUNT, (Transfer("1990.00"), Transfer("1990.00"))), ACCOUNT)
    assert twice[0].mark != twice[1].mark


@pytest.mark.parametrize(
    ("data", "slug"),
    [
        (b"", "xml"),
        (b"%PDF-1.7", "xml"),
        (b"<Document/>", "statement"),
        (b'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.052.001.02"/>', "statement"),
        (b'<!DOCTYPE a [<!ENTITY b "c">]><Document/>', "xml"),
        (statement("SK6807200002891987426353", ()), "statement-account"),
        (statement(ACCOUNT, (Transfer("1.999"),)), "amount"),
        (statement(ACCOUNT, (Transfer("-1"),)), "amount"),
        (statement(ACCOUNT, (Transfer("1e5"),)), "amount"),
        (statement(ACCOUNT, (Transfer("1990.00", "czk"),)), "statement"),
        (b" " * (STATEMENT_LIMIT + 1), "oversize"),
    ],
)
def test_T14_what_is_no_statement_of_ours(data: bytes, slug: str) -> None:
    with pytest.raises(InputError) as caught:
        read_statement(data, ACCOUNT)
    assert caught.value.slug == slug


def test_money_is_whole_numbers() -> None:
    assert [read_amount(text) for text in ("1990", "1990.5", "1990.05", "0.01", "1990.00000")] == [
        199_000, 199_050, 199_005, 1, 199_000,
    ]  # fmt: skip
    assert plain(199_005) == "1990.05"
    assert shown(199_000, "CZK", translator("cs")) == "1\u00a0990\u00a0Kč"
    assert shown(7990, "EUR", translator("en")) == "EUR\u00a079.90"


@pytest.mark.parametrize(
    "wrong",
    [
        {"price": "0"}, {"price": "1,50"}, {"price": "99999999.00"}, {"currency": "USD"},
        {"iban": "CZ6508000000192000145398"}, {"bic": "X"}, {"holder": ""}, {"workshop": ()},
        {"workshop": ("a\nb",)}, {"country": "DE"}, {"returns_to": ()}, {"days": 0}, {"pay_within": 61},
    ],
)  # fmt: skip
def test_settings_of_a_shop_that_do_not_fit_are_told(wrong: dict[str, object]) -> None:
    check_shop(SHOP, "desk.toml")
    shop: ShopConfig = replace(SHOP, **wrong)  # type: ignore[arg-type]
    with pytest.raises(InputError, match="config"):
        check_shop(shop, "desk.toml")


def test_an_account_number_has_check_digits() -> None:
    assert is_iban(ACCOUNT)
    assert not is_iban(ACCOUNT[:-1] + "8")
    assert not is_iban("CZ65")

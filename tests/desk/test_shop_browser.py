"""The shop's pages and the console's pages about orders in a real browser: they fit the screen and have labels."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from sparekey.core.admission import Role
from sparekey.desk.store.sqlite import open_sqlite
from sparekey.testing.bank import Transfer
from tests.desk.desk_console import Room
from tests.desk.test_console_browser import looked_at, sign_in
from tests.desk.workshop import PRICE, Workshop, shop_face
from tests.web.asgi import HOST
from tests.web.browser import chromium, opened


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


def size(width: int) -> dict[str, int]:
    return {"width": width, "height": 720 if width == 1280 else 844}


@pytest.mark.parametrize(("language", "width"), [("en", 1280), ("cs", 390)])
def test_P06_the_shop_fits_the_screen(tmp_path: Path, browser: Browser, language: str, width: int) -> None:
    database = open_sqlite(tmp_path / "desk.sqlite")
    shop = Workshop(database)
    shop.enrol()
    name = f"{language}-{width}"
    with opened(browser, shop_face(shop, HOST), "/unlock", locale=language) as page:
        page.set_viewport_size(size(width))  # type: ignore[arg-type]
        looked_at(page, f"shop-{name}")
        page.locator("a.main").click()
        looked_at(page, f"shop-order-{name}")
        for field, text in (
            ("serial", "PX-3216-0001"), ("address", "jane@example.com"), ("name", "Jane Doe"),
            ("street", "Krátká 2"), ("city", "602 00 Brno"),
        ):  # fmt: skip
            page.fill(f"#{field}", text)
        page.check("[name=erase]")
        page.locator("button.loss").click()
        page.wait_for_url("**/unlock/view")
        looked_at(page, f"shop-pay-{name}")
        number = shop.orders.lines()[0].number
        shop.orders.statement(shop.bank(Transfer(PRICE, symbol=number)), "tom")
        page.reload()
        looked_at(page, f"shop-paid-{name}")
        shop.orders.received(number, "tom")
        page.reload()
        looked_at(page, f"shop-received-{name}")
        page.goto(page.url.replace("/view", "/status"))
        looked_at(page, f"shop-status-{name}")
    database.close()


@pytest.mark.parametrize(("language", "width"), [("en", 1280), ("cs", 390)])
def test_orders_at_the_console_fit_the_screen(
    tmp_path: Path, browser: Browser, language: str, width: int
) -> None:
    database = open_sqlite(tmp_path / "desk.sqlite")
    room = Room(database, host=HOST)
    work = room.work
    work.enrol()
    low, here = work.place(source=b"x"), work.here()
    work.orders.statement(work.bank(Transfer("5.00", symbol=low, message="for the recorder")), "tom")
    work.orders.hand_in(here, work.file(technician=True), "tom")
    tom = room.member("Tom", Role.TECHNICIAN)
    token, name = room.office.token(tom), f"{language}-{width}"
    with opened(browser, room.app, "/console/sign-in", locale=language) as page:
        page.set_viewport_size(size(width))  # type: ignore[arg-type]
        sign_in(page, token)
        for path, shot in (("orders", "orders"), (f"orders/{here}", "order")):
            page.goto(f"/console/{path}")
            looked_at(page, f"{shot}-{name}")
    database.close()

"""The workshop's bench, as the checks of the technician's unlock play it: an order, its device, and who works on it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sparekey.demo.asker import Asker, code_in
from sparekey.demo.office import office_of, with_form
from sparekey.demo.owner import Owner
from sparekey.demo.registered import registered
from sparekey.demo.returning import Returning
from sparekey.demo.site import SERIAL
from sparekey.demo.verdicts import UnlikeError, expect
from sparekey.testing.bank import Transfer, statement

if TYPE_CHECKING:
    from sparekey.demo.browser import File, Page
    from sparekey.demo.office import Colleague, Office
    from sparekey.demo.stage import Stage

PRICE, _ACCOUNT = "1990.00", "CZ6508000000192000145399"
WORKSHOP = ["Example Service", "Dlouhá 1", "110 00 Praha 1"]
_SHOP = {
    "price": PRICE,
    "iban": _ACCOUNT,
    "bic": "GIBACZPX",
    "holder": "Example Service",
    "workshop": WORKSHOP,
}
_BASE, ANSWER = "/forgot/technician", "/forgot/technician/answer"
_NUMBER = re.compile(r"\b[0-9]{10}\b")
_CASE = re.compile(r"#([0-9A-Z]+)")


@dataclass(frozen=True)
class Bench:
    """An order whose device is locked out. `screen`: the technician, in front of it."""

    stage: Stage
    owner: Owner
    screen: Owner
    customer: Asker
    office: Office
    technician: Colleague
    number: str
    code: str

    @property
    def path(self) -> str:
        """The order at the console."""
        return f"/console/orders/{self.number}"

    def order(self) -> Page:
        """Its page there."""
        return self.technician.open(f"/orders/{self.number}").is_at(self.path)

    def act(self, name: str) -> Page:
        """Press one of its buttons."""
        return self.technician.browser.send(self.order(), f"{self.path}/{name}")

    def file(self) -> Page:
        """Ask for the file that erases, whether or not the page offers it."""
        page = self.order()
        form = next(form for form in page.sheet.forms if form.action.startswith(f"{self.path}/"))
        asked = with_form(page, replace(form, action=f"{self.path}/file"))
        return self.technician.browser.send(asked, f"{self.path}/file")

    def pay(self, amount: str, reference: str) -> Page:
        """The bank's statement is taken in."""
        moved = Transfer(amount, symbol=self.number, reference=reference)
        data = statement(_ACCOUNT, (moved,), name=reference)
        page = self.technician.open("/orders").is_at("/console/orders")
        files = {"file": ("statement.xml", data)}
        return self.technician.browser.send(page, "/console/orders/statement", files=files)

    def stands(self) -> Page:
        """The customer's page of the order, opened with the number and the code of the mail."""
        page = self.customer.browser.open(self.stage.site.plan.desk + "/unlock/status").is_at(
            "/unlock/status"
        )
        typed = {"number": self.number, "code": self.code}
        return self.customer.browser.send(page, "/unlock/status", typed).is_at("/unlock/view")

    def switch_on(self) -> None:
        """Pull the plug of the device, put it back, and sit down at its screen."""
        self.stage.site.cut_power("recorder")
        self.stage.sit_down(self.screen.browser, self.screen.door)

    def request(self) -> File:
        """At the screen, within five minutes after it was switched on: the request of a technician."""
        page = Returning(self.screen).open(_BASE).says("All recordings and all settings are erased.")
        page = self.screen.browser.send(page, _BASE).is_at(_BASE).says("hand the file in within 5 minutes")
        saved = self.screen.browser.follow(page, f"{_BASE}/file").is_file(".sparekey-request")
        return saved.saved_as, saved.body

    def case(self) -> str:
        """The technician switches the device on and hands its request in, and an agent proves whose it is. The case's
        number.
        """
        self.switch_on()
        files = {"file": self.request()}
        page = self.technician.browser.send(self.order(), "/console/orders/request", files=files)
        found = _CASE.search(page.is_at(self.path).words.partition("It is in case")[2])
        if found is None:
            raise UnlikeError(f"the request opens no case: {page.words[:400]}")
        return found[1]

    def proposed(self, case: str) -> None:
        """Evidence and the proposal, by an agent."""
        self.office.agent.is_sure(case, self.owner)
        self.office.agent.propose(case, "erase-file").says("0 of 2")

    def issued(self) -> File:
        """The file, once the public log has it."""

        def found() -> Page | None:
            page = self.file()
            return page if page.saved_as else None

        saved = self.stage.wait(found, "two people approved, and there is no file")
        return saved.is_file(".sparekey-response").saved_as, saved.body

    def hand_in(self, file: File) -> Page:
        """At the screen."""
        page = self.screen.browser.open(self.screen.door + ANSWER).is_at(ANSWER)
        return self.screen.browser.send(page, ANSWER, files={"file": file})


def ordered(stage: Stage) -> Bench:
    """A registered recorder with recordings, a desk with a shop and its people, and an order that is not paid."""
    stage.step("a desk with a shop, and a recorder with recordings")
    stage.site.amend("support desk", {"shop": _SHOP})
    owner, office = registered(stage, "owner@example.com"), office_of(stage)
    technician = office.let_in("Tom", "technician")
    owner.sign_in()
    page = owner.browser.open(owner.door + "/recordings").is_at("/recordings")
    expect(any(href.startswith("/recordings/") for href, _ in page.sheet.links), "there is nothing to erase")
    owner.sign_out()
    stage.step("the order")
    customer, desk = Asker(stage, owner.address), stage.site.plan.desk
    page = customer.browser.open(desk + "/unlock/order").is_at("/unlock/order").says("ALL RECORDINGS")
    place = {"name": "Jane Doe", "street": "Krátká 2", "city": "602 00 Brno", "country": "CZ"}
    typed = {**place, "address": customer.address, "serial": SERIAL}
    customer.browser.press(page, "/unlock/order", "", typed).refuses("we erase nothing", status=422)
    placed = customer.browser.send(page, "/unlock/order", typed, ticked=["erase"]).is_at("/unlock/view")
    letter = customer.letter("Your order: please pay")
    number = _NUMBER.findall(placed.words)[0]
    screen = Owner(stage, stage.site.plan.screen, "")
    return Bench(stage, owner, screen, customer, office, technician, number, code_in(letter.says(number), ""))

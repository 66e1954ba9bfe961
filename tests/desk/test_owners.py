"""My devices: who signs in, what pairs a device, what an owner sees and stops, and how pairings end."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from sparekey.core.messages.notice import Noticed
from sparekey.desk.cases.tables import case_counts
from sparekey.desk.owners.accounts import CODE_LASTS, FRESH, IDLE, LONGEST, MAILED, TRIES
from tests.desk.owning import ADAM, EVA, SERIAL, Device, Owning, act, decide, one


@pytest.fixture
def desk(owning: Owning) -> Owning:
    return owning


@pytest.fixture
def device(desk: Owning) -> Device:
    made = Device(desk)
    made.enrol()
    desk.mails()
    return made


# Signing in


def test_T06_every_address_gets_the_same_page_and_one_mail(desk: Owning, device: Device) -> None:
    desk.signed_in(EVA)
    pages = []
    for address in (EVA, ADAM):
        browser = desk.browser()
        browser.get("/devices")
        page = browser.press("/devices/sign-in", {"address": address})
        pages.append(page.words.replace(address, "..."))
        (mail,) = desk.mails()
        assert mail.recipient == address
    assert pages[0] == pages[1]


def test_T06_a_code_that_does_not_go_out_costs_one_written_transaction_too(desk: Owning) -> None:
    browser = desk.browser()
    browser.get("/devices")
    counted = select(func.coalesce(func.sum(case_counts.c.count), 0))
    written = []
    for _ in range(MAILED.hour + 3):
        with desk.database.reading() as connection:
            before = connection.execute(counted).scalar_one()
        browser.press("/devices/sign-in", {"address": EVA})
        with desk.database.reading() as connection:
            written.append(connection.execute(counted).scalar_one() - before)
    assert written == [3] * MAILED.hour + [1] * 3


def test_T05_codes_to_one_address_have_an_end_and_the_page_stays_the_same(desk: Owning) -> None:
    browser = desk.browser()
    browser.get("/devices")
    words = {browser.press("/devices/sign-in", {"address": EVA}).words for _ in range(MAILED.hour + 3)}
    assert len(words) == 1
    sent = 0
    for number in range(MAILED.hour + 3):
        other = desk.browser(client=f"192.0.2.{number}")
        other.get("/devices")
        other.press("/devices/sign-in", {"address": EVA})
        sent += len(desk.mails())
    assert sent <= 1, "the first browser has used up the hour"
    browser = desk.browser()
    browser.get("/devices")
    assert browser.press("/devices/sign-in", {"address": "nobody"}).status == 422


def test_T43_a_code_is_good_once_in_one_browser_for_a_while(desk: Owning) -> None:
    browser = desk.browser()
    browser.get("/devices")
    browser.press("/devices/sign-in", {"address": EVA})
    code = desk.code()
    thief = desk.browser()
    thief.get("/devices")
    form = thief.page.form("/devices/sign-in").values
    assert form["token"]
    thief.press("/devices/sign-in", {"address": EVA})
    assert thief.press("/devices/code", {"code": code}).status == 403
    assert browser.press("/devices/code", {"code": code[:-1]}).status == 422
    form = browser.page.form("/devices/code").values
    assert browser.press("/devices/code", {"code": code.lower().replace("-", " ")}).path == "/devices"
    assert browser.post("/devices/code", {**form, "code": code}).status == 403
    again = desk.browser()
    again.get("/devices")
    again.press("/devices/sign-in", {"address": EVA})
    code = desk.code()
    desk.clock.forward(CODE_LASTS)
    assert again.press("/devices/code", {"code": code}).status == 403


def test_T43_wrong_codes_end_a_code(desk: Owning) -> None:
    browser = desk.browser()
    browser.get("/devices")
    browser.press("/devices/sign-in", {"address": EVA})
    code = desk.code()
    wrong = "0000-0000" if code != "0000-0000" else "1111-1111"
    for _ in range(TRIES):
        browser.press("/devices/code", {"code": wrong})
    assert "are over" in browser.press("/devices/code", {"code": code}).words


@pytest.mark.meets("etsi-5.11-2", "etsi-6-3A")
def test_a_session_ends_and_an_account_can_be_deleted(desk: Owning, device: Device) -> None:
    browser = desk.signed_in()
    desk.paired(browser, device)
    desk.clock.forward(IDLE - 10)
    assert SERIAL in browser.get("/devices").words
    for _ in range(LONGEST // IDLE + 1):
        desk.clock.forward(IDLE - 10)
        browser.get("/devices")
    assert SERIAL not in browser.page.words
    browser = desk.signed_in()
    browser.get("/devices/account")
    assert act(browser, "forget").path == "/devices/account", "the box was not ticked"
    desk.clock.forward(FRESH)
    assert "show once more who you are" in browser.get("/devices/account").words
    browser.get("/devices/account/again")
    assert desk.again(browser).path == "/devices/account"
    act(browser, "forget", sure="yes")
    assert "Your e-mail address" in browser.page.words
    assert "There is no device" in desk.signed_in().page.words
    desk.owners.accounts.prune()


@pytest.mark.meets("asvs-7.5.2")
def test_one_sees_other_browsers_and_signs_them_out(desk: Owning) -> None:
    here, there = desk.signed_in(), desk.signed_in()
    assert "Signed in elsewhere" in here.get("/devices/account").words
    assert act(here, "account/elsewhere").path == "/devices/account"
    assert "elsewhere" not in here.page.words
    assert "Your e-mail address" in there.get("/devices/account").words


def test_a_passkey_signs_in_without_a_mail(desk: Owning) -> None:
    browser, holder = desk.signed_in(), desk.authenticator()
    page = browser.get("/devices/account")
    asked = page.html.partition('data-passkey="')[2].partition('"')[0].replace("&#34;", '"')
    challenge = page.form("/devices/account/passkey").values["challenge"]
    answer = holder.make(asked)
    browser.press("/devices/account/passkey", {"answer": answer})
    assert "Passkey, added" in browser.page.words
    (form,) = [one for one in page.forms if one.action == "/devices/account/passkey"]
    again = browser.post(form.action, {**form.values, "answer": answer, "challenge": challenge})
    assert again.status == 403, "a challenge is taken once"
    act(browser, "sign-out")
    asked = browser.page.html.partition('data-passkey="')[2].partition('"')[0].replace("&#34;", '"')
    page = browser.press("/devices/passkey", {"answer": holder.sign(asked)})
    assert page.path == "/devices"
    assert "Account" in page.words
    stranger = desk.browser()
    page = stranger.get("/devices")
    page = stranger.press("/devices/passkey", {"answer": "{}"})
    assert page.status == 403


# Pairing


def test_P13_phone_two_taps_add_a_device_and_show_the_code_for_it(desk: Owning, device: Device) -> None:
    browser, pairing = desk.signed_in(), device.square()
    path = device.path(pairing)
    assert SERIAL in browser.get(path).words
    page = browser.press(path)
    assert device.shows(pairing).shown in page.words
    (mail,) = desk.mails()
    assert mail.recipient == EVA
    assert mail.message["subject"] == "A phone was added to your device"
    browser.get(path.lower())
    assert device.shows(pairing).shown in browser.press(path).words, "the same link again shows it again"
    assert desk.mails() == []
    assert "All quiet." in browser.get("/devices").words


@pytest.mark.meets("asvs-7.6.2")
def test_who_is_not_signed_in_signs_in_first_and_goes_on(desk: Owning, device: Device) -> None:
    browser, path = desk.browser(), device.path(device.square())
    assert "One step before" in browser.get(path).words
    browser.press("/devices/sign-in", {"address": EVA})
    page = browser.press("/devices/code", {"code": desk.code()})
    assert page.path == path
    assert "Add this device?" in page.words


@pytest.mark.meets("asvs-3.7.2")
@pytest.mark.parametrize(
    "back", ["//evil.example/P/x", "/P/../console", "https://evil.example", "/P/a?b", "/x"]
)
def test_T43_signing_in_leads_nowhere_else(desk: Owning, back: str) -> None:
    browser = desk.browser()
    browser.get("/devices")
    browser.press("/devices/sign-in", {"address": EVA, "back": back})
    assert browser.press("/devices/code", {"code": desk.code(), "back": back}).path == "/devices"


def test_T43_only_an_enrolled_devices_own_newest_square_pairs(desk: Owning, device: Device) -> None:
    browser = desk.signed_in()
    unknown, foreign = Device(desk, "9999-0001"), Device(desk, SERIAL, "another")
    old = device.square()
    refused = [
        device.path(device.square(serial="7F2K-0043")),
        device.path(device.square(series=9)),
        device.path(device.square(desk=bytes(8))),
        unknown.path(unknown.square()),
        foreign.path(foreign.square()),
    ]
    told = set()
    for path in refused:
        browser.get(path)
        page = browser.press(path)
        assert page.status == 409
        told.add(page.words)
    assert len(told) == 1, "the same words, whatever is known of the device"
    desk.paired(browser, device)
    path = device.path(old)
    browser.get(path)
    assert browser.press(path).status == 409, "older than one that was taken"
    assert browser.get("/P/XYZ").status == 400
    assert len([mail for mail in desk.mails() if "phone" in mail.message["subject"]]) == 1


def test_T43_a_token_is_good_for_one_account(desk: Owning, device: Device) -> None:
    path = device.path(device.square())
    browser, other = desk.signed_in(), desk.signed_in(ADAM)
    browser.get(path)
    other.get(path)
    assert browser.press(path).status == 200
    assert other.press(path).status == 409
    assert SERIAL not in other.get("/devices").words


def test_T43_a_removed_pairings_token_is_never_taken_again(desk: Owning, device: Device) -> None:
    browser, other, path = desk.signed_in(), desk.signed_in(ADAM), device.path(device.square())
    browser.get(path)
    browser.press(path)
    one(browser)
    decide(browser, "remove", sure="yes")
    for each in (browser, other):
        each.get(path)
        assert each.press(path).status == 409
    assert desk.paired(browser, device).status == 200, "a new square is"


# How pairings end


@pytest.mark.parametrize("what", [Noticed.PASSWORD_RECOVERED, Noticed.ERASED])
def test_P13_phone_after_a_recovery_the_pairing_is_ended_and_added_again(
    desk: Owning, device: Device, what: Noticed
) -> None:
    browser = desk.signed_in()
    desk.paired(browser, device)
    device.recovered(what)
    page = one(browser)
    assert "Ended: the password was recovered or the device erased" in page.words
    assert '"what":"ended"' in browser.get("/devices/news").html
    page = one(browser)
    assert "two taps" in page.words
    assert "/app/scan#camera" in page.links, "the camera opens by itself: the first tap"
    assert "It was stolen" not in page.words
    assert desk.paired(browser, device).status == 200
    page = browser.get("/devices")
    assert "All quiet." in page.words
    assert page.words.count(SERIAL) == 1, "the ended one gives way to the new one"


def test_T43_a_notice_ends_only_what_was_before_it_and_only_with_a_ticket(
    desk: Owning, device: Device
) -> None:
    browser = desk.signed_in()
    desk.paired(browser, device)
    device.recovered(ticketed=False)
    device.recovered(Noticed.RECOVERY_OPENED)
    assert "All quiet." in browser.get("/devices").words
    late = device.age - 500
    desk.owners.devices.heard(SERIAL, Noticed.PASSWORD_RECOVERED, late)
    assert "All quiet." in browser.get("/devices").words


def test_a_square_of_a_higher_series_ends_those_of_before(desk: Owning, device: Device) -> None:
    browser, other = desk.signed_in(), desk.signed_in(ADAM)
    desk.paired(browser, device)
    device.series += 1
    desk.paired(other, device)
    assert "pairings of before ended" in one(browser).words
    assert "All quiet." in other.get("/devices").words


def test_a_new_owner_ends_them_all(desk: Owning, device: Device) -> None:
    browser, other = desk.signed_in(), desk.signed_in(ADAM)
    desk.paired(browser, device)
    desk.paired(other, device)
    one(browser)
    assert decide(browser, "transfer").status == 422
    act(browser, "transfer", sure="yes")
    for each in (browser, other):
        assert "has a new owner" in one(each).words
    assert "You gave your device away" in [mail.message["subject"] for mail in desk.mails()]


@pytest.mark.meets("etsi-5.11-2", "etsi-6-3A")
def test_removed_is_gone_for_this_account_alone(desk: Owning, device: Device) -> None:
    browser, other = desk.signed_in(), desk.signed_in(ADAM)
    desk.paired(browser, device)
    desk.paired(other, device)
    one(browser)
    decide(browser, "remove", sure="yes")
    assert SERIAL not in browser.get("/devices").words
    assert SERIAL in other.get("/devices").words

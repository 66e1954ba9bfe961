"""The owner, as the checks play them: what a person does at the recorder, on a phone and in the mailbox.

Every call is one or two screens, goes only where the page before leads, and raises UnlikeError at the first
page that is not as it should be.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from sparekey.core.codes import CODE_LENGTH, Code, code_from_bits, read_code
from sparekey.core.values import mask
from sparekey.demo.camera import read_square
from sparekey.demo.site import MODEL, SECOND_SERIAL, SERIAL
from sparekey.demo.verdicts import UnlikeError, expect
from sparekey.profiles import profile

if TYPE_CHECKING:
    from sparekey.demo.browser import Browser, Page
    from sparekey.demo.stage import Stage

ADMIN = "admin"
FIRST_PASSWORD = "blue kettle on 4 stairs"
NEW_PASSWORD = "green ladder at 7 windows"

CODE_LETTER = "Your code for the recorder"
"""The subject of a mailed code."""

_CODE = re.compile(r"\b[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}\b")


class Owner:
    """One person with one browser. `door`: where they open the recorder. `address`: their e-mail."""

    def __init__(self, stage: Stage, door: str, address: str) -> None:
        self.browser = stage.browser()
        self.address = address
        self.door = door
        self.policy = profile(stage.site.plan.profile)
        self._stage = stage
        stage.sit_down(self.browser, door)

    def set_up(self, password: str = FIRST_PASSWORD) -> None:
        """Choose the first password and give the address, where the recorder asks for it.

        A factory login opens nothing but that page.
        """
        page = self.browser.open(self.door)
        factory = self.policy.factory_login
        if factory is not None:
            page.is_at("/login")
            wrong = self.browser.send(page, "/login", {"user": factory.account, "password": "12345"})
            expect(wrong.status == 403, "a wrong factory password was not refused")
            login = {"user": factory.account, "password": factory.password}
            page = self.browser.send(wrong, "/login", login)
            self.browser.open(self.door + "/home").is_at("/login")
        page.is_at("/setup")
        typed = {"password": password, "again": password, "address": self.address}
        self.browser.send(page, "/setup", typed).is_at("/setup/done")

    def set_up_without_address(self) -> None:
        """Choose the first password and go on without an address, with the button for that."""
        page = self.browser.open(self.door).is_at("/setup")
        typed = {"password": FIRST_PASSWORD, "again": FIRST_PASSWORD}
        self.browser.press(page, "/setup", "without", typed).is_at("/setup/done")

    def sign_in(self, password: str = FIRST_PASSWORD) -> Page:
        """Sign in; the page of somebody who is in: their ways back in, while the first login is not over."""
        page = self._try(self.browser, password)
        unfinished = self.policy.setup.required and page.path == "/ways"
        return page.is_at("/ways" if unfinished else "/home")

    def sign_out(self) -> None:
        """Sign out, and be out."""
        self.browser.send(self.browser.open(self.door + "/home"), "/logout").is_at("/login")
        self.browser.open(self.door + "/home").is_at("/login")

    def change_password(self, old: str, new: str) -> None:
        """Sign in and choose another password: Configuration -> User -> oneself."""
        self.sign_in(old)
        page = self.browser.open(f"{self.door}/users/{ADMIN}").is_at(f"/users/{ADMIN}")
        typed = {"password": new, "again": new, "current": old}
        changed = self.browser.send(page, f"/users/{ADMIN}", typed)
        changed.is_at(f"/users/{ADMIN}").says("Your new password is set.")

    def is_refused(self, password: str) -> None:
        """Raises UnlikeError when somebody with this password gets in."""
        answer = self._try(self._stage.browser(), password)
        expect(answer.status == 403, f"the password should not work, but: {answer.words[:200]}")

    def _try(self, browser: Browser, password: str) -> Page:
        """What the login says to a password, after the wait that wrong ones before it may have earned."""

        def answer() -> Page | None:
            page = browser.open(self.door + "/login").is_at("/login")
            tried = browser.send(page, "/login", {"user": ADMIN, "password": password})
            return None if tried.status == 429 else tried

        return self._stage.wait(answer, "the login makes the owner wait for too long")

    def forget(self) -> Page:
        """From the login page to the ways back in."""
        page = self.browser.open(self.door + "/login").is_at("/login").says(self.policy.words.forgot)
        return self.browser.follow(page, "/forgot").is_at("/forgot").says(self.policy.words.mail_code)

    def ask_for_the_square(self, ways: Page) -> Page:
        """Choose the code by e-mail; with a legal disclaimer, agree to it. The page with the square."""
        if not self.policy.mail_code.legal_notice:
            return self.browser.send(ways, "/forgot/mail").is_at("/forgot/mail")
        notice = self.browser.follow(ways, "/forgot/notice").is_at("/forgot/notice")
        return self.browser.send(notice, "/forgot/mail", ticked=["agreed"]).is_at("/forgot/mail")

    def scan(self, page: Page) -> str:
        """The address in the square, read from its picture."""
        expect(any(page.is_at("/forgot/mail").sheet.drawings), "the page shows no square")
        link = read_square(self.browser.open(self.door + "/forgot/qr.png").body)
        expect(
            link.startswith(self._stage.site.plan.desk.upper() + "/R/"),
            "the square does not lead to the support desk",
        )
        return link

    def send_the_code(self, link: str) -> Page:
        """On the phone: open the address, look at it, press the button."""
        phone = self._stage.browser()
        page = phone.open(link)
        page.is_at(urlsplit(page.url).path).says(SERIAL, MODEL, mask(self.address))
        expect(self.address not in page.words, "the desk shows the whole address to whoever scanned")
        (form,) = [form for form in page.sheet.forms if form.action.startswith("/R/")]
        sent = phone.send(page, form.action)
        return sent.is_at(urlsplit(sent.url).path).says(mask(self.address))

    def letters(self, subject: str = CODE_LETTER) -> int:
        """How many letters to this address with this subject are in the mailbox."""
        return len(self._letters(subject))

    def hears(self, subject: str) -> Page:
        """Wait for a letter with this subject to this address; the letter."""
        path = self._stage.wait(
            lambda: next(iter(self._letters(subject)), None), f"no letter came: {subject}"
        )
        inbox = self.browser.open(self._stage.site.plan.mailbox)
        return self.browser.follow(inbox, path).is_at(path)

    def _letters(self, subject: str) -> list[str]:
        """Where they are, the newest first."""
        page = self.browser.open(self._stage.site.plan.mailbox).is_at("/")
        return [
            href for href, words in page.sheet.links if f"to {self.address}" in words and subject in words
        ]

    def read_the_code(self) -> Code:
        """Wait for the letter, open it, and read the code."""
        letter = self.hears(CODE_LETTER)
        codes = set(_CODE.findall(letter.words)) - {SERIAL, SECOND_SERIAL}
        if len(codes) != 1:
            raise UnlikeError(f"there are {len(codes)} codes in the letter, not one")
        return read_code(codes.pop())

    def new_code(self, subject: str, before: int) -> Code:
        """Wait for one more letter with this subject than there were before, and read the code in it."""
        self._stage.wait(lambda: self.letters(subject) > before or None, f"no letter came: {subject}")
        found = [
            code for code in _CODE.findall(self.hears(subject).words) if code not in (SERIAL, SECOND_SERIAL)
        ]
        expect(found, "there is no code in the letter")
        return read_code(found[0])

    def confirm_address(self) -> None:
        """Signed in: have a code sent to the reserved address, and type it. The desk knows of it when this returns."""
        path = "/address/confirm"
        page = self.browser.open(self.door + path).is_at(path)
        self.browser.send(page, path)
        code = self.new_code("Confirm your e-mail address", 0)
        page = self.browser.open(self.door + path).is_at(path)
        self.browser.send(page, f"{path}/code", {"code": code.shown}).says("The address is confirmed.")
        self._stage.wait(lambda: self._is_registered() or None, "the device does not register by itself")

    def _is_registered(self) -> bool:
        return "is registered" in self.browser.open(self.door + "/registration").words

    def code_page(self, square: Page) -> Page:
        """From the square to the page where the code is typed."""
        page = self.browser.follow(square, "/forgot/code").is_at("/forgot/code")
        return page.says(self.policy.words.code_field)

    def type_code(self, page: Page, typed: str) -> Page:
        """Type something as the code."""
        return self.browser.send(page, "/forgot/code", {"code": typed})

    def choose_password(self, page: Page, password: str = NEW_PASSWORD) -> Page:
        """Choose the new password. The page that says so."""
        page.is_at("/forgot/password")
        once = self.browser.send(page, "/forgot/password", {"password": password, "again": "something else"})
        expect(once.status == 422, "a password that was typed differently the second time was taken")
        done = self.browser.send(once, "/forgot/password", {"password": password, "again": password})
        return done.is_at("/forgot/done")

    def is_back(self, password: str = NEW_PASSWORD, old: str = FIRST_PASSWORD) -> Page:
        """The old password is dead, the new one opens, and the recovery is told to whoever signs in."""
        self.is_refused(old)
        return self.sign_in(password).says("The password was recovered")


def other_code(code: Code) -> str:
    """A code that is well formed and wrong."""
    return code_from_bits(code.bits ^ 1).shown


def slip(code: Code) -> str:
    """The code with one character mistyped."""
    last = code.text[CODE_LENGTH - 1]
    return code.text[:-1] + ("0" if last != "0" else "1")

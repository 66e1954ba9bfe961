"""P02 and P05 as a person walks them: recorder, phone, mailbox, recorder. Each screen is handed out as it shows.

The test looks at every one, and the pictures for the documents are taken of the same.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page

from sparekey.core.codes import read_code
from sparekey.demo.camera import read_square
from sparekey.demo.owner import other_code
from sparekey.demo.site import SERIAL, Site
from sparekey.language.catalogue import LANGUAGES, Translator, translator
from sparekey.profiles import profile
from tests.system.browser import PHONE, RECORDER, Window, no_keys, window

ADDRESS = "owner@example.com"
FIRST = "blue kettle on 4 stairs"
SECOND = "green ladder at 7 windows"
THIRD = "red teapot under 9 roofs"
OWN = ("Where did the aunt with the piano live?", "Which dog barked at the postman?")
ANSWERS = ("Žofie Nováková", "Ústí nad Orlicí", "Černý pudl Ťapka")

_LOCALES = {"en": "en-GB", "cs": "cs-CZ"}
_CODE = re.compile(r"\b[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}\b")


@dataclass(frozen=True)
class Shown:
    """One screen. `words`: what must stand on it, in the reader's language."""

    name: str
    page: Page
    words: tuple[str, ...]


class Walk:
    """The owner in one language: a window at the recorder, one on a phone, one with the mail."""

    def __init__(self, browser: Browser, site: Site, language: str) -> None:
        self.language = language
        self._plan = site.plan
        self._launch = site.folders.launch.as_uri()
        self._policy = profile(site.plan.profile)
        self._words: Translator = translator(language)
        locale = _LOCALES[language]
        self.recorder = window(browser, RECORDER, locale)
        self.phone = window(browser, PHONE, locale, phone=True)
        self.mail = window(browser, RECORDER, locale)

    @property
    def windows(self) -> tuple[Window, ...]:
        """All three."""
        return self.recorder, self.phone, self.mail

    def close(self) -> None:
        """Close the windows."""
        for opened in self.windows:
            opened.page.context.close()

    def set_up(self) -> Iterator[Shown]:
        """The first password and the address; a keyboard is at hand."""
        page = self.recorder.page
        self._sit_down(page)
        self._choose_language(page)
        factory = self._policy.factory_login
        if factory is not None:
            yield self._shown("recorder-factory-login", page, "Sign in")
            page.fill("#password", factory.password)
            page.click("main button.main")
        yield self._shown(
            "recorder-set-up", page, "Choose a password", "Your e-mail address", "Set the password"
        )
        page.fill("#password", FIRST)
        page.fill("#again", FIRST)
        page.fill("#address", ADDRESS)
        page.click("main button.main")
        yield self._shown("recorder-set-up-done", page, "The recorder is ready", "Sign in")
        page.click("main a.main")

    def _sit_down(self, page: Page) -> None:
        """In front of the recorder's own screen, as its kiosk starts it."""
        if page.url == "about:blank":
            page.goto(self._launch)
            page.wait_for_url(re.compile("/(login|setup|live)$"))

    def sign_in_and_out(self, password: str) -> Iterator[Shown]:
        """By the mouse alone, from here on."""
        page = self.recorder.page
        no_keys(page)
        self._sit_down(page)
        page.goto(self._plan.screen + "/login")
        self._choose_language(page)
        self._click_words(page, "#password", password)
        page.click("main button.main")
        yield self._inside("recorder-home", page, "What happened last")
        page.click("form[action='/logout'] button")

    def recover(self, old: str, new: str) -> Iterator[Shown]:
        """From "forgot" to the new password."""
        page, policy = self.recorder.page, self._policy
        yield self._shown("recorder-login", page, "Sign in", policy.words.forgot)
        page.click("main a[href='/forgot']")
        yield self._shown("recorder-ways", page, "How do you want to get back in?", policy.words.mail_code)
        page.locator("main .ways .way", has_text=self._words.text(policy.words.mail_code)).click()
        if policy.mail_code.legal_notice:
            yield self._shown("recorder-notice", page, "Please read this first")
            page.click("label.tick")
            page.click("main button.main")
        yield self._shown("recorder-square", page, "Scan the square with your phone", "I have the code")
        link = read_square(page.screenshot())
        letters = self._letters()
        yield from self._on_the_phone(link)
        code = yield from self._in_the_mailbox(letters)
        page.click("main a.main")
        yield self._shown("recorder-code", page, "Type the code", policy.words.code_field, "Continue")
        self._click_code(page, other_code(read_code(code)))
        page.click("main button.main")
        yield self._shown("recorder-code-wrong", page, "That is not the code.", policy.words.code_field)
        self._click_code(page, code)
        yield self._shown("recorder-code-typed", page, "The code is complete.")
        page.click("main button.main")
        yield self._shown("recorder-password", page, "Choose a new password", "Set the new password")
        self._click_words(page, "#password", new)
        self._click_words(page, "#again", new)
        self._put_away_the_keyboard(page)
        yield self._shown("recorder-password-typed", page, "Set the new password")
        page.click("main button.main")
        yield self._shown(
            "recorder-done", page, "The new password is set", "The old password no longer works."
        )
        page.click("main a.main")
        self._click_words(page, "#password", old)
        page.click("main button.main")
        yield self._shown("recorder-login-old", page, "User name or password: one of them is not right.")
        self._click_words(page, "#password", new)
        page.click("main button.main")
        yield self._inside("recorder-back", page, "Somebody tried a way back in, and it was right")

    def sign_in(self, password: str) -> Iterator[Shown]:
        """With a keyboard, and stay."""
        page = self.recorder.page
        page.goto(self._plan.screen + "/login")
        self._choose_language(page)
        page.fill("#password", password)
        page.press("#password", "Enter")
        yield self._inside("recorder-first-page", page)
        page.goto(self._plan.screen + "/ways")
        yield self._shown("recorder-own-ways", page, "Your ways back in", "not yet")

    def set_questions(self, password: str) -> Iterator[Shown]:
        """From the ways back in to questions that are set: the first of the list, and two of one's own."""
        page = self.recorder.page
        page.click("main a[href='/ways/questions']")
        yield self._shown("recorder-own-questions", page, "Security questions", "Set the questions")
        for number, own, answer in ((1, "", ANSWERS[0]), (2, OWN[0], ANSWERS[1]), (3, OWN[1], ANSWERS[2])):
            if own:
                page.locator("main details summary").nth(number - 1).click()
                page.fill(f"#own{number}", own)
            page.fill(f"#answer{number}", answer)
        page.fill("#current", "not the password")
        page.press("#current", "Enter")
        yield self._shown(
            "recorder-own-questions-refused", page, "This is not your password. Nothing was changed."
        )
        page.fill("#current", password)
        page.press("#current", "Enter")
        yield self._shown(
            "recorder-own-questions-set", page, "Your ways back in", "Look at them, or set new ones."
        )

    def save_key_file(self, password: str, folder: Path) -> Iterator[Shown]:
        """From the ways back in to a key file in `folder` that counts, by the mouse alone."""
        page = self.recorder.page
        page.click("main a[href='/ways/key-file']")
        yield self._shown("recorder-own-key-file", page, "Save a key file", "Save the key file")
        self._click_words(page, "#current", password)
        self._put_away_the_keyboard(page)
        with page.expect_download() as saved:
            page.click("main button.main")
        file = folder / saved.value.suggested_filename
        saved.value.save_as(file)
        page.click("main a[href='/ways/key-file/prove']")
        yield self._shown("recorder-own-key-file-check", page, "Check the key file", "Check it")
        page.set_input_files("#file", file)
        page.click("main button.main")
        yield self._shown("recorder-own-key-file-valid", page, "This key file is valid.")
        page.click("main a.main")
        yield self._shown("ways-back", page, "Your ways back in", "done")

    def print_sheet(self, password: str) -> Iterator[Shown]:
        """From the ways back in to a recovery sheet that counts. The phone's camera reads its square."""
        page = self.recorder.page
        page.click("main a[href='/ways/sheet']")
        yield self._shown("recorder-own-sheet", page, "Print a recovery sheet", "Show the sheet")
        page.fill("#current", password)
        page.press("#current", "Enter")
        yield self._shown("recorder-own-sheet-paper", page, "You see this sheet once.", "Keep it like a key.")
        page.locator("svg.qr").scroll_into_view_if_needed()
        code = read_square(page.screenshot())
        if page.locator(".saved-code").inner_text() != code:
            raise AssertionError("the square and the letters on the sheet differ")
        page.emulate_media(media="print")
        yield self._shown("recorder-own-sheet-printed", page, "Recovery sheet", "Keep it like a key.")
        page.emulate_media(media="screen")
        page.click("main a.main")
        page.fill("#code", code)
        page.press("#code", "Enter")
        yield self._shown("recorder-own-sheet-right", page, "The code is right. The sheet counts.")

    def look_around(self, password: str) -> Iterator[Shown]:
        """Configuration, users and one more of them, the reserved address, and what happened."""
        page = self.recorder.page
        page.goto(self._plan.screen + "/home")
        yield self._shown("recorder-ready", page, "Sign out", "What happened last")
        page.click("main a[href='/configuration']")
        yield self._shown("recorder-configuration", page, "Configuration", "User")
        page.click("main a[href='/users']")
        page.click("main a[href='/users/add']")
        yield self._shown("recorder-user-add", page, "Add a user", "Your own password")
        page.fill("#name", "jane")
        page.fill("#password", THIRD)
        page.fill("#again", THIRD)
        page.fill("#current", password)
        page.press("#current", "Enter")
        yield self._shown("recorder-users", page, "Users", "Add a user")
        page.click("main a[href='/users/admin']")
        yield self._shown("recorder-user", page, "Old password", "Reserved E-mail Settings")
        page.click("main a[href='/users/admin/address']")
        yield self._shown("recorder-address", page, "Reserved E-mail Settings", "Your e-mail address")
        page.goto(self._plan.screen + "/audit")
        yield self._shown("recorder-audit", page, "What happened", "Back")

    def sign_out(self) -> None:
        """From wherever."""
        self.recorder.page.goto(self._plan.screen + "/ways")
        self.recorder.page.click("form[action='/logout'] button")

    def _inside(self, name: str, page: Page, *words: str) -> Shown:
        """The first page of somebody who is in: home, or what is missing where the first login is not over."""
        page.locator("form[action='/logout']").wait_for()
        missing = page.url.endswith("/ways")
        seen = ("The recorder is not ready yet.", "Sign out") if missing else ("Sign out", *words)
        return self._shown(name, page, *seen)

    def _on_the_phone(self, link: str) -> Iterator[Shown]:
        page = self.phone.page
        page.goto(link)
        yield self._shown("phone-request", page, "Get the code by e-mail", "Send the code")
        page.tap("main button.main")
        yield self._shown("phone-sent", page, "Look into your mailbox")

    def _letters(self) -> int:
        self.mail.page.goto(self._plan.mailbox)
        return self._code_letters().count()

    def _code_letters(self) -> Locator:
        """Those with a code, whatever else the owner hears."""
        return self.mail.page.locator("main .way", has_text=self._words.text("Your code for the recorder"))

    def _in_the_mailbox(self, letters: int) -> Generator[Shown, None, str]:
        page = self.mail.page
        self._code_letters().nth(letters).wait_for()  # the page looks again by itself
        yield self._shown("mailbox", page, "Mail", "Your code for the recorder")
        self._code_letters().first.click()
        letter = page.frame_locator("iframe.letter").locator("body").inner_text()
        yield self._shown(
            "mailbox-letter", page, "Your code for the recorder", "If it was you, this is the code:"
        )
        (code,) = set(_CODE.findall(letter)) - {SERIAL}
        return str(code)

    def _shown(self, name: str, page: Page, *words: str) -> Shown:
        page.wait_for_load_state("load")
        page.get_by_text(self._words.text(words[0])).first.wait_for(state="attached")
        return Shown(name, page, tuple(self._words.text(word) for word in words))

    def _choose_language(self, page: Page) -> None:
        page.get_by_role("button", name=LANGUAGES[self.language], exact=True).click()
        page.locator(f"html[lang={self.language}]").wait_for()

    def _click_words(self, page: Page, field: str, text: str) -> None:
        """Type on the keyboard that the screen shows."""
        page.click(field)
        for character in text:
            page.click(f'#keyboard button[data-type="{character}"]')

    def _put_away_the_keyboard(self, page: Page) -> None:
        page.click('#keyboard button[data-name="close"]')

    def _click_code(self, page: Page, code: str) -> None:
        for character in code.replace("-", ""):
            page.click(f'.keys button[data-key="{character}"]')

"""P05 as a person walks it: recorder, phone, mailbox, recorder. Each screen is handed out as it shows.

The test looks at every one, and the pictures for the documents are taken of the same.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator
from dataclasses import dataclass

from playwright.sync_api import Browser, Page

from sparekey.core.codes import read_code
from sparekey.demo.camera import read_square
from sparekey.demo.owner import other_code
from sparekey.demo.plan import Plan
from sparekey.language.catalogue import LANGUAGES, Translator, translator
from sparekey.profiles import profile
from tests.system.browser import PHONE, RECORDER, Window, no_keys, window

ADDRESS = "owner@example.com"
FIRST = "blue kettle on 4 stairs"
SECOND = "green ladder at 7 windows"
THIRD = "red teapot under 9 roofs"

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

    def __init__(self, browser: Browser, plan: Plan, language: str) -> None:
        self.language = language
        self._plan = plan
        self._policy = profile(plan.profile)
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
        page.goto(self._plan.screen)
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

    def sign_in_and_out(self, password: str) -> Iterator[Shown]:
        """By the mouse alone, from here on."""
        page = self.recorder.page
        no_keys(page)
        page.goto(self._plan.screen + "/login")
        self._choose_language(page)
        self._click_words(page, "#password", password)
        page.click("main button.main")
        yield self._shown("recorder-home", page, "Sign out", "What happened last")
        page.click("form[action='/logout'] button")

    def recover(self, old: str, new: str) -> Iterator[Shown]:
        """From "forgot" to the new password."""
        page, policy = self.recorder.page, self._policy
        yield self._shown("recorder-login", page, "Sign in", policy.words.forgot)
        page.click("main a[href='/forgot']")
        yield self._shown("recorder-ways", page, "How do you want to get back in?", policy.words.mail_code)
        page.click("main .ways .way")
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
        yield self._shown("recorder-back", page, "Sign out", "The right code was typed")

    def _on_the_phone(self, link: str) -> Iterator[Shown]:
        page = self.phone.page
        page.goto(link)
        yield self._shown("phone-request", page, "Get the code by e-mail", "Send the code")
        page.tap("main button.main")
        yield self._shown("phone-sent", page, "Look into your mailbox")

    def _letters(self) -> int:
        self.mail.page.goto(self._plan.mailbox)
        return self.mail.page.locator("main .way").count()

    def _in_the_mailbox(self, letters: int) -> Generator[Shown, None, str]:
        page = self.mail.page
        page.locator("main .way").nth(letters).wait_for()  # the page looks again by itself
        yield self._shown("mailbox", page, "Mail", "Your code for the recorder")
        page.locator("main .way").first.click()
        letter = page.frame_locator("iframe.letter").locator("body").inner_text()
        yield self._shown(
            "mailbox-letter", page, "Your code for the recorder", "If it was you, this is the code:"
        )
        (code,) = set(_CODE.findall(letter))
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

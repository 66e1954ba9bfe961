"""A recorder for tests: the real agent and pages on a real file, a desk in memory, a clock that stands."""

from __future__ import annotations

from html import unescape
from pathlib import Path
from typing import Any

from sparekey.core import crypto
from sparekey.core.codes import Code
from sparekey.core.messages.armour import FileKind, wrap
from sparekey.core.messages.trust import sign_trust
from sparekey.core.values import Face
from sparekey.device.agent import Agent
from sparekey.device.config import Config, Settings, check
from sparekey.device.identity import Keys
from sparekey.device.pages import application
from sparekey.device.recovery import Recovering
from sparekey.testing.clock import FixedClock
from sparekey.testing.desk import Mail, MemoryDesk
from sparekey.testing.device import CHEAP
from sparekey.testing.entropy import FixedEntropy
from tests.device.browser import Browser, Page

OLD = "an old password to lose"
NEW = "a quite new secret sentence"
OWNER = "owner@example.com"
TLS_HASH = bytes(range(32))
ROOT = bytes(32)


class Recorder:
    """One recorder in a folder. `start` again is a reboot: the storage and the device key stay."""

    def __init__(
        self, folder: Path, profile: str = "sparekey", *, clock_trusted: bool = True, model: str = "PX-3216"
    ) -> None:
        self.folder = folder
        self.clock = FixedClock()
        self.entropy = FixedEntropy()
        written, maker = self.trusted()
        trust = folder / "trust.sparekey-trust"
        trust.write_text(written)
        root = folder / "maker-root.pub"
        root.write_text(crypto.signing_public(maker).hex() + "\n")
        self.settings = Settings(
            name="Front door recorder",
            serial="7F2K-0042",
            model=model,
            trust=trust,
            root=root,
            profile=profile,
            names=("recorder.test",),
            clock_trusted=clock_trusted,
        )
        self.keys = Keys(self.entropy.bytes(32), folder / "crt", folder / "key", TLS_HASH)
        self.start()

    def trusted(self) -> tuple[str, bytes]:
        """The desk, its trust file, and the root key that signed it."""
        self.desk = MemoryDesk(clock=self.clock, entropy=self.entropy)
        return wrap(FileKind.TRUST, sign_trust(self.desk.trust, ROOT), {}), ROOT

    @property
    def config(self) -> Config:
        return check(self.settings, self.folder / "device.toml")

    def start(self) -> None:
        """Power on."""
        self.agent = Agent(self.config, self.keys, clock=self.clock, entropy=self.entropy, cost=CHEAP)
        self.prepare()
        self.agent.boot()
        self.recovering = Recovering(self.agent)
        self.app: Any = application(
            self.agent,
            entropy=self.entropy,
            own_names=lambda: {"localhost", *self.settings.names},
            offset=lambda at: 7200,
        )

    def prepare(self) -> None:
        """What else belongs to the agent before it boots."""

    def reboot(self) -> None:
        """Pull the plug, put it back."""
        self.keys = self.agent.keys
        self.start()

    def browser(self, **how: Any) -> Browser:
        return Browser(self.app, **how)

    def set_up(self, address: str | None = OWNER) -> None:
        """Activated, as its owner left it."""
        assert self.agent.activate(OLD, address, Face.SCREEN) is None

    def signed_in(self, password: str = OLD, **how: Any) -> Browser:
        """A browser that somebody signed in with."""
        browser = self.browser(**how)
        browser.get("/login")
        page = browser.press("/login", {"user": "admin", "password": password})
        assert page.path in ("/home", "/ways"), page.words
        return browser

    def scanning(self, **how: Any) -> tuple[Browser, Mail]:
        """A browser that shows the square, and the mail that came of it."""
        browser = self.browser(**how)
        browser.get("/forgot")
        if "/forgot/notice" in browser.page.links:
            browser.get("/forgot/notice")
            browser.press("/forgot/mail", {"agreed": "yes"})
        else:
            browser.press("/forgot/mail")
        assert browser.page.path == "/forgot/mail", browser.page.words
        return browser, self.mailed(browser.page)

    def mailed(self, page: Page) -> Mail:
        """Scan the square of a page and press the one button: the newest mail."""
        self.desk.send(link_in(page))
        return self.desk.mails[-1]

    def choosing(self, **how: Any) -> Browser:
        """A browser whose code was right."""
        browser, mail = self.scanning(**how)
        assert type_in(browser, mail.code).path == "/forgot/password", browser.page.words
        return browser


def link_in(page: Page) -> str:
    """The text of the square, as the page gives it for copying."""
    return unescape(page.html.split("<textarea", 1)[1].split(">", 1)[1].split("<", 1)[0])


def type_in(browser: Browser, code: Code | str) -> Page:
    """Go to the page for the code and type it."""
    browser.get("/forgot/code")
    return browser.press("/forgot/code", {"code": code if isinstance(code, str) else code.shown})


def choose(browser: Browser, password: str = NEW, again: str | None = None) -> Page:
    """Fill in the new password."""
    return browser.press(
        "/forgot/password", {"password": password, "again": password if again is None else again}
    )

"""Where a check plays: a running site, and the people in front of it with a browser each."""

from __future__ import annotations

import threading
from contextlib import suppress
from typing import TYPE_CHECKING, TypeVar

from sparekey.demo import certificates
from sparekey.demo.browser import Browser
from sparekey.demo.verdicts import UnlikeError
from sparekey.host import tls

if TYPE_CHECKING:
    from collections.abc import Callable

    from sparekey.demo.site import Site
    from sparekey.host.clock import Clock

T = TypeVar("T")

PATIENCE = 15.0
"""Seconds for which a step waits for something to happen."""

_STEP = 0.1
_RECORDER_CERTIFICATE = "device-tls.crt"


class Stage:
    """Use it as a context: leaving closes all browsers. `at`: the step that is being played, for reports."""

    def __init__(self, site: Site, clock: Clock) -> None:
        self.site = site
        self.at = "start"
        self._clock = clock
        self._browsers: list[Browser] = []

    def __enter__(self) -> Stage:
        return self

    def __exit__(self, *_: object) -> None:
        for browser in self._browsers:
            browser.close()

    def step(self, what: str) -> None:
        """From here on, `what` is being played."""
        self.at = what

    def browser(self) -> Browser:
        """A new person's browser. It trusts the certificates of this site's recorder and cameras, and no others."""
        folders = self.site.folders
        trusted = tls.caller(folders.recorder / _RECORDER_CERTIFICATE)
        for camera in (folders.camera, folders.beside, folders.switched):
            authority = certificates.identity(camera / "tls").authority
            if authority.is_file():
                trusted.load_verify_locations(authority)
        browser = Browser(trusted)
        self._browsers.append(browser)
        return browser

    def sit_down(self, browser: Browser, door: str) -> None:
        """In front of a recorder's own screen: what its launch file says is what makes a browser the screen."""
        folders, plan = self.site.folders, self.site.plan
        folder = {plan.screen: folders.recorder, plan.second: folders.second}.get(door)
        if folder is not None:
            token = (folder / "screen.html").read_text("utf-8").partition("#")[2].partition('"')[0]
            browser.press(browser.open(door + "/screen"), "/screen", "", {"launch": token})

    def wait(self, look: Callable[[], T | None], why: str, patience: float = PATIENCE) -> T:
        """What `look` finds, tried until it finds something; after a while UnlikeError with `why`."""
        limit = self._clock.monotonic() + patience
        while True:
            found = look()
            if found is not None:
                return found
            if self._clock.monotonic() > limit:
                raise UnlikeError(why)
            self._clock.sleep(_STEP)

    def meanwhile(self, act: Callable[[], object]) -> None:
        """Begin something that may well not end: a page that a power cut will stop. What comes of it is lost."""

        def begin() -> None:
            with suppress(UnlikeError):
                act()

        threading.Thread(target=begin, daemon=True, name="meanwhile").start()

    def pause(self, seconds: float) -> None:
        """Give something that must not happen the time to happen."""
        self._clock.sleep(seconds)

"""The recorder's pages about its cameras, as the checks play them: signed in over the network, click by click."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from sparekey.demo.doors import CAMERA
from sparekey.demo.owner import FIRST_PASSWORD, Owner
from sparekey.demo.site import BEHIND, CAMERA_MAC, CAMERA_NAME, CAMERA_PROFILE
from sparekey.demo.verdicts import UnlikeError, expect
from sparekey.profiles import profile

if TYPE_CHECKING:
    from sparekey.demo.browser import Page
    from sparekey.demo.stage import Stage

CAMERA_PASSWORD = "seven lanterns in the rain"
REMOTE = "/camera/remote"


def camera_owner(stage: Stage) -> Owner:
    """Whoever set up the camera behind the recorder, at its own page."""
    stage.site.start((BEHIND,))
    owner = Owner(stage, stage.site.plan.camera, "garage@example.com")
    owner.policy = profile(CAMERA_PROFILE)
    return owner


class Remote:
    """A signed-in owner of the recorder, at its page on the network."""

    def __init__(self, owner: Owner) -> None:
        self.owner = owner
        self._browser = owner.browser

    def cameras(self) -> Page:
        """Home -> Camera -> Remote Device: the tab Added Device."""
        home = self._browser.open(self.owner.door + "/home").is_at("/home")
        menu = self._browser.follow(home, "/camera").is_at("/camera")
        return self._browser.follow(menu, REMOTE).is_at(REMOTE).says("Added Device")

    def info(self) -> Page:
        """Home -> Info."""
        home = self._browser.open(self.owner.door + "/home").is_at("/home")
        return self._browser.follow(home, "/info").is_at("/info")

    def add(self, address: str, name: str = CAMERA_NAME, mac: str = CAMERA_MAC) -> Page:
        """Add a camera by its address. The camera's page, or the form with what is wrong."""
        form = self._browser.follow(self.cameras(), f"{REMOTE}/add").is_at(f"{REMOTE}/add")
        return self._browser.send(form, f"{REMOTE}/add", {"address": address, "name": name, "mac": mac})

    def add_camera(self, port: int) -> str:
        """Add the camera behind the recorder. The path of its page."""
        page = self.add(f"{CAMERA}:{port}")
        expect(re.fullmatch(REMOTE + r"/\d+", page.path), f"the camera was not added: {page.words[:300]}")
        return page.path

    def web(self, camera: str) -> Page:
        """Press WEB beside a camera, and go where the browser is led: the camera's page, through the recorder."""
        entry = self._browser.send(self.cameras(), f"{camera}/web")
        return self._browser.open(urljoin(entry.url, "/"))

    def try_passwords(self, camera: str, typed: str, former: str = "") -> Page:
        """Have the recorder try passwords on a camera."""
        page = self._browser.open(self.owner.door + camera).is_at(camera)
        given = {"user": "admin", "password": typed, "former": former}
        return self._browser.send(page, f"{camera}/password", given)


def recorder_owner(stage: Stage) -> Remote:
    """The recorder, set up at its screen, and its owner signed in over the network."""
    at_screen = Owner(stage, stage.site.plan.screen, "owner@example.com")
    at_screen.set_up()
    owner = Owner(stage, stage.site.plan.network, "owner@example.com")
    owner.sign_in(FIRST_PASSWORD)
    return Remote(owner)


def door_of(page: Page) -> str:
    """Scheme, host and port of a page."""
    parts = urlsplit(page.url)
    if not parts.port:
        raise UnlikeError(f"{page.url} names no port")
    return f"{parts.scheme}://{parts.netloc}"

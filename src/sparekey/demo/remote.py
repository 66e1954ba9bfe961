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


def camera_owner(stage: Stage, part: str = BEHIND) -> Owner:
    """Whoever set up a camera, at its own page: the one behind the recorder, or the one beside it."""
    stage.site.start((part,))
    door = stage.site.plan.camera if part == BEHIND else stage.site.plan.beside
    owner = Owner(stage, door, "garage@example.com")
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

    def look_again(self) -> Page:
        """Have the recorder ask its cameras how they are."""
        return self._browser.send(self.cameras(), f"{REMOTE}/look").is_at(REMOTE)

    def passwords(self, current: str = FIRST_PASSWORD) -> Page:
        """Camera -> Passwords: new ones for all cameras."""
        menu = self._browser.open(self.owner.door + "/camera").is_at("/camera")
        page = self._browser.follow(menu, "/camera/passwords").is_at("/camera/passwords")
        return self._browser.send(page, "/camera/passwords", {"current": current})

    def stored(self, camera: str, current: str = FIRST_PASSWORD) -> str:
        """The stored password of a camera, as its owner can have it shown."""
        page = self._browser.open(self.owner.door + "/camera/passwords/show").is_at("/camera/passwords/show")
        shown = self._browser.send(page, "/camera/passwords/show", {"current": current})
        found = re.search(rf"{re.escape(camera)} \S+ (\S+)", shown.words)
        if found is None:
            raise UnlikeError(f"no password of {camera} is shown: {shown.words[:300]}")
        return found[1]

    def add_camera(self, port: int, address: str = CAMERA, name: str = CAMERA_NAME) -> str:
        """Add a camera, by default the one behind the recorder. The path of its page."""
        page = self.add(f"{address}:{port}", name)
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

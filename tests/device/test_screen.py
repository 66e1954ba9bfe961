"""The recorder's own screen: who it is, who it is not, what it shows, and how its owner's ways open there."""

from __future__ import annotations

import re
import stat
from pathlib import Path

import pytest

from sparekey.core.errors import UnavailableError
from sparekey.core.values import Face
from sparekey.device.config import Listener
from sparekey.device.screen import SCREENS_LIMIT, Screens
from sparekey.device.serve import Doorway
from tests.device.browser import Browser
from tests.device.recorder import Recorder

URL = "http://localhost"


class Kiosk:
    """A recorder behind its screen's listener and one on the network, as `serve` opens them."""

    def __init__(self, recorder: Recorder) -> None:
        self.recorder = recorder
        self.screens = recorder.agent.screens
        self.screens.offer(URL)
        names: set[str] = set()
        pages = recorder.app
        self.inside = Doorway(pages, Listener(False, "127.0.0.1", 80, Face.SCREEN), names, "en", self.screens)
        self.outside = Doorway(pages, Listener(True, "0.0.0.0", 443), names, "en", self.screens)

    @property
    def file(self) -> Path:
        return self.recorder.config.settings.screen_file

    @property
    def token(self) -> str:
        return self.file.read_text().partition("#")[2].partition('"')[0]

    def browser(self, *, launched: bool = False) -> Browser:
        browser = Browser(self.inside, scheme="http", host="localhost", client="127.0.0.1")
        if launched:
            self.launch(browser, self.token)
        return browser

    def launch(self, browser: Browser, token: str) -> int:
        browser.get("/screen")
        return browser.press("/screen", {"launch": token}).status


def at_screen(browser: Browser) -> bool:
    return "data-kiosk" in browser.get("/login").html


@pytest.fixture
def kiosk(recorder: Recorder) -> Kiosk:
    return Kiosk(recorder)


def test_T41_only_who_read_the_launch_file_is_the_screen(kiosk: Kiosk) -> None:
    assert stat.S_IMODE(kiosk.file.stat().st_mode) == 0o600
    process = kiosk.browser()
    assert not at_screen(process), "a program of another user on the same machine"
    for guess in ("", "0" * 64, kiosk.token[:-1], kiosk.token.upper()):
        assert kiosk.launch(process, guess) == 403
    assert not at_screen(process)
    screen = kiosk.browser(launched=True)
    assert at_screen(screen)


@pytest.mark.parametrize(
    ("folder", "file"), [(0o2750, 0o640), (0o2710, 0o640), (0o750, 0o600), (0o2755, 0o600), (0o2751, 0o600)]
)
def test_T41_the_group_of_a_folder_that_hands_it_on_may_read_the_launch_file(
    folder: int, file: int, recorder: Recorder, tmp_path: Path
) -> None:
    there = tmp_path / "run"
    there.mkdir()
    there.chmod(folder)
    Screens(recorder.agent._file, recorder.entropy, there / "screen.html").offer(URL)
    assert stat.S_IMODE((there / "screen.html").stat().st_mode) == file


@pytest.mark.meets("asvs-14.2.1")
def test_T41_a_launch_token_is_good_once(kiosk: Kiosk) -> None:
    used = kiosk.token
    kiosk.browser(launched=True)
    assert kiosk.token != used
    late = kiosk.browser()
    assert kiosk.launch(late, used) == 403
    assert not at_screen(late)


@pytest.mark.meets("asvs-4.1.3", "asvs-8.3.1")
@pytest.mark.parametrize(
    "header", ["forwarded", "x-forwarded-for", "x-real-ip", "x-sparekey-face", "x-forwarded-host"]
)
def test_T41_no_header_makes_a_screen(kiosk: Kiosk, header: str) -> None:
    page = kiosk.browser().send("GET", "/login", b"", {header: "127.0.0.1"})
    assert "data-kiosk" not in page.html


def test_T41_at_another_listener_neither_cookie_nor_token_is_worth_anything(kiosk: Kiosk) -> None:
    cookie = kiosk.screens.launch(kiosk.token)
    stranger = Browser(kiosk.outside)
    stranger.cookies["__Host-Http-screen"] = stranger.cookies["screen"] = cookie or ""
    assert not at_screen(stranger)
    assert stranger.get("/screen").status == 404
    inside = kiosk.browser()
    inside.get("/screen")
    posted = inside.page.form("/screen")
    assert posted.action == "/screen"
    stranger.get("/login")
    assert stranger.post("/screen", {"launch": kiosk.token}).status in (400, 403)


def test_a_kiosk_stays_one_over_a_restart_and_the_fifth_ends_the_first(kiosk: Kiosk) -> None:
    first = kiosk.browser(launched=True)
    kiosk.recorder.reboot()
    again = Kiosk(kiosk.recorder)
    first.app = again.inside
    assert at_screen(first)
    newer = [again.browser(launched=True) for _ in range(SCREENS_LIMIT)]
    assert not at_screen(first)
    assert all(at_screen(browser) for browser in newer)


def test_a_launch_file_that_cannot_be_written_is_told(kiosk: Kiosk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kiosk.screens, "_path", Path("/nowhere/screen.html"))
    with pytest.raises(UnavailableError, match=r"/nowhere/screen\.html"):
        kiosk.screens.offer(URL)


def test_the_screen_rests_on_its_cameras_and_the_network_does_not(kiosk: Kiosk) -> None:
    screen = kiosk.browser(launched=True)
    page = screen.get("/")
    assert page.path == "/live"
    assert "No camera is added yet" in page.words
    assert "/login" in page.links
    assert "/live" in screen.get("/login").links
    assert Browser(kiosk.outside).get("/").path == "/login"
    assert Browser(kiosk.outside).get("/live").path == "/login"


def test_without_a_password_the_screen_begins_with_setting_one(tmp_path: Path) -> None:
    kiosk = Kiosk(Recorder(tmp_path))
    assert kiosk.browser(launched=True).get("/").path == "/setup"


@pytest.mark.parametrize(
    ("profile", "menu", "corner"),
    [("sparekey", False, False), ("secure-code", True, False), ("hikvision", False, True)],
)
def test_P12_P19_the_way_opens_as_the_makers_people_know_it(
    profile: str, menu: bool, corner: bool, tmp_path: Path
) -> None:
    recorder = Recorder(tmp_path, profile)
    recorder.set_up()
    kiosk = Kiosk(recorder)
    screen = kiosk.browser(launched=True)
    live = screen.get("/")
    assert ('id="menu"' in live.html) is menu
    icons = re.findall(r'<a role="button" href="([^"]*)"', live.html.partition('id="menu"')[2])
    assert icons == ["/login"] * (6 if menu else 0), "any icon leads to where the password is asked for"
    login = screen.get("/login")
    assert ('class="corner"' in login.html) is corner
    assert "/forgot" in login.links, "and there is always a plain way"
    network = Browser(kiosk.outside)
    assert 'class="corner"' not in network.get("/login").html

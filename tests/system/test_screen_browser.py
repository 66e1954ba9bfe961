"""The recorder's own screen in a real browser, with the mouse alone: from its launch file to the ways back in."""

from __future__ import annotations

import re
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from sparekey import device
from tests.device.recorder import OLD, Recorder, choose
from tests.system.browser import RECORDER, chromium, faults, missing, no_keys, window
from tests.system.test_device_process import Device

pytestmark = pytest.mark.skipif(bool(missing()), reason=missing() or "-")

COUNTDOWN = Path(device.__file__).parent / "static" / "countdown.js"


class Screen(Device):
    """A recorder whose first listener is its screen, set up."""

    def __init__(self, folder: Path, profile: str) -> None:
        super().__init__(folder, profile)
        text = self.config.read_text()
        self.config.write_text(text.replace('screen = ""', 'screen = "http://127.0.0.1:0"'))

    @property
    def launch(self) -> str:
        return (self.folder / "screen.html").as_uri()


@pytest.fixture
def kiosk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Page]:
    """At the live view of a recorder of this profile, with a password."""
    device = Screen(tmp_path, request.param)
    device.start()
    try:
        with chromium() as browser:
            page = window(browser, RECORDER, "en-GB").page
            page.goto(device.launch)
            page.wait_for_url(re.compile("/(setup|login)$"))
            page.fill("#password", OLD)
            page.fill("#again", OLD)
            page.fill("#address", "owner@example.com")
            page.click("main button.main")
            page.wait_for_url("**/setup/done")
            page.goto(device.launch)
            page.wait_for_url("**/live")
            no_keys(page)
            yield page
    finally:
        device.end(signal.SIGTERM)


@pytest.mark.parametrize("kiosk", ["secure-code"], indirect=True)
def test_P12_device_the_right_button_opens_the_menu_and_any_icon_leads_to_forgot_password(
    kiosk: Page,
) -> None:
    assert faults(kiosk, "en") == []
    assert not kiosk.is_visible("#menu")
    kiosk.mouse.click(640, 300, button="right")
    kiosk.wait_for_selector("#menu", state="visible")
    assert faults(kiosk, "en") == []
    kiosk.click("#menu a >> nth=3")
    kiosk.wait_for_url("**/login")
    assert kiosk.is_visible("#keyboard")
    kiosk.mouse.click(1200, 100)
    kiosk.wait_for_selector("#keyboard", state="hidden")
    kiosk.click("text=Forgot Password")
    kiosk.wait_for_url("**/forgot")


@pytest.mark.parametrize("kiosk", ["hikvision"], indirect=True)
def test_P19_device_a_double_click_at_the_bottom_left_asks_for_the_code_of_the_day(kiosk: Page) -> None:
    kiosk.click("text=Sign in")
    kiosk.wait_for_url("**/login")
    kiosk.mouse.click(20, 700)
    kiosk.mouse.move(600, 200)
    kiosk.wait_for_timeout(700)
    assert kiosk.url.endswith("/login")
    kiosk.mouse.dblclick(20, 700)
    kiosk.wait_for_url("**/forgot/security-code")
    assert "Start time" in kiosk.inner_text("main")


def test_P12_device_ten_seconds_are_counted_down_before_the_plug_goes_in_again(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path, "secure-code")
    recorder.set_up()
    done = choose(recorder.choosing())
    recorder.agent.close()
    assert re.search(r'src="[^"]*countdown[^"]*\.js', done.html)
    with chromium() as browser:
        page = browser.new_page()
        page.clock.install()
        page.set_content(re.sub(r"<(script|link)[^>]*>", "", done.html))
        page.add_script_tag(path=COUNTDOWN, type="module")
        page.get_by_role("button", name="Count them").click()
        counted = page.locator("[data-countdown] ~ output")
        for left in range(10, 0, -1):
            assert counted.inner_text() == str(left)
            page.clock.run_for(1000)
        assert counted.inner_text() == "Plug it in now."

"""What the phone carries for devices without Internet, through its scanner, with the square before its camera."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page

from sparekey.core.messages.armour import FileKind, unwrap
from sparekey.core.messages.enrol_reply import ReplyFile
from sparekey.core.messages.text import read_any
from tests.desk.owning import SERIAL, Device, Owning
from tests.phone.film import Hand, film
from tests.phone.test_scan_page import PHONE, filming, square
from tests.web.asgi import HOST
from tests.web.browser import CHROMIUM, opened

CAMERA = "/app/scan#camera"
SHARP = {**PHONE, "device_scale_factor": 3}

pytestmark = pytest.mark.skipif(not Path(CHROMIUM).exists(), reason="chromium is not installed")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Owning]:
    made = Owning(tmp_path, HOST)
    yield made
    made.close()


def link(desk: Owning, path: str) -> str:
    """As it stands in the square."""
    return desk.config.prefix.removesuffix("/R/") + path


def press(page: Page) -> None:
    page.locator("main form button.main").click()


def test_an_enrolment_is_carried_to_the_desk_and_its_answer_back(desk: Owning, tmp_path: Path) -> None:
    shown = square(link(desk, Device(desk).enrols()))
    with (
        filming(film(tmp_path / "there.y4m", shown)) as browser,
        opened(browser, desk.app, CAMERA, **SHARP) as page,
    ):
        page.get_by_role("heading", name="Register this recorder").wait_for()
        assert page.get_by_text(SERIAL).is_visible()
        press(page)
        page.get_by_role("heading", name="The recorder is registered").wait_for()
        page.get_by_text("Another way to take it back").click()
        answer = Image.open(BytesIO(page.locator("main svg").screenshot()))
    with (
        filming(film(tmp_path / "back.y4m", answer, Hand(turn=3, share=0.95))) as browser,
        opened(browser, desk.app, CAMERA, **PHONE) as page,
    ):
        page.get_by_role("heading", name="The answer for your device").wait_for()
        page.evaluate("Object.defineProperty(navigator, 'onLine', {get: () => false})")
        with page.expect_download() as saved:
            page.get_by_role("button", name="Save the answer").click()
        assert saved.value.suggested_filename == "answer.sparekey-response"
        reply = read_any(Path(saved.value.path()).read_bytes())
        page.get_by_text("Or copy its text").click()
        assert read_any(page.get_by_label("The answer as text").input_value()) == reply
    assert isinstance(reply, ReplyFile)
    assert reply.reply.trust == unwrap(FileKind.TRUST, desk.trust_text), "the newest trust file rides on it"


@pytest.mark.parametrize(
    ("path", "first", "then"),
    [
        (Device.tells, "News for the owner", "Thank you"),
        (Device.confirms, "Confirm the e-mail address", "Look into your mailbox"),
        (Device.asks, "Send your request", "Your case"),
    ],
    ids=["a notice", "an address", "a request to a person"],
)
def test_every_square_of_a_device_leads_to_its_page(
    desk: Owning, tmp_path: Path, path: Callable[[Device], str], first: str, then: str
) -> None:
    shown = square(link(desk, path(Device(desk))))
    with (
        filming(film(tmp_path / "film.y4m", shown)) as browser,
        opened(browser, desk.app, CAMERA, **PHONE) as page,
    ):
        page.get_by_role("heading", name=first).wait_for()
        page.locator("main form button.main, main form[action='/help/request'] button").last.click()
        page.get_by_role("heading", name=then).wait_for()


@pytest.mark.parametrize(
    ("path", "said"),
    [
        (Device.enrols, "the registration is at support"),
        (Device.tells, "the notice was sent"),
        (Device.asks, "Open this and ask support"),
    ],
    ids=["an enrolment", "a notice", "a request to a person"],
)
def test_without_a_network_all_of_them_are_kept_and_go_on_later(
    desk: Owning, path: Callable[[Device], str], said: str
) -> None:
    device = Device(desk)
    with filming(None) as browser, opened(browser, desk.app, "/app/scan", **PHONE) as page:
        page.evaluate("Object.defineProperty(navigator, 'onLine', {get: () => false})")
        page.get_by_text("Other ways").click()
        page.get_by_label("The text of the square").fill(link(desk, path(device)))
        page.get_by_role("button", name="Continue").click()
        page.get_by_role("button", name="Keep it and send it later").click()
        page.wait_for_url("**/app")  # the next page is online again
        page.get_by_text(said).wait_for()
        on = page.get_by_role("link", name=SERIAL)
        if on.count():
            on.click()
            page.wait_for_url("**/R/**")
            page.go_back()
            page.get_by_role("button", name="Reset device password").wait_for()
        assert page.evaluate("localStorage.getItem('kept requests')") == "[]"

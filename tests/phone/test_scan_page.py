"""The scanner in a real Chromium, with a film of a recorder's square before its camera."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from sparekey.web import qr
from tests.desk.room import IDENTITY, Room
from tests.phone.film import DARK, GLARING, HANDS, STEADY, Hand, film
from tests.web.asgi import HOST
from tests.web.browser import CHROMIUM, opened

FLAGS = ["--no-sandbox", "--disable-background-networking"]
SCREEN = Path(__file__).resolve().parents[2] / "docs" / "shots" / "recorder-square.png"
CAMERA = "/app/scan#camera"
BUSY = """navigator.mediaDevices.getUserMedia =
    () => Promise.reject(new DOMException("in use", "NotReadableError"))"""
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}

pytestmark = pytest.mark.skipif(not Path(CHROMIUM).exists(), reason="chromium is not installed")


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    made = Room(tmp_path, host=HOST)
    yield made
    made.close()


def beside_owners(app: ASGIApp) -> ASGIApp:
    """The desk's pages, and the room of the owners, who have no news: it is tested for itself."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"] == "/devices/news":
            await JSONResponse([])(scope, receive, send)
        else:
            await app(scope, receive, send)

    return answer


def square(text: str) -> Image.Image:
    """What a screen shows, with a quiet zone around it."""
    drawn = Image.open(BytesIO(qr.png(text))).convert("RGB")
    framed = Image.new("RGB", (drawn.width + 80, drawn.height + 80), "white")
    framed.paste(drawn, (40, 40))
    return framed


@contextmanager
def filming(film_: Path | None, *, allowed: bool = True) -> Iterator[Browser]:
    """A browser whose camera shows the film; without one it has no camera."""
    flags = [*FLAGS]
    if film_:
        flags += ["--use-fake-device-for-media-stream", f"--use-file-for-fake-video-capture={film_}"]
        flags += ["--use-fake-ui-for-media-stream"] if allowed else ["--deny-permission-prompts"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=flags)
        try:
            yield browser
        finally:
            browser.close()


def scanning(page: Page) -> None:
    page.get_by_role("button", name="Open the camera").click()


def the_recorder(page: Page) -> None:
    """The desk's page about the recorder is there."""
    page.wait_for_url("**/R/**")
    page.get_by_role("heading", name="Get the code by e-mail").wait_for()
    assert page.get_by_text(IDENTITY.serial).is_visible()


@pytest.mark.parametrize("hand", HANDS.values(), ids=HANDS)
def test_P22_the_camera_finds_the_square_however_it_is_held(room: Room, tmp_path: Path, hand: Hand) -> None:
    text = room.config.prefix + room.text(room.request())
    with (
        filming(film(tmp_path / "film.y4m", square(text), hand)) as browser,
        opened(browser, beside_owners(room.app), "/app", **PHONE) as page,
    ):
        page.get_by_role("button", name="Reset device password").click()  # and the camera opens by itself
        the_recorder(page)


def test_P22_the_recorders_own_screen_is_read_with_all_that_stands_around_the_square(
    room: Room, tmp_path: Path
) -> None:
    """The picture in the documents is a real recorder's screen, of the demo's desk."""
    with Image.open(SCREEN) as picture:
        made = film(tmp_path / "film.y4m", picture, Hand(turn=2, share=1.1))
    with filming(made) as browser, opened(browser, beside_owners(room.app), CAMERA, **PHONE) as page:
        link = page.locator("#elsewhere:not([hidden])")
        link.wait_for()
        assert "/R/" in (link.get_attribute("href") or "")


SAID = {
    "foreign": ("This is something else", "Tohle je něco jiného"),
    "dark": ("It is dark here", "Je tu tma"),
    "glare": ("Light is reflected by the screen", "Obrazovka odráží světlo"),
    "refused": ("The browser may not use the camera", "Prohlížeč nesmí používat fotoaparát"),
    "missing": ("There is no camera here", "Tady není fotoaparát"),
    "busy": ("Another program uses the camera", "Fotoaparát používá jiný program"),
    "ways": ("Other ways", "Jiné způsoby"),
}
"""What the page says, in each language."""


def says(page: Page, what: str, language: str) -> None:
    page.get_by_text(SAID[what][language == "cs"]).first.wait_for()


@pytest.mark.parametrize("language", ["en", "cs"])
@pytest.mark.parametrize(
    ("what", "hand"),
    [("foreign", STEADY), ("dark", DARK), ("glare", GLARING)],
    ids=["foreign", "dark", "glare"],
)
def test_what_the_camera_sees_and_is_no_square_of_ours_is_said(
    room: Room, tmp_path: Path, what: str, hand: Hand, language: str
) -> None:
    made = film(tmp_path / "film.y4m", square("WIFI:GUESTS"), hand)
    with (
        filming(made) as browser,
        opened(browser, beside_owners(room.app), CAMERA, locale=language, **PHONE) as page,
    ):
        says(page, what, language)
        assert page.locator("#view").is_visible(), "it goes on looking"


def test_another_desks_square_leads_there(room: Room, tmp_path: Path) -> None:
    text = "HTTPS://OTHER.EXAMPLE.NET/R/" + room.text(room.request())
    made = film(tmp_path / "film.y4m", square(text), STEADY)
    with filming(made) as browser, opened(browser, beside_owners(room.app), "/app/scan", **PHONE) as page:
        scanning(page)
        link = page.get_by_role("link", name="other.example.net")
        link.wait_for()
        assert (link.get_attribute("href") or "").startswith("https://other.example.net/R/")


@pytest.mark.parametrize("language", ["en", "cs"])
@pytest.mark.parametrize("what", ["refused", "missing", "busy"])
def test_a_camera_that_is_refused_missing_or_busy_has_its_sentence(
    room: Room, tmp_path: Path, what: str, language: str
) -> None:
    film_ = film(tmp_path / "film.y4m", square("X")) if what == "refused" else None
    with (
        filming(film_, allowed=False) as browser,
        opened(browser, beside_owners(room.app), "/app", locale=language, **PHONE) as page,
    ):
        if what == "busy":
            page.add_init_script(BUSY)
        page.goto(CAMERA)
        says(page, what, language)
        says(page, "ways", language)


def test_a_photo_and_a_pasted_text_do_as_well(room: Room, tmp_path: Path) -> None:
    text = room.config.prefix + room.text(room.request())
    photo = tmp_path / "photo.png"
    square(text).rotate(8, expand=True, fillcolor="gray").save(photo)
    empty = tmp_path / "empty.png"
    Image.new("RGB", (600, 400), "gray").save(empty)
    with filming(None) as browser:
        with opened(browser, beside_owners(room.app), "/app/scan", **PHONE) as page:
            page.get_by_text("Other ways").click()
            page.get_by_label("A photo of the square").set_input_files(empty)
            page.get_by_text("There is no square in this photo").wait_for()
            page.get_by_label("A photo of the square").set_input_files(photo)
            the_recorder(page)
        with opened(browser, beside_owners(room.app), "/app/scan", **PHONE) as page:
            page.get_by_text("Other ways").click()
            page.get_by_label("The text of the square").fill(text.lower()[:60])
            page.get_by_role("button", name="Continue").click()
            page.get_by_text("A part of the square is missing").wait_for()
            page.get_by_label("The text of the square").fill(text.lower())
            page.get_by_role("button", name="Continue").click()
            the_recorder(page)


@pytest.mark.meets("asvs-14.3.3")
def test_without_a_network_the_request_is_kept_and_goes_out_later(room: Room) -> None:
    text = room.config.prefix + room.text(room.request())
    with filming(None) as browser, opened(browser, beside_owners(room.app), "/app/scan", **PHONE) as page:
        page.evaluate("Object.defineProperty(navigator, 'onLine', {get: () => false})")
        page.get_by_text("Other ways").click()
        page.get_by_label("The text of the square").fill(text)
        page.get_by_role("button", name="Continue").click()
        page.get_by_text("There is no network now").first.wait_for()
        assert page.get_by_text(IDENTITY.serial).is_visible()
        assert room.store.waiting() == 0
        page.get_by_role("button", name="Keep it and send it later").click()
        page.wait_for_url("**/app")  # the next page is online again
        page.get_by_text("the code was asked for").wait_for()
        assert page.get_by_text(IDENTITY.serial).is_visible()
        assert page.evaluate("localStorage.getItem('kept requests')") == "[]"
    assert room.store.waiting() == 1


def test_the_manifest_and_the_worker_make_it_an_app(tmp_path: Path) -> None:
    room = Room(tmp_path)
    manifest = room.get("/app/manifest.webmanifest")
    assert manifest.headers["content-type"].startswith("application/manifest+json")
    worker = room.get("/app/worker.js")
    assert worker.headers["service-worker-allowed"] == "/app"
    assert "zxing_reader.wasm" in worker.text
    assert "{{" not in worker.text
    assert room.get("/APP").headers["location"] == "/app", "as a square says it"
    scan = room.get("/app/scan")
    assert "'wasm-unsafe-eval'" in scan.headers["content-security-policy"]
    assert "unsafe-eval'" not in room.get("/app").headers["content-security-policy"]
    assert "unsafe-eval'" not in room.get("/").headers["content-security-policy"]
    room.close()

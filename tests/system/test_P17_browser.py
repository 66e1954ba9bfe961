"""P17 in real browsers: a photo of the recorder's screen, an agent with a passkey, a key that is read out and typed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageFilter
from playwright.sync_api import Browser, Page

from sparekey.core.codes import read_code
from sparekey.demo import plan
from sparekey.demo.doors import FIRST_PORT
from sparekey.demo.office import MAILBOX_LETTER, Office, office_of
from sparekey.demo.owner import FIRST_PASSWORD, Owner, other_code
from sparekey.demo.registered import registered
from sparekey.demo.site import SERIAL, Site
from sparekey.demo.stage import Stage
from sparekey.host.clock import SystemClock
from sparekey.host.entropy import SystemEntropy
from tests.system.browser import RECORDER, chromium, faults, missing, window

pytestmark = pytest.mark.skipif(bool(missing()), reason=missing())

NEW = "green ladder at 7 windows"


@dataclass
class Played:
    """A running site with a registered recorder, an owner who is locked out, and the desk's admins."""

    site: Site
    stage: Stage
    owner: Owner
    office: Office


@pytest.fixture
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture
def played(tmp_path: Path) -> Iterator[Played]:
    chosen = plan.make("hikvision", "", FIRST_PORT + 140)
    with Site(tmp_path, chosen, clock=SystemClock(), entropy=SystemEntropy(), say=lambda _: None) as site:
        site.start(("mailbox", "support desk", "recorder"))
        with Stage(site, SystemClock()) as stage:
            owner = registered(stage, "owner@example.com", chosen.screen)
            yield Played(site, stage, owner, office_of(stage))


def test_P17_desk_a_photo_of_the_screen_becomes_a_key_that_an_agent_signed_for(
    browser: Browser, played: Played
) -> None:
    recorder, console = window(browser, RECORDER, "en-GB"), window(browser, RECORDER, "en-GB")
    joins(console.page, played)
    screen = asks_support(recorder.page, played)

    blank = Image.open(BytesIO(screen)).crop((0, 0, 300, 120))
    hands_in(console.page, played.site.plan.desk, photographed(blank))
    console.page.get_by_text("No case was opened.").wait_for()

    hands_in(console.page, played.site.plan.desk, photographed(Image.open(BytesIO(screen))))
    console.page.wait_for_url(re.compile("/console/cases/"))
    assert SERIAL in console.page.inner_text("main")
    key = decides(console.page, played)

    assert types(recorder.page, other_code(read_code(key))) == "/forgot/support/key"
    assert "That is not the key for this request." in recorder.page.inner_text("main")
    assert types(recorder.page, key) == "/forgot/password"
    recorder.page.fill("#password", NEW)
    recorder.page.fill("#again", NEW)
    recorder.page.press("#again", "Enter")
    recorder.page.get_by_role("heading", name="The new password is set").wait_for()
    played.owner.is_refused(FIRST_PASSWORD)
    played.owner.sign_in(NEW)
    for opened in (recorder, console):
        assert opened.complaints == []


def joins(page: Page, played: Played) -> None:
    """An agent who may approve makes a passkey in this browser, is let in by two admins, and signs in."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    code = played.office.invited("Olga", "agent", "approver")
    page.goto(f"{played.site.plan.desk}/console/join#{code}")
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Make the passkey").click()
    page.get_by_text("It does not work yet.").wait_for()
    played.office.agree()
    page.goto(f"{played.site.plan.desk}/console/sign-in")
    page.get_by_role("button", name="Sign in with your passkey").click()
    page.get_by_role("heading", name="Inbox").wait_for()


def asks_support(page: Page, played: Played) -> bytes:
    """At the recorder's own screen: from "forgot" to the square. What a camera sees of the screen then."""
    page.goto(played.site.folders.launch.as_uri())
    page.wait_for_url(re.compile("/(login|live)$"))
    page.goto(f"{played.site.plan.screen}/forgot/support")
    page.get_by_role("button", name="Make the request").click()
    page.get_by_role("heading", name="Give this request to support").wait_for()
    assert faults(page, "en") == []
    return page.screenshot()


def photographed(screen: Image.Image) -> bytes:
    """A photo from a hand that is not quite still: askew, a little soft, grainy, with the room's light on it."""
    around = Image.new("RGB", (screen.width + 200, screen.height + 160), (52, 48, 44))
    around.paste(screen.convert("RGB"), (100, 80))
    askew = around.rotate(4, Image.Resampling.BICUBIC, expand=True, fillcolor=(52, 48, 44))
    soft = askew.filter(ImageFilter.GaussianBlur(0.8))
    grain = Image.effect_noise(soft.size, 26).convert("RGB")
    light = Image.linear_gradient("L").resize(soft.size).convert("RGB")
    photo = Image.blend(Image.blend(soft, grain, 0.12), light, 0.12)
    taken = BytesIO()
    photo.save(taken, "JPEG", quality=80)
    return taken.getvalue()


def hands_in(page: Page, desk: str, photo: bytes) -> None:
    page.goto(f"{desk}/console/new")
    page.set_input_files("#file", {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": photo})
    page.get_by_role("button", name="Open the cases").click()


def decides(page: Page, played: Played) -> str:
    """Evidence from the confirmed mailbox, a proposal, a touch, and the key as it is read out."""
    before = played.owner.letters(MAILBOX_LETTER)
    page.get_by_role("button", name="Mail the code").click()
    page.get_by_text("a code is on its way").wait_for()
    page.get_by_label("Read back").fill(played.owner.new_code(MAILBOX_LETTER, before).shown)
    page.get_by_role("button", name="Check it").click()
    page.locator("form[action$='/propose']:has([value='response-key']) button").click()
    page.get_by_role("button", name="Take the proposal back").wait_for()
    case = page.url.rpartition("/")[2]
    page.goto(f"{played.site.plan.desk}/console/approvals")
    page.locator(f"[name=number][value='{case}']").check()
    page.get_by_role("button", name="Look at the chosen ones").click()
    assert SERIAL in page.inner_text("main")
    page.get_by_role("button", name="Approve this one with your passkey").click()
    page.get_by_text("approved; now it is").wait_for()
    answer = page.get_by_role("button", name="Show the answer")

    def ready() -> bool | None:
        page.goto(f"{played.site.plan.desk}/console/cases/{case}")
        return answer.is_visible() or None

    played.stage.wait(ready, "the key is not issued")
    answer.click()
    return page.locator(".read-out .spelled").inner_text()


def types(page: Page, key: str) -> str:
    """Type the key at the recorder's screen; the path of the page that follows."""
    address = page.url.partition("/forgot")[0]
    page.goto(f"{address}/forgot/support/key")
    page.fill("#code", key)
    page.press("#code", "Enter")
    page.wait_for_load_state("load")
    page.locator("#password, .wrong, [role=alert]").first.wait_for()
    return page.url.removeprefix(address).partition("?")[0]

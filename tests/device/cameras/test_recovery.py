"""P18: “Reset cameras' passwords”, an option of a way back in: on the pages, and by calls."""

from __future__ import annotations

import pytest

from sparekey.core.values import MethodName, Secret
from sparekey.lan.link import cameras, recovery
from sparekey.lan.link.frame import Refused
from tests.device.cameras.camera import MemoryCamera
from tests.device.cameras.conftest import Site
from tests.device.link import Caller
from tests.device.recorder import NEW, OLD
from tests.device.test_support_pages import answered, asking, exported, hand_in, key_for, typed_key

HOST, OTHER = "192.0.2.41", "192.0.2.42"
FIRST = "the camera's first password"


def plugged(site: Site, host: str = HOST) -> MemoryCamera:
    behind = MemoryCamera(FIRST)
    camera = site.put(host, behind)
    site.agent.cameras.keep(camera.id, "admin", Secret(FIRST))
    return behind


@pytest.mark.parametrize("by_key", [False, True])
def test_P18_the_option_of_method_3_takes_the_cameras_along(site_of_hikvision: Site, *, by_key: bool) -> None:
    site = site_of_hikvision
    behind, off = plugged(site), plugged(site, OTHER)
    off.silent = True
    browser = asking(site)
    if by_key:
        assert typed_key(browser, key_for(site, browser).shown).path == "/forgot/password"
    else:
        hand_in(browser, answered(site, exported(browser), cameras=True))
    assert "Reset cameras' passwords: 2 cameras get this password too" in browser.page.words
    page = browser.press("/forgot/password", {"password": NEW, "again": NEW, "cameras": "yes"})
    assert page.path == "/forgot/done"
    assert "1 of 2 camera" in page.words
    assert f"{OTHER}: does not answer: it gets a password of its own later, by itself" in page.words
    assert behind.users["admin"] == NEW
    assert off.users == {"admin": FIRST}


def test_P18_without_the_tick_or_the_option_no_camera_changes(site_of_hikvision: Site) -> None:
    site = site_of_hikvision
    behind = plugged(site)
    browser = asking(site)
    hand_in(browser, answered(site, exported(browser)))
    assert "Reset cameras' passwords" not in browser.page.words
    form = browser.page.form("/forgot/password")
    browser.post("/forgot/password", {**form.values, "password": NEW, "again": NEW, "cameras": "yes"})
    assert browser.page.path == "/forgot/done"
    assert behind.users == {"admin": FIRST}
    browser = asking(site)
    hand_in(browser, answered(site, exported(browser), cameras=True))
    browser.press("/forgot/password", {"password": OLD, "again": OLD})
    assert behind.users == {"admin": FIRST}


def test_P18_the_recommended_profile_has_no_such_option(site_of_recommended: Site) -> None:
    site = site_of_recommended
    behind = plugged(site)
    browser = asking(site)
    hand_in(browser, answered(site, exported(browser), cameras=True))
    assert "Reset cameras' passwords" not in browser.page.words
    browser.press("/forgot/password", {"password": NEW, "again": NEW})
    assert behind.users == {"admin": FIRST}


def test_P18_by_calls_with_a_receipt_for_the_results(site_of_hikvision: Site) -> None:
    site = site_of_hikvision
    behind, off = plugged(site), plugged(site, OTHER)
    off.silent = True
    caller = Caller(site.app)
    told = caller.ask(recovery.Begin(MethodName.RESPONSE_KEY))
    assert isinstance(told, recovery.Opened)
    assert told.request is not None
    key = site.desk.dictate_key(told.request)
    assert key is not None
    caller.ask(recovery.Apply(MethodName.RESPONSE_KEY, Secret(key.shown)), told.claim)
    done = caller.ask(recovery.Choose(Secret(NEW), cameras=True), told.claim)
    assert isinstance(done, recovery.Recovered)
    assert behind.users["admin"] == NEW
    results = caller.ask(cameras.AskResults(done.receipt))
    assert isinstance(results, cameras.Results)
    assert [(each.name, each.outcome) for each in results.cameras] == [
        (HOST, cameras.Outcome.DONE),
        (OTHER, cameras.Outcome.WAITING),
    ]
    assert caller.ask(cameras.AskResults("0" * 32)) == Refused("no-such-request")

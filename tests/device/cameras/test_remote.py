"""Info, and Camera -> Remote Device: what the owner sees and does, and what everybody else does not."""

from __future__ import annotations

from typing import Any

import pytest

from sparekey.core.values import Face, Role, Secret
from sparekey.device.cameras.camera import TRIES_REST, State
from sparekey.device.cameras.safe import Place
from sparekey.device.cameras.searching import Searching, Seen
from sparekey.lan.discovery.found import Found, Protocol
from tests.device.browser import Browser, Page
from tests.device.cameras.camera import MemoryCamera
from tests.device.cameras.conftest import Site
from tests.device.recorder import OLD
from tests.device.test_users import GUARD
from tests.device.test_users import add as add_user
from tests.device.test_users import sign_in as sign_in_as

HOST = "192.0.2.41"
RIGHT = "the camera's own password"


def add(browser: Browser, **typed: str) -> Page:
    browser.get("/camera/remote/add")
    return browser.press("/camera/remote/add", {"address": HOST, "name": "Garage", **typed})


def attempt(browser: Browser, number: int, password: str, former: str = "", user: str = "admin") -> Page:
    browser.get(f"/camera/remote/{number}")
    typed = {"user": user, "password": password, "former": former}
    return browser.press(f"/camera/remote/{number}/password", typed)


def test_P07_info_shows_the_recorder_and_its_cameras(site_of_recommended: Site) -> None:
    site = site_of_recommended
    site.put(HOST, MemoryCamera(RIGHT))
    words = site.signed_in().get("/info").words
    assert HOST in words
    assert "02-00-5e-00-53-31" in words
    assert "192.0.2.4" in words
    assert "Is it really this one?" in words
    assert site.browser().get("/info").path == "/login", "a stranger on the network is told nothing"
    screen = site.browser(face=Face.SCREEN, scheme="http").get("/info")
    assert "7F2K-0042" in screen.words
    assert HOST not in screen.words


def test_adding_a_camera_click_by_click(site_of_recommended: Site) -> None:
    site = site_of_recommended
    site.behind[HOST] = MemoryCamera(RIGHT)
    browser = site.signed_in()
    for path in ("/camera", "/camera/remote", "/camera/remote/add"):
        assert path in browser.page.links
        browser.get(path)
    page = add(browser, mac="02:00:5E:00:53:31")
    assert page.path == "/camera/remote/1"
    assert "password not given yet" in page.words
    assert site.agent.cameras.all()[0].mac == "02-00-5e-00-53-31"
    assert "WEB" in browser.get("/camera/remote").words
    assert "https://recorder.test:*" in browser.page.header("content-security-policy")
    assert "This camera was added already." in add(browser).words


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"address": "127.0.0.1"}, "No camera of this recorder can be at this address."),
        ({"address": "192.0.2.99"}, "No camera answers there."),
        ({"address": "no address"}, "This does not look like an address."),
        ({"address": ""}, "Type the address of the camera."),
        ({"mac": "12"}, "A MAC address looks like"),
        ({"name": "x" * 65}, "at most 64 characters"),
    ],
)
def test_what_cannot_be_added_is_told(site_of_recommended: Site, typed: dict[str, str], told: str) -> None:
    browser = site_of_recommended.signed_in()
    page = add(browser, **typed)
    assert page.status == 422
    assert told in page.words
    assert site_of_recommended.agent.cameras.all() == []


@pytest.mark.meets("asvs-8.2.1")
def test_cameras_are_the_administrators_business(site_of_recommended: Site) -> None:
    site = site_of_recommended
    camera = site.put(HOST, MemoryCamera(RIGHT))
    add_user(site.signed_in(), "guard", Role.OPERATOR.value)
    guard = sign_in_as(site, "guard", GUARD)
    for path in ("/camera", "/camera/remote", f"/camera/remote/{camera.id}", "/camera/remote/add"):
        assert guard.get(path).status == 403
        assert site.browser().get(path).path == "/login"
    assert "/camera" not in guard.get("/home").links


def test_P11_what_somebody_still_knows_is_tried_once_each_and_what_works_is_kept(
    site_of_recommended: Site,
) -> None:
    site = site_of_recommended
    behind = MemoryCamera(RIGHT)
    camera = site.put(HOST, behind)
    browser = site.signed_in()
    page = attempt(browser, camera.id, "wrong one", "wrong one")
    assert page.status == 403
    assert "What you typed: does not work" in page.words
    assert behind.tried == ["wrong one"], "the same password is not tried twice"
    page = attempt(browser, camera.id, "another", RIGHT)
    assert "The earlier recorder's password: works" in page.words
    assert site.agent.cameras.password(camera.id, Place.CREDENTIAL).text == RIGHT  # type: ignore[union-attr]
    assert site.kept(camera).state is State.OK
    assert RIGHT not in page.html
    page = attempt(browser, camera.id, "")
    assert "The stored password: works" in page.words


def test_P11_it_stops_before_the_camera_locks_itself(site_of_recommended: Site) -> None:
    site = site_of_recommended
    behind = MemoryCamera(RIGHT)
    camera = site.put(HOST, behind)
    browser = site.signed_in()
    attempt(browser, camera.id, "one", "two")
    page = attempt(browser, camera.id, "three", RIGHT)
    assert "after more wrong ones the camera would lock itself" in page.words
    assert behind.tried == ["one", "two", "three"]
    site.reboot()
    assert "would lock itself" in attempt(site.signed_in(), camera.id, RIGHT).words, (
        "a reboot gives no more tries"
    )
    site.clock.forward(TRIES_REST)
    assert "What you typed: works" in attempt(site.signed_in(), camera.id, RIGHT).words


def test_P11_a_camera_that_does_not_answer_costs_no_try(site_of_recommended: Site) -> None:
    site = site_of_recommended
    behind = MemoryCamera(RIGHT)
    behind.silent = True
    camera = site.put(HOST, behind)
    browser = site.signed_in()
    for _ in range(5):
        assert "the camera does not answer" in attempt(browser, camera.id, "x").words
    assert site.kept(camera).state is State.OFFLINE
    behind.silent = False
    assert "works" in attempt(browser, camera.id, RIGHT).words
    assert attempt(browser, camera.id, "x", user="no such name!").status == 422


def test_removing_a_camera_says_what_is_lost_and_asks_for_the_password(site_of_recommended: Site) -> None:
    site = site_of_recommended
    camera = site.put(HOST, MemoryCamera(RIGHT))
    browser = site.signed_in()
    attempt(browser, camera.id, RIGHT)
    page = browser.get(f"/camera/remote/{camera.id}/remove")
    assert "forgets this camera's password" in page.words
    assert browser.press(f"/camera/remote/{camera.id}/remove", {"current": "wrong"}).status == 422
    browser.get(f"/camera/remote/{camera.id}/remove")
    assert browser.press(f"/camera/remote/{camera.id}/remove", {"current": OLD}).path == "/camera/remote"
    assert site.agent.cameras.all() == []
    assert browser.get(f"/camera/remote/{camera.id}").path == "/camera/remote"


def test_a_camera_is_renamed(site_of_recommended: Site) -> None:
    site = site_of_recommended
    camera = site.put(HOST, MemoryCamera(RIGHT))
    browser = site.signed_in()
    browser.get(f"/camera/remote/{camera.id}")
    browser.press(f"/camera/remote/{camera.id}/name", {"name": "<b>Yard</b>", "mac": ""})
    assert "&lt;b&gt;Yard" in browser.page.html
    assert browser.press(f"/camera/remote/{camera.id}/name", {"name": "x" * 70, "mac": ""}).status == 422


def answer(sender: str, **more: Any) -> Found:
    return Found((Protocol.ONVIF,), sender, **more)


def test_a_search_shows_what_is_not_in_the_list_and_may_be_called(site_of_recommended: Site) -> None:
    site = site_of_recommended
    site.put(HOST, MemoryCamera(RIGHT))
    seen = Searching(site.room).sorted_out(
        [
            answer(HOST, links=(f"http://{HOST}/onvif/device_service",)),
            answer("192.0.2.50", links=("http://192.0.2.50:8000/onvif/device_service",), name="<i>Yard</i>"),
            answer(
                "192.0.2.51", links=("http://127.0.0.1/onvif",), brand="Maker", model="M1", activated=False
            ),
            answer("192.0.2.52", links=("not a link",), macs=("02-00-5e-00-53-52",)),
            answer("127.0.0.1", links=("http://127.0.0.1:8543/",)),
        ]
    )
    assert seen == [
        Seen("http://192.0.2.50:8000/", "<i>Yard</i>", "192.0.2.50", "", factory=False),
        Seen("https://192.0.2.51/", "Maker M1", "192.0.2.51", "", factory=True),
        Seen("https://192.0.2.52/", "192.0.2.52", "192.0.2.52", "02-00-5e-00-53-52", factory=False),
    ]
    site.room.found = seen
    browser = site.signed_in()
    browser.get("/camera/remote/add")
    page = browser.press("/camera/remote/search")
    assert "3 cameras were found" in page.words
    assert "&lt;i&gt;Yard" in page.html
    site.room.found = []
    browser.get("/camera/remote/add")
    assert "No other camera was found" in browser.press("/camera/remote/search").words


def test_P08_without_a_door_the_page_does_not_open(site_of_recommended: Site) -> None:
    site = site_of_recommended
    camera = site.put(HOST, MemoryCamera(RIGHT))
    browser = site.signed_in()
    browser.get("/camera/remote")
    assert browser.press(f"/camera/remote/{camera.id}/web").status == 503
    screen = site.browser(face=Face.SCREEN, scheme="http")
    screen.get("/login")
    screen.press("/login", {"user": "admin", "password": OLD})
    assert "from a computer in your network" in screen.get("/camera/remote").words
    assert f"/camera/remote/{camera.id}/web" not in screen.page.html


def test_P26_an_erase_forgets_every_camera(site_of_recommended: Site) -> None:
    site = site_of_recommended
    site.put(HOST, MemoryCamera(RIGHT))
    room = next(room for room in site.agent._rooms if room.name == "cameras")
    assert not room.is_empty()
    room.erase()
    assert room.is_empty()


def test_P26_before_an_erase_the_lost_passwords_of_cameras_are_told_and_can_be_looked_at_first(
    site_of_recommended: Site,
) -> None:
    site = site_of_recommended
    browser = site.signed_in()
    assert "known to this recorder alone" not in browser.get("/configuration/default").words
    camera = site.put(HOST, MemoryCamera(RIGHT))
    site.agent.cameras.keep(camera.id, "admin", Secret(RIGHT))
    page = browser.get("/configuration/default")
    assert "The password of 1 camera is known to this recorder alone, and goes with it." in page.words
    (first,) = [link for link in page.links if link.startswith("/camera/")]
    browser.get(first)
    assert RIGHT in browser.press(first, {"current": OLD}).words
    browser.get("/configuration/default")
    browser.press("/configuration/default", {"understood": "yes", "current": OLD})
    assert site.agent.cameras.all() == []

"""What crosses a camera's door, who passes it, and when it shuts."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from sparekey.core.errors import UnavailableError
from sparekey.device.cameras.camera import Camera
from sparekey.device.cameras.doors import crossing
from sparekey.device.cameras.doors.keeper import Doorkeeper
from sparekey.device.cameras.doors.tickets import COOKIES_LIMIT, LASTS, VISITS_LIMIT, Tickets, Visit
from sparekey.lan.target import Target
from sparekey.testing.entropy import FixedEntropy

CAMERA = Target("192.0.2.9", 80)


def visit() -> Visit:
    return Visit(1, "session", CAMERA, 0)


class Desk:
    """Tickets, with a clock and a recorder's session that can end."""

    def __init__(self) -> None:
        self.uptime = 0
        self.signed_in = True
        self.tickets = Tickets(FixedEntropy(), lambda: self.uptime, lambda _session: self.signed_in)


@pytest.mark.meets("asvs-3.5.4")
def test_T40_a_ticket_opens_one_door_once_and_soon() -> None:
    desk = Desk()
    ticket = desk.tickets.issue(1, "session", CAMERA)
    assert desk.tickets.redeem(ticket, 2) is None, "another camera's door"
    assert desk.tickets.redeem(ticket, 1) is None, "whoever tries it elsewhere uses it up"
    ticket = desk.tickets.issue(1, "session", CAMERA)
    cookie = desk.tickets.redeem(ticket, 1)
    assert cookie
    assert desk.tickets.redeem(ticket, 1) is None
    assert desk.tickets.visit(cookie, 1)
    assert desk.tickets.visit(cookie, 2) is None
    assert desk.tickets.visit(ticket, 1) is None
    assert desk.tickets.visit("", 1) is None
    late = desk.tickets.issue(1, "session", CAMERA)
    desk.uptime += LASTS
    assert desk.tickets.redeem(late, 1) is None


def test_T40_a_visit_ends_with_the_session_of_the_recorder() -> None:
    desk = Desk()
    cookie = desk.tickets.redeem(desk.tickets.issue(1, "session", CAMERA), 1)
    assert desk.tickets.is_visited(1)
    assert not desk.tickets.is_visited(2)
    unused = desk.tickets.issue(1, "session", CAMERA)
    desk.signed_in = False
    assert desk.tickets.visit(cookie, 1) is None
    assert desk.tickets.redeem(unused, 1) is None
    assert not desk.tickets.is_visited(1)
    desk.signed_in = True
    assert desk.tickets.visit(cookie, 1) is None, "it does not come back"


def test_only_so_many_visits_at_once() -> None:
    desk = Desk()
    first = desk.tickets.redeem(desk.tickets.issue(1, "s", CAMERA), 1)
    for _ in range(VISITS_LIMIT - 1):
        desk.tickets.redeem(desk.tickets.issue(1, "s", CAMERA), 1)
    last = desk.tickets.redeem(desk.tickets.issue(1, "s", CAMERA), 1)
    assert desk.tickets.visit(first, 1) is None
    assert desk.tickets.visit(last, 1)


@pytest.mark.meets("asvs-8.3.3")
def test_T40_neither_cookies_nor_logins_of_the_recorder_reach_a_camera() -> None:
    seen = visit()
    seen.keep_cookie("sid", "camera's own", ends=False)
    told = crossing.inward(
        [
            ("cookie", "__Host-Http-session=secret"),
            ("authorization", "Basic c2VjcmV0"),
            ("proxy-authorization", "secret"),
            ("host", "recorder.test:8560"),
            ("referer", "https://recorder.test:8560/.sparekey/secret"),
            ("origin", "https://recorder.test:8560"),
            ("x-forwarded-for", "192.0.2.77"),
            ("x-csrf", "camera's own"),
            ("accept", "text/html"),
            ("x-bad\nname", "x"),
            ("x-bad", "two\nlines"),
        ],
        seen,
        changes=True,
    )
    assert told == (
        ("x-csrf", "camera's own"),
        ("accept", "text/html"),
        ("Origin", "http://192.0.2.9"),
        ("Cookie", "sid=camera's own"),
    )
    assert crossing.inward([], visit(), changes=False) == ()


def test_T40_a_camera_sets_no_cookie_and_rules_over_nothing() -> None:
    headers = [
        ("content-type", "text/html"),
        ("set-cookie", "session=stolen; Path=/"),
        ("www-authenticate", 'Basic realm="Type your recorder password"'),
        ("strict-transport-security", "max-age=9"),
        ("clear-site-data", '"cookies"'),
        ("access-control-allow-origin", "*"),
        ("content-security-policy", "default-src *"),
        ("service-worker-allowed", "/"),
        ("refresh", "0;url=https://recorder.test/"),
        ("link", "</x>; rel=preload"),
        ("content-language", "e\nn"),
    ]
    told = crossing.outward(headers)
    assert [pair for pair in told if pair not in crossing.OWN] == [("content-type", "text/html")]
    assert dict(told)["content-security-policy"] == crossing.POLICY


def test_a_cameras_cookies_live_at_the_recorder() -> None:
    seen = visit()
    crossing.keep_cookies(
        [
            ("set-cookie", "a=1; Path=/; HttpOnly"),
            ("set-cookie", " b = 2 "),
            ("set-cookie", "none"),
            ("x", "c=3"),
        ],
        seen,
    )
    assert seen.cookies == {"a": "1", "b": "2"}
    ends = "a=; Expires=Thu, 01 Jan 1970 00:00:00 GMT"
    crossing.keep_cookies([("set-cookie", ends), ("set-cookie", "b=2; Max-Age=0")], seen)
    assert seen.cookies == {}
    crossing.keep_cookies([("set-cookie", f"c{n}=1") for n in range(99)], seen)
    crossing.keep_cookies([("set-cookie", "big=" + "x" * 5000)], seen)
    assert len(seen.cookies) == COOKIES_LIMIT


@pytest.mark.meets("asvs-3.7.2", "asvs-13.2.5")
@pytest.mark.parametrize(
    ("location", "leads"),
    [
        ("/login", ("/login", CAMERA)),
        ("view?x=1#top", ("/a/view?x=1", CAMERA)),
        ("http://192.0.2.9/b", ("/b", CAMERA)),
        ("https://192.0.2.9/", ("/", Target("192.0.2.9", 443, tls=True))),
        ("http://192.0.2.9:8080//evil.example.com/", ("/evil.example.com/", Target("192.0.2.9", 8080))),
        ("//192.0.2.10/", None),
        ("http://192.0.2.10/", None),
        ("https://recorder.test:8543/users", None),
        ("javascript:alert(1)", None),
        ("http://192.0.2.9@192.0.2.10/", None),
        ("http://192.0.2.9:99999/", None),
    ],
)
def test_T40_a_camera_leads_only_to_itself(location: str, leads: tuple[str, Target] | None) -> None:
    assert crossing.led_on(location, "/a/b", CAMERA) == leads


def test_a_door_opens_when_it_is_asked_for_and_shuts_when_nobody_is_there() -> None:
    story: list[str] = []
    visited = {1}

    async def start(_app: Any, port: int) -> Callable[[], Awaitable[None]]:
        if port == 8563:
            raise UnavailableError("door", "taken")
        story.append(f"open {port}")

        async def stop() -> None:
            story.append(f"shut {port}")

        return stop

    async def play() -> None:
        keeper = Doorkeeper(
            relay=lambda _camera, _port: None,  # type: ignore[arg-type,return-value]
            start=start,
            is_visited=lambda camera: camera in visited,
            port=8560,
        )
        first, second = Camera(1, "a", "http://192.0.2.9/"), Camera(2, "b", "http://192.0.2.10/", door=1)
        assert await asyncio.to_thread(keeper.open, first) == 8560
        assert await asyncio.to_thread(keeper.open, first) == 8560
        assert await asyncio.to_thread(keeper.open, second) == 8561
        await keeper.tidy()
        follower = Camera(9, "c", "http://192.0.2.11/")
        assert await asyncio.to_thread(keeper.open, follower) == 8560
        with pytest.raises(UnavailableError):
            await asyncio.to_thread(keeper.open, Camera(4, "d", "http://192.0.2.12/", door=3))
        watching = asyncio.create_task(keeper.watch())
        await asyncio.sleep(0)
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)

    asyncio.run(play())
    assert story == ["open 8560", "open 8561", "shut 8561", "shut 8560", "open 8560", "shut 8560"]


def test_a_storage_that_does_not_answer_for_a_while_leaves_no_door_open_for_ever(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("sparekey.device.cameras.doors.keeper.LOOK", 0)
    looks = 0

    def is_visited(_camera: int) -> bool:
        nonlocal looks
        looks += 1
        if looks < 4:
            raise UnavailableError("store")
        return False

    async def play() -> None:
        shut = asyncio.Event()

        async def stop() -> None:
            shut.set()

        async def start(_app: Any, _port: int) -> Callable[[], Awaitable[None]]:
            return stop

        doors = Doorkeeper(
            relay=lambda _camera, _port: None,  # type: ignore[arg-type,return-value]
            start=start,
            is_visited=is_visited,
            port=8560,
        )
        await asyncio.to_thread(doors.open, Camera(1, "a", "http://192.0.2.9/"))
        watching = asyncio.create_task(doors.watch())
        await asyncio.wait({watching, asyncio.create_task(shut.wait())}, return_when="FIRST_COMPLETED")
        assert shut.is_set()
        assert not watching.done(), "it goes on"
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)

    asyncio.run(play())
    assert looks == 4

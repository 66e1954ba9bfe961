"""A recorder speaks with real cameras over real sockets: of any make by ONVIF, and such as answer garbage or never."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from sparekey.core.crypto import tls_key_hash
from sparekey.core.errors import UnavailableError
from sparekey.core.values import Secret
from sparekey.device.cameras import talk
from sparekey.device.cameras.camera import Control
from sparekey.device.cameras.doors.relay import AT_ONCE, ENTRY, Relay
from sparekey.device.cameras.doors.tickets import Tickets
from sparekey.device.cameras.meeting import meet
from sparekey.device.cameras.onvif import OnvifTalk
from sparekey.device.cameras.own import OwnTalk
from sparekey.device.cameras.reach import Reach
from sparekey.device.cameras.settings import network
from sparekey.device.cameras.talk import Heard
from sparekey.host.entropy import SystemEntropy
from sparekey.lan.http import Limits
from sparekey.lan.http_digest import Credential
from sparekey.lan.onvif.names import PATH
from sparekey.lan.target import Target
from tests.device.browser import Browser
from tests.lan.onvif.camera import ADMIN, VIEWER, Camera
from tests.system import lan_camera
from tests.system.onvif_door import door

pytestmark = pytest.mark.enable_socket

NEW = Secret("a quite New sentence 7")
GARBAGE = {
    "no http": b"220 welcome to the mail server\r\n",
    "half a head": b"HTTP/1.1 200 OK\r\nContent-Le",
    "no xml": b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
    "a bomb": b'HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
    "another length": b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n",
    "nothing": b"",
}


@contextmanager
def answering(data: bytes | None) -> Iterator[int]:
    """A port that says one thing to everybody, or keeps silent for ever."""
    listener = socket.create_server(("127.0.0.1", 0))
    kept: list[socket.socket] = []

    def serve() -> None:
        with suppress(OSError):
            while True:
                connection, _ = listener.accept()
                kept.append(connection)
                if data is not None:
                    connection.recv(65536)
                    connection.sendall(data)
                    connection.shutdown(socket.SHUT_WR)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join()
        for connection in kept:
            connection.close()


def speaking(port: int, *, agreed: bool = True) -> OnvifTalk:
    return OnvifTalk(Target("127.0.0.1", port, PATH), SystemEntropy(), None, in_the_open=agreed)


def test_P11_P18_a_camera_of_another_make_by_onvif() -> None:
    camera = Camera()
    with door(camera, ahead=7200) as port:
        to = speaking(port)
        assert to.look() == talk.Look(Heard.RIGHT, factory=False)
        assert to.sign_in(ADMIN) is Heard.RIGHT
        assert to.sign_in(Credential("admin", Secret("wrong"))) is Heard.WRONG
        assert to.sign_in(VIEWER) is not Heard.RIGHT, "a viewer cannot give new passwords"
        assert speaking(port, agreed=False).set_password(ADMIN, "admin", NEW.text) is Heard.IN_THE_OPEN
        assert to.sign_in(ADMIN) is Heard.RIGHT, "nothing was sent"
        assert to.set_password(ADMIN, "admin", NEW.text) is Heard.RIGHT
        changed = Credential("admin", NEW)
        assert to.sign_in(changed) is Heard.RIGHT
        assert to.sign_in(ADMIN) is Heard.WRONG
        assert to.add_user(changed, "recorder", NEW.text) is Heard.RIGHT
        assert to.add_user(changed, "recorder", ADMIN.password.text) is Heard.RIGHT, (
            "a user that is there already"
        )
        assert to.sign_in(Credential("recorder", ADMIN.password)) is Heard.RIGHT


@pytest.mark.parametrize("password", ["outer space ", "a\u0001control character"])
def test_P18_a_password_that_onvif_does_not_carry_unchanged_is_not_sent(password: str) -> None:
    camera = Camera()
    before = camera.everybody
    with door(camera) as port:
        to = speaking(port)
        assert to.set_password(ADMIN, "admin", password) is Heard.REFUSED
        assert to.add_user(ADMIN, "recorder", password) is Heard.REFUSED
        assert to.activate("admin", password) is Heard.REFUSED
    assert camera.everybody == before


@pytest.mark.parametrize("name", GARBAGE)
def test_a_camera_of_ours_that_answers_garbage_is_told_of(name: str, tmp_path: Path) -> None:
    async def story(other: lan_camera.Camera) -> None:
        to = OwnTalk(other.target(tls=True), SystemEntropy(), tls_key_hash(lan_camera.CERTIFICATE))
        for asked in (
            lambda: to.look().heard,
            lambda: to.sign_in(ADMIN),
            lambda: to.set_password(ADMIN, "admin", NEW.text),
            lambda: to.add_user(ADMIN, "recorder", NEW.text),
            lambda: to.activate("admin", NEW.text),
            lambda: to.fetch(ADMIN),
            lambda: to.deliver(ADMIN, ()),
        ):
            assert await asyncio.to_thread(asked) in (Heard.GARBLED, Heard.SILENT)

    lan_camera.play(lambda _: GARBAGE[name] or b"\n", story, tmp_path)


@pytest.mark.parametrize("name", GARBAGE)
def test_a_camera_that_answers_garbage_is_told_of(name: str) -> None:
    with answering(GARBAGE[name]) as port:
        to = speaking(port)
        assert to.look().heard in (Heard.GARBLED, Heard.SILENT)
        assert to.sign_in(ADMIN) in (Heard.GARBLED, Heard.SILENT)
        assert to.set_password(ADMIN, "admin", NEW.text) in (Heard.GARBLED, Heard.SILENT)
        assert to.activate("admin", NEW.text) in (Heard.GARBLED, Heard.SILENT)


def test_a_camera_that_never_answers_costs_its_time_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sparekey.device.cameras.onvif.LIMITS", Limits(connect=0.2, total=0.3))
    with answering(None) as port:
        assert speaking(port).look().heard is Heard.SILENT
        assert speaking(port).sign_in(ADMIN) is Heard.SILENT
    assert speaking(1).look().heard is Heard.SILENT


def test_meeting_whoever_is_at_an_address() -> None:
    reach = Reach(
        [network("127.0.1.0/24")], near=list, ports=list, own=lambda _address: False, resolve=lambda _name: []
    )
    with pytest.raises(UnavailableError, match="camera-unreachable"):
        meet("127.0.1.77:1", reach, SystemEntropy())

    async def page(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(4096)
        writer.write(b"HTTP/1.1 404 No\r\nContent-Length: 2\r\n\r\nno")
        writer.close()

    async def play() -> None:
        server = await asyncio.start_server(page, "127.0.1.77", 0)
        port = server.sockets[0].getsockname()[1]
        async with server:
            met = await asyncio.to_thread(meet, f"127.0.1.77:{port}", reach, SystemEntropy())
        assert (met.control, met.service, met.pin) == (Control.NONE, "", None)
        assert met.page == f"http://127.0.1.77:{port}/"

    asyncio.run(play())


PORT = 8560


def visiting(to: Target) -> Browser:
    """A browser that came with its ticket to the recorder's door of the camera that is there."""
    tickets = Tickets(SystemEntropy(), lambda: 0, lambda _session: True)
    relay = Relay(
        1,
        PORT,
        tickets=tickets,
        own_names=lambda: {"recorder.test"},
        entropy=SystemEntropy(),
        pin=lambda: None,
        pinned=lambda _key: None,
        may=lambda _target: True,
    )
    browser = Browser(relay, host=f"recorder.test:{PORT}")
    assert browser.get(ENTRY + tickets.issue(1, "session", to)).status == 200
    return browser


@pytest.mark.parametrize("name", ["no http", "half a head", "another length", "nothing"])
def test_P08_a_camera_that_answers_garbage_is_told_of_at_its_door(name: str) -> None:
    with answering(GARBAGE[name]) as port:
        browser = visiting(Target("127.0.0.1", port))
        for _ in range(AT_ONCE + 1):
            page = browser.get("/")
            assert (page.status, "The camera's answer cannot be read" in page.words) == (502, True)
            assert "default-src 'none'" in page.header("content-security-policy")


def test_P08_a_camera_that_never_answers_is_told_of_at_its_door(monkeypatch: pytest.MonkeyPatch) -> None:
    limits = Limits(connect=0.2, silence=0.2, total=0.3)
    monkeypatch.setattr("sparekey.device.cameras.doors.relay.LIMITS", limits)
    with answering(None) as port:
        page = visiting(Target("127.0.0.1", port)).get("/live")
    assert (page.status, "The camera does not answer" in page.words) == (504, True)
    assert visiting(Target("127.0.0.1", 1)).get("/").status == 504


@pytest.mark.parametrize(
    "head",
    ["Content-Length: 50\r\n\r\n", "Transfer-Encoding: chunked\r\n\r\n32\r\n"],
    ids=["length", "parts"],
)
def test_P08_an_answer_that_breaks_off_is_not_taken_for_whole(head: str) -> None:
    half = f"HTTP/1.1 200 OK\r\n{head}half of it".encode()
    with answering(half) as port, pytest.raises(ConnectionAbortedError):
        visiting(Target("127.0.0.1", port)).get("/")
    with answering(b"HTTP/1.1 200 OK\r\n\r\nall until it hangs up") as port:
        assert visiting(Target("127.0.0.1", port)).get("/").body == b"all until it hangs up"

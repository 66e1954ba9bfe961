"""The device as a real process: its doors, its keys, and what a cut of the power leaves."""

from __future__ import annotations

import contextlib
import http.client
import re
import signal
import socket
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from sparekey.core import crypto
from sparekey.core.messages.armour import FileKind, wrap
from sparekey.core.messages.link import read_link
from sparekey.core.messages.trust import sign_trust
from sparekey.testing.clock import FixedClock
from sparekey.testing.desk import MemoryDesk
from sparekey.testing.entropy import FixedEntropy
from tests.device.browser import Browser
from tests.device.recorder import NEW, OLD, OWNER, ROOT, choose, link_in, type_in

PATIENCE = 60
"""Seconds after which a process that says nothing has failed."""


class Device:
    """A device in a folder, started and ended as its owner's plug would."""

    def __init__(self, folder: Path, profile: str = "sparekey") -> None:
        self.folder = folder / "device"
        self.clock = FixedClock()
        self.desk = MemoryDesk(clock=self.clock, entropy=FixedEntropy())
        trust, root = folder / "trust", folder / "root"
        trust.write_text(wrap(FileKind.TRUST, sign_trust(self.desk.trust, ROOT), {}))
        root.write_text(crypto.signing_public(ROOT).hex())
        label = ["--serial", "7F2K-0042", "--model", "PX-3216", "--name", "Front door", "--profile", profile]
        doors = ["--listen", "http://127.0.0.1:0", "--listen", "https://127.0.0.1:0"]
        self.call(
            "init", "--dir", str(self.folder), *label, "--trust", str(trust), "--root", str(root), *doors
        )
        self.errors = b""
        self.before: tuple[str, ...] = ()
        self.process: subprocess.Popen[bytes] | None = None
        self.urls: list[str] = []

    @property
    def config(self) -> Path:
        return self.folder / "device.toml"

    def call(self, *arguments: str, code: int = 0) -> str:
        """A command that ends by itself; what it said."""
        command = [sys.executable, "-m", "sparekey", "device", *arguments]
        done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)
        assert done.returncode == code, done.stderr
        return done.stdout + done.stderr

    def start(self) -> None:
        run = (sys.executable, "-m", "sparekey", "device", "run", "--config", str(self.config))
        command = [*self.before, *run]
        log = (self.folder / "log").open("ab")
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log)
        log.close()
        assert self.process.stdout is not None
        self.urls = []
        for _ in range(2):
            line = self.process.stdout.readline().decode()
            found = re.fullmatch(r"sparekey device: ready at (\S+)\n", line)
            assert found, line + (self.folder / "log").read_text()
            self.urls.append(found[1])

    def end(self, number: signal.Signals) -> int:
        """Send a signal and wait. Returns the exit code."""
        assert self.process is not None
        assert self.process.stdout is not None
        self.process.send_signal(number)
        code = self.process.wait(PATIENCE)
        self.process.stdout.close()
        self.process = None
        return code

    def cut_power(self) -> None:
        assert self.end(signal.SIGKILL) == -signal.SIGKILL

    def browser(self, place: int = 0) -> Browser:
        """A browser at one of the doors."""
        url = urlsplit(self.urls[place])
        return Browser(_over(self.urls[place]), host=url.netloc, scheme=url.scheme)

    def move(self, browser: Browser) -> None:
        """The same browser after a restart, which took another port."""
        url = urlsplit(self.urls[0])
        browser.app, browser.host = _over(self.urls[0]), url.netloc

    def works(self, password: str) -> bool:
        browser = self.browser()
        browser.get("/login")
        return browser.press("/login", {"password": password}).path == "/home"


def _over(url: str) -> Any:
    """The pages behind a real socket, as the application that a test browser speaks to."""
    parts = urlsplit(url)
    trusting = ssl.create_default_context()
    trusting.check_hostname = False
    trusting.verify_mode = ssl.CERT_NONE

    async def app(scope: Any, receive: Any, send: Any) -> None:
        address = (parts.hostname or "", parts.port)
        connection = (
            http.client.HTTPSConnection(*address, timeout=PATIENCE, context=trusting)
            if parts.scheme == "https"
            else http.client.HTTPConnection(*address, timeout=PATIENCE)
        )
        body = (await receive())["body"]
        target = scope["path"] + (f"?{scope['query_string'].decode()}" if scope["query_string"] else "")
        connection.putrequest(scope["method"], target, skip_host=True, skip_accept_encoding=True)
        for name, value in scope["headers"]:
            connection.putheader(name.decode(), value)
        connection.putheader("content-length", str(len(body)))
        connection.endheaders(body)
        answer = connection.getresponse()
        headers = [(name.lower().encode(), value.encode("latin-1")) for name, value in answer.getheaders()]
        await send({"type": "http.response.start", "status": answer.status, "headers": headers})
        await send({"type": "http.response.body", "body": answer.read()})
        connection.close()

    return app


@pytest.fixture
def device(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Device]:
    made = Device(tmp_path, getattr(request, "param", "sparekey"))
    made.start()
    yield made
    if made.process is not None:
        made.cut_power()


def set_up(device: Device) -> None:
    browser = device.browser()
    browser.get("/")
    page = browser.press("/setup", {"password": OLD, "again": OLD, "address": OWNER})
    assert page.path == "/setup/done", page.words


def scanning(device: Device) -> Browser:
    browser = device.browser()
    browser.get("/forgot")
    if "/forgot/notice" in browser.page.links:
        browser.get("/forgot/notice")
        browser.press("/forgot/mail", {"agreed": "yes"})
    else:
        browser.press("/forgot/mail")
    assert browser.page.path == "/forgot/mail", browser.page.words
    device.desk.send(link_in(browser.page))
    return browser


@pytest.mark.meets("etsi-5.5-1")
def test_P05_device_over_tls_with_the_key_that_the_request_names(device: Device) -> None:
    plain, secure = device.urls
    assert plain.startswith("http://127.0.0.1:")
    assert secure.startswith("https://127.0.0.1:")
    browser = device.browser(1)
    browser.get("/")
    browser.press("/setup", {"password": OLD, "again": OLD, "address": OWNER})
    browser.get("/forgot")
    browser.press("/forgot/mail")
    url = urlsplit(secure)
    shown = ssl.get_server_certificate((url.hostname or "", url.port or 0))
    assert read_link(link_in(browser.page)).header.tls == crypto.tls_key_hash(shown.encode())
    device.desk.send(link_in(browser.page))
    assert type_in(browser, device.desk.mails[-1].code).path == "/forgot/password"
    assert choose(browser).path == "/forgot/done"
    assert device.works(NEW)
    assert not device.works(OLD)


@pytest.mark.meets("etsi-5.9-2")
def test_T07_a_power_cut_keeps_the_open_request_and_its_code(device: Device) -> None:
    set_up(device)
    browser = scanning(device)
    shown = link_in(browser.page)
    device.cut_power()
    assert "open requests: 1" in device.call("status", "--config", str(device.config))
    device.start()
    device.move(browser)
    assert link_in(browser.get("/forgot/mail")) == shown
    assert type_in(browser, device.desk.mails[-1].code).path == "/forgot/password"
    device.cut_power()
    device.start()
    device.move(browser)
    page = browser.get("/forgot/password")
    assert page.path == "/forgot/code"  # the right to choose does not survive; the code does
    assert type_in(browser, device.desk.mails[-1].code).path == "/forgot/password"
    assert choose(browser).path == "/forgot/done"
    assert device.works(NEW)


@pytest.mark.parametrize("device", ["hikvision"], indirect=True)
def test_P22_a_power_cut_voids_the_code_where_the_profile_says_so(device: Device) -> None:
    set_up(device)
    browser = scanning(device)
    device.cut_power()
    device.start()
    device.move(browser)
    assert "The recorder was switched off in the meantime." in browser.get("/forgot/code").words


def test_T07_a_power_cut_while_the_password_is_set_leaves_exactly_one(device: Device) -> None:
    set_up(device)
    old = OLD
    for turn, delay in enumerate((0.0, 0.02, 0.05)):
        browser = scanning(device)
        type_in(browser, device.desk.mails[-1].code)
        new = f"the new password of turn {turn}"
        posting = threading.Thread(target=_try_to_choose, args=(browser, new))
        posting.start()
        threading.Event().wait(delay)
        device.cut_power()
        posting.join()
        device.start()
        assert device.works(old) != device.works(new)
        old = new if device.works(new) else old
        device.move(browser)
        if any(form.action == "/forgot/cancel" for form in browser.get("/forgot/cancel").forms):
            browser.press("/forgot/cancel")


def _try_to_choose(browser: Browser, password: str) -> None:
    with contextlib.suppress(OSError, http.client.HTTPException):  # the power went
        choose(browser, password)


def test_it_ends_cleanly_when_asked_and_a_session_survives_it(device: Device) -> None:
    set_up(device)
    browser = device.browser()
    browser.get("/login")
    browser.press("/login", {"password": OLD})
    for number in (signal.SIGTERM, signal.SIGINT):
        assert device.end(number) == 0
        device.start()
        device.move(browser)
        assert browser.get("/home").path == "/home"
    assert "Traceback" not in (device.folder / "log").read_text()


def test_T02_neither_files_nor_log_hold_a_code_or_a_password(device: Device) -> None:
    set_up(device)
    browser = scanning(device)
    code = device.desk.mails[-1].code
    type_in(browser, code)
    choose(browser)
    assert device.works(NEW)
    found = b"".join(file.read_bytes() for file in device.folder.iterdir())
    for secret in (OLD, NEW, code.text, code.shown, *browser.cookies.values()):
        assert secret.partition(".")[0].encode() not in found
    assert code.bits.to_bytes(5, "big") not in found


def test_T10_a_foreign_name_gets_nothing_from_the_real_doors(device: Device) -> None:
    for place in (0, 1):
        browser = device.browser(place)
        browser.host = "attacker.example"
        assert browser.get("/login").status == 421


def test_a_taken_port_is_told_in_two_lines_and_counts_no_boot(device: Device, tmp_path: Path) -> None:
    status = device.call("status", "--config", str(device.config))
    with socket.create_server(("127.0.0.1", 0)) as taken:
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
        text = device.config.read_text()
        device.config.write_text(re.sub(r"listen = .*", f'listen = ["{url}"]', text))
        before = (device.folder / "device.sqlite").read_bytes()
        told = device.call("run", "--config", str(device.config), code=4)
    assert told == f"sparekey: listen\ncannot use {url}: Address already in use\n"
    assert (device.folder / "device.sqlite").read_bytes() == before
    assert device.call("status", "--config", str(device.config)) == status


@pytest.mark.meets("etsi-5.6-6")
def test_heavy_modules_stay_outside(device: Device) -> None:
    """What a process never needs at rest is not in its memory: X.509, the QR drawer, the mail client."""
    code = (
        "import sys, sparekey.device.__main__, sparekey.device.agent, sparekey.device.serve\n"
        "print([name for name in ('cryptography.x509', 'segno', 'urllib.request', 'smtplib', 'PIL', 'babel')"
        " if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=PATIENCE, check=True
    )
    assert done.stdout == "[]\n"

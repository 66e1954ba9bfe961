"""`sparekey rotate` when the plug is pulled in the middle, over https, and before cameras that want too much."""

from __future__ import annotations

import csv
import os
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from sparekey.core.crypto import tls_identity
from sparekey.lan.onvif.device import User, UserRefusal
from tests.lan.onvif.camera import ADMIN, Camera
from tests.system.onvif_door import door
from tests.system.test_finder_commands import PATIENCE, Installer


class Holds(Camera):
    """Says when a new password comes, takes it or not, and answers when it is let go on. `takes`: it does so first."""

    def __init__(self, *, takes: bool) -> None:
        super().__init__()
        self.takes, self.held = takes, True
        self.reached, self.go_on = threading.Event(), threading.Event()

    def set_users(self, users: tuple[User, ...]) -> UserRefusal | None:
        if not self.held:
            return super().set_users(users)
        self.held = False
        if self.takes:
            super().set_users(users)
        self.reached.set()
        self.go_on.wait(PATIENCE)
        raise ConnectionAbortedError


def address(port: int, scheme: str = "http") -> str:
    return f"{scheme}://127.0.0.1:{port}/onvif/device_service"


def password_of(camera: Camera) -> str:
    (found,) = (user.password for user in camera.everybody if user.name == ADMIN.user)
    return found or ""


def logins(installer: Installer, *places: str, password: str = ADMIN.password.text) -> tuple[str, str]:
    lines = "".join(f"{place},{ADMIN.user},{password}\n" for place in places)
    return "--logins", installer.secret("logins.csv", lines)


def saved(path: Path) -> dict[str, str]:
    with path.open(newline="", encoding="utf-8") as file:
        return {row["url"]: row["password"] for row in csv.DictReader(file)}


def identity(folder: Path, seed: int) -> ssl.SSLContext:
    certificate, key = tls_identity(bytes([seed]) * 32, "camera.example.com", 1, 1_790_000_000, 365)
    pem = folder / f"{seed}.pem"
    pem.write_bytes(certificate + key)
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.load_cert_chain(pem)
    return made


@pytest.fixture
def installer(tmp_path: Path) -> Installer:
    return Installer(tmp_path, "")


@pytest.mark.parametrize("takes", [True, False], ids=["after it was taken", "before it was taken"])
def test_T07_a_killed_rotation_goes_on_and_loses_no_password(installer: Installer, takes: bool) -> None:
    camera, out = Holds(takes=takes), installer.folder / "new.csv"
    with door(camera) as port:
        command = [
            sys.executable,
            "-m",
            "sparekey",
            "rotate",
            *logins(installer, address(port)),
            "--cleartext",
        ]
        where = ["--journal", str(installer.folder / "finder.sqlite")]
        with subprocess.Popen(
            [*command, "--yes", "--save", str(out), *where],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=os.environ | {"LC_ALL": "C.UTF-8"},
        ) as process:
            assert camera.reached.wait(PATIENCE)
            process.kill()
            process.wait(PATIENCE)
        camera.go_on.set()
        assert not out.exists()
        installer.run("rotate", "--resume", "--cleartext", "--save", str(out))
        assert saved(out) == {address(port): password_of(camera)}
    assert password_of(camera) != ADMIN.password.text


def test_B07_over_https_the_key_is_compared_once_and_a_changed_one_stops(installer: Installer) -> None:
    camera, first, second = Camera(), installer.folder / "1.csv", installer.folder / "2.csv"
    with door(camera, tls=identity(installer.folder, 3)) as port:
        place = address(port, "https")
        told = installer.run("rotate", *logins(installer, place), code=4)
        assert "First contact" in told
        assert "nothing was sent" in told
        told = installer.run(
            "rotate", *logins(installer, place), "--yes", "--save", str(first), "--trust-first"
        )
        assert "the old one does not" in told
        assert saved(first)[place] == password_of(camera)
        installer.run("rotate", *logins(installer, place, password=password_of(camera)))
    kept = password_of(camera)
    with second_door(camera, port, identity(installer.folder, 4)):
        told = installer.run(
            "rotate", *logins(installer, place, password=kept), "--yes", "--save", str(second), code=3
        )
    assert "another device answers" in told
    assert password_of(camera) == kept
    assert not second.exists()


@contextmanager
def second_door(camera: Camera, port: int, tls: ssl.SSLContext) -> Iterator[None]:
    """Somebody else at the same place."""
    with listening(wants_basic(camera), port, tls):
        yield


def wants_basic(camera: Camera) -> type[BaseHTTPRequestHandler]:
    """A camera that knows no other login than the password itself. What it is sent is kept by the camera."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            camera.done.append(f"{self.headers.get('Authorization', '')} {body.decode()}")
            self.send_response(401)
            self.send_header("WWW-Authenticate", 'Basic realm="camera"')
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_said: object) -> None:
            """Nothing to say."""

    return Handler


@contextmanager
def listening(handler: type[BaseHTTPRequestHandler], port: int, tls: ssl.SSLContext | None) -> Iterator[int]:
    server = ThreadingHTTPServer(("127.0.0.1", port), handler)
    server.daemon_threads = True
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.mark.parametrize("scheme", ["https", "http"])
def test_T14_the_password_itself_is_shown_to_no_camera_without_a_yes(
    installer: Installer, scheme: str
) -> None:
    camera, out = Camera(), installer.folder / "new.csv"
    tls = identity(installer.folder, 3) if scheme == "https" else None
    with listening(wants_basic(camera), 0, tls) as port:
        given = logins(installer, address(port, scheme))
        done = subprocess.run(
            [sys.executable, "-m", "sparekey", "rotate", *given, "--yes", "--save", str(out), "--trust-first",
             "--journal", str(installer.folder / "finder.sqlite")],
            capture_output=True, text=True, check=False, timeout=PATIENCE, env=os.environ | {"LC_ALL": "C.UTF-8"},
        )  # fmt: skip
    assert done.returncode in (1, 4), done.stdout + done.stderr
    assert not any("Basic" in one or ADMIN.password.text in one for one in camera.done)
    assert not out.exists()


def test_T07_a_camera_is_tried_three_times_and_then_left_alone(installer: Installer) -> None:
    camera = Camera()
    with door(camera) as port:
        lines = "".join(f"{address(port)},{ADMIN.user},wrong number {count}\n" for count in range(9))
        told = installer.run("rotate", "--logins", installer.secret("many.csv", lines), "--cleartext", code=1)
    assert "Three logins were wrong. The others were not tried" in told

"""The desk as its operator runs it: `init`, `run`, a request by HTTP, a mail by SMTP, and the end."""

from __future__ import annotations

import asyncio
import json
import re
import signal
import socket
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPSConnection
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import urlopen

import pytest

from sparekey.core import crypto
from sparekey.core.codes import code_from_bits
from sparekey.core.messages.link import link
from sparekey.core.messages.request import Header, Kind, MailBody, Request, seal_mail
from sparekey.core.messages.trust import Purpose, Trust
from sparekey.core.values import Identity
from sparekey.desk.serve import open_door
from sparekey.desk.trust import load_trust
from tests.host.old_tls import refusals
from tests.system.desk_office import PASSWORD, USER, Authority, Office, strict

CODE = code_from_bits(0x3_0F1E_2D3C)
OWNER = "owner@example.com"


class Desk:
    """A desk's folder on a free port, and its process."""

    def __init__(
        self, folder: Path, smtp: str, authority: Authority | None = None, database: str = ""
    ) -> None:
        """With an `authority` it speaks https itself. `database`: the address of one in PostgreSQL."""
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = int(free.getsockname()[1])
        self.folder = folder
        self.authority = authority
        self.url = f"{'https' if authority else 'http'}://localhost:{self.port}"
        self.logged = ""
        where = ["--dir", str(folder), "--url", self.url, "--listen", f"127.0.0.1:{self.port}"]
        where += ["--database", database] if database else []
        made = sparekey("init", "--name", "Example support desk", *where)
        assert (made.returncode, made.stderr) == (0, "")
        tls = authority.server() if authority else None
        lines = "" if tls is None else f'tls_certificate = "{tls}"\ntls_key = "{tls}"\n'
        file = folder / "desk.toml"
        file.write_text(lines + file.read_text() + smtp)

    @property
    def trust(self) -> Trust:
        return load_trust(self.folder / "trust.sparekey-trust", self.folder / "maker-root.pub")[0]

    @contextmanager
    def running(self) -> Iterator[None]:
        """The process; what it logged is in `logged` afterwards."""
        command = [
            sys.executable,
            "-m",
            "sparekey",
            "desk",
            "run",
            "--config",
            str(self.folder / "desk.toml"),
        ]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            assert process.stderr is not None
            lines: list[str] = []
            reader = threading.Thread(target=lines.extend, args=(process.stderr,))
            reader.start()
            try:
                assert process.stdout.readline() == f"sparekey desk: ready at {self.url}\n", lines
                yield
            finally:
                process.send_signal(signal.SIGTERM)
                process.wait(30)
                reader.join(30)
                self.logged += "".join(lines)

    def call(
        self, method: str, path: str, body: str = "", headers: dict[str, str] | None = None
    ) -> tuple[int, dict[str, str], str]:
        """One request: status, headers, text."""
        connection = HTTPConnection("localhost", self.port, timeout=30)
        if self.authority:
            trusted = ssl.create_default_context(cafile=self.authority.file)
            connection = HTTPSConnection("localhost", self.port, timeout=30, context=trusted)
        try:
            connection.request(method, path, body or None, headers or {})
            answer = connection.getresponse()
            return answer.status, dict(answer.getheaders()), answer.read().decode()
        finally:
            connection.close()

    def press(self, path: str) -> int:
        """Open a page and press its button."""
        status, headers, text = self.call("GET", path)
        assert status == 200
        token = re.search(r'action="/R/[^>]*>\s*<input[^>]* value="([0-9a-f]{64})"', text)
        assert token
        sent = {
            "content-type": "application/x-www-form-urlencoded",
            "origin": self.url,
            "cookie": headers["set-cookie"].partition(";")[0],
        }
        return self.call("POST", path, urlencode({"token": token[1]}), sent)[0]


def sparekey(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "sparekey", "desk", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


def request(trust: Trust) -> Request:
    """What a device shows."""
    public = trust.sealing_key(Purpose.MAIL)
    header = Header(
        kind=Kind.MAIL,
        desk=trust.desk,
        key=crypto.key_id(public),
        identity=Identity("PX-3216-0001", "PX-3216", "1.0.0"),
        number="7F2K0042",
        tls=bytes(32),
        valid=86400,
    )
    return seal_mail(header, MailBody(CODE, (OWNER,), "en", "admin"), public)


def settings(port: int, authority: Authority) -> str:
    """The mail server in `desk.toml`."""
    password = authority.folder / "smtp-password"
    password.touch(0o600)
    password.write_text(PASSWORD)
    told = {
        "host": "127.0.0.1",
        "port": port,
        "sender": "desk@example.com",
        "user": USER,
        "password_file": str(password),
        "ca_file": str(authority.file),
    }
    limits = "\n[limits]\nresend_after = 86400\n"
    return limits + "\n[smtp]\n" + "".join(f"{name} = {json.dumps(value)}\n" for name, value in told.items())


def test_from_the_scanned_square_to_the_mail(tmp_path: Path) -> None:
    office, authority = Office(), Authority(tmp_path)
    with strict(office, authority) as port:
        desk = Desk(tmp_path / "desk", settings(port, authority))
        made = request(desk.trust)
        path = "/R/" + link(desk.trust.prefix, made).rpartition("/")[2]
        with desk.running():
            assert desk.call("GET", "/healthz")[::2] == (200, "ok\n")
            assert desk.call("GET", "/healthz")[1].keys().isdisjoint({"server", "Server"})
            assert desk.call("GET", "/trust")[2] == (desk.folder / "trust.sparekey-trust").read_text()
            assert desk.press(path) == 200
            assert office.arrived.wait(30)
            assert desk.call("GET", "/", headers={"host": "evil.example.net"})[0] == 421
        with desk.running():
            assert desk.press(path) == 200
        ((to, content),) = office.taken
    assert to == [OWNER]
    assert CODE.shown in content.decode()
    for secret in (CODE.shown, CODE.text, OWNER, PASSWORD, path[3:], "Traceback"):
        assert secret not in desk.logged
    events = [json.loads(line) for line in desk.logged.splitlines()]
    assert sorted(event["event"] for event in events) == ["mail held back", "mail queued", "mail sent"]
    assert {event["request"] for event in events} == {made.hash[:4].hex()}
    for file in (desk.folder / "desk.sqlite", desk.folder / "desk.sqlite-wal"):
        kept = file.read_bytes() if file.exists() else b""
        assert CODE.text.encode() not in kept
        assert OWNER.encode() not in kept


@pytest.mark.meets("asvs-12.1.1", "asvs-12.1.2")
def test_with_a_certificate_it_speaks_https_itself(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    desk = Desk(tmp_path / "desk", settings(1, authority), authority)
    path = "/R/" + link(desk.trust.prefix, request(desk.trust)).rpartition("/")[2]
    with desk.running():
        assert desk.press(path) == 200
        assert [bool(why) for why in refusals(desk.port)] == [True, True, False]
    (authority.folder / "server.pem").write_bytes(authority.file.read_bytes())
    broken = sparekey("run", "--config", str(desk.folder / "desk.toml"))
    assert (broken.returncode, broken.stderr.splitlines()[0]) == (2, "sparekey: config")
    assert "tls_certificate" in broken.stderr


def test_a_taken_port_is_two_lines_and_no_traceback(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    desk = Desk(tmp_path / "desk", settings(1, authority))
    with desk.running():
        second = sparekey("run", "--config", str(desk.folder / "desk.toml"))
    assert second.returncode == 4
    assert second.stderr.splitlines()[0] == "sparekey: port"
    assert len(second.stderr.splitlines()) == 2


@pytest.mark.meets("asvs-16.5.1")
@pytest.mark.parametrize("given", [[], ["init", "--name", ""], ["run", "--config", "none.toml"], ["dance"]])
def test_wrong_use_is_told_without_a_traceback(given: list[str]) -> None:
    made = sparekey(*given)
    assert made.returncode in (2, 4)
    assert made.stderr
    assert "Traceback" not in made.stderr


def test_init_and_run_need_nothing_else(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "sparekey", "desk"]
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = int(free.getsockname()[1])
    url = f"http://localhost:{port}"
    made = subprocess.run([*command, "init"], cwd=tmp_path, check=True, capture_output=True, text=True)
    file = tmp_path / "sparekey-desk" / "desk.toml"
    assert f"sparekey desk run --config {file.relative_to(tmp_path)}" in made.stdout
    file.write_text(file.read_text().replace('listen = "127.0.0.1:8600"', f'listen = "127.0.0.1:{port}"'))
    with subprocess.Popen([*command, "run"], cwd=tmp_path, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "sparekey desk: ready at http://localhost:8600\n"
        with urlopen(f"{url}/healthz") as answer:
            assert answer.read() == b"ok\n"
        process.send_signal(signal.SIGTERM)
    assert process.returncode in (0, -signal.SIGTERM)


def test_no_part_of_an_answer_waits_until_the_browser_has_confirmed_the_one_before() -> None:
    async def answered() -> list[int]:
        found = []

        def connected(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            connection = writer.get_extra_info("socket")
            found.append(connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
            writer.close()

        with socket.create_server(("127.0.0.1", 0)) as free:
            port = int(free.getsockname()[1])
        with open_door(f"127.0.0.1:{port}") as door:
            async with await asyncio.start_server(connected, sock=door):
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
                await reader.read()
                writer.close()
        return found

    assert asyncio.run(answered()) == [1]

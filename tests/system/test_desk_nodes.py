"""Two nodes on one PostgreSQL behind nginx, as docs/guide/desk.md says, and one of them is killed."""

from __future__ import annotations

import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from sparekey.core.messages.link import link
from sparekey.core.messages.request import MailBody, Request, seal_mail
from sparekey.desk.mail.outbox import BATCH
from tests.desk.cluster import Cluster, programs
from tests.shape.tree import ROOT
from tests.system.desk_office import Authority, Office, strict
from tests.system.test_desk_process import CODE, OWNER, Desk, request, settings, sparekey

GUIDE = ROOT / "docs" / "guide" / "desk.md"
NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")

pytestmark = pytest.mark.skipif(NGINX is None, reason="nginx is not installed")


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    found = programs()
    if found is None:
        pytest.skip("PostgreSQL's server is not installed here")
    made = Cluster(found)
    yield made
    made.close()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


def blocks() -> list[str]:
    """The settings of nginx in the guide: for one node, and for two."""
    found = re.findall(
        r"^ *```\n((?: *upstream| *server) .*?)^ *```", GUIDE.read_text("utf-8"), re.MULTILINE | re.DOTALL
    )
    assert len(found) == 2
    return found


def here(block: str, port: int, nodes: Sequence[int], tls: Path, ca: Path) -> str:
    """A block of the guide with the addresses and files of this test."""
    for node, written in zip(nodes, re.findall(r"192\.0\.2\.\d+:8600", block), strict=False):
        block = block.replace(written, f"127.0.0.1:{node}")
    block = block.replace("127.0.0.1:8600", f"127.0.0.1:{nodes[0]}")
    block = block.replace("listen 443 ssl", f"listen 127.0.0.1:{port} ssl")
    block = block.replace("desk.example.com", "localhost").replace("/etc/ssl/desk-nodes.pem", str(ca))
    return re.sub(r"/etc/ssl/desk\.(?:pem|key)", str(tls), block).replace("$host;", "$http_host;")


def configured(folder: Path, block: str) -> Path:
    file = folder / "nginx.conf"
    file.write_text(
        f"daemon off; pid {folder}/pid; error_log {folder}/error.log;\nevents {{}}\nhttp {{\n"
        f"log_format who '$upstream_addr $status'; access_log {folder}/who.log who;\n"
        + "".join(
            f"{kind}_temp_path {folder}/{kind};\n"
            for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        + block
        + "}\n"
    )
    return file


@contextmanager
def nginx(folder: Path, block: str) -> Iterator[None]:
    called = [
        str(NGINX),
        "-c",
        str(configured(folder, block)),
        "-e",
        str(folder / "error.log"),
        "-p",
        str(folder),
    ]
    subprocess.run([*called, "-t"], check=True, capture_output=True)
    with subprocess.Popen(called) as process:
        try:
            yield
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(30)


class Node:
    """One process of the desk, in a folder of its own."""

    def __init__(self, folder: Path, port: int) -> None:
        file = folder / "desk.toml"
        text = re.sub(
            r'^listen = ".*"$', f'listen = "127.0.0.1:{port}"', file.read_text(), flags=re.MULTILINE
        )
        file.write_text(text)
        command = [sys.executable, "-m", "sparekey", "desk", "run", "--config", str(file)]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        assert "ready" in self.process.stdout.readline(), self.end(signal.SIGKILL)

    def end(self, signum: int) -> str:
        """Stop it; what it logged."""
        self.process.send_signal(signum)
        return self.process.communicate(timeout=60)[1]


def sealed(desk: Desk, number: int) -> Request:
    """A request to mail a code, each from another device and to another mailbox."""
    like = request(desk.trust)
    serial = f"PX-3216-{number:04}"
    header = replace(
        like.header, identity=replace(like.header.identity, serial=serial), number=f"7F2K{number:04}"
    )
    body = MailBody(CODE, (f"owner{number}@example.com",), "en", "admin")
    return seal_mail(header, body, desk.trust.sealing[0][1][0])


def test_the_guide_s_proxy_for_one_node_is_one_that_nginx_takes(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    block = here(blocks()[0], free_port(), [free_port()], authority.server(), authority.file)
    called = [str(NGINX), "-t", "-c", str(configured(tmp_path, block)), "-e", str(tmp_path / "log")]
    done = subprocess.run(called, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_B03_two_nodes_behind_a_proxy_and_one_is_killed(
    cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    office, authority = Office(), Authority(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))
    with strict(office, authority) as smtp:
        desk = Desk(tmp_path / "desk", settings(smtp, authority), authority, database=cluster.empty())
        assert not list(desk.folder.glob("*.sqlite*"))
        shutil.copytree(desk.folder, tmp_path / "second")
        ports = [free_port(), free_port()]
        block = here(blocks()[1], desk.port, ports, authority.server(), authority.file)
        first = Node(desk.folder, ports[0])
        second = Node(tmp_path / "second", ports[1])
        with nginx(tmp_path, block):
            paths = [
                "/R/" + link(desk.trust.prefix, sealed(desk, number)).rpartition("/")[2]
                for number in range(24)
            ]
            assert {desk.call("GET", "/healthz")[::2] for _ in range(6)} == {(200, "ok\n")}
            served = (tmp_path / "who.log").read_text()
            assert all(f"127.0.0.1:{port} 200" in served for port in ports), served
            with ThreadPoolExecutor(4) as people:
                assert set(people.map(desk.press, paths[:12])) == {200}
                pressed = [people.submit(desk.press, path) for path in paths[12:]]
                pressed[0].result()
                second.end(signal.SIGKILL)
                told = [one.exception() or one.result() for one in pressed]
            good = [path for path, answer in zip(paths[12:], told, strict=True) if answer == 200]
            again = [path for path in paths[12:] if path not in good]
            assert {desk.press(path) for path in again} <= {200}, "who was cut off asks again"
            while len({tuple(recipients) for recipients, _ in office.taken}) < len(paths):
                office.arrived.wait(1)
                office.arrived.clear()
            doctor = sparekey("doctor", "--config", str(desk.folder / "desk.toml")).stdout
            assert "leads here; its certificate is good for" in doctor, doctor
            assert "over TLS" in doctor
            log = [sys.executable, "-m", "sparekey", "log", "verify", f"{desk.url}/log"]
            log += [
                "--trust",
                str(desk.folder / "trust.sparekey-trust"),
                "--root",
                str(desk.folder / "maker-root.pub"),
            ]
            verified = subprocess.run(log, capture_output=True, text=True, check=False, timeout=120)
            assert verified.returncode == 0, verified.stderr
        logged = first.end(signal.SIGTERM)
    to = sorted(recipients[0] for recipients, _ in office.taken)
    ids = [
        re.findall(rb"^Message-ID: (.*)\r?$", mail, re.MULTILINE | re.IGNORECASE)[0]
        for _, mail in office.taken
    ]
    assert set(to) == {f"owner{number}@example.com" for number in range(24)}
    assert len(set(ids)) == 24, "a mail that the killed node was sending may come twice, under one id"
    assert len(ids) <= 24 + 2 * BATCH
    assert OWNER not in logged
    assert "Traceback" not in logged

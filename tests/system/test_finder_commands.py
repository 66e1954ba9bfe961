"""The installers' commands against a real device process, over TLS on the loopback."""

from __future__ import annotations

import asyncio
import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from sparekey.core.messages.request import Request
from sparekey.core.messages.text import Requests, read_any
from sparekey.core.values import Secret
from sparekey.finder.place import read_place
from sparekey.host.entropy import SystemEntropy
from sparekey.lan.link.client import LinkClient, Met, meet
from sparekey.lan.link.frame import Nothing
from sparekey.lan.link.owner import Login, SetPassword

PATIENCE = 60
PASSWORD = "seven quiet harbours"


@dataclass(frozen=True)
class Installer:
    """Somebody at a terminal, in front of a device that nobody has set up yet."""

    folder: Path
    place: str

    def run(self, *command: str, code: int = 0, said: str = "") -> str:
        """What a command prints, errors included. `said`: what is typed into it."""
        where = ("--journal", str(self.folder / "finder.sqlite"))
        done = subprocess.run(
            [sys.executable, "-m", "sparekey", *command, *where],
            input=said,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
            env=os.environ | {"LC_ALL": "C.UTF-8"},
        )
        assert done.returncode == code, done.stdout + done.stderr
        assert "Traceback" not in done.stderr
        return done.stdout + done.stderr

    def secret(self, name: str, text: str) -> str:
        """A file that only its owner can read."""
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        path.chmod(0o600)
        return str(path)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture(scope="module")
def installer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installer]:
    folder = tmp_path_factory.mktemp("installer")
    port, desk, device = free_port(), folder / "desk", folder / "device"

    def init(*command: str) -> None:
        subprocess.run(
            [sys.executable, "-m", "sparekey", *command], check=True, capture_output=True, timeout=PATIENCE
        )

    init("desk", "init", "--dir", str(desk), "--name", "Example support", "--url", "https://desk.example.com")
    label = (
        "--serial",
        "PX-3216-0053",
        "--model",
        "PX-3216",
        "--name",
        "Front gate",
        "--profile",
        "hikvision",
    )
    trust = ("--trust", str(desk / "trust.sparekey-trust"), "--root", str(desk / "maker-root.pub"))
    init("device", "init", "--dir", str(device), *label, *trust, "--listen", f"https://127.0.0.1:{port}")
    command = [sys.executable, "-m", "sparekey", "device", "run", "--config", str(device / "device.toml")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as agent:
        try:
            assert agent.stdout is not None
            assert "ready at" in agent.stdout.readline()
            made = Installer(folder, f"127.0.0.1:{port}")
            made.run(
                "activate", made.place, "--new-password-file", made.secret("new", PASSWORD), "--trust-first"
            )
            yield made
        finally:
            agent.terminate()
            agent.wait(PATIENCE)


def test_P14_the_ways_are_told_in_order_of_least_loss(installer: Installer) -> None:
    told = installer.run("ways", installer.place)
    titles = re.findall(r"^\d\. ([^(\n]+)", told, re.MULTILINE)
    assert titles[-1].strip() == "Technician"
    assert "Security code" in told
    assert "Nothing is lost" in told
    assert "PX-3216-0053" not in told  # a stranger hears no serial number


def test_P15_what_is_read_out_to_support_is_shown_again_as_it_was(installer: Installer) -> None:
    told = installer.run("request", installer.place, "--by", "code")
    for name in ("Serial number:", "Request number:", "Start time:", "Date:"):
        assert name in told
    assert installer.run("request", installer.place, "--by", "code") == told


def test_P15_a_slip_costs_no_try_and_a_wrong_code_costs_one(installer: Installer) -> None:
    installer.run("request", installer.place, "--by", "code")
    new = ("--new-password-file", installer.secret("next", PASSWORD + " again"))
    typed = ("apply", "--type", "code", "--device", installer.place, *new)
    told = installer.run(*typed, code=1, said="0000-0001\n")
    assert "It cost no try" in told
    told = installer.run(*typed, code=1, said="0000-001M\n")
    assert "That is not the code." in told
    assert "4 tries left" in told


def test_P16_P17_the_request_is_saved_as_file_and_xml_and_shown_as_a_square(installer: Installer) -> None:
    out, xml = installer.folder / "front.sparekey-request", installer.folder / "front.xml"
    told = installer.run("request", installer.place, "--by", "key", "--qr", "--out", str(out))
    assert "█" in told
    installer.run("request", installer.place, "--out", str(xml))
    found, same = read_any(out.read_bytes()), read_any(xml.read_bytes())
    assert isinstance(found, Request)
    assert found == same
    assert out.stat().st_mode & 0o077 == 0


def test_B06_what_one_device_refuses_hurts_no_other(installer: Installer) -> None:
    out = installer.folder / "all.sparekey-request"
    dead = f"127.0.0.1:{free_port()}"
    told = installer.run("request", installer.place, dead, "--out", str(out), code=4)
    assert f"{dead}: " in told
    assert isinstance(read_any(out.read_bytes()), Request | Requests)


def test_T29_a_first_contact_that_nobody_vouches_for_is_none(installer: Installer) -> None:
    other = Installer(installer.folder / "other", installer.place)
    other.folder.mkdir(exist_ok=True)
    told = other.run("request", other.place, code=4)
    assert "First contact" in told
    assert "nothing was sent" in told


def test_network_and_mailbox_show_their_plan_first(installer: Installer) -> None:
    login = ("--password-file", installer.secret("login", PASSWORD))
    plan = installer.run("mailbox", installer.place, "--address", "owner@example.com", *login)
    assert "nothing was changed" in plan
    wrong = ("--password-file", installer.secret("wrong", "not this one at all"))
    told = installer.run(
        "mailbox", installer.place, "--address", "owner@example.com", *wrong, "--yes", code=1
    )
    assert "is not right" in told
    assert "changed." in installer.run(
        "mailbox", installer.place, "--address", "owner@example.com", *login, "--yes"
    )


def test_network_says_which_address_each_device_takes(installer: Installer) -> None:
    login = ("--password-file", installer.secret("login", PASSWORD))
    dead = f"127.0.0.1:{free_port()}"
    told = installer.run("network", dead, installer.place, "--address", "192.0.2.20/24", *login, code=4)
    assert f"{installer.place}: would take 192.0.2.21/24; nothing was changed." in told
    told = installer.run("network", installer.place, "--dhcp", *login)
    assert "would take an address by DHCP" in told
    told = installer.run("network", dead, installer.place, "--address", "192.0.2.254/24", *login, code=2)
    assert "stands for the whole network" in told


def test_a_secret_that_others_can_read_is_not_taken(installer: Installer) -> None:
    path = Path(installer.secret("open", PASSWORD))
    path.chmod(0o644)
    told = installer.run("mailbox", installer.place, "--none", "--password-file", str(path), code=2)
    assert "chmod 600" in told
    assert PASSWORD not in told


def test_rotate_gives_ours_a_password_of_its_own_and_the_old_one_is_dead(installer: Installer) -> None:
    old = ("--password-file", installer.secret("old", PASSWORD))
    assert "would change" in installer.run("rotate", installer.place, *old)
    out = installer.folder / "rotated.csv"
    told = installer.run("rotate", installer.place, *old, "--yes", "--save", str(out))
    assert "the old one does not" in told
    assert "would change" in installer.run("rotate", "--logins", str(out))
    (_, _, account, password, _) = out.read_text(encoding="utf-8").splitlines()[1].split(",")
    asyncio.run(put_back(installer.place, account, password))


async def put_back(place: str, account: str, password: str) -> None:
    """The password that the other tests know."""
    target, entropy = read_place(place), SystemEntropy()
    met = await meet(target, entropy)
    assert isinstance(met, Met)
    change = SetPassword(Login(account, Secret(password)), Secret(PASSWORD))
    assert await LinkClient(target, entropy, key=met.key).send(change) == Nothing()

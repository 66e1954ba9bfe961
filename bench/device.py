"""The device agent: memory at rest with 16 cameras and after use, power-on to the first page, what it takes on disk.

One real process on this machine, its doors on the loopback, its cameras where nobody answers.
"""

from __future__ import annotations

import contextlib
import importlib.metadata
import marshal
import os
import re
import signal
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

import sparekey
from hatch_build import compile_templates
from sparekey.core import crypto
from sparekey.core.messages.armour import FileKind, wrap
from sparekey.core.messages.trust import sign_trust
from sparekey.core.values import Face, Secret
from sparekey.demo.browser import Browser
from sparekey.device import config, identity
from sparekey.device.agent import Agent
from sparekey.device.cameras.camera import Camera, Control
from sparekey.host import tls
from sparekey.host.clock import SystemClock
from sparekey.host.entropy import SystemEntropy
from sparekey.testing.clock import FixedClock
from sparekey.testing.desk import MemoryDesk
from sparekey.testing.entropy import FixedEntropy

T = TypeVar("T")

CAMERAS = 16
STARTS = 5
LOGINS = 20
PAGES = 100
SETTLES = 15.0
"""Seconds before a device is at rest."""
PASSWORDS = ("a first long password", "a second long password")
ROOT = bytes(32)
ROOT_FOLDER = Path(__file__).parents[1]
_HEAD = 16
"""Bytes before the code in a compiled file."""
_APPS = ("desk", "demo", "finder", "monitor", "testing", "explain")
"""Parts of the package that no device needs."""


def measure() -> dict[str, object]:
    """A megabyte (MB) is 1,000,000 bytes, as the targets count them; times are milliseconds."""
    compile_templates(ROOT_FOLDER)  # as a built package has them
    with tempfile.TemporaryDirectory() as folder:
        site = Site(Path(folder))
        site.cold()  # the first ones also make keys and compile
        found = site.life()
        found["cold start ms"], found["of that on a processor ms"] = site.cold()
    found["installed MB beside Python"] = round(installed() / 1e6, 1)
    found["targets"] = "at rest <= 45 MB, cold <= 500 ms, installed <= 30 MB; a MB is 1,000,000 bytes"
    return found


class Site:
    """A device in a folder, and the desk that its trust file names."""

    def __init__(self, folder: Path) -> None:
        self.desk = MemoryDesk(clock=FixedClock(), entropy=FixedEntropy())
        self.clock = SystemClock()
        trust, root, self.folder = folder / "trust", folder / "root", folder / "device"
        trust.write_text(wrap(FileKind.TRUST, sign_trust(self.desk.trust, ROOT), {}))
        root.write_text(crypto.signing_public(ROOT).hex())
        label = ["--serial", "7F2K-0042", "--model", "PX-3216", "--name", "Front door"]
        doors = ["--listen", "http://127.0.0.1:0", "--listen", "https://127.0.0.1:0"]
        made = ["--dir", str(self.folder), *label, "--trust", str(trust), "--root", str(root), *doors]
        self.command = [
            sys.executable,
            "-OO",
            "-m",
            "sparekey",
            "device",
        ]  # as in packaging/sparekey-device.service
        # A device has its Python compiled; here that lies beside the checkout.
        compiled = {"PYTHONPYCACHEPREFIX": str(folder / "compiled")}
        self.environment = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")} | compiled
        subprocess.run([*self.command, "init", *made], check=True, capture_output=True)

    @contextlib.contextmanager
    def running(self) -> Iterator[tuple[int, str]]:
        """The process number and the address of its pages over TLS."""
        run = [*self.command, "run", "--config", str(self.folder / "device.toml")]
        with subprocess.Popen(run, stdout=subprocess.PIPE, env=self.environment) as process:
            urls = [_found(process.stdout).readline().decode().split()[-1] for _ in range(2)]
            try:
                yield process.pid, urls[1]
            finally:
                process.send_signal(signal.SIGTERM)
                process.wait(30)

    def browser(self) -> Browser:
        """Somebody's browser; the device's certificate is its own."""
        return Browser(tls.stranger())

    def cold(self) -> tuple[float, float]:
        """From starting the process to its first page over TLS, by the clock and on a processor: the medians. On a
        machine that has other things to do, the second one is what counts.
        """
        times = []
        for _ in range(STARTS):
            before = self.clock.monotonic()
            browser = self.browser()
            with self.running() as (pid, url):
                browser.open(url + "/login")
                times.append(((self.clock.monotonic() - before) * 1000, worked(pid) * 1000))
                browser.close()
        clock, processor = (round(statistics.median(each)) for each in zip(*times, strict=True))
        return clock, processor

    def life(self) -> dict[str, object]:
        """A device set up with its cameras, at rest, and after a day of use."""
        self._furnish()
        found: dict[str, object] = {}
        with self.running() as (pid, url):
            self.clock.sleep(SETTLES)
            found["at rest MB (16 cameras)"] = resident(pid)
            found["at rest MB, its own"] = own(pid)
            self._look(url)
            self.clock.sleep(SETTLES)
            found["at rest MB, its first page shown"] = resident(pid)
            before = worked(pid)
            for _ in range(PAGES):
                self._look(url)
            found["a page over a new connection, ms on a processor"] = round(
                (worked(pid) - before) * 1000 / PAGES, 1
            )
            self._forget(url)
            found["after QR and recovery MB"] = resident(pid)
            for _ in range(LOGINS):
                self._sign_in(url)
            found["after 20 logins MB"] = resident(pid)
            found["peak MB"] = peak(pid)
            self.clock.sleep(SETTLES)
            found["at rest MB, after all that"] = resident(pid)
        return found

    def _furnish(self) -> None:
        """What its owner did, by the agent's own calls."""
        read = config.read(self.folder / "device.toml")
        entropy = SystemEntropy()
        agent = Agent(read, identity.ready(read, entropy), clock=self.clock, entropy=entropy)
        agent.boot()
        agent.activate(PASSWORDS[0], "owner@example.com", Face.SCREEN)
        for number in range(CAMERAS):
            page = f"http://127.0.9.{number + 1}:9/"
            camera = agent.cameras.add(Camera(0, f"Camera {number}", page, page, Control.ONVIF))
            agent.cameras.keep(_found(camera).id, "admin", Secret("a password of a camera"))
        agent.close()

    def _look(self, url: str) -> None:
        browser = self.browser()
        browser.open(url + "/login").is_at("/login")
        browser.close()

    def _forget(self, url: str) -> None:
        browser = self.browser()
        page = browser.send(browser.open(url + "/forgot"), "/forgot/mail")
        link = re.search(r"HTTPS://DESK\.EXAMPLE\.COM/R/[0-9A-Z]+", page.body.decode())
        self.desk.send(_found(link)[0])
        page = browser.send(
            browser.open(url + "/forgot/code"), "/forgot/code", {"code": self.desk.mails[-1].code.text}
        )
        again = {"password": PASSWORDS[1], "again": PASSWORDS[1]}
        browser.send(page, "/forgot/password", again).is_at("/forgot/done")
        browser.close()

    def _sign_in(self, url: str) -> None:
        browser = self.browser()
        page = browser.open(url + "/login")
        browser.send(page, "/login", {"user": "admin", "password": PASSWORDS[1]}).is_at("/home")
        browser.close()


def _found(what: T | None) -> T:
    """What must be there. Raises LookupError."""
    if what is None:
        raise LookupError("the device did not do what it does")
    return what


def resident(pid: int) -> float:
    """Memory that the process holds, shared pages included."""
    return _line(pid, "status", "VmRSS")


def peak(pid: int) -> float:
    """The most that it ever held."""
    return _line(pid, "status", "VmHWM")


def own(pid: int) -> float:
    """Of that, what no other process shares."""
    return _line(pid, "status", "RssAnon")


def worked(pid: int) -> float:
    """Seconds on a processor, its own and the system's (proc(5), fields 14 and 15)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _line(pid: int, file: str, name: str) -> float:
    found = re.search(rf"^{name}:\s+(\d+) kB", Path(f"/proc/{pid}/{file}").read_text(), re.MULTILINE)
    return round(int(_found(found)[1]) * 1024 / 1e6, 1)


def installed() -> int:
    """Bytes of the parts in `locks/device.txt` and of the package without the other apps, compiled for `python -OO`:
    what docs/guide/device.md leaves on a device.
    """
    lock = (ROOT_FOLDER / "locks" / "device.txt").read_text(encoding="utf-8")
    total = 0
    for name, marker in re.findall(r"^([a-z0-9.-]+)==\S+(?: ; ([^\\]+))? \\", lock, re.MULTILINE):
        try:
            files = importlib.metadata.files(name) or []
        except importlib.metadata.PackageNotFoundError:
            if not marker:  # it is not for another system: the lock and the environment differ
                raise
            continue
        total += sum(weight(Path(str(file.locate()))) for file in files)
    package = Path(sparekey.__file__).parent
    for path in package.rglob("*"):
        total += 0 if path.relative_to(package).parts[0] in _APPS else weight(path)
    return total


def weight(path: Path) -> int:
    """Bytes of a file, and of what it is compiled to."""
    if path.suffix == ".pyc" or not path.is_file():
        return 0
    if path.suffix != ".py":
        return path.stat().st_size
    code = compile(path.read_bytes(), path.name, "exec", dont_inherit=True, optimize=2)
    return path.stat().st_size + len(marshal.dumps(code)) + _HEAD

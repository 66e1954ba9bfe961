"""The units for systemd: understood by systemd, as tight as they say, and enough for the agent to live in."""

from __future__ import annotations

import os
import re
import shutil
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from sparekey.core.errors import UnavailableError
from sparekey.desk.__main__ import main
from sparekey.host.clock import SystemClock
from tests.shape.tree import ROOT
from tests.system.test_device_process import Device, set_up

PACKAGING = ROOT / "packaging"
UNIT = PACKAGING / "sparekey-device.service"
DESK = PACKAGING / "sparekey-desk.service"
FOLDERS = {UNIT: "/var/lib/sparekey", DESK: "/var/lib/sparekey-desk"}
SCREEN = PACKAGING / "sparekey-device-screen.conf"
FOLDER = PACKAGING / "sparekey-screen.tmpfiles"
MOST_EXPOSED = "20"
"""Of 100, by `systemd-analyze security`; 15 is what it was written with."""
AGENT, KIOSK, OTHER = 64101, 64102, 64103
"""User and group numbers that nobody has here."""

analyzed = pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not here")


def may_confine() -> bool:
    tools = all(map(shutil.which, ("unshare", "setpriv", "mount")))
    if not tools or os.getuid() != 0:
        return False
    return subprocess.run(("unshare", "--mount", "true"), capture_output=True, check=False).returncode == 0


confined = pytest.mark.skipif(not may_confine(), reason="only root has mount namespaces and other users")


both = pytest.mark.parametrize("unit", FOLDERS, ids=lambda unit: unit.stem)


def text(path: Path = UNIT) -> str:
    return path.read_text(encoding="utf-8")


@pytest.mark.meets("asvs-13.2.2", "etsi-5.6-7")
@both
def test_it_has_one_writable_folder_and_is_not_root(unit: Path) -> None:
    assert re.findall(r"^ReadWritePaths=(.*)$", text(unit), re.MULTILINE) == [FOLDERS[unit]]
    assert "ProtectSystem=strict" in text(unit)
    assert re.search(r"^User=(?!root)\w+$", text(unit), re.MULTILINE)
    assert re.search(r"^CapabilityBoundingSet=$", text(unit), re.MULTILINE)
    assert re.search(r"^LimitCORE=0$", text(unit), re.MULTILINE), "keys are in its memory"


@pytest.mark.meets("asvs-13.2.2", "asvs-15.2.5", "etsi-5.6-7")
@analyzed
@both
def test_systemd_finds_it_tight(unit: Path) -> None:
    command = ("systemd-analyze", "security", "--offline=true", f"--threshold={MOST_EXPOSED}", str(unit))
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-300:] + done.stderr
    assert "Unknown" not in done.stderr


@analyzed
def test_systemd_understands_it_with_its_screen(tmp_path: Path) -> None:
    """Only that the program is not installed here is said."""
    unit = tmp_path / UNIT.name
    unit.write_text(text())
    (tmp_path / f"{UNIT.name}.d").mkdir()
    (tmp_path / f"{UNIT.name}.d" / "screen.conf").write_text(text(SCREEN))
    done = subprocess.run(
        ("systemd-analyze", "verify", str(unit)), capture_output=True, text=True, check=False
    )
    said = [line for line in done.stderr.splitlines() if UNIT.name in line]
    assert all("is not executable" in line for line in said), done.stderr


@analyzed
def test_systemd_understands_the_desks(tmp_path: Path) -> None:
    done = subprocess.run(
        ("systemd-analyze", "verify", str(DESK)), capture_output=True, text=True, check=False
    )
    said = [line for line in done.stderr.splitlines() if DESK.name in line]
    assert all("is not executable" in line for line in said), done.stderr
    (start,) = re.findall(r"^ExecStart=\S+/sparekey (.*)$", text(DESK), re.MULTILINE)
    desk, *line, settings = start.split()
    assert (desk, Path(settings).parent) == ("desk", Path(FOLDERS[DESK]))
    with pytest.raises(UnavailableError, match=r"desk\.toml"):
        main([*line, str(tmp_path / "desk.toml")])


def allowed_calls() -> set[str]:
    """The system calls that the unit's filter lets through."""

    def members(name: str) -> set[str]:
        done = subprocess.run(
            ("systemd-analyze", "syscall-filter", name), capture_output=True, text=True, check=True
        )
        found: set[str] = set()
        for line in done.stdout.splitlines()[1:]:
            each = line.strip()
            if each and not each.startswith("#"):
                found |= members(each) if each.startswith("@") else {each}
        return found

    calls: set[str] = set()
    for line in re.findall(r"^SystemCallFilter=(.*)$", text(), re.MULTILINE):
        for name in line.removeprefix("~").split():
            calls = calls - members(name) if line.startswith("~") else calls | members(name)
    return calls


class Confined(Device):
    """The agent in a mount namespace, as the unit has it, with a folder for its launch file."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.run_folder = folder / "run"
        self.run_folder.mkdir()
        mode = re.search(r"^d \S+ (\d+) sparekey kiosk -$", text(FOLDER), re.MULTILINE)
        assert mode
        os.chown(self.run_folder, AGENT, KIOSK)
        self.run_folder.chmod(int(mode[1], 8))
        for above in (folder, *folder.parents):
            if str(above).startswith("/tmp/") and above.owner() == "root":
                above.chmod(above.stat().st_mode | 0o011)
        shown = f'screen = "http://127.0.0.1:0"\nscreen_file = "{self.run_folder}/screen.html"'
        settings, found = re.subn(r'^screen = ""$', shown, self.config.read_text(), flags=re.MULTILINE)
        assert found == 1
        self.config.write_text(settings)
        for path in (self.folder, *self.folder.rglob("*")):
            os.chown(path, AGENT, AGENT)
        self.calls = folder / "run" / "calls"
        traced = ("strace", "-D", "-f", "-c", "-qq", "-o", str(self.calls)) if shutil.which("strace") else ()
        folders = f"{self.folder},{self.run_folder}"
        inside = (sys.executable, "-m", "tests.system.confined", folders, str(AGENT), str(AGENT), str(AGENT))
        self.before = ("unshare", "--mount", *inside, *traced)

    def told_calls(self) -> str:
        """What strace counted; it writes that when the agent is gone."""
        for _ in range(100):
            if self.calls.exists() and "total" in self.calls.read_text():
                break
            SystemClock().sleep(0.1)
        return self.calls.read_text()


@pytest.fixture
def device(tmp_path: Path) -> Iterator[Confined]:
    made = Confined(tmp_path)
    made.start()
    yield made
    if made.process is not None:
        made.cut_power()


@confined
def test_the_agent_lives_in_what_the_unit_leaves_it(device: Confined, tmp_path: Path) -> None:
    set_up(device)
    launch = device.run_folder / "screen.html"
    assert launch.stat().st_uid == AGENT
    # The group of the folder, which is the kiosk's, may read it; the agent is no member and needs no right for that.
    assert (launch.stat().st_gid, stat.S_IMODE(launch.stat().st_mode)) == (KIOSK, 0o640)
    for user, group, may in ((KIOSK, KIOSK, True), (OTHER, OTHER, False)):
        reading = ("setpriv", f"--reuid={user}", f"--regid={group}", "--clear-groups", "cat", str(launch))
        assert (subprocess.run(reading, capture_output=True, check=False).returncode == 0) is may
    for name in ("device.key", "device.sqlite", "device-tls.key"):
        kept = (device.folder / name).stat()
        assert (kept.st_uid, kept.st_mode & 0o077) == (AGENT, 0), name
    assert device.process is not None
    process = device.process.pid
    status = Path(f"/proc/{process}/status").read_text()
    assert re.search(r"^CapEff:\t0+$", status, re.MULTILINE)
    assert re.search(r"^NoNewPrivs:\t1$", status, re.MULTILINE)
    assert re.search(rf"^Uid:\t{AGENT}\t{AGENT}\t{AGENT}\t{AGENT}$", status, re.MULTILINE)
    inside = ("nsenter", "-t", str(process), "-m", "touch", str(tmp_path / "x"))
    assert b"Read-only" in subprocess.run(inside, capture_output=True, check=False).stderr
    assert device.end(signal.SIGTERM) == 0
    if shutil.which("strace") and shutil.which("systemd-analyze"):
        told = device.told_calls()
        used = set(re.findall(r"(\w+)$", told, re.MULTILINE)) - {"total", "syscall"}
        assert {"bind", "fsync", "openat"} <= used
        assert used <= allowed_calls(), used - allowed_calls()

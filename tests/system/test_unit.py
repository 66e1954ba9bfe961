"""The unit for systemd: understood by systemd, and as tight as it says."""

from __future__ import annotations

import re
import shutil
import subprocess

import pytest

from tests.shape.tree import ROOT

UNIT = ROOT / "packaging" / "sparekey-device.service"
MOST_EXPOSED = "20"
"""Of 100, by `systemd-analyze security`; 15 is what it was written with."""


def text() -> str:
    return UNIT.read_text(encoding="utf-8")


@pytest.mark.meets("asvs-13.2.2", "etsi-5.6-7")
def test_it_has_one_writable_folder_and_is_not_root() -> None:
    assert re.findall(r"^ReadWritePaths=(.*)$", text(), re.MULTILINE) == ["/var/lib/sparekey"]
    assert "ProtectSystem=strict" in text()
    assert re.search(r"^User=(?!root)\w+$", text(), re.MULTILINE)
    assert re.search(r"^CapabilityBoundingSet=$", text(), re.MULTILINE)


@pytest.mark.meets("asvs-13.2.2", "asvs-15.2.5", "etsi-5.6-7")
@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not here")
def test_systemd_finds_it_tight() -> None:
    command = ("systemd-analyze", "security", "--offline=true", f"--threshold={MOST_EXPOSED}", str(UNIT))
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-300:] + done.stderr
    assert "Unknown" not in done.stderr

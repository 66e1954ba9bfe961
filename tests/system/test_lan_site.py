"""The real agent in a network of its own: found where only IPv6 link-local reaches it, and called there."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.system.lan_site import HERE
from tests.system.test_device_process import Device, set_up

PATIENCE = 90
NAMESPACE = ("unshare", "--user", "--map-root-user", "--net")


def can_split() -> bool:
    if not all(map(shutil.which, ("unshare", "nsenter", "ip", "sysctl"))):
        return False
    return subprocess.run((*NAMESPACE, "true"), capture_output=True, check=False).returncode == 0


@pytest.mark.skipif(not can_split(), reason="network namespaces of our own are not allowed here")
def test_B07_a_device_on_a_wrong_subnet_is_found_and_called_over_ipv6_link_local(tmp_path: Path) -> None:
    device = Device(tmp_path)
    device.start()
    set_up(device)
    device.cut_power()
    text = device.config.read_text()
    line = next(line for line in text.splitlines() if line.startswith("listen"))
    device.config.write_text(text.replace(line, 'listen = ["https://0.0.0.0:8543", "https://[::]:8543"]'))
    done = subprocess.run(
        (*NAMESPACE, sys.executable, "-m", "tests.system.lan_site", "site", str(device.config)),
        cwd=HERE, env={**os.environ, "PYTHONPATH": f"{HERE / 'src'}:{HERE}"}, capture_output=True, timeout=PATIENCE,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr.decode()
    told = json.loads(done.stdout)
    assert told["v4"] == [], "a question from another network is none of ours"
    (found,) = told["v6"]
    assert found["sender"].startswith("fe80::")
    assert found["port"] == 8543
    assert "192.0.2.20" in found["addresses"], "so that somebody sees which network it thinks it is in"
    assert told["called"] is True

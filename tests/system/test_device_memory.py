"""What a device at rest does not carry about. How much it weighs is measured by `./dev bench device`."""

from __future__ import annotations

import re
import signal
from pathlib import Path

import pytest

from tests.system.test_device_process import Device, set_up

HEAVY = {
    "anyio", "argparse", "babel", "email", "html", "http", "importlib.resources", "jinja2.compiler",
    "jinja2.environment", "jinja2.nodes", "multiprocessing", "pickle", "python_multipart", "segno", "sparekey.demo",
    "sparekey.desk", "sparekey.device.lan_face", "sparekey.device.pages.support",
    "sparekey.finder", "sparekey.lan.onvif.service", "sparekey.testing", "starlette", "tempfile", "typing_extensions",
    "urllib.request", "uuid", "xml.etree", "zipfile",
}  # fmt: skip
"""Modules that took more memory than anybody missed, or that are for one page in a hundred."""


def loaded(device: Device) -> set[str]:
    log = (device.folder / "log").read_text()
    return set(re.findall(r"^import '([\w.]+)' #", log, re.MULTILINE))


def test_a_device_that_showed_its_first_page_carries_nothing_heavy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    device = Device(tmp_path)
    device.start()
    set_up(device)
    device.cut_power()
    monkeypatch.setenv("PYTHONVERBOSE", "1")
    (device.folder / "log").unlink()
    device.start()
    assert device.browser(1).get("/login").status == 200
    assert device.end(signal.SIGTERM) == 0
    found = loaded(device)
    assert {"sparekey.device.pages.login", "sparekey.web.compiled", "asyncio"} <= found
    assert not {name for name in found if any(f"{name}.".startswith(f"{heavy}.") for heavy in HEAVY)}

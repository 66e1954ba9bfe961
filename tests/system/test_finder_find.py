"""`sparekey find` as a person and as a script call it."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.system.find_site import PLACES

ROOT = Path(__file__).parents[2]
SITE = 'ip link set lo up && exec "$0" -m tests.system.find_site'
LONGEST = 400


@pytest.fixture(scope="module")
def told() -> dict[str, dict[str, Any]]:
    try:
        done = subprocess.run(
            ["unshare", "-rn", "sh", "-c", SITE, sys.executable],
            capture_output=True, text=True, check=False, timeout=LONGEST, cwd=ROOT,
            env=os.environ | {"PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"},
        )  # fmt: skip
    except OSError:
        pytest.skip("this machine has no network namespaces")
    if "unshare" in done.stderr:
        pytest.skip("this machine lets nobody make a network namespace")
    assert done.returncode == 0, done.stderr
    found: dict[str, dict[str, Any]] = json.loads(done.stdout)
    return found


def test_B07_what_is_piped_is_data_and_nothing_else(told: dict[str, dict[str, Any]]) -> None:
    said = told["json"]
    assert said["code"] == 0
    found = json.loads(said["out"])
    assert {link for one in found for link in one["links"]} == {
        f"http://{place}/onvif/device_service" for place in PLACES
    }
    assert "2 devices found" in said["err"]
    assert "\x1b" not in said["out"] + said["err"]


def test_the_table_fits_a_pipe_without_colours(told: dict[str, dict[str, Any]]) -> None:
    head, *lines = told["table"]["out"].splitlines()
    assert head.split()[:3] == ["State", "Brand", "Model"]
    assert len(lines) == len(PLACES)
    assert "\x1b" not in told["table"]["out"]


def test_watching_ends_by_ctrl_c_and_every_round_is_whole(told: dict[str, dict[str, Any]]) -> None:
    assert told["watch"]["code"] == 130
    rows = list(csv.DictReader(io.StringIO(told["watch"]["out"])))
    assert len(rows) == len(PLACES)
    assert "Traceback" not in told["watch"]["err"]


def test_nobody_and_no_network_are_two_things(told: dict[str, dict[str, Any]]) -> None:
    assert told["nobody"]["code"] == 1
    assert "--add" in told["nobody"]["err"]
    assert told["no network"]["code"] == 4
    assert "no network" in told["no network"]["err"]

"""A real device process whose power or disk fails in the middle of a reset."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from faults import shim
from faults.failures import LeftBrokenError, run
from faults.resets import RESETS

ASLEEP = """
import runpy, sys
from sparekey.host import sqlite_store
made = sqlite_store.SqliteFile._make
def unsynced(file, schema):
    file._connection.execute("PRAGMA synchronous=OFF")
    made(file, schema)
sqlite_store.SqliteFile._make = unsynced
sys.argv = ["faults.play", "key-file", sys.argv[1], "9"]
runpy.run_module("faults.play", run_name="__main__")
"""
"""A device that says done before anything is on the disk."""


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = shim.compiled(tmp_path_factory.mktemp("shim"))
    if made is None:
        pytest.skip("no C compiler here; mend it with: sudo apt install gcc libc6-dev")
    return made


@pytest.mark.parametrize("name", RESETS)
def test_T07_exactly_one_password_after_any_failure(name: str, library: Path, tmp_path: Path) -> None:
    calls, found = run(name, tmp_path, library, step=13)
    assert calls >= 9
    assert {"killed", "disk full", "read-only", "disk broken", "lost", "torn"} <= found.keys()
    reset = RESETS[name]
    assert set(found["killed"]) <= {reset.before, reset.after}
    assert set(found["lost, after done"]) == {reset.after}


def test_a_device_that_does_not_sync_is_found_out(library: Path, tmp_path: Path) -> None:
    environment = {shim.VARIABLE: str(library)}
    command = [sys.executable, "-c", ASLEEP, str(tmp_path)]
    done = subprocess.run(command, check=False, capture_output=True, text=True, env=environment)
    assert done.returncode == 1
    assert LeftBrokenError.__name__ in done.stderr
    assert "old after it had said done" in done.stderr

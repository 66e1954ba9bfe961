"""A short run of what `./dev fuzz` does for longer, and every input that it kept or that once broke a reader."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fuzz.catalogue import TARGETS
from fuzz.changes import inputs
from fuzz.target import HERE, Target, store, stored


@pytest.mark.parametrize("name", TARGETS)
def test_T14_what_fuzzing_kept_brings_a_value_or_our_error(name: str) -> None:
    for data in TARGETS[name].inputs:
        TARGETS[name].holds(data)


@pytest.mark.meets("etsi-5.13-1A", "etsi-5.13-1B")
@pytest.mark.parametrize("name", TARGETS)
@settings(max_examples=40)
@given(draw=st.data())
def test_T14_what_is_nearly_good_brings_a_value_or_our_error(name: str, draw: st.DataObject) -> None:
    TARGETS[name].holds(draw.draw(inputs(TARGETS[name].inputs)))


@pytest.mark.parametrize("name", TARGETS)
def test_every_reader_begins_with_something_that_it_takes(name: str) -> None:
    assert any(TARGETS[name].holds(data) for data in TARGETS[name].seeds())


def test_every_kept_input_belongs_to_a_reader_and_is_small() -> None:
    kept = [*(HERE / "corpus").glob("*"), *(HERE / "found").glob("*.hex")]
    assert {path.stem for path in kept} <= set(TARGETS)
    assert all(path.stat().st_size <= 32 * 1024 for path in kept)


def test_anything_else_than_our_errors_comes_out() -> None:
    broken = Target("broken", lambda data: 1 // len(data), lambda: [b"x"])
    assert broken.holds(b"x")
    with pytest.raises(ZeroDivisionError):
        broken.holds(b"")


def test_a_reader_that_breaks_is_found_and_what_broke_it_is_kept(tmp_path: Path) -> None:
    from fuzz.changes import run

    count, broke = run(Target("broken", lambda data: 1 // (len(data) - 3), lambda: [b"abcd"]), 60)
    assert count > 0
    assert broke is not None
    assert len(broke) == 3
    store(tmp_path / "broken.hex", [b"longer", broke, broke])
    assert stored(tmp_path / "broken.hex") == [broke, b"longer"]


def test_an_unknown_reader_is_told() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "fuzz", "no-such-reader"],
        cwd=HERE.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "no-such-reader" in done.stderr

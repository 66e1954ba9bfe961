"""`./dev bench`: what it says, what it keeps, and with which number it ends; and the test that it compares times by."""

from __future__ import annotations

import json
import math
import sys
from pathlib import Path
from types import ModuleType

import pytest

from bench import __main__ as bench
from bench import _page
from bench._ranks import apart, pairs


@pytest.fixture
def measured(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[str]:
    """Parts that take no time. The finder breaks."""
    ran: list[str] = []

    def part(name: str) -> ModuleType:
        made = ModuleType(f"bench.{name}")

        def measure() -> dict[str, object]:
            ran.append(name)
            if name == "finder":
                raise OSError("no network here")
            unmet = ["told apart"] if name == "timing" else []
            return {"rows": {"one": {"ms": 1}}, "figure": 2, "not met": unmet}

        made.__dict__["measure"] = measure
        return made

    for name in bench.PARTS:
        monkeypatch.setitem(sys.modules, f"bench.{name}", part(name))
    monkeypatch.setattr(bench, "RESULTS", tmp_path / "results")
    monkeypatch.setattr(_page, "write", lambda _results: ran.append("page"))
    return ran


def test_all_measures_one_part_after_the_other_past_what_fails(
    measured: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert bench.main(["all"]) == 1
    assert measured == [*bench.PARTS, "page"]
    told = capsys.readouterr()
    assert next(line for line in told.out.splitlines() if "about" in line).startswith("device: ")
    assert "no network here" in told.err
    assert told.err.endswith("timing: told apart\nnot in order: finder, timing\n")
    kept = sorted(path.stem for path in bench.RESULTS.iterdir())
    assert kept == sorted(bench.PARTS.keys() - {"finder"})
    assert json.loads((bench.RESULTS / "log.json").read_text())["figure"] == 2


def test_parts_that_are_named_are_measured_alone(measured: list[str]) -> None:
    assert bench.main(["log", "device"]) == 0
    assert measured == ["device", "log", "page"]
    assert bench.main(["timing"]) == 1


@pytest.mark.parametrize("given", [[], ["disk"], ["log", "disk"]])
def test_without_a_name_or_with_a_wrong_one_it_says_what_there_is(
    given: list[str], measured: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert bench.main(given) == 2
    assert measured == []
    told = capsys.readouterr().err
    assert all(f"  {name} " in told for name in [*bench.PARTS, "all"])
    assert ("no part disk" in told) == bool(given)


def test_help_is_no_mistake(capsys: pytest.CaptureFixture[str]) -> None:
    assert bench.main(["--help"]) == 0
    told = capsys.readouterr()
    assert told.err == ""
    assert "./dev bench all" in told.out


def test_times_that_lie_apart_are_told_apart_and_equal_ones_are_not() -> None:
    even, odd = list(range(0, 200, 2)), list(range(1, 201, 2))
    p, later = apart(even, odd)
    assert p > 0.9
    assert later == pytest.approx(0.495)
    assert apart(even, [one + 200 for one in even])[0] < 1e-30
    assert apart([5.0] * 40, [5.0] * 40) == (1.0, 0.5)


def test_the_rank_test_is_the_one_that_counts_who_is_later() -> None:
    one, other = [1.0, 2.0, 4.0, 7.0, 8.0, 9.0], [3.0, 5.0, 6.0, 10.0, 11.0, 12.0]
    later = sum(a > b for a in one for b in other)
    z = (later - 36 / 2) / math.sqrt(36 * 13 / 12)
    assert apart(one, other) == pytest.approx((math.erfc(abs(z) / math.sqrt(2)), later / 36))


def test_ties_share_their_ranks() -> None:
    one, other = [1.0, 2.0, 2.0, 3.0], [2.0, 3.0, 3.0, 4.0]
    wins = sum((a > b) + (a == b) / 2 for a in one for b in other)
    assert apart(one, other)[1] == pytest.approx(wins / 16)


def test_the_most_different_pair_comes_first() -> None:
    found = pairs({"a": [1.0, 2.0, 3.0], "b": [1.5, 2.5, 3.5], "c": [10.0, 11.0, 12.0]})
    assert (found[0].one, found[0].other) in {("a", "c"), ("b", "c")}
    assert len(found) == 3

"""The page of the benches says what the kept results say, and no picture of an older run stays."""

from __future__ import annotations

import json

from bench import _page
from bench.__main__ import PARTS, RESULTS


def test_the_page_and_its_pictures_are_those_of_the_kept_results() -> None:
    for path, text in _page.pages(RESULTS).items():
        assert path.read_text(encoding="utf-8") == text, f"{path.name} is old: python -m bench._page"
    made = {path.name for path in _page.pages(RESULTS)}
    assert {path.name for path in _page.PAGE.parent.glob("performance*")} == made


def test_every_part_that_can_be_measured_is_listed_and_every_result_is_of_one() -> None:
    files = {path.stem for path in RESULTS.parent.glob("*.py") if not path.stem.startswith("_")}
    assert files == set(PARTS)
    assert {path.stem for path in RESULTS.glob("*.json")} <= set(PARTS)


def test_every_result_says_when_and_on_what_it_was_measured() -> None:
    for path in RESULTS.glob("*.json"):
        assert {"date", "machine", "python"} <= set(json.loads(path.read_text(encoding="utf-8"))), path.name


def test_T06_the_bench_of_the_answers_times_finds_what_the_beat_hides() -> None:
    told = json.loads((RESULTS / "timing.json").read_text(encoding="utf-8"))
    assert told["asked, each"] >= 1000
    for name in ("sqlite, no beat", "postgresql, no beat"):
        assert min(row["smallest p"] for row in told[name].values()) * told["pairs of kinds"] < 0.01

"""The report: every row is in it, and a row is what its parts make of it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sparekey import profiles
from sparekey.demo import check
from sparekey.demo.check import play, table
from sparekey.demo.checks import CHECKS
from sparekey.demo.procedures import PROCEDURES, TITLES, asked
from sparekey.demo.site import BUTTON
from sparekey.demo.verdicts import OK, UNBUILT, bare, failed
from sparekey.testing.clock import FixedClock
from sparekey.testing.entropy import FixedEntropy


def test_every_number_has_one_row() -> None:
    expected = [f"P{number:02}" for number in range(1, 28)] + [f"B{number:02}" for number in range(1, 13)]
    assert [procedure.number for procedure in PROCEDURES] == expected


def test_a_row_of_several_parts_is_reported_by_part_and_as_a_whole() -> None:
    rows = table({})
    assert list(rows) == list(TITLES)
    assert set(rows.values()) == {UNBUILT}
    assert [row for row in rows if row.startswith("P15")] == ["P15.device", "P15.desk", "P15.finder", "P15"]
    assert [row for row in rows if row.startswith("P21")] == ["P21"]
    assert json.loads(json.dumps(rows)) == rows


def test_a_whole_is_ok_only_when_all_its_parts_are() -> None:
    assert table({"P05.device": OK})["P05"] == UNBUILT
    assert table({"P05.device": OK, "P05.phone": OK})["P05"] == OK
    assert table({"P05.device": failed("why")})["P05"] == "failed: see P05.device"
    assert table({"P21": OK})["P21"] == OK
    assert bare({"P04.device": OK, "P04.finder": failed("x")}) == "failed: see P04.finder"


def test_a_reason_is_one_line() -> None:
    assert failed("one\n two\tthree") == "failed: one two three"


def test_a_check_plays_a_row_of_the_table_with_a_profile_there_is() -> None:
    reported = {row for procedure in PROCEDURES for row in procedure.rows or (procedure.number,)}
    assert {check.row for check in CHECKS} <= reported
    assert {check.profile for check in CHECKS} <= set(profiles.names())
    places = [(check.row, check.profile, check.play.__name__) for check in CHECKS]
    assert len(set(places)) == len(places), "each plays in a folder of its own"


def test_a_bare_row_stands_for_each_of_its_parts() -> None:
    assert asked(["P13"]) == {"P13", "P13.device", "P13.phone"}
    assert asked(["P13.phone", "P21"]) == {"P13.phone", "P21"}
    assert asked([]) == frozenset()


@pytest.mark.parametrize(
    ("rows", "played"),
    [
        (["P13"], {"P13.device", "P13.phone"}),
        (["P13.phone"], {"P13.phone"}),
        (["P21"], {"P21"}),
        (["B02"], {"B02"}),
        ([], {each.row for each in CHECKS} | {"B02", "B12"}),
    ],
)
def test_what_is_asked_for_is_played_and_nothing_else(
    rows: list[str], played: set[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(check, "_verdict", lambda *_: OK)
    monkeypatch.setattr(check, "PROOFS", (("B02", lambda: OK), ("B12", lambda: OK)))
    said: list[str] = []
    verdicts = play(tmp_path, 1, clock=FixedClock(), entropy=FixedEntropy(), say=said.append, rows=rows)
    assert {row for row in verdicts if verdicts[row] == OK and row in played} == played
    assert {word for sentence in said for word in sentence.split() if word in TITLES} == played
    whole = {row.partition(".")[0] for row in played}
    assert {row for row in verdicts if verdicts[row] == OK} <= played | whole


def test_without_a_checkout_the_rows_of_the_switch_are_skipped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(check, "_verdict", lambda *_: OK)
    monkeypatch.setattr(check, "find_spec", lambda name: None if name == BUTTON else name)
    rows = ["P01", "P26", "P21"]
    verdicts = play(tmp_path, 1, clock=FixedClock(), entropy=FixedEntropy(), say=lambda _: None, rows=rows)
    assert [verdicts[row].partition(":")[0] for row in rows] == ["skipped", "skipped", OK]

"""The report: every row is in it, and a row is what its parts make of it."""

from __future__ import annotations

import json

from sparekey import profiles
from sparekey.demo.check import table
from sparekey.demo.checks import CHECKS
from sparekey.demo.procedures import PROCEDURES, TITLES
from sparekey.demo.verdicts import OK, UNBUILT, bare, failed


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

"""Devices as tables, JSON and CSV."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace

import pytest

from sparekey.finder import rows
from sparekey.language.catalogue import translator
from tests.finder.answers import OTHER, OURS

ENGLISH = translator("en")


def test_json_has_every_key_for_every_device() -> None:
    told = json.loads(rows.as_json([OURS, OTHER]))
    assert [list(one) for one in told] == [list(rows.KEYS)] * 2
    assert told[0]["state"] == "set"
    assert (told[1]["state"], told[1]["ways"], told[1]["mac"]) == ("new", ["mail", "request-file"], OTHER.mac)


@pytest.mark.meets("asvs-1.2.10")
def test_csv_has_the_same_columns_and_no_formula() -> None:
    evil = replace(OTHER, name="=1+1", model="@sum", brand="-x")
    lines = list(csv.reader(io.StringIO(rows.as_csv([evil]))))
    assert lines[0] == list(rows.KEYS)
    told = dict(zip(*lines, strict=True))
    assert (told["name"], told["model"], told["brand"]) == ("'=1+1", "'@sum", "'-x")
    assert told["ways"] == "mail request-file"


@pytest.mark.parametrize("width", [60, 80, 160])
def test_no_line_of_the_table_is_wider_than_the_terminal(width: int) -> None:
    long = replace(OTHER, name="Kamera nad vchodem do skladu číslo 12, západní strana", brand="日本語カメラ")
    lines = rows.as_table([OURS, long], ENGLISH, width).splitlines()
    assert len(lines) == 3
    assert all(rows.columns(line) <= width for line in lines)
    assert lines[1].startswith("in use")
    assert "192.0.2.64" in lines[2]


def test_what_is_cut_says_so() -> None:
    assert "…" in rows.as_table([replace(OTHER, name="x" * 200)], ENGLISH, 80)


@pytest.mark.parametrize(
    ("count", "told"), [(0, "0 devices found"), (1, "1 device found"), (2, "2 devices found")]
)
def test_the_summary_counts(count: int, told: str) -> None:
    assert rows.summary([OURS] * count, ENGLISH) == told

"""The rows that no process can show: what is proved on paper, and the table of the standards."""

from __future__ import annotations

from pathlib import Path

import pytest

from sparekey.demo.proofs import CHECKOUT, CONFORMITY, MODELS, conformity, formal, unproved
from sparekey.demo.verdicts import OK


def checkout(folder: Path, script: str) -> Path:
    """A folder whose check of the models is this."""
    (folder / MODELS).parent.mkdir()
    (folder / MODELS).write_text(script, encoding="utf-8")
    return folder


def test_B12_every_requirement_names_tests_that_are_there() -> None:
    assert conformity() == OK


def test_B12_a_test_that_is_not_there_and_a_row_that_is_missing_are_told() -> None:
    page = (CHECKOUT / CONFORMITY).read_text("utf-8")
    assert unproved(page, CHECKOUT) == ""
    name = "test_B05_T18_to_erase_takes_two_different_people_whatever_the_policy_says"
    assert unproved(page.replace(name, "test_of_nothing"), CHECKOUT) == "there is no test_of_nothing"
    rows = [line for line in page.splitlines() if not line.startswith("| 6.2.1 |")]
    assert unproved("\n".join(rows), CHECKOUT) == "asvs-6.2.1 names no test"


@pytest.mark.parametrize(
    ("script", "verdict"),
    [
        ("print('all as expected')", OK),
        ("import sys; sys.exit(77)", "skipped: there is no ProVerif here"),
        ("print('ok C01'); print('NOT OK C02 false'); raise SystemExit(1)", "failed: NOT OK C02 false"),
        ("raise SystemExit(1)", "failed: the verifier said nothing"),
    ],
)
def test_B02_the_models_are_asked_and_their_answer_is_told(tmp_path: Path, script: str, verdict: str) -> None:
    assert formal(checkout(tmp_path, script)) == verdict


def test_without_a_checkout_both_are_skipped(tmp_path: Path) -> None:
    assert formal(tmp_path).startswith("skipped: ")
    assert conformity(tmp_path).startswith("skipped: ")

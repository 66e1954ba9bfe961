"""The claims in the models, the tables people read, the recorded verdicts and the breaks tell one story."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType

import pytest

FORMAL = Path(__file__).resolve().parents[2] / "formal"


def load() -> ModuleType:
    """The check script as a module."""
    loader = SourceFileLoader("formal_check", str(FORMAL / "check"))
    spec = importlib.util.spec_from_loader(loader.name, loader)
    assert spec
    module = importlib.util.module_from_spec(spec)
    sys.modules[loader.name] = module
    written, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    try:
        loader.exec_module(module)
    finally:
        sys.dont_write_bytecode = written
    return module


CHECK = load()


def run_check(verifier: str | None) -> subprocess.CompletedProcess[str]:
    """Run the script with this verifier, or where there is none."""
    environment = {name: value for name, value in os.environ.items() if name not in {"PROVERIF", "PATH"}}
    environment["PATH"] = str(FORMAL)
    if verifier is not None:
        environment["PROVERIF"] = verifier
    command = [sys.executable, str(FORMAL / "check")]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def test_claims_and_runs_are_numbered_without_gaps_and_no_number_twice() -> None:
    for letter in "CR":
        ids = sorted(claim.id for claim in CHECK.all_claims() if claim.id[0] == letter)
        assert ids == [f"{letter}{number:02}" for number in range(1, len(ids) + 1)]


def test_every_claim_is_one_sentence_that_fits_a_table() -> None:
    for claim in CHECK.all_claims():
        assert re.fullmatch(r"(\(limit\) )?[A-Z][^.|]*\.", claim.sentence), claim.id


def test_every_honest_run_and_every_limit_is_expected_to_be_found_and_nothing_else() -> None:
    for claim in CHECK.all_claims():
        found = claim.id[0] == "R" or claim.sentence.startswith("(limit)")
        assert (claim.verdict == "false") == found, claim.id
        assert claim.sentence.startswith("An honest run exists: ") == (claim.id[0] == "R"), claim.id


def test_every_model_has_an_honest_run_that_can_take_a_trace() -> None:
    claims = CHECK.all_claims()
    asking = {claim.model for claim in claims if claim.kind == "query"}
    assert asking == {claim.model for claim in claims if claim.id[0] == "R"}


def test_the_readme_shows_the_tables_as_the_models_have_them() -> None:
    readme = (FORMAL / "README.md").read_text(encoding="utf-8")
    rows = [line for line in readme.splitlines() if line.startswith("|")]
    claims, runs = CHECK.tables()
    assert rows == claims + runs


def test_the_recorded_verdicts_are_the_expected_ones_of_these_claims_and_breaks() -> None:
    heading, *lines = (FORMAL / "verdicts.txt").read_text(encoding="utf-8").splitlines()
    assert re.match(r"# ProVerif \d+\.\d+, \d{4}-\d{2}-\d{2}; ", heading)
    expected = [f"{claim.id} {claim.verdict}" for claim in CHECK.all_claims()]
    expected += [
        f"{claim} false broken/{broken.name}" for broken in CHECK.all_breaks() for claim in broken.fails
    ]
    assert lines == expected


def test_the_readme_names_the_version_and_the_day_of_the_recorded_verdicts() -> None:
    heading = (FORMAL / "verdicts.txt").read_text(encoding="utf-8").splitlines()[0]
    verifier, day = heading.removeprefix("# ").partition(";")[0].split(", ")
    readme = " ".join((FORMAL / "README.md").read_text(encoding="utf-8").split())
    assert f"{verifier} on {day}" in readme


def test_every_leak_that_a_claim_excepts_is_explained() -> None:
    readme = (FORMAL / "README.md").read_text(encoding="utf-8")
    told = readme.partition("The leaks:")[2].partition("\n\n")[0]
    leaks = {leak for claim in CHECK.all_claims() for leak in claim.leaks}
    assert leaks == set(re.findall(r"`(\w+)`", told))


def test_every_true_claim_is_defeated_by_a_break_and_every_break_defeats_true_claims() -> None:
    true = {claim.id for claim in CHECK.all_claims() if claim.verdict == "true"}
    defeated = {claim for broken in CHECK.all_breaks() for claim in broken.fails}
    assert defeated == true


def test_every_break_changes_what_its_claims_are_about() -> None:
    models = {claim.id: claim.model for claim in CHECK.all_claims()}
    for broken in CHECK.all_breaks():
        files = {edit.file for edit in broken.edits}
        assert broken.fails, broken.name
        assert files == {models[claim] for claim in broken.fails} or files == {"lib.pvl"}, broken.name
        assert re.fullmatch(r"[A-Z].*\.", broken.sentence), broken.name


@pytest.mark.parametrize(
    "text",
    [
        "query event(A).\n",
        "(* C01 true: Nothing is asked. *)\nevent A.\n",
        "(* C01 true: It is asked. *)\nquery event(A).\n\nquery event(B).\n",
        "no claim at all\n",
    ],
)
def test_a_query_without_a_name_and_a_name_without_a_query_are_refused(text: str) -> None:
    with pytest.raises(CHECK.FormalError):
        CHECK.read_claims("model.pv", text)


def test_an_edit_that_does_not_fit_is_refused() -> None:
    with pytest.raises(CHECK.FormalError):
        CHECK.edited("lib.pvl", [CHECK.Edit("lib.pvl", "nowhere to be found", "", 1)])


TWO = """(* R01 false: An honest run exists: one. *)
query event(A) ==> false.

(* C01 true: Two. *)
query event(B) ==> event(A).
"""


def test_a_model_can_be_cut_down_to_one_claim() -> None:
    assert [claim.id for claim in CHECK.read_claims("m", CHECK.only(TWO, "m", ["C01"]))] == ["C01"]


@pytest.mark.parametrize(
    ("output", "verdict"),
    [
        ("RESULT not event(A) is false.\nRESULT event(B) ==> event(A) is true.\n", "true"),
        ("RESULT not event(A) is false.\nRESULT inj-event(B) ==> inj-event(A) is false.\n", "false"),
        (
            "RESULT not event(A) is false.\nRESULT inj-event(B) ==> inj-event(A) cannot be proved.\nRESULT (but B.)\n",
            "cannot be proved",
        ),
    ],
)
def test_answers_are_read_in_the_order_of_the_claims(output: str, verdict: str) -> None:
    claims = [
        CHECK.Claim("R01", "false", "", "m", "query", frozenset("A"), (), 0, 0),
        CHECK.Claim("C01", "true", "", "m", "query", frozenset("AB"), (), 0, 0),
    ]
    assert CHECK.verdicts(output, claims) == {"R01": "false", "C01": verdict}


@pytest.mark.parametrize(
    "output",
    [
        "",
        "RESULT event(B) ==> event(A) is true.\nRESULT not event(A) is false.\n",
        "RESULT not event(A) is false.\n",
    ],
)
def test_answers_to_something_else_are_refused(output: str) -> None:
    claims = [
        CHECK.Claim("R01", "false", "", "m", "query", frozenset("A"), (), 0, 0),
        CHECK.Claim("C01", "true", "", "m", "query", frozenset("AB"), (), 0, 0),
    ]
    with pytest.raises(CHECK.FormalError):
        CHECK.verdicts(output, claims)


@pytest.mark.parametrize(
    ("shown", "verdict"), [("A trace has been found.\n", "false"), ("", "cannot be proved")]
)
def test_processes_count_as_told_apart_only_where_the_verifier_shows_how(shown: str, verdict: str) -> None:
    claims = [CHECK.Claim("C01", "true", "", "m", "process", frozenset(), (), 0, 0)]
    output = f"{shown}RESULT Observational equivalence cannot be proved.\n"
    assert CHECK.verdicts(output, claims) == {"C01": verdict}


def test_where_there_is_no_verifier_the_check_says_so_and_skips() -> None:
    for verifier in (None, "/nowhere/proverif"):
        done = run_check(verifier)
        assert done.returncode == CHECK.SKIPPED == 77
        assert "skipped" in done.stderr


def test_a_verifier_that_says_nothing_passes_nothing() -> None:
    silent = shutil.which("true")
    assert silent
    done = run_check(silent)
    assert done.returncode == CHECK.FAILED == 1
    assert "\nok" not in done.stdout

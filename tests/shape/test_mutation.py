"""The page of mutants is made of what was found, and every reason is still about a line that is there."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import pytest

from mutation import page, workshop
from mutation.workshop import Outcome, Survivor

CHANGES = tomllib.loads(page.EXPLAINED.read_text(encoding="utf-8"))["change"]


def test_the_page_is_made_of_the_results_and_the_reasons() -> None:
    assert page.PAGE.read_text(encoding="utf-8") == page.text(page.kept())


@pytest.mark.parametrize("told", CHANGES, ids=lambda told: told["function"])
def test_a_reason_is_about_a_line_that_is_there(told: dict[str, str]) -> None:
    module = next(name for name in workshop.modules([]) if told["function"].startswith(f"{name}."))
    source = (workshop.CORE / f"{module.replace('.', '/')}.py").read_text(encoding="utf-8")
    assert re.sub(r"\s+", "", told["was"]) in re.sub(r"\s+", "", source)


def test_nothing_survived_without_a_reason() -> None:
    known = page.reasons()
    assert [one for found in page.kept().values() for one in found.survivors if known.why(one) is None] == []


def test_a_module_is_named_with_all_below_it() -> None:
    assert workshop.modules(["policy", "tlog.tree"]) == ["policy", "tlog.tree"]
    assert "device.life" in workshop.modules(["device"])
    assert workshop.modules(["nothing"]) == []


def test_what_was_not_tried_is_no_result(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workshop, "WORK", tmp_path)
    where = tmp_path / "mutants/src/sparekey/core/policy.py.meta"
    where.parent.mkdir(parents=True)
    codes = {"sparekey.core.policy.x_a__mutmut_1": 1, "sparekey.core.policy.xǁBǁc__mutmut_2": 36}
    where.write_text(json.dumps({"exit_code_by_key": codes}))
    assert workshop.read("policy") == Outcome(workshop.digest("policy"), 1, 1, ())
    where.write_text(json.dumps({"exit_code_by_key": {**codes, "sparekey.core.policy.x_a__mutmut_2": None}}))
    with pytest.raises(workshop.UntriedError, match="policy"):
        workshop.read("policy")


def test_a_survivor_without_a_reason_counts_and_one_with_a_reason_is_listed() -> None:
    known = CHANGES[0]
    explained = Survivor(known["function"], known["was"], known["now"])
    told = page.text({"policy": Outcome("", 5, 1, (explained, Survivor("policy.f", "a < b", "a <= b")))})
    assert "| policy (changed since) | 8 | 6 | 1 | 1 |" in told
    assert f"- {known['function']}: `{known['was']}` as `{known['now']}`" in told

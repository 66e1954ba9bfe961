"""The standards, the marks of tests and docs/ref/conformity.md tell one story."""

from __future__ import annotations

import ast
from collections import Counter

import pytest

from sparekey.profiles import RECOMMENDED, names
from sparekey.profiles.standards import standards
from tests.shape.conformity import PAGE, _marked, marks, page

CLAIMED = {
    standard.mark(requirement)
    for standard in standards()
    for requirement in standard.requirements
    if requirement.claimed
}


@pytest.mark.meets("etsi-5.0-1")
def test_every_requirement_is_proved_or_says_why_not() -> None:
    assert not CLAIMED - set(marks()), "no test is marked for it: mark one, or say why it is not met"


def test_every_mark_names_a_requirement_that_is_said_to_be_met() -> None:
    assert not set(marks()) - CLAIMED, "a mark of no requirement, or of one that is said not to be met"


def test_the_page_is_what_standards_and_marks_say() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "python -m tests.shape.conformity writes it again"


def test_every_requirement_stands_there_once_and_says_something() -> None:
    for standard in standards():
        times = Counter(requirement.id for requirement in standard.requirements)
        assert set(times.values()) == {1}, standard.name
        for requirement in standard.requirements:
            assert requirement.says, requirement.id
            assert "|" not in requirement.says + requirement.lacks + requirement.outside, requirement.id


def test_only_profiles_that_exist_depart_and_the_recommended_one_never_does() -> None:
    departing = {
        departure.profile
        for standard in standards()
        for requirement in standard.requirements
        for departure in requirement.departures
    }
    assert departing == set(names()) - {RECOMMENDED}


def test_marks_are_read_from_the_source() -> None:
    source = '@pytest.mark.meets("a-1", "a-2")\n@other("a-3")\nasync def test_x() -> None: ...\ndef test_y(): ...\n'
    assert _marked(ast.parse(source)) == [("test_x", "a-1"), ("test_x", "a-2")]

"""Every threat of spec/security.md has its tests: no rule without a name, no name without a test."""

from __future__ import annotations

import re

import pytest

from tests.shape.named_tests import named_tests
from tests.shape.tree import ROOT

SECTION = re.compile(r"^### (T\d{2}) [^\n]+\n(.*?)(?=^##)", re.MULTILINE | re.DOTALL)
NUMBER = re.compile(r"(?<![0-9A-Za-z])T\d{2}(?![0-9A-Za-z])")
TEST = re.compile(r"`(test_\w+)`")
PARTS = ("*Attack.* ", "*Answer.* ", "*Tests.* ")


def threats() -> dict[str, str]:
    """Number -> its section."""
    return dict(SECTION.findall((ROOT / "spec" / "security.md").read_text(encoding="utf-8")))


def carried(test: str) -> set[str]:
    """The numbers in a test's name."""
    return set(NUMBER.findall(test.replace("_", " ")))


def test_threats_are_numbered_without_gaps_and_each_says_attack_answer_and_tests() -> None:
    assert list(threats()) == [f"T{number:02}" for number in range(1, len(threats()) + 1)]
    assert not {
        number for number, text in threats().items() if [text.count(part) for part in PARTS] != [1] * 3
    }


@pytest.mark.meets("asvs-6.1.1", "asvs-8.1.3", "etsi-5.6-9")
def test_every_threat_names_its_tests_and_every_one_of_them_exists() -> None:
    listed = {number: TEST.findall(text.partition(PARTS[2])[2]) for number, text in threats().items()}
    assert not {number for number, tests in listed.items() if not tests}
    assert not {
        (number, test) for number, tests in listed.items() for test in tests if test not in named_tests()
    }


def test_every_threat_is_carried_by_the_name_of_a_test() -> None:
    everywhere = {number for test in named_tests() for number in carried(test)}
    assert not set(threats()) - everywhere, "a threat without a test gets tidied away"
    assert not everywhere - set(threats()), "a number that no threat has"


def test_numbers_are_read_from_names_as_they_are_written() -> None:
    assert carried("test_B05_T18_T44_to_erase_takes_two") == {"T18", "T44"}
    assert not carried("test_THE07_AT09_T100_t12")

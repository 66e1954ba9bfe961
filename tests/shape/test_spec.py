"""The spec defines, the code refers: no reference may point into the void, in either direction."""

from __future__ import annotations

import re
from itertools import chain

import pytest

from tests.shape.tree import ROOT, SOURCE, name, texts

SPEC = ROOT / "spec"
REFERENCE = re.compile(r"\bspec/([\w-]+\.md)(?:,?\s+(?:section\s+|§\s*)?(\d+(?:\.\d+)*)(?![\w]))?")
NUMBERED = re.compile(r"^#{1,6}\s+(\d+(?:\.\d+)*)\b", re.MULTILINE)
MODULE = re.compile(
    r"\b(?:src/sparekey/)?((?:core|host|language|web|device|desk|lan|desklink|finder)/[\w/]+\.py)\b"
)
THREAT = re.compile(r"(?<![0-9A-Za-z])T\d{2}(?![0-9A-Za-z])")


def test_every_reference_into_the_spec_has_its_target() -> None:
    references = {
        (where, page, section)
        for where, text in texts()
        if where.startswith(("src/", "tests/", "docs/")) and not where.startswith("tests/shape/")
        for page, section in REFERENCE.findall(text)
    }
    assert references or not SPEC.exists(), "the code names the sections it implements"
    sections = {
        page.name: set(NUMBERED.findall(page.read_text(encoding="utf-8"))) for page in SPEC.glob("*.md")
    }
    assert not {
        f"{where} -> spec/{page} {section}".rstrip()
        for where, page, section in references
        if page not in sections or (section and section not in sections[page])
    }


@pytest.mark.meets("asvs-2.1.1")
def test_every_page_of_the_spec_names_the_module_that_implements_it() -> None:
    named = {page: set(MODULE.findall(page.read_text(encoding="utf-8"))) for page in SPEC.glob("*.md")}
    assert not {name(page) for page, modules in named.items() if not modules and page.name != "README.md"}
    assert not {module for module in chain.from_iterable(named.values()) if not (SOURCE / module).is_file()}


def test_every_threat_that_a_test_carries_is_in_the_spec() -> None:
    carried = {
        (where, threat)
        for where, text in texts()
        if where.startswith("tests/") and not where.startswith("tests/shape/")
        for threat in THREAT.findall(text)
    }
    security = SPEC / "security.md"
    known = set(THREAT.findall(security.read_text(encoding="utf-8"))) if security.exists() else set()
    assert carried or not known, "a threat without a test gets tidied away"
    assert not {f"{where}: {threat}" for where, threat in carried if threat not in known}


def test_references_are_read_in_all_their_forms() -> None:
    text = "(spec/codes.md section 2) spec/codes.md §2.1, spec/codes.md 3) spec/codes.md."
    assert REFERENCE.findall(text) == [("codes.md", s) for s in ("2", "2.1", "3", "")]
    assert THREAT.findall("test_T07_x, T08; 2026-11-21T14:30, T201, AT09") == ["T07", "T08"]

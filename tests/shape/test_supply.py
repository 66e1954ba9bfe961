"""What is shipped is listed, with its licence, and what is listed is what the locks say."""

from __future__ import annotations

import json
import re

import pytest

from tests.shape.supply import BILL, EXTRAS, PAGE, VENDORED, bill, page, parts, pinned
from tests.shape.tree import SOURCE

ROW = re.compile(r"^\| `([^`]+)` \| (?:npm|PyPI) package `([^`]+)`.*?\| (\d[\d.]*) \|", re.MULTILINE)


@pytest.mark.meets("asvs-15.1.2")
def test_the_bill_and_the_page_are_what_locks_and_metadata_say() -> None:
    found = parts()
    assert all(part.licence for part in found), "a part without a licence is no part of ours"
    assert BILL.read_text("utf-8") == bill(found), "python -m tests.shape.supply writes it again"
    assert PAGE.read_text("utf-8") == page(found), "python -m tests.shape.supply writes it again"


def test_the_bill_lists_every_pin_of_every_extra_once() -> None:
    components = json.loads(BILL.read_text("utf-8"))["components"]
    listed = {(one["name"], one["version"]) for one in components}
    inside = {(name, version) for _, name, version, *_ in VENDORED}
    assert listed - inside == {pin for extra in EXTRAS for pin in pinned(extra).items()}
    assert len({one["bom-ref"] for one in components}) == len(components)


def test_what_lies_in_the_package_is_listed_with_its_version() -> None:
    pages = [path.read_text("utf-8") for path in SOURCE.rglob("vendor/README.md")]
    told = {(name, version) for content in pages for _, name, version in ROW.findall(content)}
    assert told == {(name, version) for _, name, version, *_ in VENDORED}

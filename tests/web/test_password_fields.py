"""Every field for a password, on every page: hidden, kept by password managers, shown on wish, open to pasting."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[2] / "src" / "sparekey"
FIELD = re.compile(r"<input\b[^>]*\btype=\"password\"[^>]*>")
FIELDS = {
    (path.relative_to(SOURCE).as_posix(), field)
    for path in SOURCE.rglob("*.html")
    for field in FIELD.findall(path.read_text("utf-8"))
}
SCRIPTS = [path for path in SOURCE.rglob("*.js") if "vendor" not in path.parts]


@pytest.mark.meets("asvs-6.2.6")
def test_every_field_called_password_hides_what_is_typed() -> None:
    assert FIELDS
    named = re.compile(r"<input\b(?=[^>]*\bname=\"(?:password|current|again)\")(?![^>]*\btype=\"password\")")
    assert not {path.name for path in SOURCE.rglob("*.html") if named.search(path.read_text("utf-8"))}


@pytest.mark.meets("asvs-6.2.7", "nist-managers")
def test_password_managers_know_each_field_and_nothing_hinders_pasting() -> None:
    known = re.compile(r"autocomplete=\"(?:current-password|new-password|\{\{)")
    assert not {where for where, field in FIELDS if not known.search(field)}
    handled = re.compile(r"onpaste|[\"']paste[\"']|beforeinput")
    pages = [*SCRIPTS, *SOURCE.rglob("*.html")]
    assert not {path.name for path in pages if handled.search(path.read_text("utf-8"))}


@pytest.mark.meets("nist-show")
def test_what_was_typed_can_be_shown() -> None:
    assert not {where for where, field in FIELDS if "data-reveal" not in field}

"""The tables and numbers of the spec say what the code does."""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass
from enum import Enum
from pathlib import Path
from typing import Any, get_args, get_type_hints

import pytest
import segno

from sparekey.core.budget import FAILURES_LIMIT, TRIES
from sparekey.core.codes import CODE_BITS, code_from_bits
from sparekey.core.crypto import Argon2Cost
from sparekey.core.device import State
from sparekey.core.messages.link import link
from sparekey.core.messages.request import VALID_LIMIT, Header, MailBody, read_request
from sparekey.core.policy import MAIL_CODE_LIMIT, Policy
from sparekey.core.record import REQUEST_AGE_LIMIT
from sparekey.core.values import Identity
from sparekey.profiles import names, profile
from tests.vectors.blocks import ROOT
from tests.vectors.desk import BODY, HEADER, PREFIX, request
from tests.vectors.pages import page, table

LONGEST = Identity("S" * 48, "M" * 24, "F" * 24)
THREAT = re.compile(r"^### (T\d\d) (.+?)$", re.MULTILINE)


def shown(value: object) -> str:
    """A setting as the table of the profiles writes it."""
    if value is None:
        return "-"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, tuple):
        return ", ".join(value)
    return str(value)


def settings(value: object, name: str, kind: Any) -> dict[str, str]:
    """All settings under a name, dotted."""
    inner = next((choice for choice in get_args(kind) if is_dataclass(choice)), kind)
    if not is_dataclass(inner):
        return {name: shown(value)}
    hints = get_type_hints(inner)
    found: dict[str, str] = {}
    for item in fields(inner):
        below = None if value is None else getattr(value, item.name)
        found |= settings(below, f"{name}.{item.name}".lstrip("."), hints[item.name])
    return found


def test_the_table_of_the_profiles_is_what_the_files_say() -> None:
    rows = table("profiles", "setting | sparekey")
    listed = {
        column: {row[0]: row[place] for row in rows}
        for place, column in enumerate(("sparekey", "hikvision", "patronum"), 1)
    }
    assert set(listed) == set(names())
    for name, said in listed.items():
        real = settings(profile(name), "", Policy)
        assert real.pop("name") == name
        assert said == real


def test_every_setting_is_explained() -> None:
    explained = {row[0] for row in table("profiles", "setting | meaning")}
    assert explained == set(settings(profile("sparekey"), "", Policy))


def test_fourteen_days_are_the_same_everywhere() -> None:
    assert MAIL_CODE_LIMIT == VALID_LIMIT == REQUEST_AGE_LIMIT == 14 * 24 * 3600
    assert "1,209,600" in page("profiles")
    assert "1,209,600" in page("requests")


def test_the_cost_of_a_password_is_what_the_page_says() -> None:
    cost = Argon2Cost()
    assert f"{cost.memory:,} KiB,\n{cost.passes} passes, {cost.lanes} lane" in page("profiles")


def classes(kind: Any, found: dict[str, list[str]]) -> dict[str, list[str]]:
    """Every dataclass that a type can hold, with its fields."""
    for inner in get_args(kind):
        classes(inner, found)
    if isinstance(kind, type) and is_dataclass(kind) and kind.__name__ not in found:
        found[kind.__name__] = [item.name for item in fields(kind)]
        for hint in get_type_hints(kind).values():
            classes(hint, found)
    return found


def test_the_table_of_the_state_lists_every_class_and_field() -> None:
    listed = {name: told.split(", ") for name, told in table("state", "class")}
    assert listed == classes(State, {})


@pytest.mark.parametrize(
    ("row", "header", "body"),
    [
        (0, HEADER, BODY),
        (1, HEADER,
         MailBody(BODY.code, ("owner@example.com", "previous@example.com"), "en", "admin", bytes(16))),
        (2, Header(**{**vars(HEADER), "identity": LONGEST}),
         MailBody(code_from_bits(1 << 34), ("a" * 52 + "@example.com",), "en", "a" * 32, bytes(16))),
        (3, Header(**{**vars(HEADER), "identity": LONGEST}),
         MailBody(code_from_bits(1 << 34), ("a" * 36 + "@example.com",) * 2, "en", "a" * 32, bytes(16))),
    ],
)  # fmt: skip
def test_the_table_of_sizes(row: int, header: Header, body: MailBody) -> None:
    data = request("size", header, body)
    text = link(PREFIX, read_request(data))
    code = segno.make(text, error="L", boost_error=False, micro=False)
    assert code.mode == "alphanumeric"
    said = table("requests", "request")[row][1:]
    assert said == [str(len(data)), str(len(text)), str(code.version)]


def test_the_odds_are_computed() -> None:
    rows = table("security", "what a stranger has")
    tries = [int(row[1].replace(",", "")) for row in rows]
    assert tries == [
        TRIES,
        FAILURES_LIMIT,
        2 * FAILURES_LIMIT,
        2 * FAILURES_LIMIT,
        365 * FAILURES_LIMIT,
        10**6 * FAILURES_LIMIT,
    ]
    for row, count in zip(rows, tries, strict=True):
        assert row[2] == f"{round((1 << CODE_BITS) / count):,}"


def test_threats_are_numbered_without_a_gap() -> None:
    numbers = [number for number, _ in THREAT.findall(page("security"))]
    assert numbers == [f"T{place:02}" for place in range(1, len(numbers) + 1)]


def test_every_threat_says_attack_answer_and_tests_that_there_are() -> None:
    written = {
        name
        for path in Path(ROOT, "tests").rglob("test_*.py")
        for name in re.findall(r"def (test_\w+)", path.read_text(encoding="utf-8"))
    }
    for part in page("security").split("\n### ")[1:]:
        section = part.split("\n## ")[0]
        tests = re.findall(r"`(test_\w+)`", section.partition("*Tests.*")[2])
        assert "*Attack.*" in section
        assert "*Answer.*" in section
        assert tests, section
        missing = {name for name in tests if name not in written}
        assert not missing, f"{section[:3]}: no test is called {', '.join(sorted(missing))}"

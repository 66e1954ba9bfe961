"""The tables and numbers of the spec say what the code does."""

from __future__ import annotations

import re
from dataclasses import MISSING, fields, is_dataclass, replace
from enum import Enum
from fractions import Fraction
from pathlib import Path
from typing import Any, get_args, get_origin, get_type_hints

import pytest
import segno

from sparekey.core import admission, case, device, order
from sparekey.core.admission import Role
from sparekey.core.budget import FAILURES_LIMIT, TRIES, Budget
from sparekey.core.case import Missing
from sparekey.core.codes import CODE_BITS, SAVED_BITS, code_from_bits
from sparekey.core.crypto import Argon2Cost
from sparekey.core.device import State
from sparekey.core.errors import Refusal
from sparekey.core.evidence import EvidenceKind, Remedy
from sparekey.core.losses import Thing, fates
from sparekey.core.messages.link import link
from sparekey.core.messages.notice import Noticed
from sparekey.core.messages.request import (
    VALID_LIMIT,
    Body,
    EnrolBody,
    Header,
    Kind,
    MailBody,
    NoticeBody,
    read_request,
)
from sparekey.core.methods import METHODS
from sparekey.core.methods.method import Closed
from sparekey.core.model import Model
from sparekey.core.policy import DAY, Policy
from sparekey.core.policy import VALID_LIMIT as POLICY_LIMIT
from sparekey.core.record import REQUEST_AGE_LIMIT, Action
from sparekey.core.table import Table, edges
from sparekey.core.values import Face, Identity, MethodName
from sparekey.desk.cases.budget import TYPED_CODES
from sparekey.desk.owners.accounts import MAILED
from sparekey.desk.owners.accounts import TRIES as SIGN_IN_TRIES
from sparekey.profiles import names, profile
from tests.core.messages_samples import BODIES, DEVICE_KEY, NOW, TICKET, TOKEN, header
from tests.vectors.desk import BODY, HEADER, PREFIX, joined, sealed
from tests.vectors.pages import page, table
from tests.vectors.vector import ROOT

LONGEST = Identity("S" * 48, "M" * 24, "F" * 24)
THREAT = re.compile(r"^### (T\d\d) (.+?)$", re.MULTILINE)
CLAIM = re.compile(r"\bC\d\d\b")
STATED = re.compile(r"^\(\* (C\d\d) ", re.MULTILINE)


def shown(value: object) -> str:
    """A setting as the table of the profiles writes it."""
    if value is None:
        return "-"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, tuple):
        return ", ".join(map(shown, value)) or "-"
    return str(value)


def settings(value: object, name: str, kind: Any) -> dict[str, str]:
    """All settings under a name, dotted. A list of structures is one setting."""
    single = () if get_origin(kind) is tuple else get_args(kind)
    inner = next((choice for choice in single if is_dataclass(choice)), kind)
    if not is_dataclass(inner):
        return {name: shown(value)}
    hints = get_type_hints(inner)
    found: dict[str, str] = {}
    for item in fields(inner):
        below = None if value is None else getattr(value, item.name)
        found |= settings(below, f"{name}.{item.name}".lstrip("."), hints[item.name])
    return found


@pytest.mark.meets("asvs-2.1.3", "asvs-6.1.2")
def test_the_table_of_the_profiles_is_what_the_files_say() -> None:
    rows = table("profiles", "setting | sparekey")
    head = next(line for line in page("profiles").splitlines() if line.startswith("| setting | sparekey"))
    columns = [cell.strip() for cell in head.strip("|").split("|")][1:]
    assert columns == names()
    for place, name in enumerate(columns, 1):
        real = settings(profile(name), "", Policy)
        del real["name"]
        assert {row[0]: row[place] for row in rows} == real


def defaults(kind: Any, under: str = "") -> dict[str, str]:
    """Every setting with its default as the page writes it."""
    found: dict[str, str] = {}
    hints = get_type_hints(kind)
    for item in fields(kind):
        hint, name = hints[item.name], f"{under}{item.name}"
        single = () if get_origin(hint) is tuple else get_args(hint)
        inner = next((choice for choice in single if is_dataclass(choice)), hint)
        if is_dataclass(inner):
            optional = type(None) in single
            below = defaults(inner, f"{name}.")
            found |= dict.fromkeys(below, "none") if optional else below
        elif item.default is MISSING:
            found[name] = "required"
        else:
            found[name] = "none" if item.default in (None, ()) else shown(item.default)
    return found


@pytest.mark.parametrize(("place", "kind"), [(0, Policy), (1, Model)])
def test_every_setting_is_explained_with_its_default(place: int, kind: type) -> None:
    rows = table("profiles", "setting | meaning", place)
    assert {row[0]: row[-1] for row in rows} == defaults(kind)


def test_fourteen_days_are_the_same_everywhere() -> None:
    assert POLICY_LIMIT == VALID_LIMIT == REQUEST_AGE_LIMIT == 14 * 24 * 3600
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
    ("name", "place", "machine"),
    [
        ("state", 0, device.TABLE),
        ("support", 0, case.TABLE),
        ("support", 1, admission.TABLE),
        ("support", 2, order.TABLE),
    ],
)
def test_the_diagram_is_the_machines(name: str, place: int, machine: Table) -> None:
    rows = table(name, "state | event", place)
    told = [(state, event, target) for state, event, targets in rows for target in targets.split(", ")]
    assert sorted(told) == edges(machine)


def test_every_refusal_is_told() -> None:
    assert [row[0] for row in table("state", "refusal")] == [refusal.value for refusal in Refusal]


def test_the_table_of_the_methods() -> None:
    faces = {0: "the device's body", 1: "screen", 2: "screen, network"}
    recordings = {row[0]: row[5] for row in table("requests", "method")}
    assert list(recordings) == [method.value for method in METHODS]
    for name, starts, request, proof, desk, kept, _ in table("requests", "method"):
        method = METHODS[MethodName(name)]
        assert starts == faces[len(method.faces)]
        assert request == (method.asks.value if method.asks else "-")
        assert proof == ("strong" if method.strong else "typed")
        assert desk == ("needed" if method.needs_desk else "-")
        assert kept == method.recordings.value


@pytest.mark.parametrize(
    ("name", "head", "choices"),
    [
        ("requests", "reason", Closed),
        ("requests", "action", Action),
        ("support", "remedy", Remedy),
        ("support", "kind", EvidenceKind),
        ("support", "reason", Missing),
        ("support", "role", Role),
    ],
)
def test_every_choice_is_listed(name: str, head: str, choices: type[Enum]) -> None:
    assert sorted(row[0] for row in table(name, head)) == sorted(choice.value for choice in choices)


def test_kept_and_lost() -> None:
    rows = {row[0]: row[1:] for row in table("requests", "")}
    fated = (
        fates(Action.NEW_PASSWORD),
        fates(Action.NEW_PASSWORD_OR_DEFAULT, chose_default=True),
        fates(Action.ERASE),
    )
    assert rows == {thing.value: [fate[thing].value for fate in fated] for thing in Thing}


LONG = "a" * 36 + "@example.com"
SIZES: list[tuple[Header, Body]] = [
    (HEADER, BODY),
    (HEADER, replace(BODY, addresses=("owner@example.com", "previous@example.com"), ticket=bytes(16))),
    (replace(HEADER, identity=LONGEST),
     MailBody(code_from_bits(1 << 34), ("a" * 52 + "@example.com",), "en", "a" * 32, bytes(16))),
    (replace(HEADER, identity=LONGEST),
     MailBody(code_from_bits(1 << 34), (LONG,) * 2, "en", "a" * 32, bytes(16))),
    (header(Kind.SUPPORT), BODIES[Kind.SUPPORT]),
    (header(Kind.TECHNICIAN), BODIES[Kind.TECHNICIAN]),
    (header(Kind.ENROL), BODIES[Kind.ENROL]),
    (replace(header(Kind.ENROL), identity=LONGEST),
     EnrolBody(DEVICE_KEY, bytes(16), 1 << 31, 1 << 31, "en", (LONG,) * 2, True, TOKEN, bytes(32))),
    (header(Kind.NOTICE), BODIES[Kind.NOTICE]),
    (replace(header(Kind.NOTICE), identity=LONGEST),
     NoticeBody(Noticed.RECOVERY_CANCELLED, 1 << 20, "a" * 32, (LONG,) * 2, "en", NOW, bytes(32), TICKET)),
]  # fmt: skip
"""The rows of the table of sizes."""


@pytest.mark.parametrize("row", range(len(SIZES)))
def test_the_table_of_sizes(row: int) -> None:
    about, body = SIZES[row]
    data = joined(about.encoded, sealed(about.encoded, body.encoded, "size"))
    text = link(PREFIX, read_request(data))
    code = segno.make(text, error="L", boost_error=False, micro=False)
    assert code.mode == "alphanumeric"
    rows = table("requests", "request")
    assert len(rows) == len(SIZES)
    assert rows[row][1:] == [str(len(data)), str(len(text)), str(code.version)]


def a_years_tries() -> int:
    """Entries of a strong proof on one face in 365 days, as fast as the pauses allow."""
    budget, now, tries = Budget(MethodName.RECOVERY_SHEET, Face.NETWORK, strong=True), 0, 0
    while now + budget.waits(now) <= 365 * DAY:
        now += budget.waits(now)
        budget, tries = budget.count(now), tries + 1
    return tries


def test_the_odds_are_computed() -> None:
    """Both budgets: the network's and the screen's; every try compared with the one request that it names."""
    both = len(Face)
    rows = table("security", "what a stranger has")
    assert [int(row[1].replace(",", "")) for row in rows] == [
        TRIES,
        FAILURES_LIMIT,
        both * FAILURES_LIMIT,
        both * FAILURES_LIMIT,
        FAILURES_LIMIT,
        both * FAILURES_LIMIT,
        both * FAILURES_LIMIT,
        365 * FAILURES_LIMIT,
        365 * FAILURES_LIMIT,
        10**6 * FAILURES_LIMIT,
        365 * TYPED_CODES.day,
        365 * MAILED.day * SIGN_IN_TRIES,
        both * a_years_tries(),
    ]
    assert {row[3] for row in rows} == {f"2^{CODE_BITS}", f"2^{SAVED_BITS}"}
    for _, tries, right, values, chance in rows:
        hits = [int(count) for count in right.split(", ")]
        each = Fraction(int(tries.replace(",", "")) * sum(hits), len(hits))
        assert chance == f"{round((1 << int(values.removeprefix('2^'))) / each):,}"


def test_every_claim_of_the_models_has_its_place() -> None:
    placed = [claim for row in table("security", "about") for claim in CLAIM.findall(row[1])]
    models = (ROOT / "formal").glob("*.pv")
    claims = [claim for path in models for claim in STATED.findall(path.read_text(encoding="utf-8"))]
    assert sorted(placed) == sorted(claims)


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

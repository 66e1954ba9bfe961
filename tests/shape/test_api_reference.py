"""docs/ref/openapi.json and the desk's calls say the same, and the calls use the names of the rest."""

from __future__ import annotations

import json
from typing import get_args

from sparekey.core.evidence import EvidenceKind, Remedy
from sparekey.desk.api import shapes, telling
from sparekey.desk.cases.reasons import REASONS
from sparekey.desk.cases.repository import NAMES
from sparekey.desk.console.words import ENTERED
from sparekey.desk.orders.repository import NAMES as ORDER_NAMES
from sparekey.language.catalogue import LANGUAGES
from tests.shape.api_reference import REFERENCE, described


def test_the_reference_is_what_the_desk_answers() -> None:
    written = json.loads(REFERENCE.read_text(encoding="utf-8"))
    assert written == described(), "python -m tests.shape.api_reference writes it again"


def test_every_name_is_one_of_the_rest() -> None:
    assert set(get_args(shapes.Status)) == set(NAMES.values())
    assert set(get_args(shapes.OrderStatus)) == set(ORDER_NAMES.values())
    assert set(get_args(shapes.RemedyName)) == {remedy.value for remedy in Remedy}
    assert set(get_args(shapes.Seen)) == {kind.value for kind in ENTERED}
    assert {"mailbox-code", *get_args(shapes.Seen)} <= {kind.value for kind in EvidenceKind}
    assert set(get_args(shapes.Reason)) == set(REASONS)
    options = {name for bits in telling.OPTIONS.values() for name in bits}
    assert set(get_args(shapes.OptionName)) == options
    assert set(get_args(shapes.Asking.model_fields["locale"].annotation)) == set(LANGUAGES)


def test_every_call_but_the_public_ones_needs_a_token_and_a_scope_of_its_own() -> None:
    calls = [
        (path, method, call)
        for path, methods in described()["paths"].items()
        for method, call in methods.items()
    ]
    open_ = {path for path, _, call in calls if "security" not in call}
    assert open_ == {"/api/v1/log", "/api/v1/problems"}
    unscoped = {path for path, _, call in calls if call.get("security") == [{"token": []}]}
    assert unscoped == {"/api/v1/token"}

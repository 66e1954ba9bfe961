"""What programs say of cases (spec/desklink.md section 4)."""

from __future__ import annotations

import pytest

from sparekey.core.codec import encode
from sparekey.core.codes import code_from_bits
from sparekey.core.errors import InputError
from sparekey.core.messages.link_case import (
    CaseCall,
    CaseStage,
    CaseTold,
    pickup_hash,
    read_case_call,
    read_case_told,
)
from tests.vectors.pages import examples

CALLS = (
    CaseCall(bytes(32), "en", (b"a request", b"")),
    CaseCall(bytes(32), "cs", (b"a request",), "owner@example.com"),
)
TOLD = (
    CaseTold(CaseStage.OPENED),
    CaseTold(CaseStage.HELD, until=1_790_000_000),
    CaseTold(CaseStage.CLOSED, reason="not-proved"),
    CaseTold(CaseStage.ISSUED, until=7, response=b"a response", key=code_from_bits(12345678901)),
)


def test_what_is_said_is_read() -> None:
    assert [read_case_call(call.encoded) for call in CALLS] == list(CALLS)
    assert [read_case_told(told.encoded) for told in TOLD] == list(TOLD)
    assert pickup_hash(b"a secret") != pickup_hash(b"another")
    assert "response" not in repr(TOLD[-1]).replace("response=", "")


@pytest.mark.meets("asvs-2.1.1", "asvs-2.1.2", "asvs-5.1.1", "asvs-6.1.3", "asvs-8.1.1")
def test_the_page_says_the_same() -> None:
    block = examples("desklink")["case call"]
    pickup, requests = bytes.fromhex(block["pickup"]), (bytes.fromhex(block["requests"]),)
    assert CaseCall(pickup, block["locale"], requests, block["address"]).encoded.hex() == block["bytes"]
    block = examples("desklink")["case told"]
    told = CaseTold(CaseStage(block["stage"]), int(block["until"]))
    assert told.encoded.hex() == block["bytes"]


@pytest.mark.parametrize(
    "fields",
    [
        {1: 2, 2: bytes(32), 3: "en", 4: [b""]},
        {1: 1, 2: bytes(31), 3: "en", 4: [b""]},
        {1: 1, 2: bytes(32), 3: "", 4: [b""]},
        {1: 1, 2: bytes(32), 3: "en"},
        {1: 1, 2: bytes(32), 3: "en", 4: []},
        {1: 1, 2: bytes(32), 3: "en", 4: ["text"]},
        {1: 1, 2: bytes(32), 3: "en", 4: [bytes(1025)]},
        {1: 1, 2: bytes(32), 3: "en", 4: [b""] * 101},
        {1: 1, 2: bytes(32), 3: "en", 4: [b""], 5: ["nobody"]},
        {1: 1, 2: bytes(32), 3: "en", 4: [b""], 6: 1},
    ],
)
def test_T14_a_call_in_another_form_is_none(fields: dict[int, object]) -> None:
    with pytest.raises(InputError):
        read_case_call(encode(fields))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "fields",
    [
        {1: 1, 2: "lost"},
        {1: 1, 2: "held", 3: 0},
        {1: 1, 2: "issued", 5: b""},
        {1: 1, 2: "issued", 6: 1 << 35},
    ],
)
def test_T14_a_case_in_another_form_is_none(fields: dict[int, object]) -> None:
    with pytest.raises(InputError):
        read_case_told(encode(fields))  # type: ignore[arg-type]

"""The response file: bound to one request of one device, by a MAC and a signature, and to a proof."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sparekey.core import crypto
from sparekey.core.codec import Value, decode, encode
from sparekey.core.errors import InputError, UntrustedError
from sparekey.core.messages.response import (
    RESPONSE_LIMIT,
    Answer,
    Response,
    ResponseError,
    Wrong,
    check_response,
    make_response,
    read_response,
)
from sparekey.core.messages.trust import Trust
from sparekey.core.tlog.leaf import LeafAction, read_leaf
from sparekey.core.values import MethodName
from tests.core.messages_samples import (
    ANSWER,
    FILE_SECRET,
    FULL_TRUST,
    PROOF,
    SERIAL,
    SIGNING,
    TRUST,
    fixed,
)


def made(answer: Answer = ANSWER, secret: bytes = FILE_SECRET, private: bytes = SIGNING) -> Response:
    return read_response(make_response(answer, secret, private, PROOF))


def wrong(
    response: Response, trust: Trust = TRUST, request: bytes = ANSWER.request, serial: str = SERIAL
) -> Wrong:
    with pytest.raises(UntrustedError) as caught:
        check_response(response, request, serial, FILE_SECRET, trust)
    assert isinstance(caught.value, ResponseError)
    assert caught.value.slug == "response"
    assert str(caught.value) == str(ResponseError(Wrong.MAC))
    return caught.value.wrong


@pytest.mark.parametrize("trust", [TRUST, FULL_TRUST])
def test_a_response_is_taken_by_the_device_that_asked(trust: Trust) -> None:
    response = made()
    assert check_response(response, ANSWER.request, SERIAL, FILE_SECRET, trust) == ANSWER
    assert response.proof == PROOF


def test_T19_every_thing_that_does_not_fit_is_refused_with_one_face() -> None:
    assert wrong(made(replace(ANSWER, desk=bytes(8)))) is Wrong.DESK
    assert wrong(made(), request=bytes(32)) is Wrong.REQUEST
    assert wrong(made(), serial="PX-3216-0002") is Wrong.SERIAL
    assert wrong(made(secret=fixed("another secret"))) is Wrong.MAC
    assert wrong(made(private=fixed("stranger"))) is Wrong.SIGNER
    assert wrong(replace(made(), signature=bytes(64))) is Wrong.SIGNATURE
    signer = crypto.key_id(TRUST.signing[0])
    assert wrong(made(), replace(TRUST, revoked=(signer,))) is Wrong.REVOKED
    assert wrong(made(replace(ANSWER, policy=6)), FULL_TRUST) is Wrong.POLICY


@pytest.mark.meets("asvs-4.1.5")
def test_T19_neither_the_mac_nor_the_signature_alone_is_enough() -> None:
    leaked_signing = made(secret=bytes(32))
    assert wrong(leaked_signing) is Wrong.MAC
    leaked_secret = replace(made(private=fixed("stranger")), signer=crypto.key_id(TRUST.signing[0]))
    assert wrong(leaked_secret) is Wrong.SIGNATURE


@pytest.mark.meets("asvs-9.2.2")
def test_T19_a_changed_action_is_refused() -> None:
    erase = replace(ANSWER, action=LeafAction.ERASE, approvers=(bytes(8), b"\xff" * 8))
    assert wrong(replace(made(), answer=erase, payload=erase.encoded)) is Wrong.MAC


def test_the_device_builds_the_log_entry_itself() -> None:
    leaf = ANSWER.leaf(MethodName.RESPONSE_FILE, fixed("log id", 16))
    assert read_leaf(leaf.encoded) == leaf
    assert (leaf.time, leaf.request, leaf.action) == (ANSWER.issued, ANSWER.request, LeafAction.NEW_PASSWORD)


@pytest.mark.parametrize(
    "changed",
    [
        {2: bytes(7)},
        {3: bytes(31)},
        {4: "bad\u00e9"},
        {5: "open-everything"},
        {5: "new-password-or-default"},
        {5: "erase-and-default"},
        {7: ANSWER.issued},
        {7: ANSWER.issued + 15 * 86_400},
        {8: {1: 1}},
        {8: {1: True, 2: 1}},
        {9: 0},
        {10: [bytes(7)]},
        {10: [b"\xff" * 8, bytes(8)]},
        {11: 1},
    ],
)
def test_a_payload_that_no_desk_writes_is_not_read(changed: dict[int, Value]) -> None:
    payload = decode(ANSWER.encoded)
    assert isinstance(payload, dict)
    parts = decode(make_response(ANSWER, FILE_SECRET, SIGNING, PROOF))
    assert isinstance(parts, list)
    with pytest.raises(InputError):
        read_response(encode([encode({**payload, **changed}), *parts[1:]]))


@pytest.mark.parametrize(
    ("place", "value"),
    [(0, "text"), (1, bytes(31)), (2, bytes(9)), (3, bytes(63)), (4, b""), (4, bytes(16 * 1024 + 1)), (4, 7)],
)
def test_a_part_of_the_wrong_form_is_not_read(place: int, value: Value) -> None:
    parts = decode(make_response(ANSWER, FILE_SECRET, SIGNING, PROOF))
    assert isinstance(parts, list)
    parts[place] = value
    with pytest.raises(InputError):
        read_response(encode(parts))


@pytest.mark.parametrize("data", [encode(7), encode([b""] * 4), bytes(RESPONSE_LIMIT + 1)])
def test_what_is_no_response_is_not_read(data: bytes) -> None:
    with pytest.raises(InputError):
        read_response(data)


def test_an_erase_takes_two_people_and_answers_stay_in_bounds() -> None:
    erase = replace(ANSWER, action=LeafAction.ERASE, approvers=(bytes(8), b"\xff" * 8), cameras=False)
    assert check_response(made(erase), ANSWER.request, SERIAL, FILE_SECRET, TRUST) == erase
    for changed in (
        {"action": LeafAction.ERASE},
        {"action": LeafAction.NEW_PASSWORD_OR_DEFAULT},
        {"desk": b""},
        {"expires": ANSWER.issued},
        {"serial": ""},
    ):
        with pytest.raises(InputError):
            replace(ANSWER, **changed)


def test_without_approvers_none_are_written() -> None:
    alone = replace(ANSWER, approvers=())
    assert read_response(make_response(alone, FILE_SECRET, SIGNING, PROOF)).answer == alone


def test_no_secret_shows_in_repr() -> None:
    assert repr(made().mac) not in repr(made())

"""What an entry of the recovery log may say, and that it has one form only."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest

from sparekey.core.codec import Value, decode, encode
from sparekey.core.crypto import sha256
from sparekey.core.errors import InputError
from sparekey.core.record import Action
from sparekey.core.tlog.leaf import (
    APPROVERS_LIMIT,
    LEAF_LIMIT,
    Admitted,
    EntryKind,
    Issued,
    Leaf,
    LeafAction,
    dated_request_hash,
    read_leaf,
)
from sparekey.core.values import MethodName
from tests.core.tlog.orchard import issued

ANN, BOB, CAT = b"approve1", b"approve2", b"approve3"
ERASE = replace(issued(), method=MethodName.TECHNICIAN, action=LeafAction.ERASE, approvers=(ANN, BOB))
PASSKEY = Admitted(EntryKind.PASSKEY, 5, 1, CAT, (ANN, BOB))
ROLE = Admitted(EntryKind.ROLE, 5, 1, CAT, (ANN, BOB), "second-approver")
GOOD: list[Leaf] = [
    issued(),
    replace(issued(), approvers=()),
    replace(issued(), method=MethodName.SECURITY_CODE, action=LeafAction.NEW_PASSWORD_OR_DEFAULT),
    ERASE,
    Admitted(EntryKind.APPROVER, 0, 1, CAT),
    PASSKEY,
    ROLE,
]


def as_fields(leaf: Leaf) -> dict[int, Value]:
    """The entry's fields, to be changed."""
    decoded = decode(leaf.encoded)
    assert isinstance(decoded, dict)
    return dict(decoded)


@pytest.mark.parametrize("leaf", GOOD)
def test_an_entry_is_read_as_it_was_written(leaf: Leaf) -> None:
    assert read_leaf(leaf.encoded) == leaf


def test_the_actions_are_those_of_the_protocol() -> None:
    assert {action.value for action in LeafAction} == {action.value for action in Action}


@pytest.mark.meets("etsi-6-4", "etsi-6-8")
def test_T17_the_log_never_holds_a_serial_an_address_or_a_code() -> None:
    assert {field.name for field in fields(Issued)} == {
        "time", "policy", "method", "action", "request", "log_id", "approvers"
    }  # fmt: skip
    assert {field.name for field in fields(Admitted)} == {
        "kind", "time", "policy", "subject", "approvers", "role"
    }  # fmt: skip


@pytest.mark.parametrize(
    ("leaf", "changes"),
    [
        (issued(), {"time": -1}),
        (issued(), {"time": (1 << 40) + 1}),
        (issued(), {"policy": 0}),
        (issued(), {"policy": (1 << 32) + 1}),
        (issued(), {"request": bytes(31)}),
        (issued(), {"log_id": bytes(17)}),
        (issued(), {"approvers": (b"short",)}),
        (issued(), {"approvers": (BOB, ANN)}),
        (issued(), {"approvers": (ANN, ANN)}),
        (issued(), {"approvers": tuple(bytes([number]) * 8 for number in range(APPROVERS_LIMIT + 1))}),
        (PASSKEY, {"kind": EntryKind.ISSUED}),
        (PASSKEY, {"subject": bytes(9)}),
        (PASSKEY, {"time": -1}),
        (PASSKEY, {"role": "admin"}),
        (ROLE, {"role": None}),
        (ROLE, {"role": ""}),
        (ROLE, {"role": "Admin"}),
        (ROLE, {"role": "a" * 33}),
    ],
)
def test_what_breaks_a_rule_cannot_even_be_built(leaf: Leaf, changes: dict[str, object]) -> None:
    with pytest.raises(InputError):
        replace(leaf, **changes)  # type: ignore[arg-type]  # wrong on purpose


@pytest.mark.meets("asvs-2.3.5")
@pytest.mark.parametrize("approvers", [(), (ANN,)])
def test_T18_an_erase_takes_two_people(approvers: tuple[bytes, ...]) -> None:
    with pytest.raises(InputError) as caught:
        replace(ERASE, approvers=approvers)
    assert caught.value.slug == "leaf-approvers"
    changed = as_fields(ERASE)
    del changed[5]
    with pytest.raises(InputError):
        read_leaf(encode(changed))


@pytest.mark.parametrize(
    ("leaf", "key", "value"),
    [
        (issued(), 1, 2),
        (issued(), 2, 0),
        (issued(), 2, 5),
        (issued(), 2, int(EntryKind.PASSKEY)),
        (issued(), 5, []),
        (issued(), 5, ["approver"]),
        (issued(), 6, "carrier-pigeon"),
        (issued(), 7, "do-nothing"),
        (issued(), 8, bytes(33)),
        (issued(), 9, bytes(15)),
        (issued(), 10, CAT),
        (issued(), 200, "later"),
        (ROLE, 6, "mail-code"),
        (ROLE, 11, "Admin"),
    ],
)
def test_an_entry_in_any_other_form_is_refused(leaf: Leaf, key: int, value: Value) -> None:
    changed = as_fields(leaf) | {key: value}
    with pytest.raises(InputError):
        read_leaf(encode(changed))


def test_a_long_entry_is_not_even_looked_at() -> None:
    with pytest.raises(InputError) as caught:
        read_leaf(bytes(LEAF_LIMIT + 1))
    assert caught.value.slug == "oversize"


def test_T17_a_dictated_code_is_logged_under_a_hash_that_nobody_can_guess() -> None:
    key, number = b"\x05" * 32, "7K3M9Q2W"
    hashed = dated_request_hash(key, number)
    assert len(hashed) == 32
    assert hashed == dated_request_hash(key, number)
    assert hashed != dated_request_hash(b"\x06" * 32, number)
    assert hashed != dated_request_hash(key, "7K3M9Q2X")
    assert hashed != sha256(number.encode())

"""One line of the recovery log (spec/log.md section 2). Never a serial, an address or a code."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum, IntEnum
from functools import cached_property
from typing import TypeAlias, TypeVar

from sparekey.core.codec import Value, encode
from sparekey.core.crypto import derive, mac
from sparekey.core.errors import InputError
from sparekey.core.messages.fields import Fields
from sparekey.core.values import MethodName

LEAF_VERSION = 1
LEAF_LIMIT = 512
"""Bytes of an entry, at most."""
APPROVERS_LIMIT = 8
KEY_ID_LENGTH = 8
LOG_ID_LENGTH = 16
"""Bytes by which the log knows a device. Only the device and its desk know whose they are."""

_TIME_LIMIT = 1 << 40
_POLICY_LIMIT = 1 << 32
_ROLE_LIMIT = 32
_ROLE = re.compile(r"[a-z][a-z0-9-]*")
_E = TypeVar("_E", bound=Enum)


class EntryKind(IntEnum):
    """What an entry tells: something issued for a device, or somebody who may decide more from now on."""

    ISSUED = 1
    APPROVER = 2
    PASSKEY = 3
    ROLE = 4


class LeafAction(Enum):
    """What was issued allows; the values are the stable slugs of the protocol."""

    NEW_PASSWORD = "new-password"
    NEW_PASSWORD_OR_DEFAULT = "new-password-or-default"
    ERASE = "erase-and-default"


@dataclass(frozen=True)
class Issued:
    """A mailed code, a dictated code or a file, logged before it leaves the desk. Raises InputError if it
    breaks a rule.

    `time`: Unix seconds at the desk. `policy`: version of the desk's evidence policy. `request`: the
    request's 32-byte hash. `log_id`: the device's 16 bytes. `approvers`: key ids of the people who approved,
    ascending, none when the desk decides alone; an erase has two at least.
    """

    time: int
    policy: int
    method: MethodName
    action: LeafAction
    request: bytes
    log_id: bytes
    approvers: tuple[bytes, ...] = ()

    def __post_init__(self) -> None:
        _check_head(self.time, self.policy, self.approvers)
        if len(self.request) != 32 or len(self.log_id) != LOG_ID_LENGTH:
            raise InputError("leaf", "a log entry names a request and a device by ids of fixed length")
        if self.action is LeafAction.ERASE and len(self.approvers) < 2:
            raise InputError("leaf-approvers", "to erase a device takes two people")

    @cached_property
    def encoded(self) -> bytes:
        """The entry as CBOR."""
        fields = _head(EntryKind.ISSUED, self.time, self.policy, self.approvers)
        return encode(fields | {6: self.method.value, 7: self.action.value, 8: self.request, 9: self.log_id})


@dataclass(frozen=True)
class Admitted:
    """A new approver, passkey or role. Raises InputError if it breaks a rule.

    `kind`: any but ISSUED. `subject`: the key id that may decide more. `role`: for ROLE, which one: 1 to 32
    of `[a-z0-9-]`. `approvers`: the admins who agreed; the very first ones have nobody before them.
    """

    kind: EntryKind
    time: int
    policy: int
    subject: bytes
    approvers: tuple[bytes, ...] = ()
    role: str | None = None

    def __post_init__(self) -> None:
        _check_head(self.time, self.policy, self.approvers)
        if self.kind is EntryKind.ISSUED or len(self.subject) != KEY_ID_LENGTH:
            raise InputError("leaf", "an entry about people names one key")
        if (self.role is not None) != (self.kind is EntryKind.ROLE):
            raise InputError("leaf", "an entry about a role names it, and no other does")
        if self.role is not None and (len(self.role) > _ROLE_LIMIT or not _ROLE.fullmatch(self.role)):
            raise InputError("leaf", f"a role has 1 to {_ROLE_LIMIT} small letters, digits or dashes")

    @cached_property
    def encoded(self) -> bytes:
        """The entry as CBOR."""
        fields = _head(self.kind, self.time, self.policy, self.approvers) | {10: self.subject}
        if self.role is not None:
            fields[11] = self.role
        return encode(fields)


Leaf: TypeAlias = Issued | Admitted


def read_leaf(data: bytes) -> Leaf:
    """Read an entry. Strict: what is read writes the same bytes again. Raises InputError."""
    if len(data) > LEAF_LIMIT:
        raise InputError("oversize", f"a log entry has at most {LEAF_LIMIT} bytes")
    fields = Fields.of(data, "log entry")
    fields.number(1, LEAF_VERSION, LEAF_VERSION)
    kind = EntryKind(fields.number(2, min(EntryKind), max(EntryKind)))
    time, policy = fields.number(3, 0, _TIME_LIMIT), fields.number(4, 1, _POLICY_LIMIT)
    approvers = _key_ids(fields.items(5, APPROVERS_LIMIT)) if fields.has(5) else ()
    leaf: Leaf
    if kind is EntryKind.ISSUED:
        leaf = Issued(
            time,
            policy,
            _named(MethodName, fields.text(6, 32)),
            _named(LeafAction, fields.text(7, 32)),
            fields.data(8, 32, 32),
            fields.data(9, LOG_ID_LENGTH, LOG_ID_LENGTH),
            approvers,
        )
    else:
        role = fields.text(11, _ROLE_LIMIT) if fields.has(11) else None
        subject = fields.data(10, KEY_ID_LENGTH, KEY_ID_LENGTH)
        leaf = Admitted(kind, time, policy, subject, approvers, role)
    if leaf.encoded != data:
        raise InputError("unknown-field", "the log entry has a field that this version does not know")
    return leaf


def dated_request_hash(dated_key: bytes, number: str) -> bytes:
    """What stands for the request's hash when a security code was dictated (spec/log.md section 2.3).

    Such a request is only read out: its plain hash could be guessed from serial numbers. `dated_key`: the
    device's K. `number`: the request number.
    """
    return mac(derive(dated_key, "log request"), number.encode())


def _head(kind: EntryKind, time: int, policy: int, approvers: tuple[bytes, ...]) -> dict[int, Value]:
    fields: dict[int, Value] = {1: LEAF_VERSION, 2: int(kind), 3: time, 4: policy}
    if approvers:
        fields[5] = list(approvers)
    return fields


def _check_head(time: int, policy: int, approvers: tuple[bytes, ...]) -> None:
    if not 0 <= time <= _TIME_LIMIT or not 1 <= policy <= _POLICY_LIMIT:
        raise InputError("leaf", "the time or the policy version of a log entry is out of range")
    if len(approvers) > APPROVERS_LIMIT or any(len(approver) != KEY_ID_LENGTH for approver in approvers):
        raise InputError(
            "leaf-approvers", f"a log entry names at most {APPROVERS_LIMIT} approvers by their key ids"
        )
    if list(approvers) != sorted(set(approvers)):
        raise InputError("leaf-approvers", "approvers stand in ascending order, nobody twice")


def _key_ids(values: list[Value]) -> tuple[bytes, ...]:
    ids = tuple(value for value in values if isinstance(value, bytes))
    if len(ids) != len(values):
        raise InputError("field", "a key id has the wrong form")
    return ids


def _named(names: type[_E], text: str) -> _E:
    try:
        return names(text)
    except ValueError:
        raise InputError("field", "the log entry names something that this version does not know") from None

"""DNS messages (RFC 1035 section 4), as much of them as service discovery on the local network needs (RFC 6762).

Written without compression, read with it: pointers must lead backwards, and names, labels and records are counted.
"""

from __future__ import annotations

import ipaddress
import struct
from dataclasses import dataclass

from sparekey.core.errors import InputError, MisuseError

SIZE_LIMIT = 9000
"""Bytes of a message (RFC 6762 section 17)."""
RECORDS_LIMIT = 128
"""Questions and records of a message, together."""
NAME_LIMIT = 255
"""Bytes of a name."""
STRINGS_LIMIT = 64
"""Strings of a TXT record."""

A, PTR, TXT, AAAA, SRV, ANY = 1, 12, 16, 28, 33, 255
INTERNET = 1
_TOP = 0x8000  # with a question: answer to me alone; with a record: forget older ones
_ANSWERING = 0x8400  # an answer, and from the one who knows
_JUMPS = 16

Name = tuple[str, ...]
"""The labels of a name, without the root."""


@dataclass(frozen=True)
class Question:
    """`alone`: the asker wants the answer for itself (RFC 6762 section 5.4)."""

    name: Name
    kind: int
    alone: bool = False


@dataclass(frozen=True)
class Record:
    """One record. `value`: an address as text (A, AAAA), a name (PTR), strings (TXT), or (port, name) (SRV).
    `flush`: older ones of this name and kind are void (RFC 6762 section 10.2). `ttl`: seconds.
    """

    name: Name
    kind: int
    value: str | Name | tuple[bytes, ...] | tuple[int, Name]
    ttl: int
    flush: bool = False


@dataclass(frozen=True)
class Message:
    """A question or an answer. `records`: of all three sections; kinds that are not ours are left out."""

    id: int = 0
    is_answer: bool = False
    questions: tuple[Question, ...] = ()
    records: tuple[Record, ...] = ()


def same(left: Name, right: Name) -> bool:
    """Whether two names are one; case does not matter (RFC 6762 section 16, for ASCII)."""
    return [label.lower() for label in left] == [label.lower() for label in right]


def write(message: Message, answers: int | None = None) -> bytes:
    """The bytes of a message. `answers`: how many of its records stand in the answer section, all when not said; the
    others are additional.
    """
    first = len(message.records) if answers is None else answers
    flags = _ANSWERING if message.is_answer else 0
    head = (message.id, flags, len(message.questions), first, 0, len(message.records) - first)
    out = struct.pack(">6H", *head)
    for question in message.questions:
        top = _TOP if question.alone else 0
        out += _name(question.name) + struct.pack(">HH", question.kind, top | INTERNET)
    for record in message.records:
        value = _value(record)
        top = _TOP if record.flush else 0
        fixed = struct.pack(">HHIH", record.kind, top | INTERNET, record.ttl, len(value))
        out += _name(record.name) + fixed + value
    return out


def _name(name: Name) -> bytes:
    labels = [label.encode()[:63] for label in name]
    return b"".join(bytes([len(label)]) + label for label in labels) + b"\0"


def _value(record: Record) -> bytes:
    match record.kind, record.value:
        case ((1 | 28), str() as address):
            return ipaddress.ip_address(address).packed
        case 33, (int() as port, tuple() as name):
            return struct.pack(">HHH", 0, 0, port) + _name(name)
        case 16, tuple() as strings:
            texts = [s for s in strings if isinstance(s, bytes)] or [b""]
            return b"".join(bytes([len(text[:255])]) + text[:255] for text in texts)
        case 12, tuple() as name:
            return _name(tuple(label for label in name if isinstance(label, str)))
        case _:
            raise MisuseError("dns-record", "this record has no form")


def read(data: bytes) -> Message:
    """A message from its bytes. Raises InputError (`dns`, `oversize`)."""
    if len(data) > SIZE_LIMIT:
        raise InputError("oversize", "this message is larger than any that is expected here")
    reader = _Reader(data)
    try:
        name, flags, asked, *told = struct.unpack_from(">6H", data)
        reader.at = 12
        if asked + sum(told) > RECORDS_LIMIT:
            raise InputError("dns", "the message has too many parts")
        questions = tuple(reader.question() for _ in range(asked))
        records = [reader.record() for _ in range(sum(told))]
    except (struct.error, IndexError):
        raise InputError("dns", "the message ends in the middle") from None
    return Message(name, bool(flags & 0x8000), questions, tuple(r for r in records if r is not None))


class _Reader:
    def __init__(self, data: bytes) -> None:
        self.at = 0
        self._data = data

    def question(self) -> Question:
        name = self.name()
        kind, group = self._unpack(">HH")
        return Question(name, kind, bool(group & _TOP))

    def record(self) -> Record | None:
        name = self.name()
        kind, group, ttl, length = self._unpack(">HHIH")
        end = self.at + length
        if end > len(self._data):
            raise InputError("dns", "the message ends in the middle")
        value = self._value(kind, end) if group & ~_TOP == INTERNET else None
        if value is not None and self.at != end and kind in (PTR, SRV):
            raise InputError("dns", "a record has another length than it says")
        self.at = end
        return None if value is None else Record(name, kind, value, ttl, bool(group & _TOP))

    def _value(self, kind: int, end: int) -> str | Name | tuple[bytes, ...] | tuple[int, Name] | None:
        rest = self._data[self.at : end]
        if (kind, len(rest)) in ((A, 4), (AAAA, 16)):
            return str(ipaddress.ip_address(rest))
        if kind == PTR:
            return self.name()
        if kind == SRV:
            _, _, port = self._unpack(">HHH")
            return port, self.name()
        return _strings(rest) if kind == TXT else None

    def name(self) -> Name:
        labels: list[str] = []
        size, jumps, at, after = 1, 0, self.at, -1
        lowest = at
        while length := self._data[at]:
            if length & 0xC0 == 0xC0:
                target = (length & 0x3F) << 8 | self._data[at + 1]
                after = at + 2 if after < 0 else after
                jumps += 1
                if target >= lowest or jumps > _JUMPS:  # only ever backwards: no loop is possible
                    raise InputError("dns", "a name leads in a circle")
                at = lowest = target
                continue
            size += length + 1
            label = self._data[at + 1 : at + 1 + length]
            if length > 63 or size > NAME_LIMIT or len(label) < length:
                raise InputError("dns", "a name is too long")
            labels.append(label.decode("utf-8", "replace"))
            at += 1 + length
        self.at = at + 1 if after < 0 else after
        return tuple(labels)

    def _unpack(self, form: str) -> tuple[int, ...]:
        values = struct.unpack_from(form, self._data, self.at)
        self.at += struct.calcsize(form)
        return values


def _strings(data: bytes) -> tuple[bytes, ...]:
    strings: list[bytes] = []
    at = 0
    while at < len(data) and len(strings) < STRINGS_LIMIT:
        strings.append(data[at + 1 : at + 1 + data[at]])
        at += 1 + data[at]
    return tuple(strings)

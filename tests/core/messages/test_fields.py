from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from sparekey.core.codec import encode
from sparekey.core.errors import InputError
from sparekey.core.messages.fields import FIRST_IGNORABLE_KEY, Fields

READ: dict[str, Callable[[Fields], object]] = {
    "number": lambda fields: fields.number(1, 3, 5),
    "data": lambda fields: fields.data(1, 2, 3),
    "text": lambda fields: fields.text(1, 4),
    "items": lambda fields: fields.items(1, 2),
}


@pytest.mark.parametrize(
    ("reader", "value"),
    [
        ("number", 3), ("number", 5), ("data", b"12"), ("data", b"123"), ("text", "a"), ("text", "a b"),
        ("text", "éé"), ("items", [1]), ("items", [[], None]),
    ],
)  # fmt: skip
def test_what_fits_is_read(reader: str, value: Any) -> None:
    fields = Fields({1: value}, "test")
    assert fields.has(1)
    assert READ[reader](fields) == value
    assert not fields.has(1)
    fields.end()


@pytest.mark.parametrize(
    ("reader", "value"),
    [
        ("number", 2), ("number", 6), ("number", True), ("number", None), ("number", "3"), ("number", b"3"),
        ("data", b"1"), ("data", b"1234"), ("data", "12"), ("data", [1, 2]), ("text", ""),
        ("text", "abcde"), ("text", "ééé"), ("text", b"a"), ("text", "a\n"), ("text", "\x00"),
        ("text", "\x7f"), ("text", "\u200b"), ("text", "\u2028"), ("text", "\u202e"), ("text", "\u00a0"),
        ("items", []), ("items", [1, 2, 3]), ("items", b"12"), ("items", {1: 2}),
    ],
)  # fmt: skip
def test_T14_what_does_not_fit_is_refused(reader: str, value: Any) -> None:
    with pytest.raises(InputError, match="field: field 1 of the test has the wrong form"):
        READ[reader](Fields({1: value}, "test"))


@pytest.mark.parametrize("reader", READ)
def test_what_is_not_there_is_refused(reader: str) -> None:
    with pytest.raises(InputError, match="the test lacks field 1"):
        READ[reader](Fields({2: 1}, "test"))


@pytest.mark.meets("asvs-15.3.3")
@pytest.mark.parametrize("value", [None, 1, b"", "", [], {"a": 1}])
def test_only_numbered_maps_have_fields(value: Any) -> None:
    with pytest.raises(InputError, match="not a map of numbered fields"):
        Fields(value, "test")
    with pytest.raises(InputError, match="not a map of numbered fields"):
        Fields({1: value}, "test").inner(1, "inside")


def test_fields_are_read_from_bytes_and_from_inside() -> None:
    fields = Fields.of(encode({1: {2: 7}}), "test")
    inner = fields.inner(1, "inside")
    assert inner.number(2, 0, 9) == 7
    inner.end()
    fields.end()


@pytest.mark.meets("asvs-15.3.3")
def test_an_unknown_field_is_critical_unless_its_key_says_not() -> None:
    for key in (-FIRST_IGNORABLE_KEY, -1, 0, 1, FIRST_IGNORABLE_KEY - 1):
        with pytest.raises(InputError, match="unknown-field"):
            Fields({key: 0}, "test").end()
    Fields({FIRST_IGNORABLE_KEY: 0, 1 << 63: 0}, "test").end()

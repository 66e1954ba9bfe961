from __future__ import annotations

import tracemalloc
from enum import IntEnum
from typing import Any

import pytest

from sparekey.core.codec import DEPTH_LIMIT, Value, decode, encode
from sparekey.core.errors import InputError, MisuseError


class Number(IntEnum):
    SEVEN = 7


def nested(depth: int, innermost: Value = 0) -> Value:
    for _ in range(depth):
        innermost = [innermost]
    return innermost


def test_tuples_and_numbered_choices_are_written_as_arrays_and_numbers() -> None:
    assert encode((1, Number.SEVEN)) == encode([1, 7])
    keyed: dict[int, Value] = {Number.SEVEN: 1}
    assert encode(keyed) == encode({7: 1})


def test_keys_are_sorted_by_their_bytes() -> None:
    assert encode({300: 0, -1: 0, 24: 0, 1: 0}).hex() == "a4" + "0100" + "181800" + "19012c00" + "2000"
    assert encode({"aa": 0, "b": 0, "": 0}).hex() == "a3" + "6000" + "616200" + "62616100"


@pytest.mark.parametrize(
    ("value", "slug"),
    [
        (1 << 64, "cbor-range"),
        (-(1 << 64) - 1, "cbor-range"),
        (1.0, "cbor-type"),
        (object(), "cbor-type"),
        ({1}, "cbor-type"),
        ("\ud800", "cbor-text"),
        ({"\ud800": 1}, "cbor-text"),
        ({True: 1}, "cbor-key"),
        ({None: 1}, "cbor-key"),
        ({b"k": 1}, "cbor-key"),
        ({(1,): 1}, "cbor-key"),
        ({1: 1, "1": 1}, "cbor-key"),
        (nested(DEPTH_LIMIT), "cbor-depth"),
    ],
)
def test_what_could_not_be_read_again_is_not_written(value: Any, slug: str) -> None:
    with pytest.raises(MisuseError) as error:
        encode(value)
    assert error.value.slug == slug


@pytest.mark.parametrize("innermost", [0, [], {}, "text"])
def test_as_deep_as_allowed_and_no_deeper(innermost: Value) -> None:
    deepest = nested(DEPTH_LIMIT - 1, innermost)
    assert decode(encode(deepest)) == deepest
    with pytest.raises(InputError, match="cbor-depth"):
        decode(b"\x81" + encode(deepest))


def test_maps_count_as_depth_too() -> None:
    with pytest.raises(InputError, match="cbor-depth"):
        decode(b"\xa1\x00" * DEPTH_LIMIT + b"\x00")


def test_T14_a_length_that_the_data_cannot_hold_costs_nothing() -> None:
    tracemalloc.start()
    try:
        for head in (b"\x5b", b"\x7b", b"\x9b", b"\xbb"):
            with pytest.raises(InputError, match="cbor-short"):
                decode(head + (1 << 40).to_bytes(8, "big"))
        assert tracemalloc.get_traced_memory()[1] < 1 << 20
    finally:
        tracemalloc.stop()


def test_T14_a_million_brackets_are_refused_at_once() -> None:
    with pytest.raises(InputError, match="cbor-depth"):
        decode(b"\x81" * 1_000_000)

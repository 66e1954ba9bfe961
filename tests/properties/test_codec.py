"""The codec, with another implementation of CBOR as its oracle."""

from __future__ import annotations

import cbor2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sparekey.core.codec import Value, decode, encode
from sparekey.core.errors import InputError
from tests.properties.strategies import INTEGERS, SCALARS, VALUES


@given(VALUES)
def test_what_is_written_is_read(value: Value) -> None:
    assert decode(encode(value)) == value


@pytest.mark.meets("asvs-1.5.3")
@given(VALUES)
def test_another_reader_reads_what_we_write(value: Value) -> None:
    assert cbor2.loads(encode(value)) == value


@given(st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=4), max_leaves=15))
def test_another_writer_writes_the_same(value: Value) -> None:
    assert cbor2.dumps(value, canonical=True) == encode(value)


@given(st.dictionaries(INTEGERS, st.none(), max_size=8))
def test_the_order_in_which_a_map_was_made_does_not_show(value: dict[int, None]) -> None:
    assert encode(value) == encode(dict(reversed(value.items())))


@pytest.mark.meets("asvs-1.1.1")
@given(
    st.binary(max_size=60)
    | VALUES.map(encode).flatmap(lambda data: st.integers(0, len(data)).map(lambda cut: data[:cut]))
)
def test_T14_whatever_is_read_has_one_form_only(data: bytes) -> None:
    try:
        value = decode(data)
    except InputError:
        return
    assert encode(value) == data
    assert cbor2.loads(data) == value


@given(VALUES, st.data())
def test_T14_a_changed_byte_is_another_value_or_none(value: Value, data: st.DataObject) -> None:
    encoded = bytearray(encode(value))
    place = data.draw(st.integers(0, len(encoded) - 1))
    encoded[place] ^= data.draw(st.integers(1, 255))
    try:
        changed = decode(bytes(encoded))
    except InputError:
        return
    assert encode(changed) != encode(value)

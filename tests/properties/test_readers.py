"""Readers that `fuzz/targets` does not have: a value, or an error of ours that a reader may raise."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sparekey.core import crypto
from sparekey.core.codec import encode
from sparekey.core.codes import ALPHABET, fold
from sparekey.core.errors import InputError, UntrustedError
from sparekey.core.messages.armour import FileKind, wrap
from sparekey.core.messages.request import open_mail, read_request
from sparekey.core.policy import Policy
from sparekey.core.values import label, mask
from sparekey.host.config import parse
from sparekey.host.snapshot import freeze
from tests.core.samples import GUARDED, ask
from tests.properties.strategies import INTEGERS, VALUES
from tests.vectors.desk import (
    DESK_PRIVATE,
    HEADER,
    PREFIX,
    ROOT_PUBLIC,
    joined,
    request,
)

OF_BYTES: dict[str, Callable[[bytes], object]] = {
    "request, opened": lambda data: open_mail(read_request(joined(HEADER.encoded, data)), DESK_PRIVATE),
    "sealed": lambda data: crypto.unseal(DESK_PRIVATE, b"", data),
    "signature": lambda data: crypto.check_signature(ROOT_PUBLIC, b"", data),
    "key": lambda data: crypto.check_signature(data, b"", bytes(64)),
    "fingerprint": crypto.certificate_fingerprint,
}
OF_TEXT: dict[str, Callable[[str], object]] = {
    "folding": fold,
    "mask": mask,
    "label": lambda text: label("model", text, 24),
    "configuration": lambda text: parse(text, Policy, "test"),
    "configuration, value": lambda text: parse(f"name = 'n'\ntitle = {text}", Policy, "test"),
}
GOOD = [request("readers"), freeze(GUARDED), freeze(ask()), HEADER.encoded, b"", b"\x81" * 100_000]
WRITTEN = [
    PREFIX + "0" * 80,
    wrap(FileKind.REQUEST, request("readers"), {"Device": "x"}),
    "owner@example.com",
    "4HMA-SW9Q",
    "title = 't'",
    "[" * 50_000,
    "9" * 5000,
    "\ud800",
    "\x00",
]


def gives_a_value_or_our_error(reader: Callable[[Any], object], given_: bytes | str) -> None:
    with suppress(InputError, UntrustedError):
        reader(given_)


FIELDS = st.dictionaries(st.integers(0, 12) | INTEGERS, VALUES, max_size=8).map(encode)


@st.composite
def cuts(draw: st.DrawFn) -> bytes:
    """Something good, changed a little."""
    data = bytearray(draw(st.sampled_from(GOOD[:4])))
    for _ in range(draw(st.integers(1, 3))):
        data[draw(st.integers(0, len(data) - 1))] = draw(st.integers(0, 255))
    return bytes(data[: draw(st.integers(0, len(data)))])


@pytest.mark.meets("etsi-5.13-1A", "etsi-5.13-1B")
@pytest.mark.parametrize("name", OF_BYTES)
@given(data=st.binary(max_size=200) | VALUES.map(encode) | FIELDS | cuts())
def test_T14_any_bytes_give_a_value_or_our_error(name: str, data: bytes) -> None:
    gives_a_value_or_our_error(OF_BYTES[name], data)


@pytest.mark.parametrize("name", OF_BYTES)
def test_T14_good_bytes_in_the_wrong_place_too(name: str) -> None:
    for data in GOOD:
        gives_a_value_or_our_error(OF_BYTES[name], data)


@pytest.mark.parametrize("name", OF_TEXT)
@given(
    text=st.text(max_size=100)
    | st.text(ALPHABET + "-/:.@ \n='\"[]{}", max_size=100)
    | st.sampled_from(WRITTEN)
)
def test_T14_any_text_gives_a_value_or_our_error(name: str, text: str) -> None:
    gives_a_value_or_our_error(OF_TEXT[name], text)


@pytest.mark.parametrize("name", OF_TEXT)
def test_T14_good_text_in_the_wrong_place_too(name: str) -> None:
    for text in WRITTEN:
        gives_a_value_or_our_error(OF_TEXT[name], text)

"""Whatever comes from outside: a value, or an error of ours that a reader may raise."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sparekey.core import crypto
from sparekey.core.codec import decode, encode
from sparekey.core.codes import ALPHABET, fold, from_base32, read_code, read_number
from sparekey.core.device import State
from sparekey.core.effects import Effect
from sparekey.core.errors import InputError, UntrustedError
from sparekey.core.messages.armour import FileKind, unwrap, wrap
from sparekey.core.messages.link import check_prefix, read_link
from sparekey.core.messages.request import open_mail, read_request
from sparekey.core.messages.trust import read_trust
from sparekey.core.policy import Policy
from sparekey.core.values import account_name, label, mail_address, mask
from sparekey.host.config import parse
from sparekey.host.snapshot import freeze, thaw
from tests.core.samples import GUARDED, ask
from tests.properties.strategies import INTEGERS, VALUES
from tests.vectors import hpke
from tests.vectors.desk import (
    DESK_PRIVATE,
    DESK_PUBLIC,
    HEADER,
    PREFIX,
    ROOT_PUBLIC,
    ephemeral,
    joined,
    request,
)
from tests.vectors.make_trust import signed

OF_BYTES: dict[str, Callable[[bytes], object]] = {
    "cbor": decode,
    "request": read_request,
    "request, header": lambda data: read_request(joined(data, bytes(60))),
    "request, opened": lambda data: open_mail(read_request(joined(HEADER.encoded, data)), DESK_PRIVATE),
    "request, inside": lambda data: open_mail(
        read_request(joined(HEADER.encoded, sealed(data))), DESK_PRIVATE
    ),
    "trust file": lambda data: read_trust(data, ROOT_PUBLIC),
    "trust file, signed": lambda data: read_trust(signed(data), ROOT_PUBLIC),
    "sealed": lambda data: crypto.unseal(DESK_PRIVATE, b"", data),
    "signature": lambda data: crypto.check_signature(ROOT_PUBLIC, b"", data),
    "key": lambda data: crypto.check_signature(data, b"", bytes(64)),
    "state": lambda data: thaw(data, State),
    "effect": lambda data: thaw(data, Effect),
    "certificate": crypto.tls_key_hash,
    "fingerprint": crypto.certificate_fingerprint,
}
OF_TEXT: dict[str, Callable[[str], object]] = {
    "code": read_code,
    "folding": fold,
    "number": read_number,
    "base 32": from_base32,
    "link": read_link,
    "prefix": check_prefix,
    "armour": lambda text: unwrap(FileKind.REQUEST, text),
    "armour, content": lambda text: unwrap(FileKind.TRUST, around(text)),
    "address": mail_address,
    "mask": mask,
    "account": account_name,
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


def sealed(plain: bytes) -> bytes:
    return hpke.seal(DESK_PUBLIC, b"sparekey/1 request\x00" + HEADER.encoded, plain, ephemeral("readers"))


def around(content: str) -> str:
    return f"-----BEGIN SPAREKEY TRUST FILE-----\n\n{content}\n-----END SPAREKEY TRUST FILE-----"


def gives_a_value_or_our_error(reader: Callable[[Any], object], given_: bytes | str) -> None:
    with suppress(InputError, UntrustedError):
        reader(given_)


FIELDS = st.dictionaries(st.integers(0, 12) | INTEGERS, VALUES, max_size=8).map(encode)
NAMED = st.dictionaries(st.sampled_from(["", "record", "age", "generation"]), VALUES, max_size=4).map(encode)


@st.composite
def cuts(draw: st.DrawFn) -> bytes:
    """Something good, changed a little."""
    data = bytearray(draw(st.sampled_from(GOOD[:4])))
    for _ in range(draw(st.integers(1, 3))):
        data[draw(st.integers(0, len(data) - 1))] = draw(st.integers(0, 255))
    return bytes(data[: draw(st.integers(0, len(data)))])


@pytest.mark.meets("etsi-5.13-1A", "etsi-5.13-1B")
@pytest.mark.parametrize("name", OF_BYTES)
@given(data=st.binary(max_size=200) | VALUES.map(encode) | FIELDS | NAMED | cuts())
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

from __future__ import annotations

from dataclasses import replace

import pytest

from sparekey.core import crypto
from sparekey.core.codec import encode
from sparekey.core.errors import InputError, UntrustedError
from sparekey.core.messages.header import bound
from sparekey.core.messages.request import (
    ADDRESSES_LIMIT,
    REQUEST_LIMIT,
    fitting,
    open_mail,
    read_request,
    seal_mail,
)
from sparekey.core.values import ADDRESS_LIMIT, Identity
from tests.vectors.desk import (
    BODY,
    BODY_FIELDS,
    DESK_PRIVATE,
    DESK_PUBLIC,
    HEADER,
    HEADER_FIELDS,
    joined,
    odd,
    request,
    sealed,
)


def test_what_is_sealed_is_opened() -> None:
    made = seal_mail(HEADER, BODY, DESK_PUBLIC)
    assert read_request(made.encoded) == made
    assert open_mail(made, DESK_PRIVATE) == BODY
    assert made.hash == crypto.sha256(made.encoded)
    assert made.encoded == encode([made.clear, made.sealed])
    assert made.clear == HEADER.encoded == odd(HEADER_FIELDS)
    assert BODY.encoded == odd(BODY_FIELDS)


def test_the_header_is_bound_as_it_travels() -> None:
    assert HEADER.info == bound(HEADER.encoded) == b"sparekey/1 request\x00" + HEADER.encoded


@pytest.mark.meets("asvs-4.1.5")
def test_T01_every_byte_of_a_request_is_bound() -> None:
    """Were one byte free, the same code under other hashes would slip past the desk's limits."""
    data = request("bound")
    for place in range(len(data)):
        for bit in (0x01, 0x80):
            changed = bytearray(data)
            changed[place] ^= bit
            with pytest.raises((InputError, UntrustedError)):
                open_mail(read_request(bytes(changed)), DESK_PRIVATE)


def test_T05_padding_a_request_with_fields_to_pass_over_makes_no_second_one() -> None:
    original = read_request(request("padding"))
    for clear in (
        odd(HEADER_FIELDS, f128=b"padding"),
        odd(HEADER_FIELDS, f11={1: 86_400, 2: HEADER.made, 999: 0}),
    ):
        padded = read_request(joined(clear, original.sealed))
        assert padded.header == original.header
        with pytest.raises(UntrustedError):
            open_mail(padded, DESK_PRIVATE)


def test_a_newer_device_may_say_more() -> None:
    clear = odd(HEADER_FIELDS, f128="more")
    newer = read_request(joined(clear, sealed(clear, odd(BODY_FIELDS, f128="more"), "newer")))
    assert newer.header == HEADER
    assert open_mail(newer, DESK_PRIVATE) == BODY


@pytest.mark.meets("asvs-1.3.11")
@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("f2", ["a@example.com\r\nSubject: free money"]),
        ("f2", ["a@example.com", "b@example.com", "c@example.com"]),
        ("f2", ["Free money! <a@example.com>"]),
        ("f3", "en\nfree"),
        ("f4", "free money: example.com"),
        ("f4", "x" * 33),
    ],
)
def test_T05_nothing_sealed_can_break_out_of_a_mail(field: str, value: object) -> None:
    plain = odd(BODY_FIELDS, **{field: value})  # as odd as a stranger makes it
    with pytest.raises(UntrustedError, match="sealed"):
        open_mail(read_request(joined(HEADER.encoded, sealed(HEADER.encoded, plain, "cannon"))), DESK_PRIVATE)


def test_the_largest_request_fits() -> None:
    header = replace(HEADER, identity=Identity("S" * 48, "M" * 24, "F" * 24))
    long = "a" * (ADDRESS_LIMIT - 12) + "@example.com"
    body = replace(BODY, addresses=(long,), account="a" * 32, ticket=bytes(16))
    made = seal_mail(header, body, DESK_PUBLIC)
    assert len(made.encoded) <= REQUEST_LIMIT
    assert open_mail(made, DESK_PRIVATE) == body


def test_two_addresses_go_in_when_both_fit() -> None:
    short, half, over = ("x" * (length - 12) + "@example.com" for length in (20, 48, 49))
    assert fitting(()) == ()
    assert fitting((short,)) == (short,)
    assert fitting((half, half)) == (half, half)
    assert len(half) * 2 == ADDRESSES_LIMIT
    assert fitting((half, over)) == (half,)
    assert fitting((short, half, short)) == (short, half)

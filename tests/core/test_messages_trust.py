"""The trust file: signed by the root, never older, and as short as what it says."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sparekey.core import crypto
from sparekey.core.codec import Value, decode, encode
from sparekey.core.errors import InputError, UntrustedError
from sparekey.core.messages.link import check_prefix
from sparekey.core.messages.trust import (
    TRUST_LIMIT,
    Purpose,
    Trust,
    newer,
    parse_trust,
    read_trust,
    sign_trust,
)
from sparekey.core.tlog.witness import WITNESSES_LIMIT, WitnessPolicy
from tests.core.messages_samples import FULL_TRUST, PUBLIC, ROOT, ROOT_PUBLIC, TRUST, fixed, log, witness


def content_with(trust: Trust, changed: dict[int, Value]) -> bytes:
    fields = decode(trust.encoded)
    assert isinstance(fields, dict)
    content = encode({**fields, **changed})
    return encode([content, crypto.sign(ROOT, b"sparekey/1 trust\x00" + content)])


@pytest.mark.parametrize("trust", [TRUST, FULL_TRUST])
def test_a_trust_file_reads_back_once_its_signature_holds(trust: Trust) -> None:
    data = sign_trust(trust, ROOT)
    assert read_trust(data, ROOT_PUBLIC) == trust
    assert parse_trust(data).unproved == trust
    with pytest.raises(UntrustedError) as caught:
        read_trust(data, crypto.signing_public(fixed("another root")))
    assert caught.value.slug == "signature"


def test_what_is_not_there_takes_no_bytes() -> None:
    fields = decode(TRUST.encoded)
    assert isinstance(fields, dict)
    assert list(fields) == [1, 2, 3, 4, 5, 6, 7]
    full = decode(FULL_TRUST.encoded)
    assert isinstance(full, dict)
    assert list(full) == list(range(1, 12))


def test_the_largest_trust_file_fits() -> None:
    names = [f"{number}.{'w' * 56}.example.com" for number in range(WITNESSES_LIMIT)]
    large = replace(
        FULL_TRUST,
        name="N" * 64,
        revoked=tuple(fixed(f"revoked {number}", 8) for number in range(64)),
        witnesses=WitnessPolicy(tuple(witness(name) for name in names), WITNESSES_LIMIT),
        sealing=tuple((p, tuple(fixed(f"{p} {n}") for n in range(4))) for p in Purpose),
    )
    assert read_trust(sign_trust(large, ROOT), ROOT_PUBLIC) == large


@pytest.mark.parametrize(
    "changed",
    [
        {1: 2},
        {2: bytes(7)},
        {3: ""},
        {4: "https://desk.example.com/r/"},
        {5: 0},
        {6: {}, 7: []},
        {6: {4: [bytes(32)]}},
        {6: {1: [bytes(31)]}},
        {6: {1: ["text"]}},
        {6: 7},
        {7: [bytes(32)] * 5},
        {8: []},
        {8: [bytes(7)]},
        {9: []},
        {9: [7]},
        {9: ["x" * 321]},
        {9: ["no key"]},
        {9: [log("a").text, log("a").text]},
        {9: [log("a").text, log("b").text, log("c").text]},
        {9: [witness("w").text]},
        {10: {1: 0}},
        {10: {1: 2, 2: [witness("w").text]}},
        {11: 0},
        {12: 1},
    ],
)
def test_a_trust_file_that_no_maker_writes_is_not_read(changed: dict[int, Value]) -> None:
    with pytest.raises(InputError):
        read_trust(content_with(TRUST, changed), ROOT_PUBLIC)


@pytest.mark.meets("asvs-15.3.3")
def test_a_field_of_a_later_version_is_passed_over() -> None:
    assert read_trust(content_with(TRUST, {128: 1}), ROOT_PUBLIC) == TRUST


@pytest.mark.parametrize(
    "data",
    [
        encode(7),
        encode([b"one"]),
        encode(["text", bytes(64)]),
        encode([b"\xa0", bytes(63)]),
        encode([b"\xa0", 7]),
        bytes(TRUST_LIMIT + 1),
    ],
)
def test_what_is_no_trust_file_is_not_read(data: bytes) -> None:
    for read in (parse_trust, lambda data: read_trust(data, ROOT_PUBLIC)):
        with pytest.raises(InputError):
            read(data)


def test_a_sealing_key_is_the_first_that_is_not_revoked() -> None:
    assert TRUST.sealing_key(Purpose.ENROL) == PUBLIC[Purpose.ENROL]
    second = fixed("second")
    two = replace(
        TRUST,
        sealing=((Purpose.MAIL, (PUBLIC[Purpose.MAIL], second)),),
        revoked=(crypto.key_id(PUBLIC[Purpose.MAIL]),),
    )
    assert two.sealing_key(Purpose.MAIL) == second
    for none in (replace(two, revoked=(*two.revoked, crypto.key_id(second))), replace(TRUST, sealing=())):
        with pytest.raises(UntrustedError) as caught:
            none.sealing_key(Purpose.MAIL)
        assert caught.value.slug == "no-key"


def test_the_logs_keys_are_those_of_its_origin_that_are_not_revoked() -> None:
    origin = "desk.example.com/log"
    first, second = (key.public for key in FULL_TRUST.logs)
    assert FULL_TRUST.log_keys(origin) == (first, second)
    assert FULL_TRUST.log_keys("other.example.com/log") == ()
    assert replace(FULL_TRUST, revoked=(crypto.key_id(first),)).log_keys(origin) == (second,)


def test_a_device_takes_no_other_desk_and_nothing_older() -> None:
    assert newer(TRUST, FULL_TRUST) is FULL_TRUST
    assert newer(TRUST, TRUST) is TRUST
    for offered, why in (
        (replace(FULL_TRUST, desk=bytes(8)), "other-desk"),
        (replace(TRUST, version=2), "older-trust"),
    ):
        with pytest.raises(UntrustedError) as caught:
            newer(TRUST, offered)
        assert caught.value.slug == why


def test_a_prefix_is_upper_case_and_short() -> None:
    assert check_prefix("HTTP://LOCALHOST:8600/R/") == "HTTP://LOCALHOST:8600/R/"
    for prefix in ("HTTPS://DESK.EXAMPLE.COM/P/", "HTTPS://" + "A" * 90 + "/R/"):
        with pytest.raises(InputError):
            check_prefix(prefix)

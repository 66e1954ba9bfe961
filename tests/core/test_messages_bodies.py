"""What each kind of request seals, and that nothing else opens."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sparekey.core import crypto
from sparekey.core.codec import Value, decode, encode
from sparekey.core.errors import InputError, MisuseError, UntrustedError
from sparekey.core.messages.addresses import fitting
from sparekey.core.messages.enrol import EnrolBody, refresh_holds, refresh_mac
from sparekey.core.messages.header import Header, Kind, Purpose, bound, read_header
from sparekey.core.messages.mail import MailBody
from sparekey.core.messages.request import (
    REQUEST_LIMIT,
    Body,
    Request,
    open_body,
    open_mail,
    read_request,
    seal_body,
    seal_mail,
)
from tests.core.messages_samples import BODIES, FILE_SECRET, PLAIN_BODIES, PRIVATE, PUBLIC, fixed, header


def sealed_by_hand(kind: Kind, fields: dict[int, Value]) -> Request:
    """A request whose sealed part no device writes."""
    clear = header(kind).encoded
    sealed = crypto.seal(PUBLIC[kind.purpose], bound(clear), encode(fields))
    return read_request(encode([clear, sealed]))


def fields_of(body: Body) -> dict[int, Value]:
    decoded = decode(body.encoded)
    assert isinstance(decoded, dict)
    return decoded


def does_not_open(request: Request) -> None:
    with pytest.raises(UntrustedError) as caught:
        open_body(request, PRIVATE[request.header.kind.purpose])
    assert caught.value.slug == "sealed"


@pytest.mark.meets("etsi-5.8-1")
@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("bodies", [BODIES, PLAIN_BODIES])
def test_every_kind_travels_and_opens_again(kind: Kind, bodies: dict[Kind, Body]) -> None:
    sealed = seal_body(header(kind), bodies[kind], PUBLIC[kind.purpose])
    read = read_request(sealed.encoded)
    assert read == sealed
    assert read.hash == crypto.sha256(sealed.encoded)
    assert open_body(read, PRIVATE[kind.purpose]) == bodies[kind]


@pytest.mark.meets("etsi-5.8-2")
@pytest.mark.parametrize("kind", Kind)
def test_only_the_key_for_its_purpose_opens_it(kind: Kind) -> None:
    request = seal_body(header(kind), BODIES[kind], PUBLIC[kind.purpose])
    for purpose in Purpose:
        if purpose is not kind.purpose:
            with pytest.raises(UntrustedError):
                open_body(request, PRIVATE[purpose])


@pytest.mark.meets("asvs-9.2.2")
@pytest.mark.parametrize("kind", Kind)
def test_no_kind_passes_for_another(kind: Kind) -> None:
    other = Kind.TECHNICIAN if kind is Kind.SUPPORT else Kind.SUPPORT
    with pytest.raises(MisuseError):
        seal_body(header(other), BODIES[kind], PUBLIC[kind.purpose])
    request = seal_body(header(kind), BODIES[kind], PUBLIC[kind.purpose])
    does_not_open(read_request(encode([header(other).encoded, request.sealed])))


@pytest.mark.parametrize("kind", Kind)
def test_a_sealed_part_with_a_field_too_many_or_too_few_does_not_open(kind: Kind) -> None:
    fields = fields_of(BODIES[kind])
    does_not_open(sealed_by_hand(kind, fields | {99: 1}))
    does_not_open(sealed_by_hand(kind, {key: value for key, value in fields.items() if key != 1}))
    body = open_body(sealed_by_hand(kind, fields | {200: b"from a later version"}), PRIVATE[kind.purpose])
    assert body == BODIES[kind]


@pytest.mark.parametrize(
    ("kind", "changed"),
    [
        (Kind.MAIL, {1: 1 << 35}),
        (Kind.MAIL, {2: []}),
        (Kind.MAIL, {2: ["Owner@Example.COM"]}),
        (Kind.MAIL, {2: ["a@example.com", "b@example.com", "c@example.com"]}),
        (Kind.MAIL, {2: [7]}),
        (Kind.MAIL, {2: ["x" * 65 + "@example.com"]}),
        (Kind.MAIL, {4: "a b"}),
        (Kind.MAIL, {5: b"short"}),
        (Kind.SUPPORT, {1: b"short"}),
        (Kind.SUPPORT, {2: -1}),
        (Kind.TECHNICIAN, {2: 7}),
        (Kind.ENROL, {3: 0}),
        (Kind.ENROL, {6: []}),
        (Kind.ENROL, {7: 1}),
        (Kind.ENROL, {9: bytes(31)}),
        (Kind.NOTICE, {1: "something-else"}),
        (Kind.NOTICE, {6: 1 << 41}),
        (Kind.NOTICE, {7: bytes(16)}),
    ],
)
def test_a_sealed_part_that_no_device_writes_does_not_open(kind: Kind, changed: dict[int, Value]) -> None:
    does_not_open(sealed_by_hand(kind, fields_of(BODIES[kind]) | changed))


@pytest.mark.meets("asvs-2.2.3")
def test_a_confirmed_address_needs_an_address() -> None:
    fields = {key: value for key, value in fields_of(BODIES[Kind.ENROL]).items() if key != 6}
    does_not_open(sealed_by_hand(Kind.ENROL, fields))


def test_an_altered_header_does_not_open() -> None:
    request = seal_body(header(Kind.SUPPORT), BODIES[Kind.SUPPORT], PUBLIC[Purpose.SUPPORT])
    changed = replace(request.header, number="00000000")
    does_not_open(read_request(encode([changed.encoded, request.sealed])))


def test_a_header_with_a_later_versions_field_still_opens() -> None:
    fields = decode(header(Kind.TECHNICIAN).encoded)
    assert isinstance(fields, dict)
    clear = encode({**fields, 128: 1})
    sealed = crypto.seal(PUBLIC[Purpose.SUPPORT], bound(clear), BODIES[Kind.TECHNICIAN].encoded)
    request = read_request(encode([clear, sealed]))
    assert open_body(request, PRIVATE[Purpose.SUPPORT]) == BODIES[Kind.TECHNICIAN]


def test_open_mail_takes_a_mail_request_and_no_other() -> None:
    body = BODIES[Kind.MAIL]
    assert isinstance(body, MailBody)
    request = seal_mail(header(Kind.MAIL), body, PUBLIC[Purpose.MAIL])
    assert open_mail(request, PRIVATE[Purpose.MAIL]) == body
    other = seal_body(header(Kind.SUPPORT), BODIES[Kind.SUPPORT], PUBLIC[Purpose.SUPPORT])
    with pytest.raises(UntrustedError):
        open_mail(other, PRIVATE[Purpose.SUPPORT])


@pytest.mark.parametrize(
    "parts",
    [
        7,
        [b"one"],
        [b"header", "sealed"],
        [7, bytes(60)],
        [header(Kind.MAIL).encoded, bytes(48)],
        [b"\xa0", bytes(60)],
        [header(Kind.MAIL).encoded, bytes(REQUEST_LIMIT)],
    ],
)
def test_what_is_no_request_is_not_read(parts: Value) -> None:
    with pytest.raises(InputError):
        read_request(encode(parts))


@pytest.mark.parametrize(
    "changed",
    [
        {1: 2},
        {2: 2},
        {3: 0},
        {3: 6},
        {4: bytes(7)},
        {6: ""},
        {6: "S" * 49},
        {6: "S\u00e9"},
        {9: "4f7q0001"},
        {10: bytes(31)},
        {11: {1: 0}},
        {11: {1: 14 * 86_400 + 1}},
        {11: {1: 60, 3: 0}},
        {11: {1: 60, 4: 1}},
        {12: 1},
    ],
)
def test_a_header_that_no_device_writes_is_not_read(changed: dict[int, Value]) -> None:
    fields = decode(header(Kind.MAIL).encoded)
    assert isinstance(fields, dict)
    with pytest.raises(InputError):
        read_header(encode({**fields, **changed}))


def test_a_header_without_a_trusted_clock_says_no_time() -> None:
    without: Header = header(Kind.MAIL, made=None)
    assert read_header(without.encoded) == without
    assert without.info == bound(without.encoded)
    seen = replace(without, seen=7)
    assert read_header(seen.encoded) == seen


def test_the_second_address_goes_along_when_both_fit() -> None:
    short, long = "a@example.com", "b" * 50 + "@example.com"
    assert fitting((short, long)) == (short, long)
    assert fitting((long, long)) == (long,)
    assert fitting(()) == ()


def test_a_refresh_needs_the_key_of_before_and_covers_all_that_changes() -> None:
    body = BODIES[Kind.ENROL]
    assert isinstance(body, EnrolBody)
    about, before = header(Kind.ENROL), fixed("K before")
    proved = replace(body, refresh=refresh_mac(before, about, body))
    assert refresh_holds(before, about, proved)
    assert not refresh_holds(fixed("another K"), about, proved)
    assert not refresh_holds(before, about, replace(proved, refresh=None))
    assert not refresh_holds(before, replace(about, number="00000000"), proved)
    for changed in (
        replace(proved, key=fixed("new")),
        replace(proved, log_id=bytes(16)),
        replace(proved, count=9),
        replace(proved, epoch=9),
        replace(proved, locale="en"),
        replace(proved, addresses=("thief@example.com",)),
        replace(proved, confirmed=False),
    ):
        assert not refresh_holds(before, about, changed)


def test_a_code_may_only_confirm_a_mailbox() -> None:
    body = BODIES[Kind.MAIL]
    assert isinstance(body, MailBody)
    confirms = replace(body, confirms=True)
    sealed = seal_mail(header(Kind.MAIL), confirms, PUBLIC[Kind.MAIL.purpose])
    assert open_mail(sealed, PRIVATE[Kind.MAIL.purpose]) == confirms
    does_not_open(sealed_by_hand(Kind.MAIL, fields_of(body) | {6: False}))


def test_a_code_may_end_with_the_power() -> None:
    body = BODIES[Kind.MAIL]
    assert isinstance(body, MailBody)
    fleeting = replace(body, fleeting=True)
    sealed = seal_mail(header(Kind.MAIL), fleeting, PUBLIC[Kind.MAIL.purpose])
    assert open_mail(sealed, PRIVATE[Kind.MAIL.purpose]) == fleeting
    does_not_open(sealed_by_hand(Kind.MAIL, fields_of(body) | {7: False}))


def test_no_secret_shows_in_repr() -> None:
    for kind, body in BODIES.items():
        shown = repr(body)
        for secret in (FILE_SECRET, fixed("device key K"), fixed("ticket", 16), fixed("factory token")):
            assert repr(secret) not in shown, kind
        assert "BFXR" not in shown

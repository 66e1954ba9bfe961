from __future__ import annotations

from dataclasses import replace

import pytest

from sparekey.core import crypto
from sparekey.core.codes import code_from_bits
from sparekey.core.device import METHODS
from sparekey.core.errors import UntrustedError
from sparekey.core.messages.request import open_mail, read_request
from sparekey.core.methods.mail_code import METHOD, challenge
from sparekey.core.methods.method import Closed
from sparekey.core.record import ADDRESS_COOLING, Record, Reserved
from sparekey.core.values import Face, MethodName
from sparekey.host.snapshot import freeze
from tests.core.samples import (
    CLAIM,
    CODE,
    DEVICE_KEY,
    NUMBER,
    OWNER,
    POLICY,
    RECORD,
    VOLATILE,
    WRONG,
    ask,
    now,
)
from tests.vectors.desk import DESK_ID, DESK_PRIVATE, DESK_PUBLIC, MADE, TRUST


def test_the_table_of_methods_is_whole() -> None:
    assert set(METHODS) == set(MethodName)
    assert all(method.name is name for name, method in METHODS.items())


def test_what_the_method_says_about_itself() -> None:
    assert METHOD.faces == set(Face)
    assert METHOD.needs_desk
    assert METHOD.keeps_recordings
    assert METHOD.valid(POLICY) == 86_400
    assert not METHOD.memory_only(POLICY)
    assert METHOD.memory_only(VOLATILE)


def test_greyed_without_an_address_or_an_administrator() -> None:
    assert METHOD.closed(RECORD, now()) is None
    assert METHOD.closed(replace(RECORD, reserved=None), now()) is Closed.NO_ADDRESS
    assert METHOD.closed(replace(RECORD, accounts=()), now()) is Closed.NO_ADDRESS


def test_the_challenge_seals_what_the_desk_needs() -> None:
    kept, request = challenge(
        RECORD,
        now(),
        TRUST,
        face=Face.SCREEN,
        claim=CLAIM,
        number=NUMBER,
        code=CODE,
        tls=b"t" * 32,
        locale="cs",
    )
    header, body = request.header, open_mail(request, DESK_PRIVATE)
    assert (header.desk, header.key, header.number) == (DESK_ID, crypto.key_id(DESK_PUBLIC), NUMBER)
    assert (header.identity, header.tls, header.valid, header.made) == (
        now().identity,
        b"t" * 32,
        86_400,
        MADE,
    )
    assert (body.code, body.addresses, body.locale, body.account) == (CODE, (OWNER,), "cs", "admin")
    assert read_request(kept.sealed) == request
    assert (kept.number, kept.face, kept.claim, kept.account) == (NUMBER, Face.SCREEN, CLAIM, "admin")
    assert (kept.opened_age, kept.opened_boot, kept.opened_wall) == (100, 0, MADE)


def test_without_a_trusted_clock_the_request_has_no_date() -> None:
    assert read_request(ask(situation=now(wall=None)).sealed).header.made is None


def test_T11_the_previous_address_gets_the_code_too_while_it_hears() -> None:
    changed = replace(RECORD, reserved=Reserved("new@example.com", OWNER, cools=ADDRESS_COOLING))
    body = open_mail(read_request(ask(record=changed).sealed), DESK_PRIVATE)
    assert body.addresses == ("new@example.com", OWNER)
    late = ask(record=changed, situation=now(uptime=ADDRESS_COOLING))
    assert open_mail(read_request(late.sealed), DESK_PRIVATE).addresses == ("new@example.com",)


def test_T13_nothing_is_sealed_to_a_key_that_was_revoked() -> None:
    revoked = replace(TRUST, revoked=(crypto.key_id(DESK_PUBLIC),))
    with pytest.raises(UntrustedError, match="no-key"):
        challenge(
            RECORD,
            now(),
            revoked,
            face=Face.SCREEN,
            claim=CLAIM,
            number=NUMBER,
            code=CODE,
            tls=bytes(32),
            locale="en",
        )


def test_the_right_code_and_no_other() -> None:
    kept = ask()
    assert METHOD.holds(kept, CODE, now())
    assert not METHOD.holds(kept, WRONG, now())
    for bit in range(35):
        assert not METHOD.holds(kept, code_from_bits(CODE.bits ^ 1 << bit), now())


def test_T01_a_code_does_not_fit_another_number() -> None:
    assert not METHOD.holds(replace(ask(), number="7KM2Q4X0"), CODE, now())


def test_T02_the_verifier_needs_a_key_that_is_not_in_the_state() -> None:
    kept = ask()
    assert not METHOD.holds(kept, CODE, replace(now(), device_key=bytes(32)))
    stored = freeze(kept)
    for secret in (CODE.text.encode(), CODE.shown.encode(), CODE.bits.to_bytes(5, "big"), DEVICE_KEY):
        assert secret not in stored


def test_P22_where_a_reboot_voids_the_code_its_key_dies_with_the_boot() -> None:
    kept = ask(situation=now(policy=VOLATILE))
    assert METHOD.holds(kept, CODE, now(policy=VOLATILE))
    assert not METHOD.holds(kept, CODE, now(policy=VOLATILE, boot=b"n" * 32))
    assert METHOD.holds(kept, CODE, replace(now(policy=VOLATILE), device_key=bytes(32)))


def test_a_device_without_an_owner_has_nothing_to_say() -> None:
    """`METHOD.closed` says so first; whoever does not ask gets a request that no desk opens."""
    kept = ask(record=Record())
    with pytest.raises(UntrustedError):
        open_mail(read_request(kept.sealed), DESK_PRIVATE)

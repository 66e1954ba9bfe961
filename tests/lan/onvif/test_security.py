"""The UsernameToken: right, fresh and new, or it does not open."""

from __future__ import annotations

from base64 import b64decode, b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sparekey.core.errors import MisuseError
from sparekey.lan.http_digest import Credential
from sparekey.lan.onvif import soap
from sparekey.lan.onvif.names import PASSWORD_DIGEST, SECURITY, UTILITY
from sparekey.lan.onvif.security import (
    Token,
    TokenGate,
    has_token,
    read_moment,
    read_token,
    token_digest,
    write_token,
)
from sparekey.lan.xml import Element
from tests.lan.onvif.camera import ADMIN, NOW, credential

NONCE = bytes(16)


def header(markup: str) -> tuple[Element, ...]:
    envelope = soap.read_request(soap.write_envelope("<tds:GetUsers/>", markup))
    assert isinstance(envelope, soap.Envelope)
    return envelope.header


def token(nonce: bytes = NONCE, moment: int = NOW, signer: Credential = ADMIN) -> Token:
    read = read_token(header(write_token(signer, nonce, moment)))
    assert read
    return read


def test_the_digest_is_the_one_of_the_programmers_guide() -> None:
    digest = token_digest(b64decode("LKqI6G/AikKCQrN0zqZFlg=="), "2010-09-16T07:50:45Z", "userpassword")
    assert b64encode(digest) == b"tuOSpGlFlIXsozq4HFNeeGeFLEI="


@pytest.mark.meets("nist-replay")
def test_T28_a_token_opens_once() -> None:
    gate = TokenGate()
    assert gate.opens(token(), ADMIN.password.text, NOW)
    assert not gate.opens(token(), ADMIN.password.text, NOW)
    assert not gate.opens(token(moment=NOW + 1), ADMIN.password.text, NOW), (
        "the nonce was used, whatever the moment"
    )
    assert gate.opens(token(b"other"), ADMIN.password.text, NOW)


@pytest.mark.parametrize("password", ["", "sesame-7411", None])
def test_another_password_opens_nothing_and_uses_nothing_up(password: str | None) -> None:
    gate = TokenGate(cap=1)
    assert not gate.opens(token(), password, NOW)
    assert gate.opens(token(), ADMIN.password.text, NOW)


def test_a_name_that_nobody_has_does_not_open_with_the_empty_password() -> None:
    assert not TokenGate().opens(token(signer=credential("nobody", "")), None, NOW)


@pytest.mark.parametrize(("off", "opens"), [(-301, False), (-300, True), (300, True), (301, False)])
def test_T28_the_moment_lies_in_the_window(off: int, opens: bool) -> None:
    assert TokenGate(window=300).opens(token(moment=NOW + off), ADMIN.password.text, NOW) is opens


def test_T28_a_token_from_before_the_start_does_not_open() -> None:
    gate = TokenGate(age=lambda: 60)
    assert not gate.opens(token(moment=NOW - 61), ADMIN.password.text, NOW)
    assert gate.opens(token(moment=NOW - 60), ADMIN.password.text, NOW)


@pytest.mark.parametrize("jump", [-10 * 365 * 86_400, -86_400, 56 * 365 * 86_400])
def test_what_is_from_before_the_start_does_not_depend_on_how_the_clock_jumped(jump: int) -> None:
    ages = iter([10, 70, 70])
    gate = TokenGate(age=lambda: next(ages))
    assert gate.opens(token(b"1"), ADMIN.password.text, NOW)
    later = NOW + 60 + jump
    assert not gate.opens(token(b"2", later - 71), ADMIN.password.text, later), (
        "used before the start, perhaps"
    )
    assert gate.opens(token(b"3", later - 69), ADMIN.password.text, later)


def test_a_full_memory_takes_no_more_until_some_have_aged() -> None:
    gate = TokenGate(window=300, cap=2)
    assert gate.opens(token(b"1"), ADMIN.password.text, NOW)
    assert gate.opens(token(b"2"), ADMIN.password.text, NOW)
    assert not gate.opens(token(b"3"), ADMIN.password.text, NOW)
    assert gate.opens(token(b"3", NOW + 301), ADMIN.password.text, NOW + 301)


def test_T28_a_clock_that_is_set_back_does_not_bring_a_token_to_life_again() -> None:
    gate = TokenGate(window=300)
    assert gate.opens(token(b"1"), ADMIN.password.text, NOW)
    assert gate.opens(token(b"2", NOW + 5000), ADMIN.password.text, NOW + 5000)
    assert not gate.opens(token(b"1"), ADMIN.password.text, NOW)


def test_a_memory_that_is_full_of_a_time_to_come_keeps_nobody_out_when_the_clock_is_set_right() -> None:
    gate = TokenGate(window=300, cap=2)
    ahead = NOW + 86_400
    assert gate.opens(token(b"1", ahead), ADMIN.password.text, ahead)
    assert gate.opens(token(b"2", ahead), ADMIN.password.text, ahead)
    assert gate.opens(token(b"3"), ADMIN.password.text, NOW)
    assert not gate.opens(token(b"3"), ADMIN.password.text, NOW)


def test_a_token_without_a_nonce_is_not_written() -> None:
    with pytest.raises(MisuseError):
        write_token(ADMIN, b"", NOW)


GOOD = write_token(ADMIN, NONCE, NOW)
USERNAME = f"<wsse:Username>{ADMIN.user}</wsse:Username>"
CREATED = GOOD[GOOD.index("<wsu:Created>") : GOOD.index("</wsse:UsernameToken>")]


@pytest.mark.parametrize(
    "markup",
    [
        GOOD.replace("#PasswordDigest", "#PasswordText"),
        GOOD.replace(f' Type="{PASSWORD_DIGEST}"', ""),
        GOOD.replace(USERNAME, ""),
        GOOD.replace(USERNAME, USERNAME * 2),
        GOOD.replace(USERNAME, "<wsse:Username><wsse:a/></wsse:Username>"),
        GOOD.replace(CREATED, ""),
        GOOD.replace(CREATED, "<wsu:Created>yesterday</wsu:Created>"),
        GOOD.replace(UTILITY, SECURITY),
        GOOD.replace(b64encode(NONCE).decode(), ""),
        GOOD.replace(b64encode(NONCE).decode(), "*"),
        GOOD.replace(b64encode(NONCE).decode(), "é"),
        GOOD.replace(b64encode(NONCE).decode(), b64encode(bytes(200)).decode()),
        GOOD * 2,
        f'<wsse:Security xmlns:wsse="{SECURITY}"/>',
    ],
)
def test_half_a_token_is_no_token(markup: str) -> None:
    assert has_token(header(markup))
    assert read_token(header(markup)) is None


def test_a_message_without_security_has_no_token() -> None:
    assert not has_token(header("<tds:Other/>"))
    assert read_token(header("<tds:Other/>")) is None


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("2026-09-21T14:13:20Z", NOW),
        ("2026-09-21T14:13:20", NOW),
        ("2026-09-21T14:13:20.999Z", NOW),
        ("2026-09-21T14:13:20+00:00", NOW),
        ("2026-09-21T16:13:20+02:00", NOW),
        ("2026-09-21T09:43:20-04:30", NOW),
        ("1970-01-01T00:00:00Z", 0),
        ("2026-13-01T00:00:00Z", None),
        ("2026-09-21T14:13:20+99:99", None),
        ("0001-01-01T00:00:00+14:00", -62135647200),
        ("2026-09-21 14:13:20Z", None),
        ("٢٠٢٦-09-21T14:13:20Z", None),
        ("", None),
    ],
)
def test_moments_are_read_in_any_zone(text: str, seconds: int | None) -> None:
    assert read_moment(text) == seconds


@given(st.text() | st.from_regex(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?([+-]\d\d:\d\d|Z)?", fullmatch=True))
def test_reading_a_moment_raises_nothing(text: str) -> None:
    assert isinstance(read_moment(text), int | None)


LINE = st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=40)


@given(LINE.filter(soap.travels), LINE, st.binary(min_size=1, max_size=128), st.integers(0, 4_000_000_000))
def test_what_is_written_opens_and_only_with_its_password(
    name: str, password: str, nonce: bytes, now: int
) -> None:
    written = token(nonce, now, credential(name, password))
    assert not TokenGate().opens(written, password + "x", now)
    assert TokenGate().opens(written, password, now)

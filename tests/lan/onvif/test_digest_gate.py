"""HTTP digest: what opens once, what opens nothing, and when a client hears that it only needs a new nonce."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sparekey.lan import http_digest
from sparekey.lan.http_digest import Credential
from sparekey.lan.onvif.digest_gate import NOBODY, DigestGate, Verdict, read_parameters
from tests.lan.onvif.camera import ADMIN, KEY, NOW, credential

TARGET = "/onvif/device_service"
STALE = Verdict(None, stale=True)
OPEN = Verdict(ADMIN.user)
PASSWORDS = {ADMIN.user: ADMIN.password.text, "příroda": "světlo-11", 'quo"te\\': "with, comma=1"}


def check(gate: DigestGate, header: str, now: int = NOW, target: str = TARGET) -> Verdict:
    return gate.check(header, "POST", target, PASSWORDS.get, now)


def signed(challenges: tuple[str, ...], signer: Credential = ADMIN, count: int = 1) -> str:
    """What a client sends, as the server's side decodes it."""
    best, *_ = http_digest.challenges(list(challenges))
    header = http_digest.digest(best, signer, "POST", TARGET, count, "cnonce")
    return header.encode().decode("latin-1")


@pytest.mark.parametrize("signer", [credential(name, word) for name, word in PASSWORDS.items()])
@pytest.mark.parametrize("algorithms", [("MD5",), ("SHA-256",), ("MD5", "SHA-256")])
def test_both_sides_agree(signer: Credential, algorithms: tuple[str, ...]) -> None:
    gate = DigestGate(KEY, "camera", algorithms)
    header = signed(gate.challenges(NOW), signer)
    assert read_parameters(header)["algorithm"] == algorithms[-1], "the better one is taken"
    assert check(gate, header) == Verdict(signer.user)


@pytest.mark.meets("nist-replay")
def test_T28_each_count_opens_once_and_a_used_one_asks_for_a_new_nonce() -> None:
    gate = DigestGate(KEY, "camera")
    challenges = gate.challenges(NOW)
    assert check(gate, signed(challenges, count=2)) == OPEN
    assert check(gate, signed(challenges, count=2)) == STALE
    assert check(gate, signed(challenges, count=1)) == STALE
    assert check(gate, signed(challenges, count=3)) == OPEN
    assert check(gate, signed(gate.challenges(NOW, stale=True))) == OPEN


def test_a_nonce_ends_with_its_lifetime_and_wrong_passwords_are_not_told_so() -> None:
    gate = DigestGate(KEY, "camera", lifetime=300)
    challenges = gate.challenges(NOW)
    assert check(gate, signed(challenges), NOW + 301) == STALE
    assert check(gate, signed(challenges, credential(ADMIN.user, "guess")), NOW + 301) == NOBODY
    assert ", stale=true" in gate.challenges(NOW, stale=True)[0]
    assert "stale" not in challenges[0]


def test_T28_nonces_end_when_the_clock_is_set_back() -> None:
    gate = DigestGate(KEY, "camera")
    challenges = gate.challenges(NOW)
    gate.challenges(NOW - 1)
    assert check(gate, signed(challenges)) == STALE


def test_nonces_end_with_their_key_and_none_comes_twice() -> None:
    gate = DigestGate(KEY, "camera")
    assert gate.challenges(NOW) != gate.challenges(NOW)
    assert check(gate, signed(DigestGate(bytes(32), "camera").challenges(NOW))) == STALE


def test_a_full_memory_takes_no_more_until_some_have_ended() -> None:
    gate = DigestGate(KEY, "camera", cap=1)
    assert check(gate, signed(gate.challenges(NOW))) == OPEN
    assert check(gate, signed(gate.challenges(NOW))) == STALE
    assert check(gate, signed(gate.challenges(NOW + 301)), NOW + 301) == OPEN


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Digest ", "Basic "),
        ('realm="camera"', 'realm="other"'),
        ("cnonce=", "cnonce2="),
        (" nonce=", " nonce2="),
        ('cnonce="cnonce"', 'cnonce=""'),
        ('cnonce="cnonce"', 'cnonce="other"'),
        ("qop=auth", "qop=auth-int"),
        ("qop=auth", "qop2=auth"),
        ("nc=00000001", "nc=1"),
        ("nc=00000001", "nc=00000002"),
        ("algorithm=SHA-256", "algorithm=MD5"),
        ("algorithm=SHA-256", "algorithm=SHA-256-sess"),
        (f'uri="{TARGET}"', 'uri="/"'),
        ('username="admin"', 'username="admin", username="admin"'),
        ('username="admin"', 'username=""'),
        ('username="admin"', 'username="nobody"'),
        ('username="admin"', 'username="\xff"'),
        ('username="admin"', 'username="€"'),
        ('nonce="', 'nonce="0'),
        ('response="', 'response="€'),
    ],
)
def test_a_changed_header_opens_nothing(old: str, new: str) -> None:
    gate = DigestGate(KEY, "camera")
    header = signed(gate.challenges(NOW))
    assert old in header
    assert check(gate, header.replace(old, new, 1)) == NOBODY


def test_a_header_for_another_address_or_password_opens_nothing() -> None:
    gate = DigestGate(KEY, "camera")
    assert check(gate, signed(gate.challenges(NOW)), target="/other") == NOBODY
    assert check(gate, signed(gate.challenges(NOW), credential(ADMIN.user, ""))) == NOBODY
    assert check(gate, signed(gate.challenges(NOW), credential("nobody", ""))) == NOBODY


def test_a_very_long_header_is_not_read() -> None:
    assert read_parameters('Digest a="' + "b" * 5000 + '"') == {}
    assert read_parameters('digest a=1, B="2\\"3"') == {"a": "1", "b": '2"3'}


@given(st.text() | st.text(alphabet='abcn=", \\').map(lambda rest: "Digest " + rest))
def test_no_header_raises_anything(header: str) -> None:
    assert check(DigestGate(KEY, "camera"), header) == NOBODY


@given(st.data())
def test_no_damaged_header_raises_or_opens(data: st.DataObject) -> None:
    gate = DigestGate(KEY, "camera")
    header = signed(gate.challenges(NOW))
    at = data.draw(st.integers(len("Digest "), len(header) - 1))
    put = data.draw(st.characters())
    damaged = header[:at] + put + header[at + 1 :]
    assert check(gate, damaged).name in {None, ADMIN.user}

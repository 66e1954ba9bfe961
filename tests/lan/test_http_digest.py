"""Signing in over HTTP."""

from __future__ import annotations

import hashlib
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sparekey.core.errors import InputError
from sparekey.core.values import Secret
from sparekey.lan.http_digest import Challenge, Credential, basic, challenges, digest

MUFASA = Credential("Mufasa", Secret("Circle of Life"))
NONCE = "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v"
OPAQUE = "FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"
CLIENT_NONCE = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ"
RFC = [
    f'Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm={algorithm}, '
    f'nonce="{NONCE}", opaque="{OPAQUE}"'
    for algorithm in ("MD5", "SHA-256")
]


def response(header: str) -> str:
    match = re.search(r'response="([0-9a-f]+)"', header)
    assert match
    return match[1]


@pytest.mark.meets("etsi-5.1-3")
@pytest.mark.parametrize(
    ("offer", "expected"),
    [
        (RFC[0], "8ca523f5e9506fed4657c9700eebdbec"),
        (RFC[1], "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"),
    ],
)
def test_the_example_of_rfc_7616(offer: str, expected: str) -> None:
    (challenge,) = challenges([offer])
    header = digest(challenge, MUFASA, "GET", "/dir/index.html", 1, CLIENT_NONCE)
    assert response(header) == expected
    assert "nc=00000001, " in header
    assert f'opaque="{OPAQUE}"' in header


def test_the_older_form_has_neither_count_nor_nonce_of_ours() -> None:
    (challenge,) = challenges(['Digest realm="r",nonce="n"'])
    header = digest(challenge, MUFASA, "GET", "/", 1, "x")
    who, what = (hashlib.md5(text).hexdigest() for text in (b"Mufasa:r:Circle of Life", b"GET:/"))
    assert response(header) == hashlib.md5(f"{who}:n:{what}".encode()).hexdigest()
    assert "qop" not in header
    assert "cnonce" not in header


def test_basic_is_the_pair_in_base64() -> None:
    assert basic(Credential("Aladdin", Secret("open sesame"))) == "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="


def test_the_strongest_comes_first_wherever_it_stands() -> None:
    one = challenges(['Basic realm="x"', *RFC])
    assert [(c.scheme, c.algorithm) for c in one] == [
        ("digest", "SHA-256"),
        ("digest", "MD5"),
        ("basic", "MD5"),
    ]
    assert [c.algorithm for c in challenges([", ".join(['Basic realm="a, b"', *RFC])])] == [
        "SHA-256",
        "MD5",
        "MD5",
    ]


@pytest.mark.parametrize(
    "offer",
    [
        "",
        "Negotiate",
        'Bearer realm="x"',
        'Digest realm="x"',
        'Digest nonce="x", algorithm=SHA-512-256',
        'Digest nonce="x", algorithm=MD5-sess',
        'Digest nonce="x", qop="auth-int"',
        'Digest nonce="x\r\ny"',
        'Digest realm="\x7f", nonce="x"',
        "= , realm=x",
    ],
)
def test_what_we_do_not_speak_is_passed_over(offer: str) -> None:
    assert challenges([offer]) == []


def test_odd_challenges_are_read() -> None:
    (challenge,) = challenges([r'  dIgEsT  REALM = "a \"b\"" , nonce=abc,stale=TRUE, qop=auth  '])
    assert challenge == Challenge("digest", 'a "b"', "abc", None, "MD5", True, True)
    header = digest(challenge, Credential('o"o', Secret("x")), "GET", "/", 1, "c")
    assert r'username="o\"o", realm="a \"b\""' in header
    (challenge,) = challenges(['Digest nonce="x", algorithm="sha-256"'])
    assert (challenge.algorithm, challenge.qop, challenge.realm) == ("SHA-256", False, "")


def test_T02_a_password_does_not_show() -> None:
    assert "Circle" not in repr(MUFASA)
    for user, password in (("a\r\nb", "Circle"), ("a", "Cir\ncle"), ("a", "\ud800")):
        with pytest.raises(InputError) as caught:
            Credential(user, Secret(password))
        assert password not in str(caught.value)


@given(
    st.lists(
        st.text(st.characters(codec="utf-8"))
        | st.text('Digest, ="\\nocealm', max_size=60).map(lambda t: f"Digest {t}"),
        max_size=3,
    )
)
def test_T14_any_challenge_is_met_or_passed_over(offers: list[str]) -> None:
    for challenge in challenges(offers):
        if challenge.scheme == "digest":
            header = digest(challenge, MUFASA, "GET", "/", 1, "c")
            assert "Circle" not in header
            assert "\n" not in header

"""Kept passwords as text."""

from __future__ import annotations

import pytest
from cryptography.exceptions import InvalidKey
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from hypothesis import given
from hypothesis import strategies as st

from sparekey.core.crypto import Argon2Cost, PasswordHash, hash_password, password_matches
from sparekey.core.errors import InputError
from sparekey.device.accounts.phc import phc, read_phc

HASHES = st.builds(
    PasswordHash,
    st.builds(Argon2Cost, st.integers(1, 9_999_999), st.integers(1, 999), st.integers(1, 99)),
    st.binary(min_size=16, max_size=16),
    st.binary(min_size=32, max_size=32),
)
SALT, RESULT = "AAECAwQFBgcICQoLDA0ODw", "f8vn1gox9zDGuOSxDgEE7nm6tLM/f84KlhSh7wnN7pc"
GOOD = f"$argon2id$v=19$m=8,t=1,p=1${SALT}${RESULT}"


@pytest.mark.meets("nist-stored")
@given(HASHES)
def test_every_hash_has_one_text(kept: PasswordHash) -> None:
    assert read_phc(phc(kept)) == kept


def test_other_programs_read_and_write_the_same() -> None:
    cost = Argon2Cost(64, 3, 2)
    text = phc(hash_password("heslo, žádné", bytes(range(16)), cost))
    Argon2id.verify_phc_encoded("heslo, žádné".encode(), text)
    with pytest.raises(InvalidKey):
        Argon2id.verify_phc_encoded(b"heslo", text)
    other = Argon2id(salt=bytes(range(16)), length=32, iterations=3, lanes=2, memory_cost=64)
    assert other.derive_phc_encoded("heslo, žádné".encode()) == text
    assert password_matches("heslo, žádné", read_phc(text))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "$argon2id$",
        GOOD + "\n",
        " " + GOOD,
        GOOD[:-1],
        GOOD + "A",
        GOOD + "=",
        GOOD.replace("argon2id", "argon2i"),
        GOOD.replace("v=19", "v=16"),
        GOOD.replace("m=8", "m=08"),
        GOOD.replace("m=8", "m=0"),
        GOOD.replace("m=8", "m=-8"),
        GOOD.replace("m=8", "m=٨"),
        GOOD.replace("m=8", "m=99999999"),
        GOOD.replace("m=8,t=1", "t=1,m=8"),
        GOOD.replace(SALT, SALT[:-2]),
        GOOD.replace(SALT, SALT[:-1] + "x"),
        GOOD.replace(RESULT, RESULT[:-1] + "d"),
        GOOD.replace("/", "_"),
    ],
)
def test_another_form_is_no_kept_password(text: str) -> None:
    with pytest.raises(InputError) as error:
        read_phc(text)
    assert error.value.slug == "phc"
    assert RESULT not in str(error.value)


def test_the_good_one_is_good() -> None:
    assert password_matches("a quite new password", read_phc(GOOD))

"""Every primitive against the vectors of its own standard."""

from __future__ import annotations

import unicodedata

import pytest
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from sparekey.core import crypto
from sparekey.core.crypto import Argon2Cost
from sparekey.core.errors import MisuseError, UntrustedError
from tests.core.samples import CHEAP
from tests.vectors import hpke
from tests.vectors.desk import DESK_PRIVATE, DESK_PUBLIC, OTHER_PRIVATE, ephemeral

# RFC 9180 appendix A.2.1: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, ChaCha20Poly1305, base mode.
RFC9180 = {
    "info": "4f6465206f6e2061204772656369616e2055726e",
    "skEm": "f4ec9b33b792c372c1d2c2063507b684ef925b8c75a42dbcbf57d63ccd381600",
    "pkRm": "4310ee97d88cc1f088a5576c77ab0cf5c3ac797f3d95139c6c84b5429c59662a",
    "skRm": "8057991eef8f1f1af18f4a9491d16a1ce333f695d4db8e38da75975c4478e0fb",
    "enc": "1afa08d3dec047a643885163f1180476fa7ddb54c6a8029ea33f95796bf2ac4a",
    "shared_secret": "0bbe78490412b4bbea4812666f7916932b828bba79942424abb65244930d69a7",
    "key": "ad2744de8e17f4ebba575b3f5f5a8fa1f69c2a07f6e7500bc60ca6e3e3ec1c91",
    "base_nonce": "5c4d98150661b848853b547f",
    "pt": "4265617574792069732074727574682c20747275746820626561757479",
    "aad": "436f756e742d30",
    "ct": "1c5250d8034ec2b784ba2cfd69dbdb8af406cfe3ff938e131f0def8c8b60b4db21993c62ce81883d2dd1b51a28",
}
# RFC 8032 section 7.1, tests 1 to 3: private key, public key, message, signature.
RFC8032 = [
    ("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
     "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
     ("e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b"
     "d25bf5f0595bbe24655141438e7a100b")),
    ("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
     "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
     ("92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c"
     "387b2eaeb4302aeeb00d291612bb0c00")),
    ("c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
     "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
     ("6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc659"
     "4a7c15e9716ed28dc027beceea1ec40a")),
]  # fmt: skip


def raw(name: str) -> bytes:
    return bytes.fromhex(RFC9180[name])


@pytest.mark.meets("asvs-11.3.2", "asvs-11.6.2")
def test_the_second_hpke_agrees_with_the_rfc() -> None:
    sent, secret = hpke.shared_secret(raw("skEm"), raw("pkRm"))
    assert (sent, secret) == (raw("enc"), raw("shared_secret"))
    assert hpke.schedule(secret, raw("info")) == (raw("key"), raw("base_nonce"))
    assert hpke.seal(raw("pkRm"), raw("info"), raw("pt"), raw("skEm"), raw("aad")) == raw("enc") + raw("ct")
    assert crypto.sealing_public(raw("skRm")) == raw("pkRm")
    assert crypto.sealing_public(raw("skEm")) == raw("enc")


def test_what_the_second_hpke_seals_opens() -> None:
    sealed = hpke.seal(raw("pkRm"), raw("info"), raw("pt"), raw("skEm"))
    assert crypto.unseal(raw("skRm"), raw("info"), sealed) == raw("pt")


@pytest.mark.meets("asvs-11.3.4")
def test_sealing_never_repeats_and_always_opens() -> None:
    one, two = (crypto.seal(DESK_PUBLIC, b"info", b"plain") for _ in range(2))
    assert one != two
    assert len(one) == len(b"plain") + crypto.SEAL_OVERHEAD
    assert crypto.unseal(DESK_PRIVATE, b"info", one) == crypto.unseal(DESK_PRIVATE, b"info", two) == b"plain"


@pytest.mark.meets("asvs-11.2.5")
def test_T06_all_failed_openings_are_one_error() -> None:
    sealed = hpke.seal(DESK_PUBLIC, b"info", b"plain", ephemeral("failing"))
    tries = [(OTHER_PRIVATE, b"info", sealed), (DESK_PRIVATE, b"other", sealed)]
    tries += [(DESK_PRIVATE, b"info", sealed[:length]) for length in range(len(sealed))]
    tries += [(DESK_PRIVATE, b"info", bytes(32) + sealed[32:]), (DESK_PRIVATE, b"info", sealed + b"\x00")]
    told = set()
    for private, info, data in tries:
        with pytest.raises(UntrustedError) as error:
            crypto.unseal(private, info, data)
        told.add((error.value.slug, error.value.hint, error.value.__cause__))
    assert len(told) == 1


@pytest.mark.meets("asvs-11.4.3", "asvs-11.6.1")
@pytest.mark.parametrize(("private", "public", "message", "signature"), RFC8032)
def test_signatures_agree_with_the_rfc(private: str, public: str, message: str, signature: str) -> None:
    made = crypto.sign(bytes.fromhex(private), bytes.fromhex(message))
    assert made.hex() == signature
    assert crypto.signing_public(bytes.fromhex(private)).hex() == public
    crypto.check_signature(bytes.fromhex(public), bytes.fromhex(message), made)


def test_T13_a_signature_that_does_not_hold_is_untrusted() -> None:
    private, public, message, signature = (bytes.fromhex(part) for part in RFC8032[1])
    del private
    for key, said, sign in (
        (public, b"s", signature),
        (public, message, signature[:-1]),
        (public, message, b""),
        (public, message, bytes(64)),
        (bytes(32), message, signature),
        (public[:-1], message, signature),
        (b"\xff" * 32, message, signature),
    ):
        with pytest.raises(UntrustedError, match="signature"):
            crypto.check_signature(key, said, sign)


@pytest.mark.meets("asvs-11.4.1")
def test_mac_agrees_with_the_rfc() -> None:
    assert crypto.mac(b"\x0b" * 20, b"Hi There").hex() == (
        "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
    )  # RFC 4231 section 4.2


@pytest.mark.meets("asvs-11.4.1")
def test_derived_keys_are_one_block_of_hkdf() -> None:
    key = bytes(range(32))
    for purpose in ("ticket", "address mark", "code verifier"):
        wanted = HKDFExpand(SHA256(), 32, f"sparekey/1 {purpose}".encode()).derive(key)
        assert crypto.derive(key, purpose) == wanted
    assert crypto.derive(key, "a") != crypto.derive(key, "b")


@pytest.mark.meets("asvs-11.2.4")
def test_names_of_keys_and_comparing() -> None:
    assert crypto.key_id(b"").hex() == "e3b0c44298fc1c14"
    assert crypto.equal(b"same", b"same")
    assert not crypto.equal(b"same", b"some")
    assert not crypto.equal(b"", b"longer")


@pytest.mark.meets("nist-whole", "nist-stored", "asvs-11.4.2", "etsi-5.1-3")
def test_passwords_agree_with_the_reference_code() -> None:
    """Argon2id, version 0x13, as the reference implementation's own test has it: 2 passes, 256 KiB, 1 lane."""
    kept = crypto.hash_password("password", b"somesalt", Argon2Cost(memory=256, passes=2, lanes=1))
    assert kept.result.hex() == "9dfeb910e80bad0311fee20f9c0e2b12c17987b4cac90c2ef54d5b3021c68bfe"


@pytest.mark.meets("asvs-11.4.2")
def test_a_password_is_known_again_at_the_cost_it_was_kept_at() -> None:
    kept = crypto.hash_password("žluťoučký kůň", bytes(16), CHEAP)
    assert crypto.password_matches("žluťoučký kůň", kept)
    assert not crypto.password_matches("zlutoucky kun", kept)
    assert not crypto.password_matches("", kept)
    assert repr(kept) == "PasswordHash(...)"


@pytest.mark.parametrize("length", [0, 31, 33])
def test_a_private_key_of_another_length_is_our_own_mistake(length: int) -> None:
    for call in (crypto.sealing_public, crypto.signing_public):
        with pytest.raises(MisuseError, match="key-length"):
            call(bytes(length))
    with pytest.raises(MisuseError, match="key-length"):
        crypto.unseal(bytes(length), b"", bytes(64))
    with pytest.raises(MisuseError, match="key-length"):
        crypto.seal(bytes(length), b"", b"")
    with pytest.raises(MisuseError, match="key-length"):
        crypto.sign(bytes(length), b"")


@pytest.mark.meets("nist-normalised")
def test_T08_the_same_letters_from_another_keyboard_are_the_same_password() -> None:
    composed = unicodedata.normalize("NFC", "Příliš žluťoučký kůň")
    decomposed = unicodedata.normalize("NFD", composed)
    assert composed != decomposed
    assert crypto.password_matches(decomposed, crypto.hash_password(composed, bytes(16), CHEAP))


LOCKED_TEXT = (
    b"Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, "
    b"sunscreen would be it."
)


@pytest.mark.meets("asvs-11.3.1", "asvs-11.3.2", "asvs-11.3.5")
def test_locking_is_that_of_rfc_8439_section_2_8_2() -> None:
    key, nonce = bytes(range(0x80, 0xA0)), bytes.fromhex("070000004041424344454647")
    locked = crypto.lock(key, nonce, bytes.fromhex("50515253c0c1c2c3c4c5c6c7"), LOCKED_TEXT)
    assert len(locked) == len(LOCKED_TEXT) + crypto.LOCK_OVERHEAD
    assert locked.startswith(nonce + bytes.fromhex("d31a8d34648e60db7b86afbc53ef7ec2"))
    assert locked.endswith(bytes.fromhex("1ae10b594f09e26a7e902ecbd0600691"))


@pytest.mark.meets("asvs-11.3.3")
def test_what_was_locked_opens_only_whole_in_its_place_and_under_its_key() -> None:
    key, nonce = bytes(32), bytes(crypto.NONCE_LENGTH)
    locked = crypto.lock(key, nonce, b"here", b"secret")
    assert crypto.unlock(key, b"here", locked) == b"secret"
    spoilt = bytes([locked[0] ^ 1]) + locked[1:]
    for other, place, data in (
        (bytes(31) + b"x", b"here", locked),
        (key, b"there", locked),
        (key, b"here", spoilt),
        (key, b"here", locked[:-1]),
        (key, b"here", b""),
        (key, b"here", locked[:5]),
    ):
        with pytest.raises(UntrustedError, match="locked"):
            crypto.unlock(other, place, data)
    with pytest.raises(MisuseError, match="nonce-length"):
        crypto.lock(key, b"short", b"", b"")
    with pytest.raises(MisuseError, match="key-length"):
        crypto.unlock(b"short", b"", locked)

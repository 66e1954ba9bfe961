"""What a TLS context of ours takes and refuses, from either side, without a network."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from pathlib import Path

import pytest

from sparekey.core.crypto import tls_identity
from sparekey.host import tls
from tests.host.old_tls import held_to, old_caller

OLD = ssl.TLSVersion.TLSv1_1

pytestmark = pytest.mark.filterwarnings("ignore:ssl.TLSVersion.TLSv1")


@pytest.fixture
def pair(tmp_path: Path) -> tuple[Path, Path]:
    certificate, key = tls_identity(b"\x03" * 32, "device.example.com", 1, 1_790_000_000, 365)
    paths = tmp_path / "certificate", tmp_path / "key"
    for path, text in zip(paths, (certificate, key), strict=True):
        path.write_bytes(text)
    return paths


def old_server(certificate: Path, key: Path) -> ssl.SSLContext:
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.load_cert_chain(certificate, key)
    return made


def shaken(caller: ssl.SSLContext, server: ssl.SSLContext) -> tuple[str | None, str]:
    """The version and the suite that two sides agree on."""
    here, there = ssl.MemoryBIO(), ssl.MemoryBIO()
    sides = (caller.wrap_bio(here, there), server.wrap_bio(there, here, server_side=True))
    ready: set[ssl.SSLObject] = set()
    while len(ready) < 2:
        for side in sides:
            try:
                side.do_handshake()
                ready.add(side)
            except ssl.SSLWantReadError:
                continue
    agreed = sides[0].cipher()
    assert agreed is not None
    return sides[0].version(), agreed[0]


@pytest.mark.meets("asvs-12.1.1", "asvs-12.1.2")
def test_both_sides_prefer_the_newest(pair: tuple[Path, Path]) -> None:
    version, suite = shaken(tls.stranger(), tls.server(*pair))
    assert version == "TLSv1.3"
    assert suite.startswith("TLS_")


@pytest.mark.meets("asvs-12.1.1", "nist-channel")
@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1, OLD])
def test_an_older_one_is_refused_on_either_side(pair: tuple[Path, Path], version: ssl.TLSVersion) -> None:
    spoken, _ = shaken(held_to(old_caller(), version), held_to(old_server(*pair), version))
    assert spoken in ("TLSv1", "TLSv1.1"), "two old ones would understand each other"
    with pytest.raises(ssl.SSLError):
        shaken(held_to(old_caller(), version), tls.server(*pair))
    with pytest.raises(ssl.SSLError):
        shaken(tls.stranger(), held_to(old_server(*pair), version))


@pytest.mark.meets("asvs-12.1.2", "etsi-5.5-1")
@pytest.mark.parametrize("suite", ["ECDHE-ECDSA-AES128-SHA256", "ECDHE-ECDSA-AES256-SHA", "AECDH-AES128-SHA"])
def test_suites_without_authenticated_encryption_are_refused(pair: tuple[Path, Path], suite: str) -> None:
    lax = f"{suite}:@SECLEVEL=0"
    old = ssl.TLSVersion.TLSv1_2
    assert shaken(held_to(old_caller(), old, lax), held_to(old_server(*pair), old, lax)) == ("TLSv1.2", suite)
    with pytest.raises(ssl.SSLError):
        shaken(held_to(old_caller(), old, lax), tls.server(*pair))
    with pytest.raises(ssl.SSLError):
        shaken(tls.stranger(), held_to(old_server(*pair), old, lax))


@pytest.mark.parametrize("suite", ["ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-ECDSA-CHACHA20-POLY1305"])
def test_who_speaks_the_version_before_is_still_served(pair: tuple[Path, Path], suite: str) -> None:
    caller = held_to(old_caller(), ssl.TLSVersion.TLSv1_2, suite)
    assert shaken(caller, tls.server(*pair)) == ("TLSv1.2", suite)


@pytest.mark.meets("asvs-12.3.2")
@pytest.mark.parametrize("make", [tls.caller, tls.stranger])
def test_every_call_is_held_to_it(make: Callable[[], ssl.SSLContext]) -> None:
    made = make()
    assert made.minimum_version is ssl.TLSVersion.TLSv1_2
    assert all(one["aead"] for one in made.get_ciphers())


@pytest.mark.meets("asvs-12.3.2")
def test_a_call_believes_authorities_and_names_alone(pair: tuple[Path, Path]) -> None:
    made = tls.caller(pair[0])
    assert made.verify_mode is ssl.CERT_REQUIRED
    assert made.check_hostname
    with pytest.raises(OSError, match="NO_CERTIFICATE"):
        tls.caller(pair[1])

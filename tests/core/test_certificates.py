"""The authority of a demo site: what its certificates open, and what they never open."""

from __future__ import annotations

import ssl
from pathlib import Path

import pytest

from sparekey.core import crypto
from sparekey.core.errors import InputError, MisuseError

STARTS, DAYS = 1_577_836_800, 36_500
"""From 2020 on for a hundred years: TLS reads the real clock."""
AUTHORITY = b"a" * 32
SERVER = b"s" * 32
STRICT = ssl.VERIFY_X509_STRICT


def authority(*names: str) -> bytes:
    return crypto.certificate_authority(AUTHORITY, "Demo authority", names, 1, STARTS, DAYS)


def leaf(ca: bytes, *names: str) -> tuple[bytes, bytes]:
    return crypto.issue_certificate(ca, AUTHORITY, SERVER, names, 2, STARTS, DAYS)


def shake_hands(folder: Path, ca: bytes, identity: tuple[bytes, bytes], name: str) -> None:
    """A TLS handshake in memory. Raises ssl.SSLError when the client does not believe the server."""
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    certificate.write_bytes(identity[0])
    key.write_bytes(identity[1])
    server_side = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server_side.load_cert_chain(certificate, key)
    client_side = ssl.create_default_context(cadata=ca.decode())
    client_side.verify_flags |= STRICT
    up, down = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = client_side.wrap_bio(down, up, server_hostname=name)
    server = server_side.wrap_bio(up, down, server_side=True)
    waiting = [client, server]
    for _ in range(6):
        for side in tuple(waiting):
            try:
                side.do_handshake()
                waiting.remove(side)
            except ssl.SSLWantReadError:
                pass
    assert not waiting


@pytest.mark.parametrize("name", ["localhost", "127.0.0.1", "192.0.2.7", "desk.example.com", "2001:db8::7"])
def test_a_browser_that_trusts_the_authority_believes_its_servers(tmp_path: Path, name: str) -> None:
    ca = authority("192.0.2.7", "desk.example.com", "2001:db8::7")
    served = leaf(ca, "192.0.2.7", "desk.example.com", "2001:db8::7", "localhost", "127.0.0.1")
    shake_hands(tmp_path, ca, served, name)


@pytest.mark.parametrize("name", ["192.0.2.8", "bank.example.com", "2001:db8::8"])
def test_the_authority_cannot_vouch_for_anybody_else(tmp_path: Path, name: str) -> None:
    ca = authority("192.0.2.7")
    with pytest.raises(ssl.SSLCertVerificationError):
        shake_hands(tmp_path, ca, leaf(ca, name), name)


def test_a_server_is_believed_under_its_own_names_only(tmp_path: Path) -> None:
    ca = authority("192.0.2.7")
    with pytest.raises(ssl.SSLCertVerificationError):
        shake_hands(tmp_path, ca, leaf(ca, "192.0.2.7"), "localhost")


def test_a_server_of_another_authority_is_not_believed(tmp_path: Path) -> None:
    ca = authority("192.0.2.7")
    stranger = crypto.certificate_authority(b"x" * 32, "Demo authority", (), 1, STARTS, DAYS)
    served = crypto.issue_certificate(stranger, b"x" * 32, SERVER, ("localhost",), 2, STARTS, DAYS)
    with pytest.raises(ssl.SSLCertVerificationError):
        shake_hands(tmp_path, ca, served, "localhost")


def test_a_fingerprint_tells_certificates_apart() -> None:
    one, other = authority(), authority("192.0.2.7")
    assert len(crypto.certificate_fingerprint(one)) == 32
    assert crypto.certificate_fingerprint(one) == crypto.certificate_fingerprint(one + b"\n")
    assert crypto.certificate_fingerprint(one) != crypto.certificate_fingerprint(other)


def test_a_device_keeps_one_key_for_all_its_certificates() -> None:
    ca = authority("192.0.2.7")
    certificate, key = leaf(ca, "192.0.2.7")
    alone, same_key = crypto.tls_identity(SERVER, "recorder.local", 3, STARTS, DAYS)
    assert key == same_key
    assert crypto.tls_key_hash(certificate) == crypto.tls_key_hash(alone)


def test_what_is_no_certificate_is_told() -> None:
    for pem in (b"", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"):
        with pytest.raises(InputError, match="certificate"):
            crypto.certificate_fingerprint(pem)
        with pytest.raises(InputError, match="certificate"):
            crypto.issue_certificate(pem, AUTHORITY, SERVER, ("localhost",), 2, STARTS, DAYS)


@pytest.mark.meets("nist-random", "asvs-11.2.3")
def test_a_key_has_its_length() -> None:
    with pytest.raises(MisuseError, match="key-length"):
        crypto.certificate_authority(b"short", "Demo authority", (), 1, STARTS, DAYS)

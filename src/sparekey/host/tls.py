"""The one file that makes a TLS context: 1.2 at least, and only suites that encrypt and authenticate in one step."""

from __future__ import annotations

import ssl
from pathlib import Path

SUITES = "ECDHE+AESGCM:ECDHE+CHACHA20:!aNULL"
"""Of TLS 1.2, by OpenSSL's names (RFC 9325 section 4.2). TLS 1.3 has no others."""


def caller(ca_file: Path | None = None) -> ssl.SSLContext:
    """For calls to who has a certificate of the system's authorities, or of those in the file.

    Raises OSError (`ssl.SSLError` is one) when the file has none.
    """
    return tightened(ssl.create_default_context(cafile=ca_file))


def stranger() -> ssl.SSLContext:
    """For calls to who has a certificate of its own: the caller compares its key."""
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    made.check_hostname = False
    made.verify_mode = ssl.CERT_NONE
    return tightened(made)


def server(certificate: Path, key: Path) -> ssl.SSLContext:
    """For a door. Raises OSError (`ssl.SSLError` is one) when the two are unreadable or no pair."""
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.load_cert_chain(certificate, key)
    return tightened(made)


def tightened(made: ssl.SSLContext) -> ssl.SSLContext:
    """A context that others made, held to the same rules."""
    made.minimum_version = ssl.TLSVersion.TLSv1_2
    made.set_ciphers(SUITES)
    made.options |= ssl.OP_NO_RENEGOTIATION | ssl.OP_NO_COMPRESSION
    return made

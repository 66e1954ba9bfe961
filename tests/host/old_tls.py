"""Callers that speak what nobody should speak any more."""

from __future__ import annotations

import socket
import ssl
import warnings

LAX = "ALL:@SECLEVEL=0"


def old_caller() -> ssl.SSLContext:
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    made.check_hostname = False
    made.verify_mode = ssl.CERT_NONE
    return made


def held_to(made: ssl.SSLContext, version: ssl.TLSVersion, suites: str = LAX) -> ssl.SSLContext:
    made.set_ciphers(suites)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        made.minimum_version, made.maximum_version = version, version
    return made


def refused(port: int, made: ssl.SSLContext) -> str:
    """Why the door at this port ends the handshake; empty when it does not."""
    with socket.create_connection(("127.0.0.1", port)) as plain:
        try:
            with made.wrap_socket(plain):
                return ""
        except ssl.SSLError as error:
            return error.reason or "ended"


OLD_VERSION = ssl.TLSVersion.TLSv1_1
OLD_SUITE = "AES128-SHA:ECDHE-ECDSA-AES128-SHA:ECDHE-RSA-AES128-SHA:@SECLEVEL=0"


def refusals(port: int) -> list[str]:
    """What a door says to an old version, to an old suite, and to somebody of today."""
    today = ssl.TLSVersion.TLSv1_2
    return [
        refused(port, held_to(old_caller(), OLD_VERSION)),
        refused(port, held_to(old_caller(), today, OLD_SUITE)),
        refused(port, held_to(old_caller(), today)),
    ]

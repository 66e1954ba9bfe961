"""A short program of its own: makes the device's certificate, or reads the key's hash from one.

X.509 costs megabytes that stay with a process, and a device needs it once in its life. Keys come by standard
input and go by standard output, so that no process list shows them.
"""

from __future__ import annotations

import json
import subprocess
import sys

from sparekey.core import crypto
from sparekey.core.errors import InputError, UnavailableError

STARTS = 1735689600
"""1 January 2025 in Unix seconds: a device's clock may stand at 1970 when it makes its certificate."""
DAYS = 36525
"""A hundred years: what people and programs compare is the key's hash."""
PATIENCE = 120
"""Seconds that the program may take on the slowest of machines."""


def make(private: bytes, name: str, serial_number: int) -> tuple[bytes, bytes]:
    """A certificate and its private key, both PEM, from 32 random bytes. Raises UnavailableError."""
    made = _ask({"private": private.hex(), "name": name, "serial_number": serial_number})
    return made["certificate"].encode(), made["key"].encode()


def key_hash(certificate: bytes) -> bytes:
    """SHA-256 of the key in a PEM certificate. Raises InputError (`certificate`) or UnavailableError."""
    found = _ask({"read": certificate.decode(errors="replace")})
    if "hash" not in found:
        raise InputError("certificate", "this is not a PEM certificate")
    return bytes.fromhex(found["hash"])


def _ask(question: dict[str, object]) -> dict[str, str]:
    command = [sys.executable, "-P", "-m", "sparekey.device.certificate"]
    try:
        done = subprocess.run(
            command, input=json.dumps(question).encode(), capture_output=True, timeout=PATIENCE, check=True
        )
        answer: dict[str, str] = json.loads(done.stdout)
    except (OSError, ValueError, subprocess.SubprocessError) as error:
        raise UnavailableError("tls", f"the TLS key could not be made ({type(error).__name__})") from None
    return answer


def _answer(question: dict[str, str]) -> dict[str, str]:
    if "read" in question:
        try:
            return {"hash": crypto.tls_key_hash(question["read"].encode()).hex()}
        except InputError:
            return {}
    certificate, key = crypto.tls_identity(
        bytes.fromhex(question["private"]), question["name"], int(question["serial_number"]), STARTS, DAYS
    )
    return {"certificate": certificate.decode(), "key": key.decode()}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(_answer(json.load(sys.stdin))))

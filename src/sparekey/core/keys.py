"""What is derived from the device key: nothing of it is stored, all of it dies when the key is destroyed
(spec/requests.md section 8).
"""

from __future__ import annotations

from sparekey.core.codes import Code, SavedCode, code_from_entropy
from sparekey.core.crypto import Argon2Cost, derive, hash_password, mac


def code_verifier(root: bytes, number: str, code: Code) -> bytes:
    """What is kept instead of a mailed code. `root`: the device key, or the boot key where a reboot voids the code."""
    return mac(derive(root, "code verifier"), f"{number} {code.text}".encode())


def confirm_verifier(device_key: bytes, number: str, code: Code) -> bytes:
    """What is kept instead of a code that confirms an address; good for nothing else."""
    return mac(derive(device_key, "confirm verifier"), f"{number} {code.text}".encode())


def file_secret(device_key: bytes, number: str, salt: bytes) -> bytes:
    """The 32-byte secret of a support or technician request that its response file must know."""
    return mac(derive(device_key, "file secret"), number.encode() + salt)


def key_secret(device_key: bytes, number: str, salt: bytes) -> Code:
    """The code of a support request that support may dictate; independent of the file's secret."""
    return code_from_entropy(mac(derive(device_key, "key secret"), number.encode() + salt)[:5])


def dated_key(device_key: bytes) -> bytes:
    """The 32-byte key K that enrolment seals to the desk and security codes come from."""
    return derive(device_key, "security code")


def saved_verifier(device_key: bytes, kind: str, generation: int, secret: bytes) -> bytes:
    """What is kept instead of a key file's secret; bound to the generation."""
    return mac(derive(device_key, f"saved {kind}"), generation.to_bytes(8, "big") + secret)


def sheet_verifier(device_key: bytes, generation: int, code: SavedCode, cost: Argon2Cost) -> bytes:
    """What is kept instead of a recovery sheet's code: slow on top of the key, since 65 bits alone are fewer than the
    112 from which a quick hash is enough (NIST SP 800-63B-4 section 3.1.1.2, OWASP ASVS 6.5.2).
    """
    keyed = saved_verifier(device_key, "sheet", generation, code.text.encode())
    salt = mac(derive(device_key, "sheet salt"), generation.to_bytes(8, "big"))[:16]
    return hash_password(keyed.hex(), salt, cost).result


def keeping_key(device_key: bytes, what: str) -> bytes:
    """The 32-byte key under which secrets of one kind lie encrypted in the storage (`crypto.lock`)."""
    return derive(device_key, f"kept {what}")


def log_id(device_key: bytes) -> bytes:
    """The 16 bytes by which the public log knows this device; only it and its desk know whose they are."""
    return derive(device_key, "log id")[:16]

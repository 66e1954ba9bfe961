"""A key file: a secret that the owner keeps and hands in to get back in (spec/files.md section 5)."""

from __future__ import annotations

from dataclasses import dataclass, field

from sparekey.core.codec import Value, encode
from sparekey.core.errors import InputError
from sparekey.core.messages.fields import Fields
from sparekey.core.messages.header import WALL_LIMIT
from sparekey.core.values import SERIAL_LIMIT, label

KEY_FILE_LIMIT = 256
"""Bytes of a key file, at most."""
SECRET_LENGTH = 32
SALT_LENGTH = 16
GENERATION_LIMIT = (1 << 63) - 1


@dataclass(frozen=True)
class KeyFile:
    """`generation`: of the device when the file was made; any recovery raises it. `secret`: 32 random
    bytes. `salt`: 16 random bytes by which two files can be told apart without showing the secret. `made`:
    Unix seconds, or None.
    """

    serial: str
    generation: int
    secret: bytes = field(repr=False)
    salt: bytes
    made: int | None = None

    @property
    def encoded(self) -> bytes:
        """The file's content as CBOR."""
        fields: dict[int, Value] = {1: 1, 2: self.serial, 3: self.generation, 4: self.secret, 5: self.salt}
        if self.made is not None:
            fields[6] = self.made
        return encode(fields)


def read_key_file(data: bytes) -> KeyFile:
    """Read a key file. Raises InputError."""
    if len(data) > KEY_FILE_LIMIT:
        raise InputError("oversize", f"a key file has at most {KEY_FILE_LIMIT} bytes")
    fields = Fields.of(data, "key file")
    fields.number(1, 1, 1)
    file = KeyFile(
        serial=label("serial", fields.text(2, SERIAL_LIMIT), SERIAL_LIMIT),
        generation=fields.number(3, 1, GENERATION_LIMIT),
        secret=fields.data(4, SECRET_LENGTH, SECRET_LENGTH),
        salt=fields.data(5, SALT_LENGTH, SALT_LENGTH),
        made=fields.number(6, 0, WALL_LIMIT) if fields.has(6) else None,
    )
    fields.end()
    return file

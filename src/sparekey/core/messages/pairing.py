"""Pairing a phone: the link in the QR code that a device shows to its signed-in owner (spec/pairing.md)."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from sparekey.core.codec import Value, encode
from sparekey.core.codes import Code, code_from_entropy, from_base32, to_base32
from sparekey.core.crypto import equal, key_id, mac
from sparekey.core.errors import InputError
from sparekey.core.messages.fields import Fields
from sparekey.core.messages.header import DESK_ID_LENGTH, KEY_ID_LENGTH
from sparekey.core.messages.link import last_part
from sparekey.core.messages.notice import AGE_LIMIT
from sparekey.core.values import SERIAL_LIMIT, label

PAIRING_LIMIT = 128
"""Bytes of a pairing, at most."""
PAIRING_TOKEN_LENGTH = 16
PROOF_LENGTH = 16
SERIES_LIMIT = (1 << 32) - 1

_PROOF = b"sparekey/1 pairing\x00"
_PAIRED = b"sparekey/1 paired\x00"
_LINK_LIMIT = 512
_BASE32_LIMIT = (PAIRING_LIMIT * 8 + 4) // 5


@dataclass(frozen=True)
class Pairing:
    """`desk`: the desk's id. `device`: eight bytes that name K. `token`: 16 random bytes, good once. `series`: rises
    whenever all earlier pairings end, from 1. `age`: seconds of the device's age when it was shown. `proof`: that the
    device itself says so.
    """

    desk: bytes
    device: bytes
    token: bytes = field(repr=False)
    serial: str
    series: int
    age: int
    proof: bytes = field(repr=False)

    @property
    def encoded(self) -> bytes:
        """The pairing as CBOR."""
        return encode({**self._said, 8: self.proof})

    @property
    def _said(self) -> dict[int, Value]:
        return {
            1: 1,
            2: self.desk,
            3: self.device,
            4: self.token,
            5: self.serial,
            6: self.series,
            7: self.age,
        }

    def proved(self, key: bytes) -> Pairing:
        """The same with its proof. `key`: K."""
        return replace(self, proof=mac(key, _PROOF + encode(self._said))[:PROOF_LENGTH])

    def holds(self, key: bytes) -> bool:
        """Whether the device that shares `key` with its desk made this. Constant time."""
        return equal(self.proved(key).proof, self.proof)


def make_pairing(key: bytes, *, desk: bytes, token: bytes, serial: str, series: int, age: int) -> Pairing:
    """What a device shows. `key`: K."""
    return Pairing(desk, key_id(key), token, serial, series, age, b"").proved(key)


def paired_code(key: bytes, token: bytes) -> Code:
    """What the desk shows once it took a pairing, and the device is told by its owner. `key`: K."""
    return code_from_entropy(mac(key, _PAIRED + token)[:5])


def pairing_link(prefix: str, pairing: Pairing) -> str:
    """The text in the QR code. `prefix`: the desk's, as the trust file has it, ending in `/R/`."""
    return prefix.removesuffix("R/") + "P/" + to_base32(pairing.encoded)


def is_pairing(text: str) -> bool:
    """Whether a text is a pairing link rather than a request's."""
    return len(text) <= _LINK_LIMIT and "".join(text.split()).upper().rpartition("/")[0].endswith("/P")


def read_pairing(text: str) -> Pairing:
    """The pairing in a link, or in its last part alone; white space and case are forgiven. Raises
    InputError.
    """
    if len(text) > _LINK_LIMIT:
        raise InputError("oversize", "this text is too long for a pairing link")
    last = last_part(text)
    if not 0 < len(last) <= _BASE32_LIMIT:
        raise InputError("field", "there is no pairing in this text")
    fields = Fields.of(from_base32(last), "pairing")
    fields.number(1, 1, 1)
    pairing = Pairing(
        desk=fields.data(2, DESK_ID_LENGTH, DESK_ID_LENGTH),
        device=fields.data(3, KEY_ID_LENGTH, KEY_ID_LENGTH),
        token=fields.data(4, PAIRING_TOKEN_LENGTH, PAIRING_TOKEN_LENGTH),
        serial=label("serial", fields.text(5, SERIAL_LIMIT), SERIAL_LIMIT),
        series=fields.number(6, 1, SERIES_LIMIT),
        age=fields.number(7, 0, AGE_LIMIT),
        proof=fields.data(8, PROOF_LENGTH, PROOF_LENGTH),
    )
    fields.end()
    return pairing

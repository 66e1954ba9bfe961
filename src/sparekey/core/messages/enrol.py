"""What an `enrol` request seals: a shared key, and who is to be told (spec/enrolment.md)."""

from __future__ import annotations

from dataclasses import dataclass, field

from sparekey.core.codec import Value, encode
from sparekey.core.crypto import equal, mac
from sparekey.core.messages.addresses import ADDRESSES_MOST, read_addresses
from sparekey.core.messages.fields import Fields
from sparekey.core.messages.header import Header
from sparekey.core.messages.mail import LOCALE_LIMIT

DEVICE_KEY_LENGTH = 32
LOG_ID_LENGTH = 16
TOKEN_LENGTH = 32
COUNT_LIMIT = (1 << 32) - 1
"""Of owner epochs, and of enrolments under one key."""

_REFRESH = b"sparekey/1 enrol refresh\x00"


@dataclass(frozen=True)
class EnrolBody:
    """What a device tells its desk about itself.

    `key`: K, 32 bytes. `log_id`: 16 random bytes by which the public log names the device. `count`: rises
    with every enrolment that the device seals under this K, from 1; the desk takes only a higher one, so a
    request that arrives late or twice changes nothing. `epoch`: the owner epoch that the desk last told, 0
    before it did. `locale`: of the mails. `addresses`: none, one or two, the reserved one first;
    `confirmed`: whether a code sent to the first came back, False without addresses. `token`: 32 bytes that
    the factory left, or None. `refresh`: proof that the device still knows the K that it had before, or
    None.
    """

    key: bytes = field(repr=False)
    log_id: bytes
    count: int
    epoch: int
    locale: str
    addresses: tuple[str, ...] = ()
    confirmed: bool = False
    token: bytes | None = field(default=None, repr=False)
    refresh: bytes | None = None

    @property
    def encoded(self) -> bytes:
        """The body as CBOR."""
        fields: dict[int, Value] = {1: self.key, 2: self.log_id, 3: self.count, 4: self.epoch, 5: self.locale}
        if self.addresses:
            fields |= {6: list(self.addresses), 7: self.confirmed}
        if self.token is not None:
            fields[8] = self.token
        if self.refresh is not None:
            fields[9] = self.refresh
        return encode(fields)

    @classmethod
    def read(cls, fields: Fields) -> EnrolBody:
        """From its fields. Raises InputError."""
        told = fields.has(6)
        return cls(
            key=fields.data(1, DEVICE_KEY_LENGTH, DEVICE_KEY_LENGTH),
            log_id=fields.data(2, LOG_ID_LENGTH, LOG_ID_LENGTH),
            count=fields.number(3, 1, COUNT_LIMIT),
            epoch=fields.number(4, 0, COUNT_LIMIT),
            locale=fields.text(5, LOCALE_LIMIT),
            addresses=read_addresses(fields.items(6, ADDRESSES_MOST)) if told else (),
            confirmed=fields.flag(7) if told else False,
            token=fields.data(8, TOKEN_LENGTH, TOKEN_LENGTH) if fields.has(8) else None,
            refresh=fields.data(9, 32, 32) if fields.has(9) else None,
        )


def refresh_mac(previous: bytes, header: Header, body: EnrolBody) -> bytes:
    """HMAC under the K that the desk holds, over the serial and everything that is to change. 32 bytes."""
    said: list[Value] = [
        header.identity.serial,
        header.number,
        body.key,
        body.log_id,
        body.count,
        body.epoch,
        body.locale,
        list(body.addresses),
        body.confirmed,
    ]
    return mac(previous, _REFRESH + encode(said))


def refresh_holds(previous: bytes, header: Header, body: EnrolBody) -> bool:
    """Whether whoever sealed this knows the K that the desk holds. Constant time; absent is failed."""
    return equal(refresh_mac(previous, header, body), body.refresh or b"")

"""E-mail addresses inside a sealed part (spec/requests.md section 4)."""

from __future__ import annotations

from sparekey.core.codec import Value
from sparekey.core.errors import InputError
from sparekey.core.values import ADDRESS_LIMIT, mail_address

ADDRESSES_MOST = 2
ADDRESSES_LIMIT = 96
"""Bytes of all sealed addresses together: two short ones, or one of full length, still fit into one QR
code.
"""


def fitting(addresses: tuple[str, ...]) -> tuple[str, ...]:
    """The addresses that go into a request: the first, and the second where both fit."""
    both = addresses[:ADDRESSES_MOST]
    return both if sum(len(address) for address in both) <= ADDRESSES_LIMIT else addresses[:1]


def read_addresses(values: list[Value]) -> tuple[str, ...]:
    """Addresses in the form in which a device writes them. Raises InputError (`field`)."""
    return tuple(_address(value) for value in values)


def _address(value: Value) -> str:
    if not isinstance(value, str) or len(value) > ADDRESS_LIMIT or mail_address(value) != value:
        raise InputError("field", "an address in a form that no device writes")
    return value

"""Reading a map's fields: type, length, and nothing that is not known (spec/requests.md section 2)."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import TypeVar

from sparekey.core.codec import Value, decode
from sparekey.core.errors import InputError

Choice = TypeVar("Choice", bound=Enum)

FIRST_IGNORABLE_KEY = 128
"""Keys from here on may be added later: a reader that does not know them passes them over. Lower ones are
critical.
"""


class Fields:
    """One map of integer keys while it is read. Every wrong type, length or range is an InputError
    (`field`).
    """

    def __init__(self, value: Value, what: str) -> None:
        if not isinstance(value, Mapping) or any(not isinstance(key, int) for key in value):
            raise InputError("field", f"the {what} is not a map of numbered fields")
        self._left: dict[int, Value] = {key: item for key, item in value.items() if isinstance(key, int)}
        self._what = what

    @classmethod
    def of(cls, data: bytes, what: str) -> Fields:
        """Decode bytes that hold exactly one such map."""
        return cls(decode(data), what)

    def number(self, key: int, least: int, most: int) -> int:
        """A whole number within bounds."""
        value = self._take(key)
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            raise self._wrong(key)
        return value

    def data(self, key: int, least: int, most: int) -> bytes:
        """A byte string of `least` to `most` bytes."""
        value = self._take(key)
        if not isinstance(value, bytes) or not least <= len(value) <= most:
            raise self._wrong(key)
        return value

    def text(self, key: int, most: int) -> str:
        """A text of 1 to `most` bytes, without control characters."""
        value = self._take(key)
        if not isinstance(value, str) or not 0 < len(value.encode()) <= most or not value.isprintable():
            raise self._wrong(key)
        return value

    def flag(self, key: int) -> bool:
        """True or false."""
        value = self._take(key)
        if not isinstance(value, bool):
            raise self._wrong(key)
        return value

    def choice(self, key: int, among: type[Choice]) -> Choice:
        """One of the slugs that an enumeration lists."""
        slug = self.text(key, 32)
        for member in among:
            if member.value == slug:
                return member
        raise self._wrong(key)

    def items(self, key: int, most: int) -> list[Value]:
        """An array of 1 to `most` values."""
        value = self._take(key)
        if not isinstance(value, list) or not 0 < len(value) <= most:
            raise self._wrong(key)
        return value

    def blobs(self, key: int, most: int, length: int) -> tuple[bytes, ...]:
        """An array of 1 to `most` byte strings of `length` bytes each."""
        values = self.items(key, most)
        found = tuple(value for value in values if isinstance(value, bytes) and len(value) == length)
        if len(found) != len(values):
            raise self._wrong(key)
        return found

    def inner(self, key: int, what: str) -> Fields:
        """A map inside the map."""
        return Fields(self._take(key), what)

    def has(self, key: int) -> bool:
        """Whether an optional field is there."""
        return key in self._left

    def end(self) -> None:
        """Every critical field must have been read by now."""
        unknown = [key for key in self._left if key < FIRST_IGNORABLE_KEY]
        if unknown:
            raise InputError("unknown-field", f"the {self._what} has a field that this version does not know")

    def _take(self, key: int) -> Value:
        if key not in self._left:
            raise InputError("field", f"the {self._what} lacks field {key}")
        return self._left.pop(key)

    def _wrong(self, key: int) -> InputError:
        return InputError("field", f"field {key} of the {self._what} has the wrong form")

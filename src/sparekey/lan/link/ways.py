"""What a device tells a stranger: which ways in are possible, and nothing else (spec/lan.md section 5.4)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import ClassVar

from sparekey.core.codec import Value, encode
from sparekey.core.messages.fields import Fields
from sparekey.core.policy import PASSWORD_CEILING
from sparekey.core.values import MethodName
from sparekey.lan.link.frame import SLUG_LIMIT, present

VERSION = 1


class Setting(Enum):
    """Whether the first password can be set over the network now."""

    OPEN = "open"
    NEEDS_PRESENCE = "needs-presence"
    """It was switched on too long ago."""
    DONE = "done"
    """Somebody set one."""


@dataclass(frozen=True)
class Way:
    """One way in. `closed`: why it is not open over the network now; empty for one that is."""

    method: MethodName
    closed: str = ""

    @property
    def is_open(self) -> bool:
        """Whether a call can begin with it."""
        return not self.closed


@dataclass(frozen=True)
class Abilities:
    """The answer to a stranger. `ways`: in order of least loss. `least`, `most`: characters of a new password.
    `cameras`: whether the cameras of a recorder can get new passwords along with it.
    """

    setting: Setting
    ways: tuple[Way, ...]
    least: int
    most: int
    cameras: bool = False

    @property
    def encoded(self) -> bytes:
        """The body."""
        ways = [present({1: way.method.value, 2: way.closed}) for way in self.ways]
        told: dict[int, Value] = {1: VERSION, 2: self.setting.value, 3: ways}
        return encode(present({**told, 4: self.least, 5: self.most, 6: self.cameras}))

    @classmethod
    def read(cls, fields: Fields) -> Abilities:
        """From the answer. Ways that are not known yet are passed over. Raises InputError."""
        fields.number(1, VERSION, VERSION)
        ways: list[Way] = []
        for item in fields.items(3, 32) if fields.has(3) else ():
            inner = Fields(item, "way")
            slug = inner.text(1, SLUG_LIMIT)
            closed = inner.text(2, SLUG_LIMIT) if inner.has(2) else ""
            inner.end()
            ways += [Way(method, closed) for method in MethodName if method.value == slug]
        told = cls(
            fields.choice(2, Setting),
            tuple(ways),
            fields.number(4, 1, PASSWORD_CEILING),
            fields.number(5, 1, PASSWORD_CEILING),
            fields.flag(6),
        )
        fields.end()
        return told


@dataclass(frozen=True)
class Ask:
    """What can you do? Anybody may ask."""

    name: ClassVar[str] = "abilities"

    @property
    def encoded(self) -> bytes:
        """The body."""
        return encode({})

    def answer(self, fields: Fields) -> Abilities:
        """The ways."""
        return Abilities.read(fields)

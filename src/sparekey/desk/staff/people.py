"""Who is who at the desk, as the rest of it sees them."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

from sparekey.core.admission import Agreed, Role

if TYPE_CHECKING:
    from sparekey.core.admission import State


@dataclass(frozen=True)
class Passkey:
    """A public key that a person's device or security key made.

    `id`: eight bytes by which the log and approvals name it. `credential`: what browsers call it. `public`: the key in
    COSE form. `count`: how often it says that it was used; 0 where it does not count.
    """

    id: bytes
    person: str
    name: str
    credential: bytes = field(repr=False)
    public: bytes = field(repr=False)
    count: int
    made: int


@dataclass(frozen=True)
class Person:
    """A member of the staff with the roles and passkeys that hold now."""

    id: str
    name: str
    roles: frozenset[Role] = frozenset()
    keys: tuple[Passkey, ...] = ()

    def may(self, *roles: Role) -> bool:
        """Whether one of the roles is theirs."""
        return bool(self.roles.intersection(roles))


class Opening(Enum):
    """By what a session was opened."""

    PASSKEY = "passkey"
    COMPANY = "company"


@dataclass(frozen=True)
class Session:
    """One browser of somebody who signed in. `mark`: what the store knows it by, not what the browser holds."""

    mark: str
    person: Person
    opening: Opening
    made: int


@dataclass(frozen=True)
class Place:
    """Where somebody is signed in now. `mark`: as in `Session`. `key`: the passkey that opened it, None for the
    company's sign-in. `made`, `used`: Unix seconds.
    """

    mark: str
    key: bytes | None
    made: int
    used: int


@dataclass(frozen=True)
class Kept:
    """A right with where it stands. `name`: the person's. `index`: its entry in the log, None until it is there."""

    state: State
    name: str
    asked: int
    index: int | None = None

    def holds(self, now: int) -> bool:
        """Agreed to, waited for, and in the log."""
        return isinstance(self.state, Agreed) and self.state.since <= now and self.index is not None


@dataclass(frozen=True)
class Invitation:
    """Lets one person in, once. `by`: who invited, empty for whoever runs the server. `until`: Unix seconds."""

    mark: bytes = field(repr=False)
    name: str
    roles: tuple[Role, ...]
    by: str
    until: int


@dataclass(frozen=True)
class Deed:
    """One line of what the staff did. `what` is a stable slug, `about` a number or an id, never a secret."""

    at: int
    by: str
    name: str
    what: str
    about: str

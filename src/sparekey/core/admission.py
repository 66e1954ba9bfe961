"""The machine of one right at the desk, from asked for to over: who becomes able to decide (spec/support.md section 8).

Nobody gives a right alone, and none begins at once: two admins agree, it stands in the public log, and it waits.
Only the first two admins of a desk had nobody before them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum
from typing import Any

from sparekey.core import table
from sparekey.core.codec import Value, encode
from sparekey.core.consent import Consent, has_agreed, keys_of
from sparekey.core.crypto import sha256
from sparekey.core.errors import Refusal
from sparekey.core.table import Step
from sparekey.core.tlog.leaf import EntryKind

ADMINS = 2
"""How many agree, and how many a desk keeps."""
WAIT = 72 * 3600
"""Seconds from the second admin's word until the right begins."""
FOUNDING = 24 * 3600
"""Seconds from the first admin on in which nothing waits: a new desk has nobody whom a stranger could join."""


class Role(Enum):
    """What somebody may do at the desk; the values are the stable names."""

    AGENT = "agent"
    APPROVER = "approver"
    TECHNICIAN = "technician"
    ADMIN = "admin"
    AUDITOR = "auditor"


@dataclass(frozen=True)
class Right:
    """One thing that somebody may from now on: use a passkey, or act in a role.

    `number`: of this very right. `key`: the eight-byte id by which the log names it: the passkey's own, for a role the
    one that the person came with. `role`: None for a passkey.
    """

    number: str
    person: str
    key: bytes
    role: Role | None = None

    @property
    def kind(self) -> EntryKind:
        """How the log calls it."""
        if self.role is None:
            return EntryKind.PASSKEY
        return EntryKind.APPROVER if self.role is Role.APPROVER else EntryKind.ROLE

    @property
    def item(self) -> bytes:
        """What stands for it in what an admin's passkey signs."""
        named = "" if self.role is None else self.role.value
        parts: list[Value] = [self.number, int(self.kind), self.person, self.key, named]
        return sha256(b"sparekey/1 admission\x00" + encode(parts))


@dataclass(frozen=True)
class Asked:
    """Waits for admins."""

    right: Right
    consents: tuple[Consent, ...] = ()


@dataclass(frozen=True)
class Agreed:
    """It holds from `since` on, once the log has it. `at`: when the last admin agreed. Both Unix seconds."""

    right: Right
    consents: tuple[Consent, ...]
    at: int
    since: int


@dataclass(frozen=True)
class Over:
    """It holds no more, or never did. `by`: who took it away; empty for whoever runs the server."""

    right: Right
    by: str
    at: int


State = Asked | Agreed | Over


@dataclass(frozen=True)
class AdminAgreed:
    """An admin touched a passkey. `items`: what it was checked to have signed the challenge of."""

    by: str
    key: bytes
    items: tuple[bytes, ...]


@dataclass(frozen=True)
class BegunHere:
    """Whoever runs the server names one of the first admins."""


@dataclass(frozen=True)
class RightEnded:
    """An admin takes it away, or whoever runs the server (`by` empty)."""

    by: str


@dataclass(frozen=True)
class EnterAdmission:
    """Enter the right in the log. `keys`: of the admins who agreed, ascending. `at`: Unix seconds."""

    right: Right
    keys: tuple[bytes, ...]
    at: int


@dataclass(frozen=True)
class Staffing:
    """What a rule may ask. `now`: Unix seconds. `founded`: when the first admin came, or None. `admins`: whose
    role holds now. `left`: those whose role would hold when this right ended.
    """

    now: int
    founded: int | None
    admins: frozenset[str]
    left: frozenset[str] = frozenset()

    @property
    def wait(self) -> int:
        """Seconds that a right waits when it is agreed now."""
        young = self.founded is not None and self.now < self.founded + FOUNDING
        return 0 if young else WAIT


def admin_agreed(state: Asked, event: AdminAgreed, staffing: Staffing) -> Step[Asked | Agreed]:
    """One more admin; the last one starts the wait."""
    if event.by not in staffing.admins:
        return Step(state, refusal=Refusal.NOT_AUTHORISED)
    if state.right.item not in event.items:
        return Step(state, refusal=Refusal.NOT_GENUINE)
    if has_agreed(state.consents, event.by, event.key):
        return Step(state, refusal=Refusal.ALREADY_DONE)
    consents = (*state.consents, Consent(event.by, event.key, staffing.now))
    if len(consents) < ADMINS:
        return Step(replace(state, consents=consents))
    return _agreed(state.right, consents, staffing.now, staffing.now + staffing.wait)


def begun_here(state: Asked, _event: BegunHere, staffing: Staffing) -> Step[Asked | Agreed]:
    """Somebody had to be first: a passkey and the admin's role, while there are fewer than two admins."""
    if len(staffing.admins) >= ADMINS or state.right.role not in (None, Role.ADMIN):
        return Step(state, refusal=Refusal.NOT_AUTHORISED)
    return _agreed(state.right, (), staffing.now, staffing.now)


def withdrawn(state: Asked, event: RightEnded, staffing: Staffing) -> Step[Over]:
    """Before it began."""
    return Step(Over(state.right, event.by, staffing.now))


def ended(state: Agreed, event: RightEnded, staffing: Staffing) -> Step[Agreed | Over]:
    """At once: less needs nobody's word. But two admins stay, or nobody could be let in again."""
    if event.by and staffing.left < staffing.admins and len(staffing.left) < ADMINS:
        return Step(state, refusal=Refusal.LAST_ADMIN)
    return Step(Over(state.right, event.by, staffing.now))


def holds(state: State, now: int) -> bool:
    """Whether the wait is over. That the log has it, the desk sees to itself."""
    return isinstance(state, Agreed) and state.since <= now


def _agreed(right: Right, consents: tuple[Consent, ...], at: int, since: int) -> Step[Asked | Agreed]:
    return Step(Agreed(right, consents, at, since), (EnterAdmission(right, keys_of(consents), at),))


TABLE: table.Table = {
    (Asked, AdminAgreed): admin_agreed,
    (Asked, BegunHere): begun_here,
    (Asked, RightEnded): withdrawn,
    (Agreed, RightEnded): ended,
}
"""The diagram."""


def step(state: Any, event: object, staffing: Staffing) -> Step[Any]:
    """Apply an event to a right."""
    return table.step(TABLE, state, event, staffing)

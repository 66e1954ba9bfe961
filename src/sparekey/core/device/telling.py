"""A line for the audit page and a notice to the owner, as every rule writes them."""

from __future__ import annotations

from sparekey.core.effects import Happened, Notify, WriteAudit
from sparekey.core.messages.notice import Noticed
from sparekey.core.record import Record, Situation
from sparekey.core.values import Face


def audit(
    record: Record, now: Situation, what: Happened, face: Face, account: str, number: str = ""
) -> WriteAudit:
    """The order to write it."""
    return WriteAudit(what, face, account, number, record.age.at(now.moment), now.moment.wall)


def notify(record: Record, now: Situation, what: Noticed, request: bytes = b"") -> tuple[Notify, ...]:
    """The order to tell whoever hears of this device; none where nobody does. `request`: its hash, or empty."""
    age = record.age.at(now.moment)
    addresses, admin = record.listening(age), record.admin
    if not addresses or admin is None:
        return ()
    return (Notify(what, admin.name, addresses, age, now.moment.wall, request, record.ticket or b""),)

"""A line for the audit page, as every rule writes it."""

from __future__ import annotations

from sparekey.core.effects import Happened, WriteAudit
from sparekey.core.record import Record, Situation
from sparekey.core.values import Face


def audit(
    record: Record, now: Situation, what: Happened, face: Face, account: str, number: str = ""
) -> WriteAudit:
    """The order to write it."""
    return WriteAudit(what, face, account, number, record.age.at(now.moment), now.moment.wall)

"""What the owner is to hear and has not heard yet: sealed, on the disk until the desk took it (spec/enrolment.md
section 10).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sparekey.core import enrolling
from sparekey.core.codes import number_from_entropy
from sparekey.core.errors import UntrustedError
from sparekey.core.messages.notice import Noticed

if TYPE_CHECKING:
    from sparekey.core.effects import Notify
    from sparekey.core.messages.request import Request
    from sparekey.device.agent import Agent
    from sparekey.host.sqlite_store import SqliteFile

MOST = 64
"""Notices that wait, at most."""

SCHEMA = (
    "CREATE TABLE notices (id INTEGER PRIMARY KEY, what TEXT NOT NULL, sealed BLOB NOT NULL,"
    " age INTEGER NOT NULL) STRICT"
)

_CHATTY = (Noticed.RECOVERY_OPENED, Noticed.RECOVERY_CANCELLED)
"""What anybody can make happen again and again: it gives way to the rest."""


class Notices:
    """The table. A row carries the number of the order that brought it: to keep one twice is harmless."""

    def __init__(self, file: SqliteFile) -> None:
        self._file = file

    def seal(self, order: int, told: Notify, agent: Agent) -> None:
        """Seal it for the desk of the moment and keep it. Where that takes none, what is left is audit and banner."""
        number = number_from_entropy(agent.entropy.bytes(5))
        locale = agent.config.settings.language
        try:
            sealed = enrolling.notice(
                told, agent.now(), number=number, tls=agent.keys.tls_hash, locale=locale
            )
        except UntrustedError:
            return
        self.keep(order, told.what, sealed, told.age)

    def keep(self, order: int, what: Noticed, request: Request, age: int) -> None:
        """Add one; when too many wait, the oldest that anybody could cause gives way, else the oldest."""
        first, second = (slug.value for slug in _CHATTY)
        with self._file.writing() as connection:
            row = (order, what.value, request.encoded, age)
            connection.execute("INSERT OR IGNORE INTO notices VALUES (?, ?, ?, ?)", row)
            (waiting,) = connection.execute("SELECT count(*) FROM notices").fetchone()
            connection.execute(
                "DELETE FROM notices WHERE id IN"
                " (SELECT id FROM notices ORDER BY what NOT IN (?, ?), id LIMIT max(0, ? - ?))",
                (first, second, waiting, MOST),
            )

    def waiting(self) -> list[tuple[int, bytes]]:
        """Number and request of each, oldest first."""
        rows = self._file.rows("SELECT id, sealed FROM notices ORDER BY id")
        return [(row[0], row[1]) for row in rows if isinstance(row[0], int) and isinstance(row[1], bytes)]

    def forget(self, numbers: list[int]) -> None:
        """The desk has them, or will never take them."""
        with self._file.writing() as connection:
            connection.executemany("DELETE FROM notices WHERE id = ?", [(number,) for number in numbers])

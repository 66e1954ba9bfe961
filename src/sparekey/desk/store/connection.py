"""One connection to PostgreSQL. What it calls committed is where the server's settings want it: on the standby too.

PostgreSQL itself lets a commit return when only its own disk has it, with a warning, once somebody cancels the wait for
the standby. And after a crash it shows what its own disk has, whether the standby has it or not. Whoever told people
that would have told them what is gone when that machine does not come back.
"""

from __future__ import annotations

import select
from typing import TYPE_CHECKING, Any

import psycopg

from sparekey.desk.store.database import PATIENCE

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Self, TypeVar

    from psycopg.abc import PQGen
    from psycopg.errors import Diagnostic

    R = TypeVar("R")

_SETTINGS = (
    f"SET lock_timeout = '{PATIENCE}s'",
    f"SET idle_in_transaction_session_timeout = '{PATIENCE}s'",
    """SELECT set_config('synchronous_commit', 'on', false)
       WHERE current_setting('synchronous_commit') IN ('off', 'local', 'remote_write')""",
)
_CATCH_UP = "SELECT pg_logical_emit_message(true, 'sparekey', '')"
"""Writes nothing that anybody reads. It returns when the standby has all that stood in the log before it."""
_CANCELLED = ("01000", "57P01")
"""SQLSTATE of the warnings that a wait for the standby was given up."""


class Connection(psycopg.Connection[Any]):
    """`open` one, instead of connecting."""

    _patience: float | None = None
    _doubted = False

    @classmethod
    def open(cls, **parameters: Any) -> Self:
        """Connect, and wait until the standby has everything that can be seen here. Raises psycopg.Error."""
        made = cls.connect(autocommit=True, **parameters)
        made.add_notice_handler(made._heard)
        try:
            for setting in _SETTINGS:
                made.execute(setting)
            made._sure(lambda: made.execute(_CATCH_UP))
            made.autocommit = False
        except psycopg.Error:
            made.close()
            raise
        return made

    def commit(self) -> None:
        """Commit. When that fails nobody knows what became of it, and the connection is closed: so its transaction
        stays hidden from everybody until the standby has it.
        """
        try:
            self._sure(super().commit)
        except psycopg.OperationalError:
            self.close()
            raise

    def wait(self, gen: PQGen[R], interval: float = 0.1, timeout: float | None = None) -> R:
        """As psycopg waits, for a commit no longer than PATIENCE: a leader without standbys would keep it for ever."""
        return super().wait(gen, interval, self._patience if timeout is None else timeout)

    def is_spoken_to(self) -> bool:
        """Whether something came while nothing was asked: that is always the end, of the server or of the way there."""
        if self.closed:
            return True
        poll = select.poll()
        poll.register(self.fileno(), select.POLLIN)
        return bool(poll.poll(0))

    def _sure(self, work: Callable[[], object]) -> None:
        self._patience, self._doubted = PATIENCE, False
        try:
            work()
        finally:
            self._patience = None
        if self._doubted:
            raise psycopg.OperationalError("committed here, and perhaps not on the standby")

    def _heard(self, notice: Diagnostic) -> None:
        if notice.severity_nonlocalized == "WARNING" and notice.sqlstate in _CANCELLED:
            self._doubted = True

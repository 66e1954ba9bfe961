"""The desk's one database: every room has own tables in it and asks for a connection here.

Nothing that counts stays in a process: any number of processes may have the same database open.
"""

from __future__ import annotations

import threading
from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING, Any, ClassVar

from sqlalchemy.exc import SQLAlchemyError

from sparekey.core.errors import MisuseError, UnavailableError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from contextlib import AbstractContextManager

    from sqlalchemy import Connection, Engine

PATIENCE = 10
"""Seconds that a thread waits for a connection, for its turn, for another transaction or for the end of its own."""


class Database:
    """Connections to one database, for all threads of a process. `LOOKING`: the engine's options for connections that
    open no transaction.
    """

    LOOKING: ClassVar[Mapping[str, Any]]

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._reader = engine.execution_options(**self.LOOKING)
        self._turn = threading.Lock()
        self._held = threading.local()

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()

    @contextmanager
    def writing(self, *, alone: bool = True) -> Iterator[Connection]:
        """A transaction: all or nothing, as if one ran after the other, and durable once left without an error.

        Keep it short and wait for nothing in it. `alone` False allows others beside it where the database can: for
        statements that are right whatever the others do. Raises UnavailableError when the database fails; then nothing
        changed, unless the connection broke at the very end. A second one inside the first is a MisuseError: it would
        wait for itself.
        """
        self.check_idle()
        with translated(), self._queue(alone):
            self._held.writing = True
            try:
                with self._begun(alone) as connection:
                    yield connection
            finally:
                self._held.writing = False

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection to look with; every statement sees what was committed before it. Raises UnavailableError."""
        with translated(), self._reader.connect() as connection:
            yield connection

    def check_idle(self) -> None:
        """Raises MisuseError when this very thread is in the middle of writing."""
        if getattr(self._held, "writing", False):
            raise MisuseError("nested-writing", "a transaction of the desk's database begins inside another")

    def settle(self) -> None:
        """Nothing is to be done for a while: tidy up what costs nothing then. Raises UnavailableError."""

    def _queue(self, alone: bool) -> AbstractContextManager[object]:
        """Threads of this process queue up here, where waiting is cheap."""
        return self._in_turn() if alone else nullcontext()

    @contextmanager
    def _in_turn(self) -> Iterator[None]:
        """Nobody waits for ever behind a transaction that hangs."""
        if not self._turn.acquire(timeout=PATIENCE):
            raise UnavailableError("store", "the database is too slow: others wait for it too")
        try:
            yield
        finally:
            self._turn.release()

    def _begun(self, alone: bool) -> AbstractContextManager[Connection]:
        raise NotImplementedError


@contextmanager
def translated() -> Iterator[None]:
    """What the database says becomes an UnavailableError, without what was asked of it."""
    try:
        yield
    except SQLAlchemyError as error:
        raise unavailable(error) from None


def unavailable(error: SQLAlchemyError) -> UnavailableError:
    """The error that people get to see."""
    name = type(error).__name__
    return UnavailableError(
        "store", f"the database does not answer ({name}); check that its disk is not full"
    )

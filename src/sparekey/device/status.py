"""A few plain lines about a device, for its installer. Reads the storage only, also while the device runs."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sparekey.core.device import Guarded, MustSet, State
from sparekey.core.errors import UnavailableError
from sparekey.core.record import Record
from sparekey.core.values import Moment
from sparekey.host.snapshot import thaw

if TYPE_CHECKING:
    from pathlib import Path

    from sparekey.device.config import Config
    from sparekey.host.clock import Clock


def lines(config: Config, clock: Clock) -> list[str]:
    """What there is to say; no secret, no address. Raises UnavailableError when the storage does not
    answer.
    """
    state = _stored(config.settings.storage)
    record = state.record
    wall = clock.wall() if config.settings.clock_trusted else None
    moment = Moment(record.age.saved - record.age.base, wall, b"")
    open_requests = sum(not kept.expired(record.age, moment) for kept in record.requests)
    return [
        f"{config.settings.name}: {config.identity.model}, serial number {config.identity.serial}",
        f"password set: {'yes' if isinstance(state, Guarded) else 'no'}",
        f"e-mail address for codes set: {'yes' if record.reserved else 'no'}",
        f"open requests: {open_requests}",
        f"generation: {record.generation}",
        f"last recovery: {_recovery(record)}",
    ]


def _stored(path: Path) -> State:
    if not path.exists():
        return MustSet(Record())
    try:
        connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=5)
        try:
            row = connection.execute("SELECT state FROM machine").fetchone()
        finally:
            connection.close()
    except sqlite3.Error as error:
        raise UnavailableError("store", f"cannot read {path} ({type(error).__name__})") from None
    state: State = thaw(bytes(row[0]), State) if row else MustSet(Record())
    return state


def _recovery(record: Record) -> str:
    if record.recovered is None:
        return "none"
    if record.recovered.wall is None:
        return f"by {record.recovered.method.value}"
    when = datetime.fromtimestamp(record.recovered.wall, UTC)
    return f"by {record.recovered.method.value} on {when:%Y-%m-%d %H:%M} UTC"

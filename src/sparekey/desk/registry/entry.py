"""What the registry has of one device, as people at the desk see it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sparekey.core.registry import found_item
from sparekey.desk.registry import rows

if TYPE_CHECKING:
    from sparekey.core.registry import Source
    from sparekey.desk.registry.registrar import Registrar
    from sparekey.desk.registry.rows import DisputeRow


@dataclass(frozen=True)
class Entry:
    """`epoch`: the owner epoch. `since`: when the enrolment in use came. `stolen`: when it was reported, or 0.
    `listed`: the factory's list names it. `owners`: members of the staff whose own device it is.
    """

    serial: str
    epoch: int
    source: Source
    confirmed: bool
    released: bool
    since: int
    stolen: int
    listed: bool
    owners: tuple[str, ...]
    disputes: tuple[DisputeRow, ...]

    @property
    def found_item(self) -> bytes:
        """What somebody signs who says that it is back."""
        return found_item(self.serial, self.epoch, self.stolen)


def entry(registrar: Registrar, serial: str) -> Entry | None:
    """What is known of a device; None when it never enrolled here. Raises UnavailableError."""
    with registrar.database.reading() as connection:
        row = rows.row_of(connection, serial)
        if row is None:
            return None
        return Entry(
            serial=serial,
            epoch=row.epoch,
            source=row.source,
            confirmed=row.confirmed,
            released=row.released,
            since=row.at,
            stolen=rows.stolen_since(connection, serial),
            listed=rows.listed(connection, serial) is not None,
            owners=rows.owners_of(connection, serial),
            disputes=tuple(rows.open_disputes(connection, serial)),
        )

"""Files of many requests: kept sealed, and opened part by part by whichever node's worker has time.

A file may bring ten thousand, which takes half a minute. Its line says how far it came and what became of each request;
whoever dies in the middle leaves the rest to the next one, and a request that was opened twice is the same case.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select, update

from sparekey.core.codes import number_from_entropy
from sparekey.desk.cases.asking import Asker
from sparekey.desk.cases.opening import Trouble
from sparekey.desk.cases.tables import case_file_contents, case_files
from sparekey.desk.store.due import NEVER, take
from sparekey.host.snapshot import freeze, thaw

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sparekey.desk.cases.opening import Item, Opener
    from sparekey.desk.cases.reception import Receipt, Reception
    from sparekey.desk.cases.vault import Vault
    from sparekey.desk.store.database import Database
    from sparekey.host.clock import Clock
    from sparekey.host.entropy import Entropy

PART = 200
"""Requests that are opened in one go; a file with no more than these is opened at once."""
LEASE = 60
"""Seconds in which a part is done; then somebody else takes it."""
KEEPS = 30 * 86400
"""Seconds after which the line of a file is forgotten. Its content is when it was opened."""


@dataclass(frozen=True)
class Standing:
    """How far a file is. `results`: for each request so far, in its place, the number of its case or what is wrong."""

    number: str
    made: int
    total: int
    results: tuple[str | Trouble, ...]

    @property
    def is_over(self) -> bool:
        """Whether everything in it was opened."""
        return len(self.results) >= self.total


class Files:
    """Every method raises UnavailableError when the database fails. `wake`: called when there is work."""

    def __init__(
        self,
        *,
        database: Database,
        vault: Vault,
        opener: Opener,
        reception: Reception,
        clock: Clock,
        entropy: Entropy,
        wake: Callable[[], None],
    ) -> None:
        self._database = database
        self._vault = vault
        self._opener = opener
        self._reception = reception
        self._clock = clock
        self._entropy = entropy
        self._wake = wake
        self._read: tuple[str, Sequence[Item]] = ("", ())

    def open(self, given: str | bytes, asker: Asker) -> list[Receipt] | str:
        """Open what somebody of the staff hands in, as `Cases.open_text`; of a large file its number, under which its
        cases are one batch.
        """
        total = len(self._opener.items(given))
        return self._reception.text(given, asker, b"") if total <= PART else self._keep(given, total, asker)

    def _keep(self, given: str | bytes, total: int, asker: Asker) -> str:
        number = number_from_entropy(self._entropy.bytes(5))
        text = given.encode() if isinstance(given, str) else given
        now = self._clock.wall()
        row = {"number": number, "made": now, "total": total, "results": "", "due": now, "attempts": 0}
        with self._database.writing() as connection:
            sealed = self._vault.seal(number, freeze(asker))
            connection.execute(insert(case_files).values(**row, asker=sealed))
            connection.execute(
                insert(case_file_contents).values(number=number, content=self._vault.seal(number, text))
            )
        self._wake()
        return number

    def look(self, number: str) -> Standing | None:
        """How far a file is; None where there is none, or not any more."""
        with self._database.reading() as connection:
            row = connection.execute(select(case_files).where(case_files.c.number == number)).first()
        return None if row is None else Standing(row.number, row.made, row.total, _results(row.results))

    def work(self) -> int:
        """Open the next part of some file. Returns how much there was to do."""
        now = self._clock.wall()
        rows = take(self._database, case_files, now, LEASE, 1)
        if not rows:
            self._read = ("", ())
        for row in rows:
            asker = thaw(self._vault.open(row.number, row.asker), Asker)
            results = _results(row.results)
            part = self._items(row.number)[len(results) : len(results) + PART]
            first = "" if any(isinstance(one, str) for one in results) else row.number
            receipts = self._reception.part(part, asker, row.number, first)
            told = [receipt.trouble or receipt.number for receipt in receipts]
            self._told(row.number, row.results, (*results, *told), row.total)
        return len(rows)

    def prune(self) -> None:
        """Forget the lines of files that were opened long ago."""
        old = (case_files.c.made < self._clock.wall() - KEEPS) & (case_files.c.due == NEVER)
        with self._database.writing() as connection:
            connection.execute(delete(case_files).where(old))

    def _items(self, number: str) -> Sequence[Item]:
        """What is in a file. It is read once for all its parts."""
        if self._read[0] != number:
            query = select(case_file_contents.c.content).where(case_file_contents.c.number == number)
            with self._database.reading() as connection:
                sealed = connection.execute(query).scalar_one()
            self._read = (number, self._opener.items(self._vault.open(number, sealed)))
        return self._read[1]

    def _told(self, number: str, before: str, results: Sequence[str | Trouble], total: int) -> None:
        over = len(results) >= total
        text = " ".join(one if isinstance(one, str) else f"!{one.value}" for one in results)
        mine = (case_files.c.number == number) & (case_files.c.results == before)
        with self._database.writing() as connection:
            told = {"results": text, "due": NEVER if over else self._clock.wall()}
            connection.execute(update(case_files).where(mine).values(**told))
            if over:
                connection.execute(delete(case_file_contents).where(case_file_contents.c.number == number))


def _results(text: str) -> tuple[str | Trouble, ...]:
    return tuple(Trouble(one[1:]) if one.startswith("!") else one for one in text.split())

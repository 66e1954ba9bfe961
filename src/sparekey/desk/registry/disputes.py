"""Enrolments that wait for two people and 72 hours: listed, agreed to, stopped, let in.

Source: spec/enrolment.md section 6.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sparekey.core.codes import Code, code_from_entropy
from sparekey.core.crypto import derive, equal, mac
from sparekey.core.errors import Refusal, UntrustedError
from sparekey.core.messages.enrol import COUNT_LIMIT
from sparekey.core.messages.request import read_request
from sparekey.core.registry import (
    Admitted,
    Agreed,
    Claim,
    Dismissed,
    LetIn,
    Objected,
    Office,
    Pending,
    Source,
    TellPresentOwner,
    TimePassed,
    step,
)
from sparekey.desk.registry import rows
from sparekey.desk.registry.rows import News
from sparekey.host.clock import PatientClock

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from sparekey.desk.registry.registrar import Registrar
    from sparekey.desk.registry.rows import DisputeRow

STOP_TRIES = 10
"""Wrong codes after which a dispute can be stopped by the desk's people alone."""
DUE_AT_ONCE = 100


def stop_code(ticket_key: bytes, claim: Claim) -> Code:
    """The code that ends a dispute; it stands in the mail to the present owner and nowhere else."""
    return code_from_entropy(mac(derive(ticket_key, "dispute stop"), claim.request)[:5])


class Disputes:
    """Every method raises UnavailableError when the store fails; then nothing changed. A refusal is returned."""

    def __init__(self, registrar: Registrar) -> None:
        self.registrar = registrar
        self._database = registrar.database
        self._patient = PatientClock(registrar.clock)

    def open(self, after: int = 0, most: int = 100) -> list[DisputeRow]:
        """Those that wait, the oldest first. `after`: when the last one of the page before came."""
        with self._database.reading() as connection:
            return rows.dispute_list(connection, after, most)

    def get(self, number: str) -> DisputeRow | None:
        """One."""
        with self._database.reading() as connection:
            return rows.dispute_of(connection, number)

    def agree(self, number: str, by: str, key: bytes, items: Sequence[bytes]) -> Refusal | None:
        """A person touched their passkey over these items, checked by the caller. `key`: its eight-byte id."""
        return self._tell(number, Agreed(by, key, tuple(items)))

    def dismiss(self, number: str, by: str) -> Refusal | None:
        """A person at the desk says no."""
        return self._tell(number, Dismissed(by))

    def stop(self, number: str, code: Code) -> Refusal | None:
        """The present owner says no, with the code from the mail. The same answer for a number that there is not."""
        with self._database.writing() as connection:
            row = rows.dispute_of(connection, number, lock=True)
            if row is None or not isinstance(row.state, Pending):
                return Refusal.WRONG_CODE
            if row.tries >= STOP_TRIES:
                return Refusal.TOO_MANY_TRIES
            if not equal(
                stop_code(self.registrar.keyring.ticket, row.state.claim).text.encode(), code.text.encode()
            ):
                rows.count_try(connection, number)
                return Refusal.WRONG_CODE
            return self._step(connection, row, Objected())

    def work(self) -> int:
        """Let in what waited long enough. Returns how many were looked at."""
        with self._database.reading() as connection:
            due = rows.due_disputes(connection, self._patient.wall(), DUE_AT_ONCE)
        for number in due:
            self._tell(number, TimePassed())
        return len(due)

    def _tell(self, number: str, event: object) -> Refusal | None:
        with self._database.writing() as connection:
            row = rows.dispute_of(connection, number, lock=True)
            refusal = Refusal.NO_SUCH_REQUEST if row is None else self._step(connection, row, event)
        self.registrar.wake()
        return refusal

    def _step(self, connection: Connection, row: DisputeRow, event: object) -> Refusal | None:
        now = self.registrar.clock.wall()
        present = rows.row_of(connection, row.serial, lock=True)
        epoch = present.epoch if present else 0
        made = step(row.state, event, Office(now, epoch, rows.owners_of(connection, row.serial)))
        if made.refusal is not None:
            return made.refusal
        rows.put_dispute(connection, row.number, made.state)
        for effect in made.effects:
            if isinstance(effect, TellPresentOwner):
                self._tell_owner(connection, row, effect.until, now)
            elif isinstance(effect, LetIn):
                self._let_in(connection, row, epoch, now)
        return None

    def _tell_owner(self, connection: Connection, row: DisputeRow, until: int, now: int) -> None:
        present = rows.row_of(connection, row.serial)
        if present is None or present.released:
            return
        try:
            addresses = self.registrar.body(present.request).addresses
        except UntrustedError:
            return
        for place, _ in enumerate(addresses):
            mail = News("disputed", present.request, place, until, row.number, until)
            rows.add_news(connection, mail, now)

    def _let_in(self, connection: Connection, row: DisputeRow, epoch: int, now: int) -> None:
        request = read_request(row.request)
        body = self.registrar.body(row.request)
        begun = min(max(epoch + 1, body.epoch), COUNT_LIMIT)
        self.registrar.let_in(connection, request, Admitted(begun, Source.PEOPLE, begins=True), now)

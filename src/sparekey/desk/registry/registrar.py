"""Who is enrolled: takes enrolments however they come, and tells the other rooms what is known of a device."""

from __future__ import annotations

import logging
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from sparekey.core import mailing
from sparekey.core.case import Standing
from sparekey.core.codes import number_from_entropy
from sparekey.core.crypto import sha256
from sparekey.core.errors import InputError, UntrustedError
from sparekey.core.messages.enrol import COUNT_LIMIT, EnrolBody
from sparekey.core.messages.enrol_reply import EnrolReply, make_reply
from sparekey.core.messages.header import Kind
from sparekey.core.messages.link_answer import LinkAnswer, LinkVerdict
from sparekey.core.messages.request import read_request
from sparekey.core.registry import (
    Admitted,
    Again,
    Asked,
    Claim,
    Disputed,
    Held,
    Old,
    Pending,
    Source,
    Waits,
    Why,
    decide,
)
from sparekey.desk.registry import rows
from sparekey.desk.registry.rows import DisputeRow, News, Row
from sparekey.desk.store.counting import tallied

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlalchemy import Connection

    from sparekey.core.messages.request import Request
    from sparekey.desk.keyring import Keyring
    from sparekey.desk.registry.rules import RegistryRules
    from sparekey.desk.store.database import Database
    from sparekey.host.clock import Clock
    from sparekey.host.entropy import Entropy

DISPUTES_MOST = 3
"""Open disputes of one serial."""
NEWS_GOOD = 14 * 86400
"""Seconds for which a mail about an enrolment is worth sending."""
TOLD_HOUR = 6
"""Mails an hour about one kind of thing that was said of one device."""
UNPROVED = "unproved"
"""In the tally: enrolments without proof."""

_LOG = logging.getLogger("sparekey.desk")


@dataclass(frozen=True)
class Holding:
    """Whom a device belongs to now, as far as the desk knows: the K that it enrolled, and its owner epoch. `proved`: it
    came in by more than being the first, so that what its owner has counts.
    """

    key: bytes = field(repr=False)
    epoch: int
    proved: bool


class Registrar:
    """The desk's registry (`ports.Registry`). `desk`: our id. `trust`: gives the newest trust file's bytes. `wake`:
    called when mail waits.
    """

    def __init__(
        self,
        *,
        desk: bytes,
        database: Database,
        keyring: Keyring,
        trust: Callable[[], bytes],
        rules: RegistryRules,
        clock: Clock,
        entropy: Entropy,
        wake: Callable[[], None] = lambda: None,
    ) -> None:
        self.desk = desk
        self.database = database
        self.keyring = keyring
        self.clock = clock
        self.wake = wake
        self._trust = trust
        self._rules = rules
        self._entropy = entropy

    # What the other rooms ask

    def standing(self, serial: str) -> Standing:
        """What is known of a device; for one that is not known as fast, and in the same shape."""
        with self.database.reading() as connection:
            row = rows.row_of(connection, serial)
            waiting = rows.open_disputes(connection, serial)
            taken = rows.is_stolen(connection, serial)
            owners = rows.owners_of(connection, serial)
        present = row is not None and not row.released
        proved = row is not None and row.source is not Source.FIRST_USE
        return Standing(
            enrolled=row is not None,
            confirmed=row is not None and present and proved and row.confirmed,
            conflict=any(isinstance(kept.state, Pending) or kept.why is Why.OLDER_EPOCH for kept in waiting),
            stolen=taken,
            owners=owners,
            epoch=0 if row is None else row.epoch,
        )

    def opened(self, serial: str) -> EnrolBody | None:
        """The sealed enrolment in use, opened; without addresses once the device was given away.

        Raises UntrustedError when the key that it is sealed to is gone.
        """
        with self.database.reading() as connection:
            row = rows.row_of(connection, serial)
        if row is None:
            return None
        body = self.body(row.request)
        return replace(body, addresses=(), confirmed=False) if row.released else body

    def log_id(self, serial: str) -> bytes | None:
        """By what the public log knows the device, or None."""
        return self.log_ids([serial]).get(serial)

    def log_ids(self, serials: Sequence[str]) -> dict[str, bytes]:
        """The same for many, in one look: of those that are enrolled, by serial."""
        with self.database.reading() as connection:
            sealed = rows.requests_of(connection, serials)
        found: dict[str, bytes] = {}
        for serial, request in sealed.items():
            # The key that it is sealed to is gone, or the row is damaged: it must not hold up the others.
            with suppress(InputError, UntrustedError):
                found[serial] = self.body(request).log_id
        return found

    def holding(self, serial: str) -> Holding | None:
        """Whose it is now; None when it is not enrolled, was given away, or does not open."""
        with self.database.reading() as connection:
            row = rows.row_of(connection, serial)
        if row is None or row.released:
            return None
        try:
            return Holding(self.body(row.request).key, row.epoch, proved=row.source is not Source.FIRST_USE)
        except UntrustedError:
            return None

    def tell(self, serial: str, kind: str) -> None:
        """Mail whom an enrolled device names. `kind`: the letter's folder."""
        now = self.clock.wall()
        with self.database.writing() as connection:
            self._tell_owner(connection, serial, kind, now)
        self.wake()

    def ticket(self, serial: str) -> bytes:
        """What shows that a device enrolled here; another one for a device that came first and proved nothing."""
        with self.database.reading() as connection:
            row = rows.row_of(connection, serial)
        return self._ticket(serial, Source.FIRST_USE if row is None else row.source)

    def _ticket(self, serial: str, source: Source) -> bytes:
        make = mailing.first_use_ticket if source is Source.FIRST_USE else mailing.ticket
        return make(self.keyring.ticket, serial)

    def report_stolen(self, serial: str) -> None:
        """Nothing is issued for it any more, and no new key comes in but through two people. Its owner hears of it."""
        now = self.clock.wall()
        with self.database.writing() as connection:
            if rows.mark_stolen(connection, serial, now):
                self._tell_owner(connection, serial, "stolen", now)
        self.wake()

    def report_found(self, serial: str) -> None:
        """It is back; its owner hears of that, too."""
        now = self.clock.wall()
        with self.database.writing() as connection:
            if rows.mark_found(connection, serial):
                self._tell_owner(connection, serial, "found", now)
        self.wake()

    def own(self, serial: str, person: str) -> None:
        """It is the device of a member of the staff, who decides nothing about it."""
        with self.database.writing() as connection:
            rows.add_owner(connection, serial, person)

    def disown(self, serial: str, person: str) -> None:
        """It is not theirs after all, or not any more."""
        with self.database.writing() as connection:
            rows.remove_owner(connection, serial, person)

    def transfer(self, serial: str) -> bool:
        """Its owner gives it away: the next epoch begins. False when it is not enrolled."""
        now = self.clock.wall()
        with self.database.writing() as connection:
            row = rows.row_of(connection, serial, lock=True)
            if row is None:
                return False
            if not row.released:
                epoch = min(row.epoch + 1, COUNT_LIMIT)
                sealed_to = read_request(row.request).header.key
                rows.put_row(connection, replace(row, epoch=epoch, released=True), sealed_to)
                self._tell(connection, row, "given_away", now)
        self.wake()
        return True

    # Enrolments

    def take(self, items: Sequence[bytes]) -> list[LinkAnswer]:
        """Many, each decided on its own."""
        return [self._item(item) for item in items]

    def enrol(self, request: Request) -> LinkAnswer:
        """One. Raises UnavailableError when the store fails; then nothing changed."""
        verdict = self.refusal(request, Kind.ENROL)
        if verdict is not None:
            return LinkAnswer(verdict)
        try:
            body = self.body(request.encoded)
        except UntrustedError as error:
            return LinkAnswer(LinkVerdict.UNKNOWN_KEY if error.slug == "no-key" else LinkVerdict.NOT_GENUINE)
        now = self.clock.wall()
        try:
            with self.database.writing() as connection:
                answer = self._decided(connection, request, body, now)
        except UntrustedError as error:  # the row's own key is not in the keys folder: nothing is decided
            _LOG.error("an enrolled device does not open", extra={"why": error.slug})
            return LinkAnswer(LinkVerdict.LATER)
        _LOG.info("enrolment", extra={"request": request.hash[:4].hex(), "verdict": answer.verdict.value})
        if answer.verdict is LinkVerdict.TAKEN:
            self.wake()
        return answer

    def reply(self, request: Request) -> bytes | None:
        """The reply to the enrolment in use, or None when this is not it. Changes nothing."""
        if self.refusal(request, Kind.ENROL) is not None:
            return None
        with self.database.reading() as connection:
            row = rows.row_of(connection, request.header.identity.serial)
        if row is None or row.request_hash != request.hash:
            return None
        return self._reply(row, self.body(row.request))

    def refusal(self, request: Request, kind: Kind) -> LinkVerdict | None:
        """Why it is not for us, as its clear part says."""
        if request.header.desk != self.desk:
            return LinkVerdict.OTHER_DESK
        return None if request.header.kind is kind else LinkVerdict.OTHER_KIND

    def body(self, sealed: bytes) -> EnrolBody:
        """What a device told. Raises UntrustedError."""
        body = self.keyring.open(read_request(sealed))
        if not isinstance(body, EnrolBody):
            raise UntrustedError("sealed", "it was damaged, changed, or sealed for somebody else")
        return body

    def let_in(self, connection: Connection, request: Request, admitted: Admitted, now: int) -> Row:
        """Make it the row; who is told no longer hears of that."""
        body = self.body(request.encoded)
        serial = request.header.identity.serial
        before = rows.row_of(connection, serial, lock=True)
        row = Row(
            serial, request.encoded, request.hash, admitted.epoch, admitted.source, body.confirmed, False, now
        )
        rows.put_row(connection, row, request.header.key)
        if before is not None and not before.released:
            kind = "new_owner" if admitted.begins else "moved"
            self._tell(connection, before, kind, now, but=() if admitted.begins else body.addresses)
        return row

    def _tell_owner(self, connection: Connection, serial: str, kind: str, now: int) -> None:
        """Of what somebody said about the device; so often an hour, so that it floods no mailbox. A row that does not
        open hinders nobody: then nobody is told.
        """
        row = rows.row_of(connection, serial)
        about = f"t{sha256(f'{kind} {serial}'.encode())[:7].hex()}"
        if row is None or row.released or tallied(connection, about, now) >= TOLD_HOUR:
            return
        try:
            self._tell(connection, row, kind, now)
        except UntrustedError as error:
            _LOG.error("an enrolled device does not open", extra={"why": error.slug})

    def _tell(
        self, connection: Connection, row: Row, kind: str, now: int, *, but: tuple[str, ...] = ()
    ) -> None:
        """Mail those whom a row names, except some."""
        for place, address in enumerate(self.body(row.request).addresses):
            if address not in but:
                rows.add_news(connection, News(kind, row.request, place, now + NEWS_GOOD), now)

    def _item(self, item: bytes) -> LinkAnswer:
        try:
            return self.enrol(read_request(item))
        except InputError:
            return LinkAnswer(LinkVerdict.DAMAGED)

    def _decided(self, connection: Connection, request: Request, body: EnrolBody, now: int) -> LinkAnswer:
        serial = request.header.identity.serial
        row = rows.row_of(connection, serial, lock=True)
        waiting = rows.open_disputes(connection, serial)
        if any(kept.state.claim.request == request.hash for kept in waiting):
            return LinkAnswer(LinkVerdict.WAITS)
        asked = Asked(request.hash, request.header, body, rows.seen_before(connection, request.hash))
        held = None if row is None else self._held(row)
        listed = rows.listed(connection, serial)
        taken = rows.is_stolen(connection, serial)
        decision = decide(asked, held, listed, self._rules.admission, stolen=taken)
        if isinstance(decision, Again) and row is not None:
            return LinkAnswer(LinkVerdict.TAKEN, self._reply(row, body))
        if isinstance(decision, Admitted):
            unproved = decision.begins and decision.source is Source.FIRST_USE
            if unproved and not self._may_be_unproved(connection, now):
                return LinkAnswer(LinkVerdict.LATER)
            fresh = self.let_in(connection, request, decision, now)
            rows.remember(connection, request.hash, serial, now)
            return LinkAnswer(LinkVerdict.TAKEN, self._reply(fresh, body))
        if isinstance(decision, Waits):
            if len(waiting) >= DISPUTES_MOST or not self._may_be_unproved(connection, now):
                return LinkAnswer(LinkVerdict.LATER)
            self._dispute(connection, request, decision.why, row.epoch if row else 0, now)
            return LinkAnswer(LinkVerdict.WAITS)
        assert isinstance(decision, Old | Again)  # noqa: S101 - the type checker's
        return LinkAnswer(LinkVerdict.OLD)

    def _dispute(self, connection: Connection, request: Request, why: Why, epoch: int, now: int) -> None:
        serial = request.header.identity.serial
        claim = Claim(serial, request.hash, why, epoch, now)
        number = number_from_entropy(self._entropy.bytes(5))
        dispute = DisputeRow(number, serial, request.encoded, why, now, 0, Disputed(claim))
        rows.add_dispute(connection, dispute)
        rows.remember(connection, request.hash, serial, now)

    def _may_be_unproved(self, connection: Connection, now: int) -> bool:
        return tallied(connection, UNPROVED, now) < self._rules.unproved_hour

    def _held(self, row: Row) -> Held:
        return Held(row.request_hash, self.body(row.request), row.epoch, row.source, row.released)

    def _reply(self, row: Row, body: EnrolBody) -> bytes:
        reply = EnrolReply(row.request_hash, self._ticket(row.serial, row.source), self._trust(), row.epoch)
        return make_reply(reply, body.key)

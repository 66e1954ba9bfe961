"""The service of the cases: pages, console, API and programs all ask here, and here alone it is decided.

Decisions are the machine's (`core/case`). What it orders is stored with its state and carried out afterwards:
entered in the log first, told then; what a crash left over is carried out by whoever works next.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sparekey.core import case as machine
from sparekey.core.case import (
    Desk,
    Evidence,
    EvidenceAdded,
    Held,
    Opened,
    Proposed,
    StandingChanged,
)
from sparekey.core.errors import Refusal
from sparekey.core.evidence import EvidenceKind
from sparekey.desk.cases.answers import Answers
from sparekey.desk.cases.asking import Past, Which
from sparekey.desk.cases.batches import Batches
from sparekey.desk.cases.budget import Budget
from sparekey.desk.cases.carrying import Carrying
from sparekey.desk.cases.codes import CaseCodes
from sparekey.desk.cases.doors import Doors
from sparekey.desk.cases.files import Files
from sparekey.desk.cases.giving import Giving
from sparekey.desk.cases.known import Known
from sparekey.desk.cases.mails import CaseMails
from sparekey.desk.cases.notes import Notes
from sparekey.desk.cases.opening import Opener
from sparekey.desk.cases.posting import DAY, Posting
from sparekey.desk.cases.reception import Receipt, Reception
from sparekey.desk.cases.repository import NAMES, CaseRepository
from sparekey.desk.cases.typed import read_case_number
from sparekey.desk.cases.uploads import Uploads
from sparekey.desk.cases.vault import Vault
from sparekey.desk.cases.view import MONTH, CaseView, decided, fitting, viewed, waits
from sparekey.host.clock import PatientClock

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sparekey.core.case import State
    from sparekey.core.evidence import Remedy
    from sparekey.core.table import Step
    from sparekey.desk.cases.asking import Asker, Kept, Line
    from sparekey.desk.cases.giving import Given
    from sparekey.desk.cases.policy import CasePolicy
    from sparekey.desk.cases.reception import Source
    from sparekey.desk.cases.typed import Typed
    from sparekey.desk.keyring import Keyring
    from sparekey.desk.log.ports import RecoveryLog
    from sparekey.desk.mail.letters import Letters
    from sparekey.desk.mail.ports import Sender
    from sparekey.desk.registry.ports import Registry
    from sparekey.desk.store.database import Database
    from sparekey.host.clock import Clock
    from sparekey.host.entropy import Entropy

WORK = 32
"""Orders and holds looked at in one go."""
HOUR = 3600


@dataclass(frozen=True)
class Verdict:
    """What became of a decision. `status`: of the case afterwards; empty when there is none. `refusal`: why not."""

    number: str
    status: str = ""
    refusal: Refusal | None = None


@dataclass(frozen=True)
class Approver:
    """Somebody who touched a passkey. `key`: its eight-byte id."""

    by: str
    key: bytes


class Cases:
    """All cases of one desk. Every method raises UnavailableError when the world fails; then nothing was decided, or
    what was decided is stored and carried out later.
    """

    def __init__(
        self,
        *,
        desk: bytes,
        database: Database,
        keyring: Keyring,
        registry: Registry,
        log: RecoveryLog,
        policy: CasePolicy,
        clock: Clock,
        entropy: Entropy,
        wake: Callable[[], None] = lambda: None,
    ) -> None:
        """`wake`: called when mail waits."""
        registry = Known(registry)
        self.policy = policy
        self._registry = registry
        self._clock = clock
        self._patient = PatientClock(clock)
        opener = Opener(desk, keyring)
        vault = Vault(keyring)
        self._repository = CaseRepository(database, vault, lambda dossier: waits(dossier, policy.evidence))
        self._answers = Answers(desk=desk, keyring=keyring, registry=registry, log=log, opener=opener)
        self._giving = Giving(self._repository, self._answers, clock)
        self.batches = Batches(self._repository, self, self._giving)
        self._posting = Posting(database)
        self._carrying = Carrying(self._repository, self._answers, self._posting, clock, wake)
        self.uploads = Uploads(database, vault)
        self.notes = Notes(database, vault)
        self.budget = Budget(database)
        self._codes = CaseCodes((keyring.ticket, *keyring.old_tickets))
        self.doors = Doors(
            repository=self._repository,
            registry=registry,
            codes=self._codes,
            posting=self._posting,
            counts=self.budget,
            clock=clock,
            wake=wake,
        )
        self._reception = Reception(
            repository=self._repository,
            opener=opener,
            registry=registry,
            counts=self.budget,
            ticket=keyring.ticket,
            clock=clock,
            entropy=entropy,
            wake=wake,
        )
        self.files = Files(
            database=database,
            vault=vault,
            opener=opener,
            reception=self._reception,
            clock=clock,
            entropy=entropy,
            wake=wake,
        )

    def mails(self, letters: Letters, sender: Sender, url: str) -> CaseMails:
        """The pile of the mails about cases, for an outbox. `url`: the desk's public address."""
        return CaseMails(
            posting=self._posting,
            repository=self._repository,
            registry=self._registry,
            answers=self._answers,
            giving=self._giving,
            codes=self._codes,
            letters=letters,
            sender=sender,
            url=url,
            clock=self._clock,
        )

    # What comes in

    def open_text(self, given: str | bytes, asker: Asker, source: Source | bytes = b"") -> list[Receipt]:
        """Open a case for every request in a text: a link, a file, XML, or one file for many; what is wrong
        with one is told in its place and hurts no other. `source`: whom to count it for, empty for the staff.
        """
        return self._reception.text(given, asker, source)

    def open_typed(self, typed: Typed, asker: Asker, source: Source | bytes = b"") -> Receipt:
        """Open a case for what a caller reads out."""
        return self._reception.typed(typed, asker, source)

    # What is looked at

    def inbox(
        self,
        statuses: Sequence[str] = ("opened", "proposed", "held"),
        *,
        after: tuple[int, str] = (0, ""),
        most: int = 50,
    ) -> list[Line]:
        """Cases of these states, the oldest first. `after`: opening time and number of the last line before."""
        return self._repository.lines(Which(tuple(statuses)), after=after, most=most)

    def lines(self, which: Which, *, after: tuple[int, str] = (0, ""), most: int = 50) -> list[Line]:
        """Any cases, the oldest first. `after` as for the inbox."""
        return self._repository.lines(which, after=after, most=most)

    def find(self, text: str) -> list[Line]:
        """The case of a number, and all cases of a serial number, however they are typed."""
        found = []
        number = read_case_number(text)
        kept = None if number is None else self._repository.get(number)
        if kept is not None:
            same = self._repository.lines(Which(serial=kept.serial))
            found = [line for line in same if line.number == number]
        lines = self._repository.lines(Which(serial=" ".join(text.split())))
        return found + [line for line in lines if line not in found]

    def show(self, number: str, *, outside: bool = False) -> CaseView | None:
        """Everything about one case. `outside`: for its public page, which asks nothing that is only there for
        a device that is known.
        """
        kept = self._repository.get(number)
        if kept is None:
            return None
        now = self._clock.wall()
        return viewed(
            kept,
            enrolled=None if outside else self._registry.opened(kept.serial),
            others=self._repository.others(kept, now - 12 * MONTH),
            history=self._repository.history(number),
            uploads=self.uploads.all(number),
            notes=self.notes.all(number),
            policy=self.policy.evidence,
            now=now,
        )

    # What is decided

    def hand_in(
        self, number: str, kind: EvidenceKind, data: bytes, by: str = "", *, once: bytes = b""
    ) -> None:
        """Keep a paper for an agent to look at: it proves nothing by itself. Raises InputError as `Uploads.add`."""
        past = self._past("paper", by, "agent" if by else "asker", kind.value, once)
        self.uploads.add(number, kind, data, past)

    def write_note(self, number: str, text: str, by: str, *, once: bytes = b"") -> bool:
        """Write something down for the desk alone: see `Notes.add`."""
        return self.notes.add(number, text, by, self._clock.wall(), once)

    # Whatever has a `once` happens once for each such mark, however often it is asked for.

    def add_evidence(
        self, number: str, kind: EvidenceKind, by: str, seen: int | None = None, *, once: bytes = b""
    ) -> Verdict:
        """Somebody checked a piece of evidence. What the desk checks itself comes in by nobody's word."""
        if kind in (EvidenceKind.MAILBOX_CODE, EvidenceKind.REQUEST_FILE, EvidenceKind.PAIRED_PHONE):
            return Verdict(number, refusal=Refusal.NOT_AUTHORISED)
        return self._proved(number, kind, by, "agent", seen, once)

    def mailbox_code(
        self, number: str, typed: str, by: str = "", source: bytes = b"", *, once: bytes = b""
    ) -> Verdict:
        """A code that was mailed to the confirmed address comes back: typed by who asked, or by an agent to
        whom it was read (`by`). Raises InputError when it has not the form of a code.
        """
        refusal = self.doors.mailbox_refusal(number, typed, source)
        if refusal is not None:
            return Verdict(number, refusal=refusal)
        role = "agent" if by else "asker"
        return self._proved(number, EvidenceKind.MAILBOX_CODE, by, role, once=once)

    def paired_phone(self, number: str, since: int) -> Verdict:
        """Whoever paired the device says that it is theirs. The caller checked that this pairing of `since` holds."""
        kept = self._repository.get(number)
        if kept is None or not self.policy.counts(since, kept.opened):
            return Verdict(number, refusal=Refusal.NOT_ENOUGH)
        return self._proved(number, EvidenceKind.PAIRED_PHONE, "", "owner")

    def propose(
        self,
        number: str,
        remedy: Remedy,
        by: str,
        options: int = 0,
        seen: int | None = None,
        *,
        once: bytes = b"",
    ) -> Verdict:
        """An agent wants to give something. How long it is good is the policy's: from the end of the hold on."""
        past = self._past("proposed", by, "agent", remedy.value, once)

        def event(kept: Kept) -> object:
            file = kept.state.file
            _, hold = machine.terms(file, remedy, self.policy.evidence, options)
            expires = past.at + (hold + self.policy.lasts) * HOUR
            return machine.RemedyProposed(remedy, by, expires, options)

        kept = self._repository.get(number)
        if kept is not None and remedy not in fitting(kept.dossier.asked):
            return Verdict(number, NAMES[type(kept.state)], Refusal.NOT_OFFERED)
        return self._tell(number, event, past, seen)

    def items(self, numbers: Sequence[str]) -> list[bytes]:
        """What stands for each of these decisions in the challenge of a passkey, in this order; cases that wait for no
        approval are left out.
        """
        found = [self._repository.get(number) for number in numbers]
        return [signed for kept in found if kept is not None for signed in (decided(kept)[2],) if signed]

    def approve(self, numbers: Sequence[str], approver: Approver, items: Sequence[bytes]) -> list[Verdict]:
        """Somebody signed these items with a passkey. Each case is decided on its own."""
        event = machine.RemedyApproved(approver.by, approver.key, tuple(items))
        past = self._past("approved", approver.by, "approver")
        return [self._tell(number, event, past) for number in numbers]

    def withdraw(self, number: str, by: str, seen: int | None = None, *, once: bytes = b"") -> Verdict:
        """A proposal is taken back."""
        past = self._past("withdrawn", by, "agent", once=once)
        return self._tell(number, machine.ProposalWithdrawn(by), past, seen)

    def refuse(
        self, number: str, by: str, reason: str, seen: int | None = None, *, once: bytes = b""
    ) -> Verdict:
        """An agent says no. `reason`: a slug of `reasons.REASONS`, told to the owner in words."""
        past = self._past("refused", by, "agent" if by else "desk", reason, once)
        return self._tell(number, machine.CaseRefused(by, reason), past, seen)

    def finish(self, number: str, by: str = "", seen: int | None = None, *, once: bytes = b"") -> Verdict:
        """The owner is back in."""
        past = self._past("finished", by, "agent" if by else "asker", once=once)
        return self._tell(number, machine.CaseFinished(), past, seen)

    def cancel(self, number: str, role: str = "owner") -> Verdict:
        """The owner says no. Whoever calls this has checked the code that came by mail."""
        return self._tell(number, machine.CancelledByOwner(), self._past("cancelled", "", role))

    # What leaves

    def give(self, number: str) -> Given | Refusal:
        """The answer of an issued case: see `Giving.give`."""
        return self._giving.give(number)

    def erase_file(self, number: str, *, received: bool) -> Given | Refusal:
        """The file that erases a device: see `Giving.erase_file`."""
        return self._giving.erase_file(number, received=received)

    # What goes on by itself

    def work(self) -> int:
        """Carry out what was left over, and end the holds that are over. Returns how much there was to do."""
        now = self._clock.wall()
        left = self._repository.left_over(now, WORK)
        for order, number, effect in left:
            self._carrying.out(number, ((order, effect),))
        over = self._repository.due(self._patient.wall(), WORK)
        for number in over:
            self._tell(number, machine.Looked(), self._past("hold-over", "", "desk"))
        return len(left) + len(over)

    def prune(self) -> None:
        """Close cases that nobody proved anything for, forget those that are closed for long, and old counts."""
        now = self._clock.wall()
        for number in self._repository.idle(now - self.policy.waits * DAY, WORK):
            self.refuse(number, "", "no-answer")
        while self._repository.forget(now - self.policy.keeps * DAY, WORK):
            continue
        self.budget.prune(now)
        self.files.prune()

    def _tell(
        self,
        number: str,
        event: object | Callable[[Kept], object],
        past: Past,
        seen: int | None = None,
    ) -> Verdict:
        """Put an event to a case, on what the registry says of the device now."""
        kept = self._repository.get(number)
        if kept is None:
            return Verdict(number, refusal=Refusal.NO_SUCH_REQUEST)
        desk = Desk(past.at, self.policy.evidence)
        standing = self._registry.standing(kept.serial)
        if isinstance(kept.state, Opened | Proposed | Held) and standing != kept.state.file.standing:
            changed = StandingChanged(standing)
            was = Past(past.at, "standing", "", "desk")
            self._repository.tell(number, lambda kept: machine.step(kept.state, changed, desk), was)

        def step(kept: Kept) -> Step[State]:
            return machine.step(kept.state, event(kept) if callable(event) else event, desk)

        told = self._repository.tell(number, step, past, seen)
        if told is None:
            return Verdict(number, refusal=Refusal.NO_SUCH_REQUEST)
        self._carrying.out(number, told.orders)
        return Verdict(number, NAMES[type(told.kept.state)], told.refusal)

    def _proved(
        self,
        number: str,
        kind: EvidenceKind,
        by: str,
        role: str,
        seen: int | None = None,
        once: bytes = b"",
    ) -> Verdict:
        event = EvidenceAdded(Evidence(kind, by, self._clock.wall()))
        return self._tell(number, event, self._past("evidence", by, role, kind.value, once), seen)

    def _past(self, what: str, by: str, role: str, detail: str = "", once: bytes = b"") -> Past:
        return Past(self._clock.wall(), what, by, role, detail, once)

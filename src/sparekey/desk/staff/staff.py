"""The staff of a desk: who signs in, whose touch counts, and who is let in."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from sparekey.core import admission, crypto
from sparekey.core.admission import (
    AdminAgreed,
    Agreed,
    Asked,
    BegunHere,
    Over,
    Right,
    RightEnded,
    Role,
    Staffing,
)
from sparekey.core.case import challenge as challenge_of
from sparekey.core.codes import number_from_entropy, read_saved
from sparekey.core.consent import keys_of
from sparekey.core.errors import Refusal, UntrustedError
from sparekey.core.tlog.leaf import Admitted, EntryKind
from sparekey.desk.staff.book import Book
from sparekey.desk.staff.invitations import invite, mark_of
from sparekey.desk.staff.limits import SessionLimits
from sparekey.desk.staff.people import Kept, Opening, Passkey, Person, Place, Session
from sparekey.host.clock import PatientClock

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sparekey.core.codes import SavedCode
    from sparekey.desk.log.ports import RecoveryLog
    from sparekey.desk.staff.challenges import Challenges
    from sparekey.desk.staff.passkeys import Made, Passkeys
    from sparekey.desk.staff.people import Deed, Invitation
    from sparekey.desk.store.database import Database
    from sparekey.host.clock import Clock
    from sparekey.host.entropy import Entropy

KEYS_LIMIT = 10
"""Passkeys that one person may have or wait for."""

_USED = 60
"""Seconds after which using a session is written down once more."""


class Staff:
    """`policy`: version of the desk's evidence policy, which the log names. Nothing that counts is in here."""

    def __init__(
        self,
        *,
        database: Database,
        log: RecoveryLog,
        passkeys: Passkeys,
        challenges: Challenges,
        clock: Clock,
        entropy: Entropy,
        policy: int,
        limits: SessionLimits | None = None,
    ) -> None:
        self.passkeys = passkeys
        self.challenges = challenges
        self._database = database
        self._log = log
        self._clock = clock
        self._patient = PatientClock(clock)
        self._entropy = entropy
        self._policy = policy
        self._limits = limits or SessionLimits()

    @contextmanager
    def _writing(self) -> Iterator[Book]:
        with self._database.writing() as connection:
            yield Book(connection, self._patient.wall())

    @contextmanager
    def reading(self) -> Iterator[Book]:
        """What the store knows, to look at."""
        with self._database.reading() as connection:
            yield Book(connection, self._patient.wall())

    # Sessions

    def session(self, token: str | None) -> Session | None:
        """Who the browser that holds `token` is, with the roles that hold at this very moment."""
        if token is None:
            return None
        mark, now = _mark(token), self._clock.wall()
        with self.reading() as book:
            found = book.session(mark, idle=self._limits.idle, longest=self._limits.longest)
        if found is None:
            return None
        session, used = found
        if now - used >= _USED:
            with self._writing() as book:
                book.use_session(mark)
        return session

    def challenge(self, purpose: str, browser: str) -> bytes:
        """A fresh challenge for one browser and purpose."""
        return self.challenges.make(purpose, browser, self._clock.wall())

    def sign_in(self, answer: str, challenge: bytes, browser: str) -> str:
        """Open a session for whoever's passkey signed. Returns what the browser is to hold. Raises UntrustedError:
        `stale-challenge`, `passkey`, or `no-role` for a passkey that may nothing yet, or no more.
        """
        self.challenges.check(challenge, "sign-in", browser, self._clock.wall())
        with self._writing() as book:
            key = book.passkey(self.passkeys.signer(answer))
            if key is None:
                raise UntrustedError("passkey", "nobody here has this passkey")
            self._spend(book, answer, challenge, key)
            person = book.person(key.person)
            held = () if person is None else (one.id for one in person.keys)
            if person is None or not person.roles or key.id not in held:
                raise UntrustedError("no-role", "two admins have to agree first, and then it waits")
            return self._open(book, person, key.id)

    def sign_in_by_company(self, subject: str) -> str:
        """Open a session for whom the company vouches. Raises UntrustedError (`no-role`)."""
        with self._writing() as book:
            person = book.by_company(subject)
            if person is None or not person.roles:
                raise UntrustedError("no-role", "nobody here has connected this account")
            return self._open(book, person, None)

    def connect_company(self, session: Session, subject: str) -> bool:
        """From now on this company account opens sessions for this person. False when it is somebody else's."""
        with self._writing() as book:
            owner = book.by_company(subject)
            if owner is None:
                book.connect_company(session.person.id, subject)
                book.note(session.person.id, "company-connected", session.person.id)
            return owner is None or owner.id == session.person.id

    def connected(self, session: Session) -> bool:
        """Whether a company account opens sessions for this person."""
        with self.reading() as book:
            return book.is_connected(session.person.id)

    def disconnect_company(self, session: Session) -> None:
        """The company opens nothing for this person any more; what it opened ends."""
        with self._writing() as book:
            book.connect_company(session.person.id, None)
            book.end_company_sessions_of(session.person.id)
            book.note(session.person.id, "company-disconnected", session.person.id)

    def sign_out(self, session: Session) -> None:
        """What the browser holds opens nothing any more."""
        with self._writing() as book:
            book.end_session(session.mark, session.person.id)
            book.note(session.person.id, "signed-out", session.person.id)

    def places(self, person: str) -> list[Place]:
        """Where somebody is signed in, the latest first."""
        with self.reading() as book:
            return book.places(person, idle=self._limits.idle, longest=self._limits.longest)

    def end_places(
        self, session: Session, marks: Iterable[str], answer: str, challenge: bytes, browser: str
    ) -> None:
        """End sessions of this person's, by their own touch. Raises UntrustedError as `sign_in`."""
        self.challenges.check(challenge, f"places {session.mark}", browser, self._clock.wall())
        with self._writing() as book:
            key = book.passkey(self.passkeys.signer(answer))
            if key is None or key.id not in {mine.id for mine in session.person.keys}:
                raise UntrustedError("passkey", "this is not one of your passkeys")
            self._spend(book, answer, challenge, key)
            for mark in marks:
                book.end_session(mark, session.person.id)
            book.note(session.person.id, "sessions-ended", session.person.id)

    def end_everywhere(self, by: Session, person: str) -> None:
        """An admin ends every session of somebody."""
        with self._writing() as book:
            book.end_sessions_of(person)
            book.note(by.person.id, "sessions-ended", person)

    # A touch

    @contextmanager
    def touch(self, session: Session, items: Sequence[bytes], answer: str) -> Iterator[Passkey]:
        """This person's passkey over exactly these items, in this order. It is used up when the block ends; where the
        store failed in it, the same touch may be sent again.

        Raises UntrustedError: `passkey` when it does not hold, is not theirs or holds no more, `replayed`.
        """
        challenge = challenge_of(items)
        credential = self.passkeys.signer(answer)
        key = next((key for key in session.person.keys if key.credential == credential), None)
        if key is None:
            raise UntrustedError("passkey", "this is not one of your passkeys")
        self.passkeys.signed(answer, challenge, key)
        with self.reading() as book:
            if book.touched(key.id, crypto.sha256(challenge)):
                raise UntrustedError("replayed", "this was signed before")
        yield key
        with self._writing() as book:
            fresh = book.passkey(credential)
            if fresh is not None:
                self._spend(book, answer, challenge, fresh)

    # Letting people in

    def invite(self, by: Session | None, name: str, roles: Sequence[Role]) -> SavedCode:
        """A code that lets one person in. `by`: None for whoever runs the server.

        Raises InputError (`name`, `role`).
        """
        with self._writing() as book:
            book.prune(longest=self._limits.longest)
            return invite(
                book, self._entropy, self._clock.wall(), "" if by is None else by.person.id, name, roles
            )

    def invitation(self, typed: str) -> Invitation | None:
        """What a typed code lets somebody do. Raises InputError for what is no code."""
        with self.reading() as book:
            return book.invitation(mark_of(read_saved(typed)))

    def join(
        self, invitation: Invitation, person: Person, answer: str, challenge: bytes, browser: str
    ) -> list[Kept]:
        """Make the invited person, with the passkey in the answer, and ask for their rights.

        `person`: as the browser was told when it made the passkey.
        Raises UntrustedError: `stale-challenge`, `passkey`, `invitation`.
        """
        purpose = f"join {invitation.mark.hex()} {person.id}"
        self.challenges.check(challenge, purpose, browser, self._clock.wall())
        made = self.passkeys.made(answer, challenge)
        with self._writing() as book:
            known = book.invitation(invitation.mark)
            if known is None:
                raise UntrustedError("invitation", "it was used, or its day is over")
            book.use_invitation(known.mark)
            book.add_person(Person(person.id, known.name))
            self._add_passkey(book, person.id, made)
            for role in (None, *known.roles):
                self._ask(book, person.id, made.id, role, here=not known.by)
            book.note(person.id, "joined", person.id)
        self.settle()
        return self.rights_of(person.id)

    def new_person(self, invitation: Invitation) -> Person:
        """Whom an invitation would make."""
        return Person(number_from_entropy(self._entropy.bytes(5)), invitation.name)

    def add_passkey(self, session: Session, answer: str, challenge: bytes, browser: str) -> None:
        """One more passkey of somebody who is here already; it waits for admins. Raises UntrustedError as `join`."""
        self.challenges.check(challenge, f"passkey {session.mark}", browser, self._clock.wall())
        made = self.passkeys.made(answer, challenge)
        person = session.person.id
        with self._writing() as book:
            self._add_passkey(book, person, made)
            self._ask(book, person, made.id, None)
            book.note(person, "passkey-made", made.id.hex())

    def ask_role(self, session: Session, person: str, role: Role) -> bool:
        """An admin wants somebody to have a role; it waits for two of them. False when it is asked for or held."""
        with self._writing() as book:
            kept = [one for one in book.rights_of(person) if not isinstance(one.state, Over)]
            first = next((one.state.right.key for one in kept if one.state.right.role is None), None)
            if first is None or any(one.state.right.role is role for one in kept):
                return False
            self._ask(book, person, first, role)
            book.note(session.person.id, "role-asked", f"{person} {role.value}")
        return True

    def agree(self, session: Session, rights: Sequence[Right], answer: str) -> dict[str, Refusal | None]:
        """An admin's touch over these rights, each decided on its own. Raises UntrustedError as `touch`."""
        items = tuple(right.item for right in rights)
        verdicts: dict[str, Refusal | None] = {}
        with self.touch(session, items, answer) as key:
            for right in rights:
                event = AdminAgreed(session.person.id, key.id, items)
                verdicts[right.number] = self._step(session.person.id, right.number, event, "agreed")
        self.settle()
        return verdicts

    def end(self, by: str, number: str) -> Refusal | None:
        """Take a right away, or do not give it. `by`: an admin's id, or empty for whoever runs the server."""
        return self._step(by, number, RightEnded(by), "right-ended")

    def settle(self) -> None:
        """Enter in the log what was agreed to and is not there yet. Raises UnavailableError; the next call goes on."""
        with self.reading() as book:
            waiting = [kept.state for kept in book.unlogged() if isinstance(kept.state, Agreed)]
        for state in waiting:
            key = f"staff {state.right.number}"
            index = self._log.enter(key, self._log.leaf(key) or self._leaf(state))
            with self._writing() as book:
                book.logged(state.right, index)

    def work(self) -> int:
        """What the desk's worker does for the staff: enter in the log what waits for it. Returns how much there was."""
        with self.reading() as book:
            if not book.unlogged():
                return 0
        self.settle()
        return 1

    # To look at

    def everybody(self) -> list[Person]:
        """All who were ever let in."""
        with self.reading() as book:
            return book.everybody()

    def rights_of(self, person: str) -> list[Kept]:
        """What somebody was given or asked for."""
        with self.reading() as book:
            return book.rights_of(person)

    def asked(self) -> list[Kept]:
        """Which rights wait."""
        with self.reading() as book:
            return book.asked()

    def deeds(self, before: int | None = None, by: str = "") -> list[tuple[int, Deed]]:
        """What the staff did, the newest first."""
        with self.reading() as book:
            return book.deeds(before, by)

    def note(self, session: Session, what: str, about: str) -> None:
        """Write down what somebody did. `what`: a stable slug. `about`: a number or an id, never a secret."""
        self.note_of(session.person.id, what, about)

    def note_of(self, by: str, what: str, about: str) -> None:
        """The same for a program: `by` is what stands for it in histories."""
        with self._writing() as book:
            book.note(by, what, about)

    # Inside

    def _open(self, book: Book, person: Person, key: bytes | None) -> str:
        token = self._entropy.bytes(32).hex()
        opening = Opening.COMPANY if key is None else Opening.PASSKEY
        book.open_session(_mark(token), person.id, key)
        book.note(person.id, f"signed-in-{opening.value}", person.id)
        return token

    def _spend(self, book: Book, answer: str, challenge: bytes, key: Passkey) -> None:
        count = self.passkeys.signed(answer, challenge, key)
        seen = crypto.sha256(challenge)
        if book.touched(key.id, seen):
            raise UntrustedError("replayed", "this was signed before")
        book.touch(key.id, seen)
        book.used(key, count)

    def _add_passkey(self, book: Book, person: str, made: Made) -> None:
        have = book.passkeys_of(person)
        if book.passkey(made.credential) is not None or len(have) >= KEYS_LIMIT:
            raise UntrustedError("passkey", "this passkey is here already, or there are too many")
        name = made.id.hex()[:8].upper()
        now = self._clock.wall()
        book.add_passkey(Passkey(made.id, person, name, made.credential, made.public, made.count, now))

    def _ask(self, book: Book, person: str, key: bytes, role: Role | None, *, here: bool = False) -> None:
        right = Right(number_from_entropy(self._entropy.bytes(5)), person, key, role)
        book.ask(right)
        if here:
            staffing = Staffing(self._clock.wall(), book.founded(), book.admins(unlogged=True))
            book.store(admission.step(Asked(right), BegunHere(), staffing).state)

    def _step(self, by: str, number: str, event: object, what: str) -> Refusal | None:
        with self._writing() as book:
            kept = book.right(number)
            if kept is None:
                return Refusal.NO_SUCH_REQUEST
            step = admission.step(kept.state, event, self._staffing(book, kept.state.right))
            if step.refusal is None:
                book.store(step.state)
                book.note(by, what, number)
            return step.refusal

    def _staffing(self, book: Book, right: Right) -> Staffing:
        now = self._clock.wall()
        return Staffing(now, book.founded(), book.admins(), book.admins(without=right))

    def _leaf(self, state: Agreed) -> Admitted:
        right = state.right
        approvers = keys_of(state.consents)
        role = right.role.value if right.role is not None and right.kind is EntryKind.ROLE else None
        return Admitted(right.kind, state.at, self._policy, right.key, approvers, role)


def _mark(token: str) -> str:
    return crypto.sha256(b"staff session\x00" + token.encode(errors="replace")).hex()

"""What the store knows of the staff, one question or one change each; what is decided, `Staff` decides."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, delete, insert, or_, select, update

from sparekey.core.admission import Agreed, Asked, Over, Right, Role
from sparekey.core.consent import Consent
from sparekey.desk.staff.limits import AHEAD
from sparekey.desk.staff.people import Deed, Invitation, Kept, Opening, Passkey, Person, Place, Session
from sparekey.desk.staff.tables import (
    consents,
    deeds,
    invitations,
    passkeys,
    people,
    rights,
    sessions,
    touches,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement, Connection, Row

    from sparekey.core.admission import State

DEEDS_SHOWN = 200


class Book:
    """The staff's tables on one connection, inside a transaction or only looking. `now`: Unix seconds."""

    def __init__(self, connection: Connection, now: int) -> None:
        self._run = connection.execute
        self._now = now

    def person(self, id_: str) -> Person | None:
        """With the roles and the passkeys that hold now."""
        row = self._run(select(people).where(people.c.id == id_)).first()
        return None if row is None else self._person(row)

    def everybody(self) -> list[Person]:
        """All who were ever let in, by name."""
        return [self._person(row) for row in self._run(select(people).order_by(people.c.name, people.c.id))]

    def by_company(self, subject: str) -> Person | None:
        """Whose company account it is."""
        row = self._run(select(people).where(people.c.company == subject)).first()
        return None if row is None else self._person(row)

    def founded(self) -> int | None:
        """When the first person came."""
        found: int | None = self._run(select(people.c.made).order_by(people.c.made).limit(1)).scalar()
        return found

    def admins(self, without: Right | None = None, *, unlogged: bool = False) -> frozenset[str]:
        """Who is an admin now, with a passkey to say so. `without`: as if this right had ended. `unlogged`: also who is
        about to be one, once the log has it.
        """
        held = [
            one for one in self._held(unlogged=unlogged) if without is None or one.number != without.number
        ]
        with_key = {right.person for right in held if right.role is None}
        return frozenset(
            right.person for right in held if right.role is Role.ADMIN and right.person in with_key
        )

    def add_person(self, person: Person) -> None:
        """Somebody without any right."""
        self._run(insert(people).values(id=person.id, name=person.name, made=self._now))

    def connect_company(self, person: str, subject: str | None) -> None:
        """Remember who they are to the company."""
        self._run(update(people).where(people.c.id == person).values(company=subject))

    def is_connected(self, person: str) -> bool:
        """Whether they have a company account here."""
        return self._run(select(people.c.company).where(people.c.id == person)).scalar() is not None

    def passkey(self, credential: bytes) -> Passkey | None:
        """The one that browsers call so, whether it holds or not."""
        row = self._run(select(passkeys).where(passkeys.c.credential == credential)).first()
        return None if row is None else _passkey(row)

    def passkeys_of(self, person: str) -> list[Passkey]:
        """All that they ever made."""
        rows = self._run(select(passkeys).where(passkeys.c.person == person).order_by(passkeys.c.made))
        return [_passkey(row) for row in rows]

    def add_passkey(self, key: Passkey) -> None:
        """Keep a public key; no right comes with it."""
        names = {"id": key.id, "person": key.person, "name": key.name, "made": key.made}
        self._run(
            insert(passkeys).values(**names, credential=key.credential, public=key.public, uses=key.count)
        )

    def used(self, key: Passkey, count: int) -> None:
        """How often it says that it was used."""
        self._run(update(passkeys).where(passkeys.c.id == key.id).values(uses=count))

    def touched(self, key: bytes, challenge: bytes) -> bool:
        """Whether this passkey signed this challenge before."""
        here = and_(touches.c.key == key, touches.c.challenge == challenge)
        return self._run(select(touches.c.at).where(here)).first() is not None

    def touch(self, key: bytes, challenge: bytes) -> None:
        """It did now."""
        self._run(insert(touches).values(key=key, challenge=challenge, at=self._now))

    def right(self, number: str) -> Kept | None:
        """One right."""
        return next(iter(self._rights(rights.c.number == number)), None)

    def rights_of(self, person: str) -> list[Kept]:
        """All that somebody was ever given or asked for."""
        return self._rights(rights.c.person == person)

    def asked(self) -> list[Kept]:
        """What waits for admins, for its time, or for the log."""
        waits = or_(rights.c.since.is_(None), rights.c.since > self._now, rights.c.log_index.is_(None))
        return self._rights(and_(rights.c.ended.is_(None), waits))

    def unlogged(self) -> list[Kept]:
        """What was agreed to and is not in the log yet."""
        agreed = rights.c.agreed.is_not(None)
        return self._rights(and_(agreed, rights.c.log_index.is_(None), rights.c.ended.is_(None)))

    def ask(self, right: Right) -> None:
        """A right that waits for admins."""
        role = None if right.role is None else right.role.value
        values = {"number": right.number, "person": right.person, "key": right.key, "role": role}
        self._run(insert(rights).values(**values, asked=self._now))

    def store(self, state: State) -> None:
        """A right after a step."""
        values: dict[str, object] = {}
        if isinstance(state, Agreed):
            values = {"agreed": state.at, "since": state.since}
        elif isinstance(state, Over):
            values = {"ended": state.at, "ended_by": state.by}
        if values:
            self._run(update(rights).where(rights.c.number == state.right.number).values(**values))
        if not isinstance(state, Over):
            self._add_consents(state.right.number, state.consents)

    def logged(self, right: Right, index: int) -> None:
        """The log has it."""
        self._run(update(rights).where(rights.c.number == right.number).values(log_index=index))

    def invite(self, invitation: Invitation) -> None:
        """Keep an invitation."""
        roles = " ".join(role.value for role in invitation.roles)
        values = {"mark": invitation.mark, "name": invitation.name, "by": invitation.by}
        self._run(insert(invitations).values(**values, roles=roles, until=invitation.until))

    def invitation(self, mark: bytes) -> Invitation | None:
        """The one that was not used yet and is not too old."""
        good = and_(invitations.c.mark == mark, invitations.c.until > self._now)
        row = self._run(select(invitations).where(good)).first()
        if row is None:
            return None
        roles = tuple(Role(name) for name in row.roles.split())
        return Invitation(row.mark, row.name, roles, row.by, row.until)

    def use_invitation(self, mark: bytes) -> None:
        """It served."""
        self._run(delete(invitations).where(invitations.c.mark == mark))

    def open_session(self, mark: str, person: str, key: bytes | None) -> None:
        """Somebody signed in."""
        values = {"mark": mark, "person": person, "key": key}
        self._run(insert(sessions).values(**values, made=self._now, used=self._now))

    def session(self, mark: str, *, idle: int, longest: int) -> tuple[Session, int] | None:
        """The session, and when it was used last; None when it ended or its passkey holds no more."""
        row = self._run(select(sessions).where(sessions.c.mark == mark)).first()
        if row is None or self._now - row.used >= idle or self._now - row.made >= longest:
            return None
        if row.used - self._now > AHEAD:
            return None
        person = self.person(row.person)
        if person is None or not person.roles or not person.keys:
            return None
        if row.key is not None and row.key not in {key.id for key in person.keys}:
            return None
        opening = Opening.COMPANY if row.key is None else Opening.PASSKEY
        return Session(mark, person, opening, row.made), row.used

    def places(self, person: str, *, idle: int, longest: int) -> list[Place]:
        """Where somebody is signed in, the latest first."""
        good = and_(
            sessions.c.person == person,
            sessions.c.used > self._now - idle,
            sessions.c.made > self._now - longest,
        )
        rows = self._run(select(sessions).where(good).order_by(sessions.c.made.desc()))
        return [Place(row.mark, row.key, row.made, row.used) for row in rows]

    def use_session(self, mark: str) -> None:
        """It is not idle."""
        self._run(update(sessions).where(sessions.c.mark == mark).values(used=self._now))

    def end_session(self, mark: str, person: str) -> None:
        """Somebody signed out, there or elsewhere."""
        self._run(delete(sessions).where(sessions.c.mark == mark, sessions.c.person == person))

    def end_sessions_of(self, person: str) -> None:
        """All of somebody's."""
        self._run(delete(sessions).where(sessions.c.person == person))

    def end_company_sessions_of(self, person: str) -> None:
        """Those that the company opened for somebody."""
        self._run(delete(sessions).where(sessions.c.person == person, sessions.c.key.is_(None)))

    def note(self, by: str, what: str, about: str) -> None:
        """One more line of what the staff did."""
        self._run(insert(deeds).values(at=self._now, by=by, what=what, about=about[:80]))

    def deeds(self, before: int | None = None, by: str = "") -> list[tuple[int, Deed]]:
        """The newest lines with their numbers, those before a number when it is given."""
        query = select(deeds, people.c.name).outerjoin(people, people.c.id == deeds.c.by)
        if before is not None:
            query = query.where(deeds.c.id < before)
        if by:
            query = query.where(deeds.c.by == by)
        rows = self._run(query.order_by(deeds.c.id.desc()).limit(DEEDS_SHOWN))
        return [(row.id, Deed(row.at, row.by, row.name or "", row.what, row.about)) for row in rows]

    def prune(self, *, longest: int) -> None:
        """Forget sessions and invitations that are over."""
        self._run(delete(sessions).where(sessions.c.made < self._now - longest))
        self._run(delete(invitations).where(invitations.c.until <= self._now))

    def _person(self, row: Row[Any]) -> Person:
        held = self._held(rights.c.person == row.id)
        roles = frozenset(right.role for right in held if right.role is not None)
        ids = {right.key for right in held if right.role is None}
        keys = tuple(key for key in self.passkeys_of(row.id) if key.id in ids)
        return Person(row.id, row.name, roles, keys)

    def _held(self, which: ColumnElement[bool] | None = None, *, unlogged: bool = False) -> list[Right]:
        """The rights that hold now."""
        query = select(rights).where(rights.c.since <= self._now, rights.c.ended.is_(None))
        query = query if unlogged else query.where(rights.c.log_index.is_not(None))
        return [_right(row) for row in self._run(query if which is None else query.where(which))]

    def _rights(self, which: ColumnElement[bool]) -> list[Kept]:
        query = select(rights, people.c.name).join(people, people.c.id == rights.c.person).where(which)
        rows = self._run(query.order_by(rights.c.asked, rights.c.number)).all()
        said = consents.c.right.in_([row.number for row in rows])
        given: dict[str, list[Consent]] = {}
        for row in self._run(select(consents).where(said).order_by(consents.c.at, consents.c.person)):
            given.setdefault(row.right, []).append(Consent(row.person, row.key, row.at))
        return [
            Kept(_state(row, tuple(given.get(row.number, ()))), row.name, row.asked, row.log_index)
            for row in rows
        ]

    def _add_consents(self, number: str, given: Sequence[Consent]) -> None:
        kept = set(self._run(select(consents.c.person).where(consents.c.right == number)).scalars())
        for consent in given:
            if consent.by not in kept:
                values = {"right": number, "person": consent.by, "key": consent.key, "at": consent.at}
                self._run(insert(consents).values(**values))


def _passkey(row: Row[Any]) -> Passkey:
    return Passkey(row.id, row.person, row.name, row.credential, row.public, row.uses, row.made)


def _right(row: Row[Any]) -> Right:
    return Right(row.number, row.person, row.key, None if row.role is None else Role(row.role))


def _state(row: Row[Any], given: tuple[Consent, ...]) -> State:
    if row.ended is not None:
        return Over(_right(row), row.ended_by, row.ended)
    if row.agreed is not None:
        return Agreed(_right(row), given, row.agreed, row.since)
    return Asked(_right(row), given)

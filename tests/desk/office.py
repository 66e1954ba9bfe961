"""People who work at a desk: each with a browser and an authenticator, and the recovery log in memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sparekey.core.admission import Agreed, Asked, Right, Role
from sparekey.core.case import challenge as challenge_of
from sparekey.core.codes import SavedCode
from sparekey.core.errors import Refusal
from sparekey.desk.staff.challenges import Challenges
from sparekey.desk.staff.limits import SessionLimits
from sparekey.desk.staff.passkeys import Passkeys
from sparekey.desk.staff.people import Session
from sparekey.desk.staff.staff import Staff
from sparekey.desk.store.database import Database
from sparekey.testing.authenticator import Authenticator
from sparekey.testing.clock import FixedClock
from sparekey.testing.entropy import FixedEntropy
from sparekey.testing.log import FakeRecoveryLog, MemoryLog

HOST = "desk.example.com"
ORIGIN = f"https://{HOST}"
DAY = 86400


@dataclass
class Member:
    """Somebody of the staff, at an own browser."""

    id: str
    name: str
    browser: str
    authenticator: Authenticator


class Office:
    """The staff's room, used directly."""

    def __init__(
        self,
        database: Database,
        limits: SessionLimits | None = None,
        host: str = HOST,
        clock: FixedClock | None = None,
    ) -> None:
        self.host, self.origin = host, f"https://{host}"
        self.clock = clock or FixedClock()
        self.entropy = FixedEntropy("office")
        self.log = FakeRecoveryLog(MemoryLog(FixedEntropy("log")), self.clock)
        self.staff = Staff(
            database=database,
            log=self.log,
            passkeys=Passkeys(host=self.host, origin=self.origin, desk="Example support desk"),
            challenges=Challenges(self.entropy.bytes(32), self.entropy),
            clock=self.clock,
            entropy=self.entropy,
            policy=3,
            limits=limits,
        )

    def authenticator(self, origin: str = "", *, verifies: bool = True) -> Authenticator:
        return Authenticator(origin or self.origin, self.entropy, verifies=verifies)

    def invite(self, name: str, *roles: Role, by: Session | None = None) -> SavedCode:
        return self.staff.invite(by, name, roles)

    def join(self, code: SavedCode, authenticator: Authenticator | None = None) -> Member:
        """Type the code, make a passkey."""
        invitation = self.staff.invitation(code.shown)
        assert invitation is not None
        browser = self.entropy.bytes(16).hex()
        person = self.staff.new_person(invitation)
        challenge = self.staff.challenge(f"join {invitation.mark.hex()} {person.id}", browser)
        holder = authenticator or self.authenticator()
        answer = holder.make(self.staff.passkeys.to_make(person, challenge))
        self.staff.join(invitation, person, answer, challenge, browser)
        return Member(person.id, person.name, browser, holder)

    def token(self, member: Member) -> str:
        """Sign in; what the browser gets to hold."""
        challenge = self.staff.challenge("sign-in", member.browser)
        answer = member.authenticator.sign(self.staff.passkeys.to_sign(challenge))
        return self.staff.sign_in(answer, challenge, member.browser)

    def signed_in(self, member: Member) -> Session:
        session = self.staff.session(self.token(member))
        assert session is not None
        return session

    def touch(self, session: Session, member: Member, items: Sequence[bytes]) -> str:
        """The member's authenticator signs the challenge of these items."""
        return member.authenticator.sign(
            self.staff.passkeys.to_sign(challenge_of(items), session.person.keys)
        )

    def agree(self, member: Member, rights: Sequence[Right]) -> dict[str, Refusal | None]:
        session = self.signed_in(member)
        answer = self.touch(session, member, [right.item for right in rights])
        return self.staff.agree(session, rights, answer)

    def asked(self, person: str = "") -> list[Right]:
        """The rights that wait for admins, all or somebody's."""
        return [
            kept.state.right
            for kept in self.staff.asked()
            if isinstance(kept.state, Asked) and person in ("", kept.state.right.person)
        ]

    def admins(self) -> tuple[Member, Member]:
        """The first two."""
        made = [self.join(self.invite(name, Role.ADMIN)) for name in ("Alice", "Bob")]
        return made[0], made[1]

    def member(self, name: str, *roles: Role, admins: Sequence[Member]) -> Member:
        """Somebody whom two admins let in, the wait over."""
        made = self.join(self.invite(name, *roles, by=self.signed_in(admins[0])))
        rights = self.asked(made.id)
        for admin in admins[:2]:
            self.agree(admin, rights)
        waits = [kept.state.since for kept in self.staff.asked() if isinstance(kept.state, Agreed)]
        self.clock.forward(max(0, max(waits, default=0) - self.clock.wall()))
        return made

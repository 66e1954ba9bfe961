"""What a signed-in person changes: their ways back in, the reserved address, the users, their own password."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sparekey.core.codes import saved_from_entropy
from sparekey.core.device.events import (
    AccountRemoved,
    AccountSet,
    AddressChanged,
    KeyFileMade,
    PasswordChanged,
    QuestionsSet,
    ResetChosen,
    SavedProved,
    SheetMade,
)
from sparekey.core.errors import Refusal
from sparekey.core.messages.key_file import SALT_LENGTH, SECRET_LENGTH, KeyFile
from sparekey.core.methods import key_file, recovery_sheet
from sparekey.core.methods.key_file import Standing
from sparekey.core.methods.questions import substance
from sparekey.core.policy import AddressRule, Factor
from sparekey.core.record import Questions
from sparekey.core.values import MethodName
from sparekey.device.agent import Wait

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sparekey.core.codes import SavedCode
    from sparekey.core.record import Account
    from sparekey.core.values import Face, Role
    from sparekey.device.agent import Agent

_METHODS = {
    Factor.ADDRESS: MethodName.MAIL_CODE,
    Factor.QUESTIONS: MethodName.QUESTIONS,
    Factor.KEY_FILE: MethodName.KEY_FILE,
    Factor.SHEET: MethodName.RECOVERY_SHEET,
}
"""What each thing that an owner prepares is good for."""


@dataclass(frozen=True)
class Confirmed:
    """A signed-in person who has just typed their password again, in this generation."""

    account: str
    generation: int
    face: Face


class Ownership:
    """The calls of the signed-in. A refusal is returned; None or a value means done and stored."""

    def __init__(self, agent: Agent) -> None:
        self._agent = agent

    # What is prepared

    @property
    def shown(self) -> tuple[Factor, ...]:
        """What the owner of such a device can prepare, with this firmware or a newer one."""
        methods = self._agent.config.policy.methods
        return tuple(factor for factor, method in _METHODS.items() if method in methods)

    @property
    def offered(self) -> tuple[Factor, ...]:
        """What the owner of this device can prepare now."""
        return tuple(factor for factor in self.shown if not self.upgrade_for(factor))

    def upgrade_for(self, factor: Factor) -> str:
        """The firmware to upgrade to before this is good for anything, or ""."""
        config = self._agent.config
        return config.model.needs_firmware(_METHODS[factor], config.identity.firmware) or ""

    @property
    def prepared(self) -> tuple[Factor, ...]:
        """What works by now."""
        record = self._agent.record
        return tuple(factor for factor in self.offered if record.prepared(factor))

    @property
    def missing(self) -> tuple[Factor, ...]:
        """What the first login still asks for: until it is there, no other page of the owner opens."""
        required = self._agent.config.policy.setup.required
        return tuple(
            factor
            for factor in required
            if not self._agent.record.prepared(factor) and not self.upgrade_for(factor)
        )

    @property
    def wanted(self) -> int:
        """How many ways back in there should be."""
        return min(self._agent.config.policy.setup.wanted, len(self.offered))

    @property
    def needs_address(self) -> bool:
        """Whether this device is not ready without a reserved address."""
        policy = self._agent.config.policy
        return policy.address is AddressRule.REQUIRED or Factor.ADDRESS in policy.setup.required

    def is_owner(self, account: Account) -> bool:
        """Whether the ways back in are for this account."""
        admin = self._agent.record.admin
        return admin is not None and admin.name == account.name

    # The password again

    def confirm(self, account: str, password: str, *, source: str, face: Face) -> Confirmed | Wait | None:
        """Check the current password of whoever is signed in; None when it is not right.

        A wrong one slows down its source as at the login.
        """
        agent = self._agent
        waits = agent.entrance.knock(source, agent.now().moment.uptime)
        if waits:
            return Wait(waits)
        generation = agent.record.generation
        if not agent.knows(account, password):
            return None
        agent.entrance.welcome(source)
        return Confirmed(account, generation, face)

    # Ways back in

    def set_questions(self, by: Confirmed, texts: Sequence[str], answers: Sequence[str]) -> Refusal | None:
        """Keep questions and one hash over all answers."""
        kept = Questions(tuple(texts), self._agent.passwords.hash_answers(answers))
        return self._agent.tell(QuestionsSet(by.account, by.generation, by.face, kept, substance(answers)))

    def make_key_file(self, by: Confirmed) -> KeyFile | Refusal:
        """A new key file. It is kept nowhere here, and any older one is replaced."""
        agent = self._agent
        if Factor.KEY_FILE not in self.offered:
            return Refusal.NOT_OFFERED
        secret, salt = agent.entropy.bytes(SECRET_LENGTH), agent.entropy.bytes(SALT_LENGTH)
        now = agent.now()
        file = KeyFile(agent.config.identity.serial, by.generation, secret, salt, now.moment.wall)
        saved = key_file.keep(file, agent.record, now)
        return agent.tell(KeyFileMade(by.account, by.generation, by.face, saved)) or file

    def prove_key_file(self, account: str, file: KeyFile, face: Face) -> Standing | Refusal:
        """Hand in a key file: what it is worth. One that is valid counts from now on."""
        standing = key_file.standing(file, self._agent.record, self._agent.now())
        if standing is not Standing.VALID:
            return standing
        return self._agent.tell(SavedProved(account, face, file)) or standing

    def make_sheet(self, by: Confirmed) -> SavedCode | Refusal:
        """The code of a new recovery sheet. It is kept nowhere here, and any older one is replaced."""
        agent = self._agent
        if Factor.SHEET not in self.offered:
            return Refusal.NOT_OFFERED
        code = saved_from_entropy(agent.entropy.bytes(9))
        saved = recovery_sheet.keep(code, agent.record, agent.now())
        return agent.tell(SheetMade(by.account, by.generation, by.face, saved)) or code

    def prove_sheet(self, account: str, code: SavedCode, face: Face) -> Refusal | None:
        """Type in what the sheet says. When it is right, the sheet counts from now on."""
        return self._agent.tell(SavedProved(account, face, code))

    def change_address(self, by: Confirmed, address: str | None) -> Refusal | None:
        """Reserve an address that `values.mail_address` has read, or none."""
        if address is None and self.needs_address:
            return Refusal.NOT_ENOUGH
        return self._agent.tell(AddressChanged(by.account, by.generation, by.face, address))

    def reset(self, by: Confirmed) -> Refusal | None:
        """Factory settings. Whether all of it is gone already, `Agent.is_erasing` tells."""
        return self._agent.tell(ResetChosen(by.account, by.generation, by.face))

    # Users

    def change_password(self, by: Confirmed, password: str, *, session: str) -> Refusal | None:
        """One's own password. Whoever else is signed in with the old one is signed out; `session` stays."""
        agent = self._agent
        kept = agent.passwords.hash(password)
        refusal = agent.tell(PasswordChanged(by.account, by.generation, by.face, kept))
        if refusal is None:
            agent.sessions.end_of(by.account, keep=session)
        return refusal

    def set_user(self, by: Confirmed, name: str, role: Role, password: str) -> Refusal | None:
        """Add a user, or change one and let them in again. An empty password keeps the old one."""
        agent = self._agent
        kept = agent.passwords.hash(password) if password else None
        refusal = agent.tell(AccountSet(by.account, by.generation, by.face, name, role, kept))
        if refusal is None and password:
            agent.sessions.end_of(name)
        return refusal

    def remove_user(self, by: Confirmed, name: str) -> Refusal | None:
        """Remove a user and sign them out."""
        refusal = self._agent.tell(AccountRemoved(by.account, by.generation, by.face, name))
        if refusal is None:
            self._agent.sessions.end_of(name)
        return refusal

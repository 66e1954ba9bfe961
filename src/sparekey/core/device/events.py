"""What can happen to a device. `confirmed`: the generation for which the host has just checked the current password."""

from __future__ import annotations

from dataclasses import dataclass

from sparekey.core.codes import Code
from sparekey.core.crypto import PasswordHash
from sparekey.core.effects import Happened
from sparekey.core.enrolled import Confirming, Enrolment
from sparekey.core.messages.enrol_reply import ReplyFile
from sparekey.core.record import Ask, Questions, Saved
from sparekey.core.values import Face, MethodName, Role


@dataclass(frozen=True)
class Booted:
    """Power came on."""


@dataclass(frozen=True)
class Ticked:
    """Five minutes went by."""


@dataclass(frozen=True)
class Activated:
    """Somebody chose the first password, and perhaps an address."""

    account: str
    password: PasswordHash
    address: str | None
    face: Face


@dataclass(frozen=True)
class SignedIn:
    """A person typed the right password, checked against the accounts of this generation."""

    account: str
    generation: int
    face: Face


@dataclass(frozen=True)
class Noted:
    """Somebody did something to a part of the device that is not in its state. `account`: whom it is about."""

    what: Happened
    account: str
    face: Face


@dataclass(frozen=True)
class RecoveryOpened:
    """Somebody asked for a way back in; the challenge is made."""

    ask: Ask


@dataclass(frozen=True)
class TryCounted:
    """A proof was handed in and has not been looked at. It must be stored before `ProofShown` can judge it.

    `number`: of the open request, or empty for a method that needs none.
    """

    method: MethodName
    number: str
    claim: bytes
    face: Face


@dataclass(frozen=True)
class ProofShown:
    """Now look at the proof: a `Code`, a `SavedCode`, `Answers`, a `KeyFile` or a `Response`."""

    method: MethodName
    number: str
    claim: bytes
    face: Face
    proof: object


@dataclass(frozen=True)
class PasswordChosen:
    """The claim holder typed a new password."""

    claim: bytes
    face: Face
    password: PasswordHash


@dataclass(frozen=True)
class DefaultChosen:
    """The claim holder chose factory settings, or confirmed an erase, after being told what is lost."""

    claim: bytes
    face: Face


@dataclass(frozen=True)
class ResetChosen:
    """The signed-in owner chose factory settings, after being told what is lost."""

    account: str
    confirmed: int
    face: Face


@dataclass(frozen=True)
class RequestCancelled:
    """Somebody wants the request gone. `signed_in`: an admin's session asks."""

    number: str
    claim: bytes
    face: Face
    signed_in: bool = False


@dataclass(frozen=True)
class ButtonHeld:
    """The reset button was held and let go. `seconds` by the monotonic clock."""

    seconds: int


@dataclass(frozen=True)
class PasswordApplied:
    """The maker's account store was read back. `taken`: it shows what was ordered."""

    taken: bool


@dataclass(frozen=True)
class Wiped:
    """The erase was carried out. `verified`: no key byte is left."""

    verified: bool


@dataclass(frozen=True)
class PasswordChanged:
    """A signed-in person changed their own password. It ends no saved factor."""

    account: str
    confirmed: int
    face: Face
    password: PasswordHash


@dataclass(frozen=True)
class AddressChanged:
    """The admin reserved another address, or none."""

    account: str
    confirmed: int
    face: Face
    address: str | None


@dataclass(frozen=True)
class ConfirmationOpened:
    """The signed-in admin wants to show that they read the reserved address; the code is sealed."""

    account: str
    confirming: Confirming


@dataclass(frozen=True)
class AddressConfirmed:
    """The signed-in admin typed the code that was mailed to the reserved address."""

    account: str
    code: Code
    face: Face


@dataclass(frozen=True)
class EnrolmentSealed:
    """The device has something to tell its desk about itself; it is sealed."""

    enrolment: Enrolment


@dataclass(frozen=True)
class EnrolmentAnswered:
    """The desk's reply came back, parsed and not yet checked."""

    file: ReplyFile


@dataclass(frozen=True)
class QuestionsSet:
    """The admin chose questions and answers. `substance`: letters and digits in all answers together."""

    account: str
    confirmed: int
    face: Face
    questions: Questions
    substance: int


@dataclass(frozen=True)
class KeyFileMade:
    """The admin exported a key file. It counts once it was handed in again."""

    account: str
    confirmed: int
    face: Face
    saved: Saved


@dataclass(frozen=True)
class SheetMade:
    """The admin printed a recovery sheet. It counts once its code was typed in again."""

    account: str
    confirmed: int
    face: Face
    saved: Saved


@dataclass(frozen=True)
class SavedProved:
    """The signed-in admin handed in what was just saved: a `KeyFile` or a `SavedCode`."""

    account: str
    face: Face
    proof: object


@dataclass(frozen=True)
class AccountSet:
    """The admin added an account or changed one; a suspended one is let in again. `password` None keeps the old one."""

    by: str
    confirmed: int
    face: Face
    name: str
    role: Role
    password: PasswordHash | None


@dataclass(frozen=True)
class AccountRemoved:
    """The admin removed an account."""

    by: str
    confirmed: int
    face: Face
    name: str

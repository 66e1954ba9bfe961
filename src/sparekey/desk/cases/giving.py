"""What an issued case gives, as often as it is asked for."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from sparekey.core.case import Issued, by_mail
from sparekey.core.errors import Refusal
from sparekey.core.evidence import Remedy
from sparekey.desk.cases.answers import DatedCode, many_files, one_file

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sparekey.core.codes import Code
    from sparekey.desk.cases.answers import Answers
    from sparekey.desk.cases.asking import Kept
    from sparekey.desk.cases.repository import CaseRepository
    from sparekey.host.clock import Clock


@dataclass(frozen=True)
class Given:
    """An answer: codes of some dates, a key, or a file. `expires`: Unix seconds."""

    number: str
    serial: str
    remedy: Remedy
    expires: int
    codes: tuple[DatedCode, ...] = field(default=(), repr=False)
    key: Code | None = field(default=None, repr=False)
    file: str = field(default="", repr=False)

    @property
    def file_name(self) -> str:
        """A name for the file. Of a serial number's characters, a file's name can hold all but the slash."""
        return f"{self.serial.replace('/', '-')}-{self.number}.sparekey-response"


class Giving:
    """Gives. Every method raises UnavailableError until the log has what is to be given."""

    def __init__(self, repository: CaseRepository, answers: Answers, clock: Clock) -> None:
        self._repository = repository
        self._answers = answers
        self._clock = clock

    def give(self, number: str) -> Given | Refusal:
        """The answer of an issued case. A code that goes by mail is given to nobody here, and an erase by `erase_file`
        alone. Refused: `no-such-request`, `not-now` before it is issued, `expired`, `not-offered`.
        """
        kept = self._repository.get(number)
        issued = self._issued(kept)
        if kept is None or isinstance(issued, Refusal):
            return issued if isinstance(issued, Refusal) else Refusal.NO_SUCH_REQUEST
        remedy, now = issued.proposal.remedy, self._clock.wall()
        if remedy is Remedy.ERASE_FILE or by_mail(remedy, issued.proposal.options):
            return Refusal.NOT_OFFERED
        given = _given(kept, issued)
        if remedy is Remedy.SECURITY_CODE:
            return replace(given, codes=self._answers.codes(kept, now))
        if remedy is Remedy.RESPONSE_KEY:
            key = self._answers.key(kept, now)
            return Refusal.NOT_OFFERED if key is None else replace(given, key=key)
        return replace(given, file=one_file(kept.serial, self._answers.file(kept, now)))

    def many(self, numbers: Sequence[str]) -> tuple[str, frozenset[str]]:
        """One file with the answers of all these cases that have a response file, empty when none has; and those that
        are not in it: they have none, or the log has not taken them yet.
        """
        now, made, left = self._clock.wall(), [], []
        for number in numbers:
            kept = self._repository.get(number)
            issued = self._issued(kept)
            file = isinstance(issued, Issued) and issued.proposal.remedy is Remedy.RESPONSE_FILE
            if kept is None or not file or kept.log_index is None:
                left.append(number)
            else:
                made.append(self._answers.file(kept, now))
        return many_files(made) if made else "", frozenset(left)

    def erase_file(self, number: str, *, received: bool) -> Given | Refusal:
        """The file that erases a device. `received`: its order says that the device is here, on the bench."""
        kept = self._repository.get(number)
        issued = self._issued(kept)
        if kept is None or isinstance(issued, Refusal):
            return issued if isinstance(issued, Refusal) else Refusal.NO_SUCH_REQUEST
        if not received or issued.proposal.remedy is not Remedy.ERASE_FILE:
            return Refusal.NOT_NOW
        file = one_file(kept.serial, self._answers.file(kept, self._clock.wall()))
        return replace(_given(kept, issued), file=file)

    def _issued(self, kept: Kept | None) -> Issued | Refusal:
        if kept is None:
            return Refusal.NO_SUCH_REQUEST
        if not isinstance(kept.state, Issued):
            return Refusal.NOT_NOW
        return Refusal.EXPIRED if self._clock.wall() >= kept.state.proposal.expires else kept.state


def _given(kept: Kept, issued: Issued) -> Given:
    return Given(kept.number, kept.serial, issued.proposal.remedy, issued.proposal.expires)

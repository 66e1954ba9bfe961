"""Letters of devices, however they come: by a program's call or in a file that somebody carried (spec/desklink.md)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sparekey.core.codes import to_base32
from sparekey.core.errors import InputError
from sparekey.core.messages.header import Kind
from sparekey.core.messages.link_answer import LinkAnswer, LinkVerdict
from sparekey.core.messages.request import Request, read_request
from sparekey.desk.intake import Trouble

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sparekey.desk.intake import Intake
    from sparekey.desk.registry.notices import Notices
    from sparekey.desk.registry.registrar import Registrar

_MAILS = {
    Trouble.DAMAGED: LinkVerdict.DAMAGED,
    Trouble.OVERSIZE: LinkVerdict.DAMAGED,
    Trouble.OTHER_DESK: LinkVerdict.OTHER_DESK,
    Trouble.UNKNOWN_KEY: LinkVerdict.UNKNOWN_KEY,
    Trouble.NOT_GENUINE: LinkVerdict.NOT_GENUINE,
    Trouble.EXPIRED: LinkVerdict.EXPIRED,
    Trouble.OTHER_KIND: LinkVerdict.OTHER_KIND,
}


class Intray:
    """`trust`: gives the newest trust file's bytes. Every method raises UnavailableError when the store fails; what was
    taken before that is taken once all the same.
    """

    def __init__(
        self, registrar: Registrar, notices: Notices, intake: Intake, trust: Callable[[], bytes]
    ) -> None:
        self._registrar = registrar
        self._notices = notices
        self._intake = intake
        self._trust = trust

    def enrolments(self, items: Sequence[bytes]) -> list[LinkAnswer]:
        """Each decided on its own, as the other two calls do."""
        return [self._helped(answer) for answer in self._registrar.take(items)]

    def notices(self, items: Sequence[bytes]) -> list[LinkAnswer]:
        """What owners are to hear."""
        return [self._helped(answer) for answer in self._notices.take(items)]

    def mails(self, items: Sequence[bytes]) -> list[LinkAnswer]:
        """Codes by e-mail."""
        return [self._helped(_mailed(self._intake, item)) for item in items]

    def letter(self, letter: Request) -> LinkAnswer:
        """One of any kind; its answer names it."""
        takes = {Kind.ENROL: self.enrolments, Kind.NOTICE: self.notices, Kind.MAIL: self.mails}
        take = takes.get(letter.header.kind)
        (answer,) = take([letter.encoded]) if take else [LinkAnswer(LinkVerdict.OTHER_KIND)]
        return replace(answer, request=letter.hash)

    def _helped(self, answer: LinkAnswer) -> LinkAnswer:
        """Whoever knows only an old key gets the newest ones along."""
        return replace(answer, data=self._trust()) if answer.verdict is LinkVerdict.UNKNOWN_KEY else answer


def _mailed(intake: Intake, item: bytes) -> LinkAnswer:
    try:
        sent = intake.send(to_base32(read_request(item).encoded))
    except InputError:
        return LinkAnswer(LinkVerdict.DAMAGED)
    return LinkAnswer(_MAILS[sent] if isinstance(sent, Trouble) else LinkVerdict.TAKEN)

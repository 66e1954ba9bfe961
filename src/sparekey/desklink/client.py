"""The calls of the link, for whoever has sealed requests to hand over (spec/desklink.md)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sparekey.core.crypto import sha256
from sparekey.core.errors import InputError, UnavailableError
from sparekey.core.messages.batch import make_batch
from sparekey.core.messages.header import Kind
from sparekey.core.messages.link_answer import LINK_MOST, LinkAnswer, LinkVerdict, read_answers
from sparekey.core.messages.request import read_request
from sparekey.core.messages.trust import TRUST_LIMIT
from sparekey.desklink.address import address_of
from sparekey.desklink.exchange import Asked, Exchange

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from sparekey.host.clock import Clock

ENROLMENTS, NOTICES, MAILS, TRUST = "/link/enrolments", "/link/notices", "/link/mails", "/link/trust"
"""The paths."""
_PATHS = {Kind.ENROL: ENROLMENTS, Kind.NOTICE: NOTICES, Kind.MAIL: MAILS}


class DeskLink:
    """The desk of a trust file. Every call blocks for at most 20 seconds (of each 100 items) and raises
    UnavailableError when the desk was not reached or did not answer as it should; InputError (`desk-address`,
    `desk-ca`) when the settings cannot lead to one. Then nothing is known of what became of the items: send them
    again, each is taken once.
    """

    def __init__(self, exchange: Exchange) -> None:
        self.exchange = exchange

    @classmethod
    def at(cls, prefix: str, clock: Clock, ca_file: Path | None = None) -> DeskLink:
        """By the trust file's prefix. `ca_file`: trusted instead of the system's authorities."""
        return cls(Exchange(address_of(prefix), clock, ca_file=ca_file))

    def letters(self, sealed: Sequence[bytes]) -> list[LinkAnswer]:
        """Hand over a device's letters, whatever kind each is of. Each answer is in its letter's place and names it."""
        kinds = [_path_of(letter) for letter in sealed]
        answers: dict[int, LinkAnswer] = {}
        for path in (ENROLMENTS, MAILS, NOTICES):
            places = [place for place, kind in enumerate(kinds) if kind == path]
            heard = self.hand_over(path, [sealed[place] for place in places])
            answers |= dict(zip(places, heard, strict=True))
        nothing = LinkAnswer(LinkVerdict.OTHER_KIND)
        return [
            replace(answers.get(place, nothing), request=sha256(letter))
            for place, letter in enumerate(sealed)
        ]

    def enrol(self, requests: Sequence[bytes]) -> list[LinkAnswer]:
        """Hand over sealed enrolments; each answer is in its request's place."""
        return self.hand_over(ENROLMENTS, requests)

    def notify(self, notices: Sequence[bytes]) -> list[LinkAnswer]:
        """Hand over sealed notices."""
        return self.hand_over(NOTICES, notices)

    def mail(self, requests: Sequence[bytes]) -> list[LinkAnswer]:
        """Have the codes of sealed `mail` requests mailed."""
        return self.hand_over(MAILS, requests)

    def trust(self) -> bytes:
        """The newest trust file's bytes, not yet checked."""
        answered = self.exchange.ask(Asked(TRUST))
        if answered.status != 200 or not 0 < len(answered.body) <= TRUST_LIMIT:
            raise _unfit(answered.status)
        return answered.body

    def hand_over(self, path: str, requests: Sequence[bytes]) -> list[LinkAnswer]:
        """A batch, in as many calls as it takes."""
        answers: list[LinkAnswer] = []
        for start in range(0, len(requests), LINK_MOST):
            answers += self._call(path, requests[start : start + LINK_MOST])
        return answers

    def _call(self, path: str, part: Sequence[bytes]) -> list[LinkAnswer]:
        answered = self.exchange.ask(Asked(path, make_batch(part)))
        if answered.status != 200:
            raise _unfit(answered.status)
        try:
            return read_answers(answered.body, len(part))
        except InputError:
            raise _unfit(200) from None


def _path_of(letter: bytes) -> str:
    """Which call takes it; "" for none."""
    try:
        return _PATHS.get(read_request(letter).header.kind, "")
    except InputError:
        return ""


def _unfit(status: int) -> UnavailableError:
    if status in (429, 503):
        return UnavailableError("desk-busy", "the desk has no time now; try again later")
    return UnavailableError("desk-answer", f"the desk did not answer as a desk does (HTTP {status})")

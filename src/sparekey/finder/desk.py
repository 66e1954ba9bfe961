"""Requests to their desk, and its answers back: what `send` and `fetch` do, and the screens (spec/desklink.md 4)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from sparekey.core.codes import read_number
from sparekey.core.errors import InputError, UnavailableError
from sparekey.core.messages.link_answer import LINK_MOST, LinkAnswer, LinkVerdict
from sparekey.core.messages.link_case import PICKUP_LENGTH, CaseStage, CaseTold
from sparekey.core.messages.request import Request
from sparekey.core.messages.text import Requests, read_any
from sparekey.desklink import cases
from sparekey.desklink.address import address_of
from sparekey.desklink.client import DeskLink
from sparekey.desklink.exchange import Exchange
from sparekey.finder.journal import Asked

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from sparekey.finder.journal import Journal
    from sparekey.host.clock import Clock
    from sparekey.host.entropy import Entropy


@dataclass(frozen=True)
class Sent:
    """One request and what the desk said to it. `number`: of its case; empty when the desk took none."""

    request: Request
    number: str = ""
    verdict: LinkVerdict = LinkVerdict.TAKEN


@dataclass(frozen=True)
class Heard:
    """A case and how it stands. `told` None: the desk does not know it, or not from here."""

    asked: Asked
    told: CaseTold | None

    @property
    def is_over(self) -> bool:
        """Whether nothing more comes: support said no, or the owner stopped it."""
        return self.told is not None and self.told.stage is CaseStage.CLOSED


@dataclass(frozen=True)
class Desk:
    """The desks of the devices that were asked here. `ca_file`: trusted instead of the system's authorities."""

    journal: Journal
    clock: Clock
    entropy: Entropy
    ca_file: Path | None = None
    exchange: Callable[[str], Exchange] | None = field(default=None)
    """Given by tests that have no network."""

    def send(
        self, requests: Sequence[Request], *, url: str = "", locale: str = "en", address: str = ""
    ) -> list[Sent]:
        """Open a case for each, or find the one that is open. `url`: of the desk, where the journal does not know it.

        The secrets are in the journal before the desk hears anything: a call whose answer got lost is made again and
        leads to the same cases. Raises InputError (`no-desk`, `desk-address`), UnavailableError.
        """
        kept = {(one.request, one.prefix): one for one in self.journal.asked()}
        fresh = self.entropy.bytes(PICKUP_LENGTH)
        parts: dict[tuple[str, bytes], list[tuple[Request, Asked]]] = defaultdict(list)
        for request, prefix in zip(requests, self._prefixes(requests, url), strict=True):
            known = (request.hash, prefix)
            asked = kept.get(known) or Asked(*known, fresh, "", self.clock.wall())
            parts[prefix, asked.pickup].append((request, asked))
        self.journal.ask([asked for part in parts.values() for _, asked in part])
        sent: dict[bytes, Sent] = {}
        for (prefix, pickup), part in parts.items():
            exchange = self._exchange(prefix)
            for start in range(0, len(part), LINK_MOST):
                piece = part[start : start + LINK_MOST]
                sealed = [request.encoded for request, _ in piece]
                answers = cases.send(exchange, sealed, pickup, locale, address)
                numbers = [_number(answer) for answer in answers]
                self.journal.ask(
                    [
                        replace(asked, number=number)
                        for (_, asked), number in zip(piece, numbers, strict=True)
                        if number
                    ]
                )
                for (request, asked), answer, number in zip(piece, answers, numbers, strict=True):
                    sent[asked.request] = Sent(request, number, answer.verdict)
        return [sent[request.hash] for request in requests]

    def carry(self, letters: Sequence[Request], *, url: str = "") -> list[LinkAnswer]:
        """Hand over what devices have for their desk itself; each answer is in its letter's place and names it. Handed
        over twice, a letter is answered as it was. `url` and errors as for `send`.
        """
        prefixes = self._prefixes(letters, url)
        heard: dict[bytes, LinkAnswer] = {}
        for prefix in dict.fromkeys(prefixes):
            part = [one.encoded for one, at in zip(letters, prefixes, strict=True) if at == prefix]
            heard |= {answer.request: answer for answer in DeskLink(self._exchange(prefix)).letters(part)}
        return [heard[letter.hash] for letter in letters]

    def fetch(self, asked: Asked) -> Heard:
        """How a case stands, and its answer. Raises UnavailableError, InputError."""
        return Heard(asked, cases.fetch(self._exchange(asked.prefix), asked.number, asked.pickup))

    def kept(self, numbers: Sequence[str]) -> list[Asked]:
        """The cases of these numbers, or all of them. Raises InputError (`no-case`) for one that is not from here."""
        there = {one.number: one for one in self.journal.asked() if one.number}
        if not numbers:
            return list(there.values())
        wanted = [read_number(number.upper().replace("-", "").replace(" ", "")) for number in numbers]
        for number in wanted:
            if number not in there:
                raise InputError(
                    "no-case",
                    f"case {number} was not opened from here; its answer is fetched where it was sent",
                )
        return [there[number] for number in dict.fromkeys(wanted)]

    def _prefixes(self, requests: Sequence[Request], url: str) -> list[str]:
        """Where each request goes. Whose device is not in the journal goes to `url`."""
        if url:
            prefix = prefix_of(url)
            return [prefix] * len(requests)
        known = {one.request: one.prefix for one in self.journal.begun() if one.request}
        prefixes = [known.get(request.encoded, "") for request in requests]
        if not all(prefixes):
            raise InputError(
                "no-desk", "this request was not made here: say where its desk is, with --desk https://..."
            )
        return prefixes

    def _exchange(self, prefix: str) -> Exchange:
        if self.exchange is not None:
            return self.exchange(prefix)
        return Exchange(address_of(prefix), self.clock, ca_file=self.ca_file)


def prefix_of(url: str) -> str:
    """What stands before a request in its text form, from the address that people know. Raises InputError."""
    bare = url.strip().rstrip("/")
    prefix = f"{bare.removesuffix('/R').removesuffix('/r')}/R/".upper()
    address_of(prefix)
    return prefix


def read_requests(data: bytes) -> tuple[list[Request], int]:
    """The requests in a file, and how many in it cannot be read. Raises InputError (`not-a-request`)."""
    found = read_any(data)
    items = found.items if isinstance(found, Requests) else (found,)
    requests = [item for item in items if isinstance(item, Request)]
    broken = sum(isinstance(item, InputError) for item in items)
    if not requests and not broken:
        raise InputError(
            "not-a-request", "this is no request; look for a file that ends in .sparekey-request or .xml"
        )
    return list(dict.fromkeys(requests)), broken


def _number(answer: LinkAnswer) -> str:
    """The case number in an answer that was taken. Raises UnavailableError."""
    if answer.verdict is not LinkVerdict.TAKEN:
        return ""
    try:
        return read_number(answer.data.decode("ascii"))
    except (InputError, UnicodeDecodeError):
        raise UnavailableError("desk-answer", "the desk took the request, but gave it no number") from None

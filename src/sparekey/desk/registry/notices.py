"""Notices from devices: each is mailed once to each of its addresses, within budgets of their own (threat T05)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sparekey.core import mailing
from sparekey.core.errors import InputError, UntrustedError
from sparekey.core.mailing import CLOCK_SLACK, MailLimits, Sending
from sparekey.core.messages.header import Kind
from sparekey.core.messages.link_answer import LinkAnswer, LinkVerdict
from sparekey.core.messages.notice import NoticeBody, Noticed
from sparekey.core.messages.request import read_request
from sparekey.desk.intake import is_ticketed
from sparekey.desk.registry import rows
from sparekey.desk.registry.news import NOTICE
from sparekey.desk.registry.rows import News
from sparekey.desk.store.counting import counting

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sparekey.core.messages.request import Request
    from sparekey.desk.registry.registrar import Registrar

REMEMBERED = 90 * 86400
"""Seconds for which a notice that went out is known again."""


@dataclass(frozen=True)
class _Counted:
    """What is remembered of a mail."""

    request_hash: bytes
    address_mark: bytes
    ticketed: bool
    keep_until: int


class Notices:
    """Takes them."""

    def __init__(self, registrar: Registrar, limits: MailLimits) -> None:
        self._registrar = registrar
        self._limits = limits
        self.heard: list[Callable[[str, Noticed, int], None]] = []
        """Called with serial number, what happened and the device's age, for notices with a ticket; perhaps twice."""

    def take(self, items: Sequence[bytes]) -> list[LinkAnswer]:
        """Many, each on its own."""
        return [self._item(item) for item in items]

    def notice(self, request: Request) -> LinkVerdict:
        """One. What it says of itself decides nothing but whose mailbox it goes to."""
        refusal = self._registrar.refusal(request, Kind.NOTICE)
        if refusal is not None:
            return refusal
        keyring = self._registrar.keyring
        try:
            body = keyring.open(request)
        except UntrustedError as error:
            return LinkVerdict.UNKNOWN_KEY if error.slug == "no-key" else LinkVerdict.NOT_GENUINE
        assert isinstance(body, NoticeBody)  # noqa: S101 - the header's kind decides which body opens
        shown = request.header, body.ticket
        if keyring.ticket_holds(*shown) or keyring.first_use_holds(*shown):
            for call in self.heard:
                call(request.header.identity.serial, body.what, body.age)
        return self._queue(request, body)

    def _queue(self, request: Request, body: NoticeBody) -> LinkVerdict:
        now, queued = self._registrar.clock.wall(), 0
        with self._registrar.database.writing() as connection, counting(connection) as counts:
            if counts.first_seen(request.hash) is not None:
                return LinkVerdict.TAKEN
            if mailing.is_expired(request.header, now, now):
                return LinkVerdict.EXPIRED
            ticketed = is_ticketed(counts, self._registrar.keyring, self._limits, request, body.ticket, now)
            good_until = mailing.good_until(request.header, now)
            verdicts = []
            for place, address in enumerate(body.addresses):
                mark = mailing.notice_mark(self._registrar.keyring.ticket, address)
                sent = counts.sent(request.hash, mark, ticketed=ticketed, now=now)
                verdict = mailing.may_send(sent, ticketed, self._limits)
                verdicts.append(verdict)
                if verdict is not Sending.GO:
                    counts.hold_back(now)
                    continue
                keep_until = max(good_until + CLOCK_SLACK, now + REMEMBERED)
                counts.count(_Counted(request.hash, mark, ticketed, keep_until), now)
                rows.add_news(connection, News(NOTICE, request.encoded, place, good_until), now)
                queued += 1
        if queued:
            self._registrar.wake()
        return LinkVerdict.LATER if Sending.ENOUGH_FOR_ALL in verdicts and not queued else LinkVerdict.TAKEN

    def _item(self, item: bytes) -> LinkAnswer:
        try:
            return LinkAnswer(self.notice(read_request(item)))
        except InputError:
            return LinkAnswer(LinkVerdict.DAMAGED)

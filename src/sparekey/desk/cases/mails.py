"""The pile of the mails about cases. What they say, and to whom, is found out when they are sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sparekey.core import crypto, mailing
from sparekey.core.case import Closed, Held, Issued
from sparekey.core.errors import InputError, Refusal
from sparekey.core.evidence import Remedy
from sparekey.core.methods.spoken import shown_day
from sparekey.desk.cases.asking import Past, Route
from sparekey.desk.cases.codes import Door
from sparekey.desk.cases.posting import ASKER, Kind
from sparekey.desk.cases.reasons import REASONS
from sparekey.desk.mail.message import Attachment, build
from sparekey.desk.mail.ports import NOBODY

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sparekey.core.messages.enrol import EnrolBody
    from sparekey.desk.cases.answers import Answers
    from sparekey.desk.cases.asking import Kept
    from sparekey.desk.cases.codes import CaseCodes
    from sparekey.desk.cases.giving import Giving
    from sparekey.desk.cases.posting import CaseMail, Posting
    from sparekey.desk.cases.repository import CaseRepository
    from sparekey.desk.mail.letters import Letters
    from sparekey.desk.mail.ports import Sender
    from sparekey.desk.registry.ports import Registry
    from sparekey.host.clock import Clock

STATUS_PAGE, WAYS_PAGE = "/help/case", "/help/ways"


class CaseMails:
    """The pile. `url`: the desk's public address."""

    def __init__(
        self,
        *,
        posting: Posting,
        repository: CaseRepository,
        registry: Registry,
        answers: Answers,
        giving: Giving,
        codes: CaseCodes,
        letters: Letters,
        sender: Sender,
        url: str,
        clock: Clock,
    ) -> None:
        self._posting = posting
        self._repository = repository
        self._registry = registry
        self._answers = answers
        self._giving = giving
        self._codes = codes
        self._letters = letters
        self._sender = sender
        self._url = url
        self._clock = clock

    def claim(self, now: int, lease: int, most: int) -> Sequence[CaseMail]:
        """Take mails that are due."""
        return self._posting.claim(now, lease, most)

    def prepare(self, mails: Sequence[CaseMail]) -> None:
        """Nothing: what a case issues is in the log before its mail is queued."""

    def write(self, mail: CaseMail) -> tuple[str, bytes]:
        """The recipient and the message. Raises InputError (`nobody`) when there is no such address, or nothing
        is to be told any more.
        """
        kept = self._repository.get(mail.number)
        if kept is None:
            raise InputError(NOBODY, "the case is forgotten")
        enrolled = self._registry.opened(kept.serial)
        recipient = _recipient(mail, kept, enrolled)
        owner = mail.place != ASKER
        locale = enrolled.locale if owner and enrolled is not None else kept.dossier.asker.locale
        attachment = self._attachment(mail, kept)
        values = self._values(mail, kept, recipient, locale) | {"attached": attachment is not None}
        letter = self._letters.write(mail.kind.value, locale, values)
        name = crypto.sha256(f"case mail\n{mail.number}\n{mail.kind.value}\n{mail.place}".encode())
        message = build(
            letter,
            name=self._sender.name,
            sender=self._sender.address,
            recipient=recipient,
            message_id=mailing.message_id(name, recipient, mail.round, self._sender.domain),
            now=self._clock.wall(),
            attachment=attachment,
            mark=self._codes.marks.make(mail),
        )
        return recipient, message

    def done(self, *mails: int) -> None:
        """They went out."""
        self._posting.done(*mails)

    def postpone(self, mail: int, *, due: int, attempts: int) -> None:
        """Give it back."""
        self._posting.postpone(mail, due=due, attempts=attempts)

    def give_up(self, mail: CaseMail) -> None:
        """Note on the case that it did not arrive."""
        who = "asker" if mail.place == ASKER else "owner"
        self._repository.note(mail.number, Past(self._clock.wall(), "bounced", "", who, mail.kind.value))
        self._posting.done(mail.id)

    def prune(self, now: int) -> None:
        """Forget closed cases, their mails with them. That is the repository's work."""

    def named(self, mail: CaseMail) -> Mapping[str, object]:
        """Case, kind and place."""
        return {"case": mail.number, "mail": mail.kind.value, "place": mail.place, "round": mail.round}

    def _values(self, mail: CaseMail, kept: Kept, recipient: str, locale: str) -> dict[str, object]:
        state, now, owner = kept.state, self._clock.wall(), mail.place != ASKER
        # The asker's address was checked by nobody: it gets no word that a stranger could choose.
        known = owner or kept.dossier.asked.ticketed
        values: dict[str, object] = {
            "number": f"{mail.number[:4]}-{mail.number[4:]}",
            "serial": kept.serial if known else "",
            "page": self._url + STATUS_PAGE,
            "ways": self._url + WAYS_PAGE,
            "owner": owner,
            "code": self._code(mail, recipient),
            "until": "",
            "reason": "",
            "by_call": kept.dossier.asker.route is Route.CALL,
            "by_order": kept.dossier.asked.technician,
        }
        if isinstance(state, Held) and mail.kind is Kind.HELD:
            values["until"] = self._letters.moment(state.until, now, locale)
        if isinstance(state, Closed):
            values["reason"] = self._letters.say(REASONS.get(state.reason, ""), locale)
        if isinstance(state, Issued):
            values["until"] = self._letters.moment(state.proposal.expires, now, locale)
        if mail.kind is Kind.SECURE_CODE:
            codes = self._answers.codes(kept, now)
            today = next((dated.day for dated in codes if dated.likely), 0)
            values["codes"] = [
                {"day": shown_day(dated.day), "code": dated.code.shown}
                for dated in codes
                if dated.day >= today - 1
            ]
        return values

    def _code(self, mail: CaseMail, recipient: str) -> str:
        """The code that belongs into this mail, or none."""
        if mail.kind is Kind.MAILBOX_CODE:
            return self._codes.code(Door.MAILBOX, mail.number, recipient).shown
        if mail.kind is Kind.OPENED:
            return self._codes.code(Door.STATUS, mail.number).shown
        if mail.place != ASKER and mail.kind in (Kind.ASKED, Kind.HELD):
            return self._codes.code(Door.OWNER, mail.number).shown
        return ""

    def _attachment(self, mail: CaseMail, kept: Kept) -> Attachment | None:
        """The response file, for who wanted it by mail. It may be read by anybody: it serves its own device alone."""
        state = kept.state
        wanted = mail.kind is Kind.ISSUED and mail.place == ASKER and kept.dossier.asker.route is Route.MAIL
        if not wanted or not isinstance(state, Issued) or state.proposal.remedy is not Remedy.RESPONSE_FILE:
            return None
        given = self._giving.give(mail.number)
        return None if isinstance(given, Refusal) else Attachment(given.file_name, given.file)


def _recipient(mail: CaseMail, kept: Kept, enrolled: EnrolBody | None) -> str:
    if mail.place == ASKER:
        address = kept.dossier.asker.address
    else:
        sealed = enrolled.addresses if enrolled is not None else ()
        address = sealed[mail.place - 1] if mail.place <= len(sealed) else ""
    confirmed = enrolled is not None and enrolled.confirmed
    if not address or (mail.kind in (Kind.SECURE_CODE, Kind.MAILBOX_CODE) and not confirmed):
        raise InputError(NOBODY, "there is no such address")
    return address

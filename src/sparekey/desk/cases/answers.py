"""What leaves the desk, made anew each time from what was sealed: nothing of it is stored (spec/support.md
section 6).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sparekey.core.case import CAMERAS, MAY_DEFAULT, EnterInLog, Issued
from sparekey.core.codes import Code
from sparekey.core.errors import MisuseError, UnavailableError
from sparekey.core.evidence import Remedy
from sparekey.core.messages.armour import FileKind, wrap
from sparekey.core.messages.batch import make_batch
from sparekey.core.messages.request import read_request
from sparekey.core.messages.response import Answer, make_response
from sparekey.core.messages.support import SupportBody
from sparekey.core.methods.security_code import code_of_day
from sparekey.core.tlog.leaf import Issued as IssuedLeaf
from sparekey.core.tlog.leaf import LeafAction, dated_request_hash
from sparekey.core.values import MethodName
from sparekey.desk.cases.typed import DAY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sparekey.core.messages.enrol import EnrolBody
    from sparekey.desk.cases.asking import Kept
    from sparekey.desk.cases.opening import Opener
    from sparekey.desk.keyring import Keyring
    from sparekey.desk.log.ports import RecoveryLog
    from sparekey.desk.registry.ports import Registry

DAYS_MOST = 7
"""Dates for which codes are given at once, at most."""
LOG_ID_NONE = bytes(16)
"""Stands in the log for a device that never enrolled: it has no id there."""

_METHODS = {
    Remedy.SECURITY_CODE: MethodName.SECURITY_CODE,
    Remedy.RESPONSE_KEY: MethodName.RESPONSE_KEY,
    Remedy.RESPONSE_FILE: MethodName.RESPONSE_FILE,
    Remedy.ERASE_FILE: MethodName.TECHNICIAN,
}


@dataclass(frozen=True)
class DatedCode:
    """The code of one date. `day`: days since 1970 by the device's calendar. `likely`: it is that day there now."""

    day: int
    likely: bool
    code: Code = field(repr=False)


class Answers:
    """Makes answers of issued cases. `desk`: our id. Asked again, it makes the same again."""

    def __init__(
        self, *, desk: bytes, keyring: Keyring, registry: Registry, log: RecoveryLog, opener: Opener
    ) -> None:
        self._desk = desk
        self._keyring = keyring
        self._registry = registry
        self._log = log
        self._opener = opener

    def enter(self, kept: Kept, order: EnterInLog, at: int) -> int:
        """Enter the issue in the log, once for all. Returns its index. Raises UnavailableError."""
        return self._log.enter(f"case {order.number} {order.remedy.value}", self._leaf(kept, order, at))

    def codes(self, kept: Kept, now: int) -> tuple[DatedCode, ...]:
        """The security codes of the dates around the one that the caller read, up to the day after the
        device's today.
        """
        issued = _issued(kept, now, Remedy.SECURITY_CODE)
        asked = kept.dossier.asked
        spoken = asked.spoken(issued.file.serial)
        if spoken is None:
            raise MisuseError("case-answer", "a sealed request has no security code")
        key = self._enrolled(issued.file.serial).key
        today = asked.day + (now - kept.opened) // DAY
        first = max(asked.day - 1, today + 2 - DAYS_MOST, 0)
        return tuple(
            DatedCode(day, day == today, code_of_day(key, spoken, day)) for day in range(first, today + 2)
        )

    def key(self, kept: Kept, now: int) -> Code | None:
        """The response key, or None when the device's profile put none into its request."""
        _issued(kept, now, Remedy.RESPONSE_KEY)
        body = self._opener.body(read_request(kept.dossier.asked.request))
        return body.key_secret if isinstance(body, SupportBody) else None

    def file(self, kept: Kept, now: int) -> bytes:
        """The signed response with its proof. Raises UnavailableError while witnesses are missing.

        For an erase the caller has asked the order first whether the device is here.
        """
        issued = _issued(kept, now, Remedy.RESPONSE_FILE, Remedy.ERASE_FILE)
        proposal, request = issued.proposal, read_request(kept.dossier.asked.request)
        erase = proposal.remedy is Remedy.ERASE_FILE
        answer = Answer(
            desk=self._desk,
            request=request.hash,
            serial=issued.file.serial,
            action=LeafAction.ERASE if erase else LeafAction.NEW_PASSWORD,
            issued=issued.at,
            expires=proposal.expires,
            policy=proposal.policy,
            approvers=tuple(sorted(approval.key for approval in issued.approvals)),
            cameras=not erase and bool(proposal.options & CAMERAS),
        )
        body = self._opener.body(request)
        proof = self._log.proof(kept.log_index or 0, request.header.seen)
        return make_response(answer, body.file_secret, self._keyring.sign, proof)

    def _leaf(self, kept: Kept, order: EnterInLog, at: int) -> IssuedLeaf:
        state = kept.state
        options = state.proposal.options if isinstance(state, Issued) else 0
        spoken = kept.dossier.asked.spoken(kept.serial)
        enrolled = self._registry.opened(kept.serial)
        if enrolled is None and order.remedy is not Remedy.RESPONSE_KEY:
            raise UnavailableError("not-enrolled", "the device is not in the registry any more")
        request = order.request
        if spoken is not None and enrolled is not None:
            request = dated_request_hash(enrolled.key, spoken.number)
        action = LeafAction.NEW_PASSWORD
        if order.remedy is Remedy.ERASE_FILE:
            action = LeafAction.ERASE
        elif order.remedy is Remedy.SECURITY_CODE and options & MAY_DEFAULT:
            action = LeafAction.NEW_PASSWORD_OR_DEFAULT
        log_id = enrolled.log_id if enrolled is not None else LOG_ID_NONE
        return IssuedLeaf(at, order.policy, _METHODS[order.remedy], action, request, log_id, order.keys)

    def _enrolled(self, serial: str) -> EnrolBody:
        body = self._registry.opened(serial)
        if body is None:
            raise UnavailableError("not-enrolled", "the device is not in the registry any more")
        return body


def one_file(serial: str, response: bytes) -> str:
    """The answer for one device, as a file."""
    return wrap(FileKind.RESPONSE, response, {"Device": serial})


def many_files(responses: Sequence[bytes]) -> str:
    """The answers for many devices, as one file."""
    return wrap(FileKind.RESPONSES, make_batch(responses), {"Devices": str(len(responses))})


def _issued(kept: Kept, now: int, *remedies: Remedy) -> Issued:
    """Raises MisuseError for a case that has no such answer, UnavailableError before the log has it."""
    state = kept.state
    if not isinstance(state, Issued) or state.proposal.remedy not in remedies:
        raise MisuseError("case-answer", "this case has no such answer")
    if now >= state.proposal.expires:
        raise MisuseError("case-answer", "the time of this answer is over")
    if kept.log_index is None:
        raise UnavailableError("log", "the recovery log has not taken this yet; try again in a minute")
    return state

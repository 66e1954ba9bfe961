"""Asking people at the desk for help, and fetching their answer, for a program (spec/desklink.md section 4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sparekey.core.errors import InputError, UnavailableError
from sparekey.core.messages.link_answer import LINK_MOST, LinkAnswer, read_answers
from sparekey.core.messages.link_case import CaseCall, CaseTold, pickup_hash, read_case_told
from sparekey.desklink.exchange import Asked

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sparekey.desklink.exchange import Exchange

CASES = "/link/cases"
PICKUP = "Sparekey-Pickup"
"""The header with the secret, in hexadecimal digits."""


def send(
    exchange: Exchange, requests: Sequence[bytes], pickup: bytes, locale: str, address: str = ""
) -> list[LinkAnswer]:
    """Open a case for each request; the `data` of an answer that was taken is the case number's eight characters.

    `pickup`: 32 random bytes that the caller has stored before: sent again with the same ones, the same requests are
    the same cases. `address`: who is told, or empty. Raises UnavailableError, InputError as `DeskLink`.
    """
    answers: list[LinkAnswer] = []
    for start in range(0, len(requests), LINK_MOST):
        part = tuple(requests[start : start + LINK_MOST])
        call = CaseCall(pickup_hash(pickup), locale, part, address)
        answered = exchange.ask(Asked(CASES, call.encoded))
        if answered.status != 200:
            raise _unfit(answered.status)
        try:
            answers += read_answers(answered.body, len(part))
        except InputError:
            raise _unfit(200) from None
    return answers


def fetch(exchange: Exchange, number: str, pickup: bytes) -> CaseTold | None:
    """How a case stands, with its answer once there is one; None when the desk knows no such case, or it was
    opened with another secret. Raises UnavailableError, InputError as `DeskLink`.
    """
    answered = exchange.ask(Asked(f"{CASES}/{number}", headers=((PICKUP, pickup.hex()),)))
    if answered.status == 404:
        return None
    if answered.status != 200:
        raise _unfit(answered.status)
    try:
        return read_case_told(answered.body)
    except InputError:
        raise _unfit(200) from None


def _unfit(status: int) -> UnavailableError:
    if status in (429, 503):
        return UnavailableError("desk-busy", "the desk has no time now; try again later")
    return UnavailableError("desk-answer", f"the desk did not answer as a desk does (HTTP {status})")

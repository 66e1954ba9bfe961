"""After a recovery: what has to be done again, and where the recovery stands in public."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sparekey.core.values import MethodName
from sparekey.language.catalogue import N_

if TYPE_CHECKING:
    from starlette.requests import Request

    from sparekey.core.record import Recovery
    from sparekey.device.pages.door import Door

_GROUP = 8
"""Characters of a hash that stand together."""
_PROVED = {MethodName.RESPONSE_FILE, MethodName.TECHNICIAN}
"""What the device takes only with its place in the log."""


@dataclass(frozen=True)
class Line:
    """One thing to know or to do, in the reader's language. `href`, `label`: where it is done, or ""."""

    text: str
    href: str = ""
    label: str = ""


@dataclass(frozen=True)
class Logged:
    """Where a recovery stands in the public log. `log`: its address. `hash`: what to type there.
    `proved`: the device has seen it there itself.
    """

    log: str
    hash: str
    proved: bool


def logged(door: Door, recovered: Recovery) -> Logged | None:
    """How to find a recovery in the log; None for one that the desk had no part in, or without a log."""
    logs = door.agent.trust.logs
    if not recovered.request or not logs:
        return None
    text = recovered.request.hex().upper()
    grouped = " ".join(text[start : start + _GROUP] for start in range(0, len(text), _GROUP))
    scheme, _, _ = door.agent.trust.prefix.lower().partition("://")
    return Logged(f"{scheme}://{logs[0].name}", grouped, recovered.method in _PROVED)


def own_lines(door: Door, request: Request) -> list[Line]:
    """What every recovery brings with it."""
    _ = door.pages.words(request).text
    lines = [
        Line(_(_STAYS)),
        Line(_(_PHONES), "/phones", _(N_("Add a phone"))),
        Line(_(_WAYS), "/ways", _(N_("Make new ones"))),
    ]
    if any(account.suspended for account in door.agent.record.accounts):
        lines.append(Line(_(_USERS), "/users", _(N_("Look at them"))))
    return lines


_STAYS = N_("Recordings and settings are as they were.")
_PHONES = N_("Phones must be added again, once you have signed in.")
_WAYS = N_("The old security questions, key file and recovery sheet no longer work.")
_USERS = N_("Other users cannot sign in until you have looked at them.")

"""The last recovery, told to everybody who signs in, until nobody can have missed it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sparekey.core.values import MethodName, mask
from sparekey.device.pages.afterwards import Logged, logged
from sparekey.language.catalogue import N_

if TYPE_CHECKING:
    from starlette.requests import Request

    from sparekey.device.pages.door import Door

LASTS = 7 * 24 * 3600
"""Seconds of the device's age for which it stands on top of the page."""

_WITH = {
    MethodName.QUESTIONS: N_("The password was recovered with the security questions."),
    MethodName.KEY_FILE: N_("The password was recovered with the key file."),
    MethodName.RECOVERY_SHEET: N_("The password was recovered with the recovery sheet."),
    MethodName.MAIL_CODE: N_("The password was recovered with a code by e-mail."),
    MethodName.SECURITY_CODE: N_("The password was recovered with a code from support."),
    MethodName.RESPONSE_FILE: N_("The password was recovered with a file from support."),
    MethodName.RESPONSE_KEY: N_("The password was recovered with a key from support."),
    MethodName.RESET_BUTTON: N_("The password was recovered with the reset button."),
    MethodName.TECHNICIAN: N_("The password was recovered by a technician."),
}


@dataclass(frozen=True)
class Banner:
    """What `device/banner.html` shows. `by_mail`: with a mailed code. `address`: masked, or empty. `reference`: of the
    request, or empty for a way that needed none. `logged`: where the public log has it.
    """

    title: str
    when: str
    by_mail: bool
    address: str
    reference: str
    logged: Logged | None


def banner(door: Door, request: Request) -> Banner | None:
    """What to tell now."""
    record = door.agent.record
    recovered, reserved = record.recovered, record.reserved
    if recovered is None or door.agent.age() - recovered.age >= LASTS:
        return None
    return Banner(
        door.pages.words(request).text(_WITH[recovered.method]),
        door.when(request, recovered.wall, recovered.age),
        recovered.method is MethodName.MAIL_CODE,
        mask(reserved.address) if reserved else "",
        recovered.request.hex()[:8].upper(),
        logged(door, recovered),
    )

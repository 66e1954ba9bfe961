"""Signed in: what this device is, what happened on it, and a word about the last recovery."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sparekey.core.values import MethodName, Role, mask
from sparekey.device.pages.audit import line
from sparekey.device.pages.inside import Inside
from sparekey.language.catalogue import N_

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute

    from sparekey.core.record import Account
    from sparekey.device.pages.door import Door

LINES = 10
"""Lines of the audit that are shown."""
BANNER_LASTS = 7 * 24 * 3600
"""Seconds of the device's age for which a recovery stands on top of the page."""

_RECOVERED = {
    MethodName.QUESTIONS: N_("The password was recovered with security questions."),
    MethodName.KEY_FILE: N_("The password was recovered with the key file."),
    MethodName.RECOVERY_SHEET: N_("The password was recovered with the recovery sheet."),
    MethodName.MAIL_CODE: N_("The password was recovered with a code by e-mail."),
    MethodName.SECURITY_CODE: N_("The password was recovered with a code from support."),
    MethodName.RESPONSE_FILE: N_("The password was recovered with a file from support."),
    MethodName.RESPONSE_KEY: N_("The password was recovered with a key from support."),
    MethodName.TECHNICIAN: N_("The password was recovered by a technician."),
}


def routes(door: Door) -> list[BaseRoute]:
    """The pages of this group."""
    inside = Inside(door)
    agent, ownership = door.agent, inside.ownership

    def home(request: Request, account: Account) -> Response:
        record = agent.record
        recovered = record.recovered
        return door.pages.page(
            request,
            "device/home.html",
            account=account.name,
            admin=account.role is Role.ADMIN,
            owner=ownership.is_owner(account),
            ways=len(ownership.prepared),
            wanted=ownership.wanted,
            facts=_facts(door, request),
            lines=[line(door, request, entry) for entry in agent.audit.last(LINES)],
            recovered=_recovered(door, request),
            recovered_with=door.pages.words(request).text(_RECOVERED[recovered.method]) if recovered else "",
            by_mail=recovered is not None and recovered.method is MethodName.MAIL_CODE,
            reference=recovered.request.hex()[:8].upper() if recovered else "",
            address=mask(record.reserved.address) if record.reserved else "",
        )

    return [inside.get("/home", home)]


def _facts(door: Door, request: Request) -> list[tuple[str, str]]:
    words = door.pages.words(request)
    agent = door.agent
    identity, reserved = agent.config.identity, agent.record.reserved
    return [
        (words.text("Name"), agent.config.settings.name),
        (words.text("Model"), identity.model),
        (words.text("Serial number"), identity.serial),
        (words.text("Firmware"), identity.firmware),
        (words.text("Support desk"), agent.trust.name),
        (words.text("E-mail for codes"), mask(reserved.address) if reserved else words.text("none was set")),
    ]


def _recovered(door: Door, request: Request) -> str:
    """When the password was recovered, for as long as everybody must be told; "" otherwise."""
    recovered = door.agent.record.recovered
    if recovered is None or door.agent.age() - recovered.age >= BANNER_LASTS:
        return ""
    return door.when(request, recovered.wall, recovered.age)

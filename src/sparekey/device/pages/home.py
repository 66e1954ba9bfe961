"""Signed in: what this device is, what happened on it, and a word about the last recovery."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sparekey.core.effects import Happened
from sparekey.core.values import Face, mask
from sparekey.device.pages.door import go
from sparekey.language.catalogue import N_

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute

    from sparekey.core.effects import WriteAudit
    from sparekey.device.pages.door import Door

LINES = 10
"""Lines of the audit that are shown."""
BANNER_LASTS = 7 * 24 * 3600
"""Seconds of the device's age for which a recovery stands on top of the page."""

_HAPPENED = {
    Happened.ACTIVATED: N_("The first password was set"),
    Happened.SIGNED_IN: N_("%(account)s signed in"),
    Happened.RECOVERY_OPENED: N_("A way back in was asked for: code by e-mail"),
    Happened.RECOVERY_CANCELLED: N_("A request for a way back in was closed"),
    Happened.PROOF_WRONG: N_("A wrong code was typed"),
    Happened.PROOF_RIGHT: N_("The right code was typed"),
    Happened.TRIES_STOPPED: N_("Typed codes were switched off after too many wrong ones"),
    Happened.PASSWORD_RECOVERED: N_("The password was recovered and a new one set"),
    Happened.ADDRESS_CHANGED: N_("The e-mail address for codes was changed"),
}
_PLACES = {Face.SCREEN: N_("at the recorder's screen"), Face.NETWORK: N_("over the network")}


def routes(door: Door) -> list[BaseRoute]:
    """The pages of this group."""
    agent = door.agent

    def home(request: Request) -> Response:
        account = door.account(request)
        if account is None:
            return go("/login")
        record = agent.record
        return door.pages.page(
            request,
            "device/home.html",
            account=account,
            facts=_facts(door, request),
            lines=[_line(door, request, entry) for entry in agent.audit.last(LINES)],
            recovered=_recovered(door, request),
            reference=record.recovered.request.hex()[:8].upper() if record.recovered else "",
            address=mask(record.reserved.address) if record.reserved else "",
        )

    return [door.get("/home", home)]


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


def _line(door: Door, request: Request, entry: WriteAudit) -> tuple[str, str]:
    words = door.pages.words(request)
    what = words.text(_HAPPENED[entry.what])
    if entry.what is Happened.SIGNED_IN:
        what = what % {"account": entry.account}
    return door.when(request, entry.wall, entry.age), f"{what}, {words.text(_PLACES[entry.face])}"


def _recovered(door: Door, request: Request) -> str:
    """When the password was recovered, for as long as everybody must be told; "" otherwise."""
    recovered = door.agent.record.recovered
    if recovered is None or door.agent.age() - recovered.age >= BANNER_LASTS:
        return ""
    return door.when(request, recovered.wall, recovered.age)

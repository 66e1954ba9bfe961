"""Signed in: what this device is, what happened on it, and a word about the last recovery."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sparekey.core.values import Role, mask
from sparekey.device.pages.audit import line
from sparekey.device.pages.banner import banner
from sparekey.device.pages.inside import Inside
from sparekey.device.registration import Registered

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute

    from sparekey.core.record import Account
    from sparekey.device.pages.door import Door

LINES = 10
"""Lines of the audit that are shown."""


def routes(door: Door) -> list[BaseRoute]:
    """The pages of this group."""
    inside = Inside(door)
    agent, ownership = door.agent, inside.ownership

    def home(request: Request, account: Account) -> Response:
        return door.pages.page(
            request,
            "device/home.html",
            account=account.name,
            admin=account.role is Role.ADMIN,
            owner=ownership.is_owner(account),
            recorder=door.cameras is not None,
            ways=len(ownership.prepared),
            wanted=ownership.wanted,
            open=len(door.recovering.closable(None, door.face(request), signed_in=True)),
            unregistered=agent.registration.standing in (Registered.OUTSTANDING, Registered.WAITS),
            facts=_facts(door, request),
            lines=[line(door, request, entry) for entry in agent.audit.last(LINES)],
            banner=banner(door, request),
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

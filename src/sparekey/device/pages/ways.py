"""Forgot the password: every way back in, in order of least loss, and the legal notice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sparekey.core.values import MethodName, mask
from sparekey.device.pages.claim import claim_of
from sparekey.device.pages.door import go

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute

    from sparekey.device.pages.door import Door


def routes(door: Door) -> list[BaseRoute]:
    """The pages of this group."""
    agent = door.agent
    policy = agent.config.policy

    def ways(request: Request) -> Response:
        if not agent.is_set_up:
            return go("/")
        words = door.pages.words(request)
        reserved = agent.record.reserved
        left, _ = agent.tries(door.face(request))
        why = ""
        if agent.greyed(MethodName.MAIL_CODE, door.face(request)):
            why = words.text("No e-mail address was set on this recorder.")
        elif not left:
            why = words.text("Too many wrong codes were typed here. Use the recorder's own screen.")
        return door.pages.page(
            request,
            "device/ways.html",
            title=words.text(policy.words.forgot),
            name=words.text(policy.words.mail_code),
            why=why,
            is_open=agent.request_of(claim_of(door, request).hash) is not None,
            notice=policy.mail_code.legal_notice,
            address=mask(reserved.address) if reserved else "",
            desk=agent.trust.name,
            serial=agent.config.identity.serial,
        )

    def notice(request: Request) -> Response:
        if agent.request_of(claim_of(door, request).hash) is not None:
            return go("/forgot/mail")
        if not policy.mail_code.legal_notice or agent.greyed(MethodName.MAIL_CODE, door.face(request)):
            return go("/forgot")
        return door.pages.page(request, "device/notice.html", desk=agent.trust.name)

    return [door.get("/forgot", ways), door.get("/forgot/notice", notice)]

"""The mailed code, first half: open a request, show its square, save it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sparekey.core.errors import Refusal
from sparekey.core.messages.armour import FileKind, wrap
from sparekey.core.messages.link import link
from sparekey.core.messages.request import read_request
from sparekey.core.values import mask
from sparekey.device.pages.claim import begin, claim_of, give_claim, gone
from sparekey.device.pages.door import go
from sparekey.web import qr
from sparekey.web.lean import Response

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.routing import BaseRoute

    from sparekey.core.messages.request import Request as Asked
    from sparekey.core.record import Ask
    from sparekey.device.pages.door import Door
    from sparekey.web.forms import Form


def routes(door: Door) -> list[BaseRoute]:
    """The pages of this group."""
    agent, recovering = door.agent, door.recovering
    policy = agent.config.policy

    def opened(request: Request) -> Ask | None:
        return recovering.request_of(claim_of(door, request).hash)

    def start(request: Request, form: Form) -> Response:
        token, claim = begin(door, request)
        agreed = form.checked("agreed") or not policy.mail_code.legal_notice
        if recovering.request_of(claim) is None and not agreed:
            return go("/forgot/notice")
        locale = door.pages.words(request).code
        answer = recovering.open_mail_code(claim, face=door.face(request), locale=locale)
        if isinstance(answer, Refusal):
            return door.refused(request, answer)
        response = go("/forgot/mail")
        give_claim(door, request, response, token)
        return response

    def show(request: Request) -> Response:
        kept = opened(request)
        if kept is None:
            return gone(door, request)
        text = link(agent.trust.prefix, read_request(kept.sealed))
        words = door.pages.words(request)
        reserved = agent.record.reserved
        return door.pages.page(
            request,
            "device/mail.html",
            square=qr.svg(text, words.text("The square to scan")),
            link=text,
            address=mask(reserved.address) if reserved else "",
            until=until(door, request, kept),
            reboot_voids=policy.mail_code.reboot_voids,
        )

    def picture(request: Request) -> Response:
        kept = opened(request)
        if kept is None:
            return gone(door, request)
        text = link(agent.trust.prefix, read_request(kept.sealed))
        return Response(qr.png(text), media_type="image/png")

    def save(request: Request) -> Response:
        kept = opened(request)
        if kept is None:
            return gone(door, request)
        return saved(door, kept, read_request(kept.sealed), "open this address on any computer or phone")

    def save_on_stick(request: Request, _form: Form) -> Response:
        file = save(request)
        return door.to_stick(request, file, "/forgot/mail") if "content-disposition" in file.headers else file

    return [
        door.get("/forgot/mail", show),
        door.post("/forgot/mail", "mail", start),
        door.get("/forgot/qr.png", picture),
        door.get("/forgot/request", save),
        door.post("/forgot/request", "to-usb", save_on_stick),
    ]


def saved(door: Door, kept: Ask, read: Asked, do: str) -> Response:
    """A request as a file to carry away. `do`: what its reader does with it, in English as the whole head."""
    agent, identity = door.agent, read.header.identity
    told = {
        "Device": f"{identity.model}, serial number {identity.serial}",
        "Request": kept.number,
        "For": agent.trust.name,
        "What to do": do,
        "Address": link(agent.trust.prefix, read),
    }
    name = f"{kept.number}{FileKind.REQUEST.extension}"
    return Response(
        wrap(FileKind.REQUEST, read.encoded, told),
        media_type="application/octet-stream",
        headers={"content-disposition": f'attachment; filename="{name}"'},
    )


def until(door: Door, request: Request, kept: Ask) -> str:
    """How long a request is open, in words."""
    agent, ask = door.agent, kept
    remaining = ask.remaining(agent.record.age, agent.now().moment)
    ends = None if ask.opened_wall is None else ask.opened_wall + ask.valid
    return door.until(request, remaining, ends)

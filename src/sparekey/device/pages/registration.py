"""Registration at the desk: how it stands, and how to carry it by phone or file where there is no Internet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import Response

from sparekey.core.errors import InputError
from sparekey.core.messages.armour import FileKind, wrap
from sparekey.core.messages.enrol_reply import ReplyFile
from sparekey.core.messages.link import link
from sparekey.core.messages.request import read_request
from sparekey.core.messages.text import read_any
from sparekey.core.values import mask
from sparekey.device.pages.door import go
from sparekey.device.pages.inside import Inside, Who
from sparekey.device.registration import Registered
from sparekey.web import qr

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.routing import BaseRoute

    from sparekey.core.messages.request import Request as Sealed
    from sparekey.core.record import Account
    from sparekey.device.pages.door import Door
    from sparekey.web.forms import Form


def routes(door: Door) -> list[BaseRoute]:
    """The pages of this group."""
    inside = Inside(door)
    agent = door.agent
    registration = agent.registration

    def show(request: Request, _account: Account) -> Response:
        return page(request)

    def page(request: Request) -> Response:
        standing, sealed = registration.standing, None
        if standing in (Registered.OUTSTANDING, Registered.WAITS):
            sealed = registration.request()
        text = "" if sealed is None else link(agent.trust.prefix, sealed)
        words = door.pages.words(request)
        told = [mask(address) for address in agent.record.listening(agent.age())]
        return door.pages.page(
            request,
            "device/registration.html",
            desk=agent.trust.name,
            standing=registration.standing.value,
            told=told,
            square=qr.svg(text, words.text("The square to scan")) if text else "",
            link=text,
            online=agent.config.settings.desk_online,
            notices=len(agent.notices.waiting()),
        )

    def ask(request: Request, _account: Account) -> Response:
        return answer_page(request)

    def answer_page(request: Request, status: int = 200, error: str = "") -> Response:
        return door.pages.page(request, "device/registration-answer.html", status=status, error=error)

    def save(_request: Request, _account: Account) -> Response:
        sealed = registration.request()
        if sealed is None:
            return go("/registration")
        return _file(
            door, sealed, "open the address below on any phone or computer, or send this file to support"
        )

    def take(request: Request, form: Form, _account: Account) -> Response:
        words = door.pages.words(request)
        upload = form.file("file")
        try:
            found = read_any(upload.data if upload else form.text("text"))
        except InputError:
            found = None
        if not isinstance(found, ReplyFile):
            told = words.text(
                "This is not the answer from support. Look for the file that ends in .sparekey-response."
            )
            return answer_page(request, 422, told)
        if registration.take(found) is not None:
            told = words.text(
                "This answer belongs to another square or another device. Scan the square once more."
            )
            return answer_page(request, 422, told)
        return go("/registration")

    # Notices that wait

    def show_notice(request: Request, _account: Account) -> Response:
        waiting = agent.notices.waiting()
        if not waiting:
            return go("/registration")
        number, data = waiting[0]
        text = link(agent.trust.prefix, read_request(data))
        words = door.pages.words(request)
        return door.pages.page(
            request,
            "device/registration-notice.html",
            square=qr.svg(text, words.text("The square to scan")),
            link=text,
            number=number,
            left=len(waiting),
        )

    def carried(_request: Request, form: Form, _account: Account) -> Response:
        number = form.text("number")
        if number.isascii() and number.isdecimal() and len(number) < 16:
            agent.notices.forget([int(number)])
        return go("/registration/notice")

    return [
        inside.get("/registration", show, Who.ADMIN),
        inside.get("/registration/file", save, Who.ADMIN),
        inside.get("/registration/answer", ask, Who.ADMIN),
        inside.post("/registration/answer", "registration", take, Who.ADMIN),
        inside.post("/registration/answer/text", "registration", take, Who.ADMIN),
        inside.get("/registration/notice", show_notice, Who.ADMIN),
        inside.post("/registration/notice", "registration-notice", carried, Who.ADMIN),
    ]


def _file(door: Door, sealed: Sealed, do: str) -> Response:
    identity = sealed.header.identity
    told = {
        "Device": f"{identity.model}, serial number {identity.serial}",
        "For": door.agent.trust.name,
        "What to do": do,
        "Address": link(door.agent.trust.prefix, sealed),
    }
    name = f'attachment; filename="{sealed.header.number}{FileKind.REQUEST.extension}"'
    return Response(
        wrap(FileKind.REQUEST, sealed.encoded, told),
        media_type="application/octet-stream",
        headers={"content-disposition": name},
    )

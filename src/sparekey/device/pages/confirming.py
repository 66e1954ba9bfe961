"""Show that you read the reserved mailbox: have a code mailed there, and type it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sparekey.core.codes import read_code
from sparekey.core.device.registering import CONFIRM_TRIES
from sparekey.core.errors import InputError, Refusal
from sparekey.core.messages.link import link
from sparekey.core.messages.request import read_request
from sparekey.core.values import mask
from sparekey.device.pages.code import SLIPS
from sparekey.device.pages.door import go
from sparekey.device.pages.inside import Inside, Who
from sparekey.language.catalogue import N_
from sparekey.web import qr

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute

    from sparekey.core.record import Account
    from sparekey.device.pages.door import Door
    from sparekey.web.forms import Form

_WRONG = {
    Refusal.WRONG_CODE: N_("That is not the code. Compare it with the mail, character by character."),
    Refusal.TOO_MANY_TRIES: N_("Too many wrong codes. Wait a minute, then have a new one sent."),
    Refusal.EXPIRED: N_("The time for this code is over. Have a new one sent."),
    Refusal.NO_SUCH_REQUEST: N_("There is no code on its way. Have one sent first."),
}


def routes(door: Door) -> list[BaseRoute]:
    """The pages of this group."""
    inside = Inside(door)
    agent = door.agent
    registration = agent.registration

    def show(request: Request, _account: Account) -> Response:
        return page(request)

    def page(request: Request, status: int = 200, error: str = "") -> Response:
        reserved, held = agent.record.reserved, registration.confirming
        if reserved is None:
            return go("/home")
        words = door.pages.words(request)
        text = "" if held is None else link(agent.trust.prefix, read_request(held.sealed))
        return door.pages.page(
            request,
            "device/confirming.html",
            status=status,
            address=mask(reserved.address),
            confirmed=reserved.confirmed,
            open=held is not None,
            square=qr.svg(text, words.text("The square to scan")) if text else "",
            link=text,
            online=agent.config.settings.desk_online,
            error=error,
        )

    def send(request: Request, _form: Form, account: Account) -> Response:
        held = registration.confirming
        if held is not None and held.tries < CONFIRM_TRIES:
            agent.send_again()
            return go("/address/confirm")
        refusal = registration.ask_confirming(account.name, door.pages.words(request).code)
        if refusal is Refusal.NOT_NOW:
            told = door.pages.words(request).text("A code was sent a moment ago. Wait a minute.")
            return page(request, 429, told)
        return door.refused(request, refusal) if refusal else go("/address/confirm")

    def typed(request: Request, form: Form, account: Account) -> Response:
        words = door.pages.words(request)
        try:
            code = read_code(form.text("code"))
        except InputError as error:
            return page(request, 422, words.text(SLIPS.get(error.slug, SLIPS["code-check"])))
        refusal = registration.confirm(account.name, code, door.face(request))
        if refusal is None:
            return go("/address/confirm")
        if refusal in _WRONG:
            return page(request, 422, words.text(_WRONG[refusal]))
        return door.refused(request, refusal)

    return [
        inside.get("/address/confirm", show, Who.ADMIN, unfinished=True),
        inside.post("/address/confirm", "confirm-send", send, Who.ADMIN, unfinished=True),
        inside.post("/address/confirm/code", "confirm-code", typed, Who.ADMIN, unfinished=True),
    ]

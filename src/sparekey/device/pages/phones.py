"""Signed in: the phones that look after this device, the square that adds one, and how one is removed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sparekey.core.codes import read_code
from sparekey.core.crypto import sha256
from sparekey.core.errors import InputError, Refusal
from sparekey.core.messages.pairing import pairing_link
from sparekey.device.pages.code import SLIPS
from sparekey.device.pages.door import SESSION, go
from sparekey.device.pages.inside import Doubt, Inside, Who
from sparekey.device.phones import NAME_LIMIT, PHONES_LIMIT
from sparekey.language.catalogue import N_
from sparekey.web import cookies, qr

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute

    from sparekey.core.record import Account
    from sparekey.device.pages.door import Door
    from sparekey.web.forms import Form

_WRONG = N_("That is not the code that the phone shows for this square. Compare it once more.")
_FULL = N_("Eight phones are paired already. Remove one that nobody uses any more.")
_NAMELESS = N_("Give the phone a name, so that you know it again in the list.")


def routes(door: Door) -> list[BaseRoute]:
    """The pages of this group."""
    inside = Inside(door)
    agent, phones = door.agent, door.agent.phones

    def show(request: Request, _account: Account) -> Response:
        rows = [(phone, door.when(request, phone.wall, phone.age)) for phone in phones.all()]
        return door.pages.page(
            request,
            "device/phones.html",
            here="/phones",
            rows=rows,
            desk=agent.trust.name,
            most=PHONES_LIMIT,
        )

    def begin(request: Request, _account: Account) -> Response:
        return asked(request)

    def asked(request: Request, status: int = 200, current: str = "") -> Response:
        return door.pages.page(
            request, "device/phones-begin.html", status=status, here="/phones/add", current=current
        )

    def ask(request: Request, form: Form, account: Account) -> Response:
        confirmed = inside.confirm(request, form, account)
        if isinstance(confirmed, Doubt):
            return asked(request, confirmed.status, confirmed.told)
        phones.show(_page(request))
        return square(request)

    def square(request: Request, status: int = 200, error: str = "", name: str = "") -> Response:
        pairing = phones.shown(_page(request))
        if pairing is None:
            return door.told(request, 410, *_OVER)
        link = pairing_link(agent.trust.prefix, pairing)
        title = door.pages.words(request).text("The square to scan")
        return door.pages.page(
            request,
            "device/phones-add.html",
            status=status,
            here="/phones",
            square=qr.svg(link, title),
            link=link,
            error=error,
            name=name,
            longest=NAME_LIMIT,
        )

    def paired(request: Request, form: Form, _account: Account) -> Response:
        words, name = door.pages.words(request), " ".join(form.text("name").split())
        if not name.isprintable() or not 0 < len(name) <= NAME_LIMIT:
            return square(request, 422, words.text(_NAMELESS))
        try:
            code = read_code(form.text("code"))
        except InputError as error:
            return square(request, 422, words.text(SLIPS.get(error.slug, SLIPS["code-check"])), name)
        refusal = phones.add(_page(request), name, code)
        if refusal is Refusal.WRONG_CODE:
            return square(request, 422, words.text(_WRONG), name)
        if refusal is Refusal.TOO_MANY_REQUESTS:
            return square(request, 409, words.text(_FULL), name)
        return door.told(request, 410, *_OVER) if refusal else go("/phones")

    def ask_remove(request: Request, _account: Account) -> Response:
        return removing(request, request.path_params["phone"])

    def removing(request: Request, number: str, status: int = 200, current: str = "") -> Response:
        names = {str(phone.id): phone.name for phone in phones.all()} | {"all": ""}
        if number not in names:
            return go("/phones")
        return door.pages.page(
            request,
            "device/phones-remove.html",
            status=status,
            here=f"/phones/remove/{number}",
            phone=number,
            name=names[number],
            current=current,
        )

    def remove(request: Request, form: Form, account: Account) -> Response:
        number, confirmed = form.text("phone"), inside.confirm(request, form, account)
        if isinstance(confirmed, Doubt):
            return removing(request, number, confirmed.status, confirmed.told)
        known = number.isascii() and number.isdigit() and len(number) < 10
        gone = phones.remove(None) if number == "all" else known and phones.remove(int(number))
        return door.told(request, 200, *_REMOVED) if gone else go("/phones")

    return [
        inside.get("/phones", show, Who.OWNER),
        inside.get("/phones/add", begin, Who.OWNER),
        inside.post("/phones", "phones", ask, Who.OWNER),
        inside.post("/phones/paired", "phone-paired", paired, Who.OWNER),
        inside.get("/phones/remove/{phone}", ask_remove, Who.OWNER),
        inside.post("/phones/remove", "phone-remove", remove, Who.OWNER),
    ]


_OVER = (
    N_("The time for this square is over"),
    N_(
        "A square is good for ten minutes, for five codes, and for one phone. Nothing was added to the list here."
    ),
    "/phones",
    N_("Start again"),
)
_REMOVED = (
    N_("It is done here, and the desk has yet to hear of it"),
    N_(
        "Now add a phone that you still use: with its square the desk hears that every earlier one is over. Or"
        " remove it there under “My devices”."
    ),
    "/phones",
    N_("Add a phone"),
)


def _page(request: Request) -> bytes:
    """Whose square it is: this session's."""
    return sha256((cookies.read(request, SESSION) or "").encode())

"""Signed in: who else is, from where and for how long, and how that is ended."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sparekey.core.values import Role
from sparekey.device.pages.door import SESSION, go
from sparekey.device.pages.inside import Doubt, Inside
from sparekey.device.sessions import mark_of
from sparekey.language.catalogue import N_
from sparekey.language.moments import duration
from sparekey.web import cookies

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute

    from sparekey.core.record import Account
    from sparekey.device.pages.door import Door
    from sparekey.device.sessions import Place
    from sparekey.web.forms import Form

PATH = "/sessions"
_NONE = N_("Choose at least one.")


def routes(door: Door) -> list[BaseRoute]:
    """The pages of this group."""
    inside = Inside(door)

    def places(account: Account) -> list[Place]:
        """An administrator sees everybody's, others their own."""
        return [
            place
            for place in door.agent.places()
            if account.role is Role.ADMIN or place.account == account.name
        ]

    def show(request: Request, account: Account) -> Response:
        return page(request, account)

    def page(
        request: Request, account: Account, status: int = 200, current: str = "", told: str = ""
    ) -> Response:
        words = door.pages.words(request)
        here = mark_of(cookies.read(request, SESSION) or "")
        rows = [
            (place, place.mark == here, duration(place.since, words), duration(place.idle, words))
            for place in sorted(places(account), key=lambda place: place.mark != here)
        ]
        return door.pages.page(
            request,
            "device/sessions.html",
            status=status,
            here=PATH,
            rows=rows,
            others=[place for place, own, *_ in rows if not own],
            admin=account.role is Role.ADMIN,
            current=current,
            told=words.text(told),
        )

    def end(request: Request, form: Form, account: Account) -> Response:
        here = mark_of(cookies.read(request, SESSION) or "")
        others = {place.mark for place in places(account)} - {here}
        chosen = others if form.checked("all") else others.intersection(form.every("session"))
        if others and not chosen:
            return page(request, account, 422, told=_NONE)
        confirmed = inside.confirm(request, form, account)
        if isinstance(confirmed, Doubt):
            return page(request, account, confirmed.status, confirmed.told)
        door.agent.sessions.end(chosen)
        return go(PATH)

    return [inside.get(PATH, show), inside.post(PATH, "sessions", end)]

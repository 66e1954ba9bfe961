"""Other systems (ONVIF): users of their own for other makers' recorders, with passwords that are shown once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sparekey.core.errors import InputError
from sparekey.core.values import account_name
from sparekey.device.pages.door import go
from sparekey.device.pages.inside import Doubt, Inside, Who
from sparekey.lan.onvif.device import Level, UserRefusal
from sparekey.language.catalogue import N_

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute

    from sparekey.core.record import Account
    from sparekey.device.pages.door import Door
    from sparekey.lan.onvif.device import User
    from sparekey.web.forms import Form

LEVELS = {
    Level.ADMINISTRATOR: (N_("Administrator"), N_("may also change these users")),
    Level.OPERATOR: (N_("Operator"), N_("may watch, play back and move cameras")),
    Level.USER: (N_("Viewer"), N_("may only watch")),
}
_REFUSED = {
    UserRefusal.CLASH: N_("There is a user of this name already. Choose another one."),
    UserRefusal.TOO_MANY: N_("There is no room for one more. Remove one that nobody uses."),
    UserRefusal.LAST_ADMINISTRATOR: N_("The last administrator goes last. Remove the others first."),
}


def routes(door: Door) -> list[BaseRoute]:
    """The pages of this group, where the maker allows ONVIF at all."""
    if not door.agent.config.settings.onvif.allowed:
        return []
    inside = Inside(door)
    users = door.agent.onvif

    def show(request: Request, _account: Account) -> Response:
        words = door.pages.words(request)
        rows = [(user.name, words.text(LEVELS[user.level][0])) for user in users.all()]
        return door.pages.page(request, "device/systems.html", rows=rows)

    def ask_add(request: Request, _account: Account) -> Response:
        return add_page(request)

    def add(request: Request, form: Form, account: Account) -> Response:
        words = door.pages.words(request)
        name = form.text("name")
        level = next((level for level in Level if level.value == form.text("role")), None)
        try:
            account_name(name)
        except InputError:
            told = "A user name has 1 to 32 letters without accents, digits, or . _ - and no spaces."
            return add_page(request, 422, name, level, words.text(told))
        if level is None:
            return add_page(request, 422, name, level, choice=words.text("Choose what this user may do."))
        confirmed = inside.confirm(request, form, account)
        if isinstance(confirmed, Doubt):
            return add_page(request, confirmed.status, name, level, current=confirmed.told)
        made = users.generate(name, level, door.face(request))
        if isinstance(made, UserRefusal):
            return add_page(request, 409, name, level, words.text(_REFUSED[made]))
        return made_page(request, made)

    def made_page(request: Request, user: User) -> Response:
        level = door.pages.words(request).text(LEVELS[user.level][0])
        return door.pages.page(
            request, "device/systems-made.html", name=user.name, password=user.password, level=level
        )

    def add_page(
        request: Request,
        status: int = 200,
        name: str = "",
        level: Level | None = Level.USER,
        fault: str = "",
        choice: str = "",
        current: str = "",
    ) -> Response:
        _ = door.pages.words(request).text
        levels = LEVELS if users.any() else {Level.ADMINISTRATOR: LEVELS[Level.ADMINISTRATOR]}
        return door.pages.page(
            request,
            "device/systems-add.html",
            status=status,
            name=name,
            role=(level if level in levels else Level.ADMINISTRATOR).value,
            roles=[(level.value, _(told), _(may)) for level, (told, may) in levels.items()],
            fault=fault,
            choice_fault=choice,
            current=current,
        )

    def meant(request: Request) -> str | None:
        name = request.query_params.get("name", "")
        return name if any(user.name == name for user in users.all()) else None

    def ask_remove(request: Request, _account: Account) -> Response:
        name = meant(request)
        return go("/systems") if name is None else remove_page(request, name)

    def remove(request: Request, form: Form, account: Account) -> Response:
        name = form.exact("name")
        confirmed = inside.confirm(request, form, account)
        if isinstance(confirmed, Doubt):
            return remove_page(request, name, confirmed.status, current=confirmed.told)
        refusal = users.remove(name, door.face(request))
        if refusal in _REFUSED:
            return remove_page(request, name, 409, door.pages.words(request).text(_REFUSED[refusal]))
        return go("/systems")

    def remove_page(
        request: Request, name: str, status: int = 200, fault: str = "", current: str = ""
    ) -> Response:
        return door.pages.page(
            request, "device/systems-remove.html", status=status, name=name, fault=fault, current=current
        )

    return [
        inside.get("/systems", show, Who.ADMIN),
        inside.get("/systems/add", ask_add, Who.ADMIN),
        inside.post("/systems/add", "systems-add", add, Who.ADMIN),
        inside.get("/systems/remove", ask_remove, Who.ADMIN),
        inside.post("/systems/remove", "systems-remove", remove, Who.ADMIN),
    ]

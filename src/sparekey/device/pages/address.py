"""The reserved e-mail address: where the code goes when the password is forgotten."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sparekey.core.errors import InputError
from sparekey.core.values import mail_address
from sparekey.device.pages.door import go
from sparekey.device.pages.inside import Doubt, Inside, Who
from sparekey.device.pages.ways_back import address_told

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute

    from sparekey.core.record import Account
    from sparekey.device.pages.door import Door
    from sparekey.web.forms import Form


def routes(door: Door) -> list[BaseRoute]:
    """The pages of this group."""
    inside = Inside(door)
    agent, ownership = door.agent, inside.ownership

    def show(request: Request, account: Account) -> Response:
        if request.path_params["name"] != account.name:
            return go("/users")
        reserved = agent.record.reserved
        return form_page(request, account, reserved.address if reserved else "")

    def change(request: Request, form: Form, account: Account) -> Response:
        if request.path_params["name"] != account.name:
            return go("/users")
        words, typed = door.pages.words(request), form.text("address")
        address: str | None = None
        if typed:
            try:
                address = mail_address(typed)
            except InputError:
                told = words.text("This does not look like an e-mail address. An example: jane@example.com")
                return form_page(request, account, typed, 422, told)
        elif ownership.needs_address:
            told = words.text("Type an e-mail address: this [recorder|camera] is not ready without one.")
            return form_page(request, account, typed, 422, told)
        confirmed = inside.confirm(request, form, account)
        if isinstance(confirmed, Doubt):
            return form_page(request, account, typed, confirmed.status, current=confirmed.told)
        refusal = ownership.change_address(confirmed, address)
        if refusal is not None:
            return door.refused(request, refusal)
        return go("/ways" if ownership.missing else f"/users/{account.name}")

    def form_page(
        request: Request,
        account: Account,
        address: str,
        status: int = 200,
        fault: str = "",
        current: str = "",
    ) -> Response:
        return door.pages.page(
            request,
            "device/address.html",
            status=status,
            name=account.name,
            address=address,
            now=address_told(door, request, whole=True),
            confirmed=agent.record.reserved is not None and agent.record.reserved.confirmed,
            required=ownership.needs_address,
            fault=fault,
            current=current,
        )

    return [
        inside.get("/users/{name}/address", show, Who.OWNER, unfinished=True),
        inside.post("/users/{name}/address", "address", change, Who.OWNER, unfinished=True),
    ]

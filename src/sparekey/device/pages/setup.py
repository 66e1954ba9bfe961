"""The first password and the reserved address: until then no other page does anything."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sparekey.core.errors import InputError
from sparekey.core.policy import AddressRule
from sparekey.core.values import mail_address
from sparekey.device.pages.door import SETUP, go
from sparekey.device.pages.password import new_password_faults
from sparekey.web import cookies

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute

    from sparekey.device.pages.door import Door
    from sparekey.web.forms import Form


@dataclass(frozen=True)
class _Faults:
    """What to say next to each field."""

    password: str = ""
    again: str = ""
    address: str = ""


def routes(door: Door) -> list[BaseRoute]:
    """The pages of this group."""
    agent = door.agent

    def closed(request: Request) -> Response | None:
        if agent.is_set_up:
            return go("/")
        refusal = agent.may_set_up(door.face(request))
        if refusal is not None:
            return door.refused(request, refusal)
        return None if agent.has_pass(cookies.read(request, SETUP)) else go("/login")

    def show(request: Request) -> Response:
        return closed(request) or _form(door, request)

    def set_up(request: Request, form: Form) -> Response:
        refusal = agent.may_set_up(door.face(request))
        if refusal is not None:
            return door.refused(request, refusal)
        elsewhere = closed(request)
        if elsewhere is not None:
            return elsewhere
        address, address_fault = _address(door, request, form)
        password, again = new_password_faults(door, request, form)
        faults = _Faults(password, again, address_fault)
        if faults != _Faults():
            return _form(door, request, 422, form.text("address"), faults)
        refusal = agent.activate(form.exact("password"), address, door.face(request))
        if refusal is not None:
            return door.refused(request, refusal)
        response = go("/setup/done")
        cookies.drop(response, request, SETUP)
        return response

    def done(request: Request) -> Response:
        if not agent.is_set_up:
            return go("/")
        return door.pages.page(request, "device/setup-done.html", account=agent.account)

    return [door.get("/setup", show), door.post("/setup", "setup", set_up), door.get("/setup/done", done)]


def _form(
    door: Door, request: Request, status: int = 200, address: str = "", faults: _Faults | None = None
) -> Response:
    policy = door.agent.config.policy
    return door.pages.page(
        request,
        "device/setup.html",
        status=status,
        account=door.agent.account,
        factory=policy.factory_login is not None,
        least=policy.password.least,
        address=address,
        required=policy.address is AddressRule.REQUIRED,
        faults=faults or _Faults(),
    )


def _address(door: Door, request: Request, form: Form) -> tuple[str | None, str]:
    """The address to reserve, or what is wrong with it."""
    words = door.pages.words(request)
    typed = form.text("address")
    required = door.agent.config.policy.address is AddressRule.REQUIRED
    if form.checked("without") and not required:
        return None, ""
    if not typed and required:
        return None, words.text("Type an e-mail address: this [recorder|camera] is not ready without one.")
    if not typed:
        return None, words.text("Type an e-mail address, or choose to go on without one.")
    try:
        return mail_address(typed), ""
    except InputError:
        return None, words.text("This does not look like an e-mail address. An example: jane@example.com")

"""Configuration: the users, and one's own password."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sparekey.core.errors import InputError, Refusal
from sparekey.core.values import Role, account_name
from sparekey.device.pages.door import SESSION, go
from sparekey.device.pages.inside import Doubt, Inside, Who
from sparekey.device.pages.ways_back import address_told
from sparekey.host.problems import of_fault
from sparekey.language.catalogue import N_
from sparekey.web import cookies

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute

    from sparekey.core.record import Account
    from sparekey.device.pages.door import Door
    from sparekey.web.forms import Form

ROLES = {
    Role.ADMIN: (N_("Administrator"), N_("may do everything")),
    Role.OPERATOR: (N_("Operator"), N_("may watch, play back and move cameras")),
    Role.VIEWER: (N_("Viewer"), N_("may only watch")),
}
_PAGES = frozenset({"add"})
"""Names that stand for pages in addresses."""


@dataclass(frozen=True)
class _Faults:
    """What to say next to each field."""

    name: str = ""
    role: str = ""
    password: str = ""
    again: str = ""
    current: str = ""


def routes(door: Door) -> list[BaseRoute]:
    """The pages of this group."""
    inside = Inside(door)
    agent, ownership = door.agent, inside.ownership

    def configuration(request: Request, account: Account) -> Response:
        admin = account.role is Role.ADMIN
        systems = agent.config.settings.onvif.allowed
        return door.pages.page(
            request,
            "device/configuration.html",
            account=account.name,
            admin=admin,
            owner=ownership.is_owner(account),
            systems=systems,
        )

    def users(request: Request, account: Account) -> Response:
        if account.role is not Role.ADMIN:
            return go(f"/users/{account.name}")
        words = door.pages.words(request)
        rows = [(kept, words.text(ROLES[kept.role][0])) for kept in agent.record.accounts]
        return door.pages.page(request, "device/users.html", rows=rows)

    def ask_add(request: Request, _account: Account) -> Response:
        return add_page(request)

    def add(request: Request, form: Form, account: Account) -> Response:
        name, role = form.text("name"), _role(form)
        faults = _Faults(_name_fault(door, request, name), _role_fault(door, request, role))
        faults = _with_password(door, request, form, name, faults)
        if faults != _Faults() or role is None:
            return add_page(request, 422, name, role, faults)
        confirmed = inside.confirm(request, form, account)
        if isinstance(confirmed, Doubt):
            return add_page(request, confirmed.status, name, role, _Faults(current=confirmed.told))
        refusal = ownership.set_user(confirmed, name, role, form.exact("password"))
        return door.refused(request, refusal) if refusal else go("/users")

    def add_page(
        request: Request,
        status: int = 200,
        name: str = "",
        role: Role | None = Role.VIEWER,
        faults: _Faults | None = None,
    ) -> Response:
        return door.pages.page(
            request,
            "device/user-add.html",
            status=status,
            name=name,
            role=role.value if role else "",
            roles=_roles(door, request),
            least=agent.config.policy.password.least,
            faults=faults or _Faults(),
        )

    def show(request: Request, account: Account) -> Response:
        kept = meant(request, account)
        return edit_page(request, account, kept) if kept else go("/users")

    def meant(request: Request, account: Account) -> Account | None:
        """The user whom the address names, if this person may see them."""
        kept = agent.record.account(request.path_params["name"])
        return kept if account.role is Role.ADMIN or (kept and kept.name == account.name) else None

    def edit(request: Request, form: Form, account: Account) -> Response:
        kept = meant(request, account)
        if kept is None:
            return go("/users")
        own = kept.name == account.name
        role = kept.role if own or ownership.is_owner(kept) else _role(form)
        faults = _Faults(role=_role_fault(door, request, role))
        if own or form.exact("password") or form.exact("again"):
            faults = _with_password(door, request, form, kept.name, faults)
        if faults != _Faults() or role is None:
            return edit_page(request, account, kept, 422, role, faults)
        confirmed = inside.confirm(request, form, account)
        if isinstance(confirmed, Doubt):
            return edit_page(request, account, kept, confirmed.status, role, _Faults(current=confirmed.told))
        password = form.exact("password")
        if own:
            session = cookies.read(request, SESSION) or ""
            refusal = ownership.change_password(confirmed, password, session=session)
            return door.refused(request, refusal) if refusal else door.told(request, 200, *_CHANGED)
        refusal = ownership.set_user(confirmed, kept.name, role, password)
        return door.refused(request, refusal) if refusal else go("/users")

    def edit_page(
        request: Request,
        account: Account,
        kept: Account,
        status: int = 200,
        role: Role | None = None,
        faults: _Faults | None = None,
    ) -> Response:
        words = door.pages.words(request)
        owner = ownership.is_owner(kept)
        return door.pages.page(
            request,
            "device/user.html",
            status=status,
            name=kept.name,
            role=(role or kept.role).value,
            role_told=words.text(ROLES[kept.role][0]),
            roles=_roles(door, request),
            own=kept.name == account.name,
            owner=owner,
            admin=account.role is Role.ADMIN,
            suspended=kept.suspended,
            mail=address_told(door, request) or words.text("none was set"),
            least=agent.config.policy.password.least,
            faults=faults or _Faults(),
        )

    def ask_delete(request: Request, account: Account) -> Response:
        kept = meant(request, account)
        return delete_page(request, kept) if kept else go("/users")

    def delete(request: Request, form: Form, account: Account) -> Response:
        kept = meant(request, account)
        if kept is None:
            return go("/users")
        if ownership.is_owner(kept):
            return door.refused(request, Refusal.LAST_ADMIN)
        confirmed = inside.confirm(request, form, account)
        if isinstance(confirmed, Doubt):
            return delete_page(request, kept, confirmed.status, confirmed.told)
        refusal = ownership.remove_user(confirmed, kept.name)
        return door.refused(request, refusal) if refusal else go("/users")

    def delete_page(request: Request, kept: Account, status: int = 200, current: str = "") -> Response:
        if ownership.is_owner(kept):
            return door.refused(request, Refusal.LAST_ADMIN)
        return door.pages.page(
            request, "device/user-delete.html", status=status, name=kept.name, current=current
        )

    return [
        inside.get("/configuration", configuration),
        inside.get("/users", users),
        inside.get("/users/add", ask_add, Who.ADMIN),
        inside.post("/users/add", "user-add", add, Who.ADMIN),
        inside.get("/users/{name}", show),
        inside.post("/users/{name}", "user", edit),
        inside.get("/users/{name}/delete", ask_delete, Who.ADMIN),
        inside.post("/users/{name}/delete", "user-delete", delete, Who.ADMIN),
    ]


_CHANGED = (
    N_("Your new password is set."),
    N_("Use it from now on. Wherever else you were signed in, you are signed out. Your ways back in stay."),
    "/home",
    N_("Go on"),
)


def _role(form: Form) -> Role | None:
    """The chosen role; None when none was chosen."""
    return next((role for role in Role if role.value == form.text("role")), None)


def _roles(door: Door, request: Request) -> list[tuple[str, str, str]]:
    _ = door.pages.words(request).text
    return [(role.value, _(name), _(may)) for role, (name, may) in ROLES.items()]


def _role_fault(door: Door, request: Request, role: Role | None) -> str:
    return "" if role else door.pages.words(request).text("Choose what this user may do.")


def _name_fault(door: Door, request: Request, name: str) -> str:
    _ = door.pages.words(request).text
    try:
        account_name(name)
    except InputError:
        return _("A user name has 1 to 32 letters without accents, digits, or . _ - and no spaces.")
    if not name.strip("._-") or name.casefold() in _PAGES:
        return _("This name cannot be used. Choose another one.")
    if any(kept.name.casefold() == name.casefold() for kept in door.agent.record.accounts):
        return _("There is a user of this name already. Choose another one.")
    return ""


def _with_password(door: Door, request: Request, form: Form, name: str, faults: _Faults) -> _Faults:
    """With what is wrong in the fields `password` and `again`."""
    _ = door.pages.words(request).text
    password, fault, again = form.exact("password"), "", ""
    found = door.agent.password_fault(password, name)
    if found is not None:
        fault = _(of_fault(found))
    elif password != form.exact("again"):
        again = _("This is not the same as above. Type both once more.")
    return _Faults(faults.name, faults.role, fault, again)

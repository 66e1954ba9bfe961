"""What stands before every page of the signed-in: who may see it, what must be done first, the password again."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from sparekey.core.values import Role
from sparekey.device.agent import Wait
from sparekey.device.ownership import Confirmed, Ownership
from sparekey.device.pages.door import go
from sparekey.language.catalogue import N_
from sparekey.language.moments import duration
from sparekey.web.lean import Response

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request
    from starlette.routing import Route

    from sparekey.core.record import Account
    from sparekey.device.pages.door import Door
    from sparekey.web.forms import Form, Limits


class Who(Enum):
    """For whom a page is."""

    ANYBODY = "anybody"
    ADMIN = "admin"
    OWNER = "owner"
    """The administrator whom the ways back in are for."""


@dataclass(frozen=True)
class Doubt:
    """The current password was not right, or is not looked at now. `told` stands next to its field."""

    status: int
    told: str


class Inside:
    """Makes routes that nobody passes who is not signed in.

    `unfinished`: the page opens before the first login has come to its end; all others lead to `/ways` until then.
    """

    def __init__(self, door: Door) -> None:
        self.door = door
        self.ownership = Ownership(door.agent)

    def get(
        self,
        path: str,
        page: Callable[[Request, Account], Response],
        who: Who = Who.ANYBODY,
        *,
        unfinished: bool = False,
    ) -> Route:
        """A page to look at."""

        def shown(request: Request) -> Response:
            account = self._let_in(request, who, unfinished)
            return account if isinstance(account, Response) else page(request, account)

        return self.door.get(path, shown)

    def post(
        self,
        path: str,
        purpose: str,
        page: Callable[[Request, Form, Account], Response],
        who: Who = Who.ANYBODY,
        *,
        unfinished: bool = False,
        calls: bool = False,
        limits: Limits | None = None,
    ) -> Route:
        """What a form does. `calls`: it waits for cameras. `limits`: where it takes more than usual."""

        def done(request: Request, form: Form) -> Response:
            account = self._let_in(request, who, unfinished)
            return account if isinstance(account, Response) else page(request, form, account)

        return self.door.post(path, purpose, done, limits, calls=calls)

    def confirm(self, request: Request, form: Form, account: Account) -> Confirmed | Doubt:
        """Look at the field `current`, which every change and every export asks for."""
        door = self.door
        answer = self.ownership.confirm(
            account.name, form.exact("current"), source=door.source(request), face=door.face(request)
        )
        words = door.pages.words(request)
        if isinstance(answer, Wait):
            told = words.text(
                "Several wrong passwords came from here. Time to wait: %(time)s. Then try again."
            )
            return Doubt(429, told % {"time": duration(answer.seconds, words)})
        if answer is None:
            return Doubt(422, words.text("This is not your password. Nothing was changed."))
        return answer

    def _let_in(self, request: Request, who: Who, unfinished: bool) -> Account | Response:
        """The account that is signed in, or where to go instead."""
        account = self.door.agent.record.account(self.door.account(request) or "")
        if account is None:
            return go("/login")
        owner = self.ownership.is_owner(account)
        allowed = {Who.ANYBODY: True, Who.ADMIN: account.role is Role.ADMIN, Who.OWNER: owner}
        if not allowed[who]:
            return self.door.told(request, 403, *_NOT_YOURS)
        if owner and not unfinished and self.ownership.missing:
            return go("/ways")
        return account


_NOT_YOURS = (
    N_("This page is for the administrator."),
    N_("Ask the administrator of this [recorder|camera] to do it."),
    "/home",
    N_("Go back"),
)

"""The desk behind the interface: the services that decide, and what all calls about a case share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from starlette.requests import Request

from sparekey.core.errors import Refusal
from sparekey.desk.api import shapes, telling
from sparekey.desk.api.call import Call, Spec
from sparekey.desk.api.problems import ProblemError, refused, stop
from sparekey.desk.api.scopes import Scope
from sparekey.desk.cases.typed import read_case_number
from sparekey.language.catalogue import Translator, choose, translator

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.responses import Response

    from sparekey.desk.api.entrance import Caller, Entrance
    from sparekey.desk.cases.service import Cases, Verdict
    from sparekey.desk.log.ledger import Ledger
    from sparekey.desk.orders.service import Orders
    from sparekey.desk.staff.staff import Staff
    from sparekey.host.clock import Clock


@dataclass(frozen=True)
class Desk:
    """What calls ask. `orders`: None where nothing is sold."""

    cases: Cases
    orders: Orders | None
    staff: Staff
    ledger: Ledger
    entrance: Entrance
    clock: Clock

    def call(self, spec: Spec, endpoint: Callable[..., Any]) -> Call:
        """A route."""
        return Call(spec, endpoint, self.entrance)

    @staticmethod
    def words(request: Request) -> Translator:
        """In which language titles are."""
        return translator(choose(request.headers.get("accept-language"), None))

    def note(self, caller: Caller, what: str, about: str) -> None:
        """Write down for auditors what a program did."""
        self.staff.note_of(caller.by, what, about)

    @staticmethod
    def number(text: str) -> str:
        """A case number in an address. Stops with `no-such-case` for what is none."""
        number = read_case_number(text[:32])
        if number is None:
            raise stop("no-such-case")
        return number

    def known(self, text: str) -> str:
        """The number of a case that there is. Stops with `no-such-case`."""
        number = self.number(text)
        if self.cases.show(number, outside=True) is None:
            raise stop("no-such-case")
        return number

    def told(self, number: str, caller: Caller, response: Response) -> shapes.CaseTold:
        """The case as it is now, with its ETag. Stops with `no-such-case`."""
        judging = Scope.DECIDE in caller.token.scopes
        view = self.cases.show(self.number(number), outside=not judging)
        if view is None:
            raise stop("no-such-case")
        response.headers["etag"] = f'"{view.version}"'
        return telling.case(view, self.clock.wall(), judging=judging)

    def did(self, verdict: Verdict, what: str, caller: Caller, response: Response) -> shapes.CaseTold:
        """Write down what was decided, and tell the case; stops with what was refused."""
        refusal = verdict.refusal
        if refusal is Refusal.NO_SUCH_REQUEST:
            raise stop("no-such-case")
        if refusal is Refusal.ALREADY_DONE and caller.seen is not None:
            raise stop("changed")
        if refusal is not None:
            raise ProblemError(refused(refusal))
        self.note(caller, what, verdict.number)
        return self.told(verdict.number, caller, response)

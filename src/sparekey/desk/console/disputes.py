"""Enrolments that the registry does not take by itself: two people look at each, and then it waits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool

from sparekey.core.admission import Role
from sparekey.core.case import challenge
from sparekey.core.errors import Refusal, UntrustedError
from sparekey.core.registry import Disputed, Ended, Why, dispute_item
from sparekey.desk.console import names
from sparekey.desk.console.door import ROOT
from sparekey.desk.console.sign_in import ANSWER
from sparekey.language.catalogue import N_

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute

    from sparekey.desk.console.door import Door
    from sparekey.desk.registry.disputes import Disputes
    from sparekey.desk.registry.rows import DisputeRow
    from sparekey.desk.staff.people import Session

_DISPUTES = f"{ROOT}/disputes"
_GONE = (
    N_("This enrolment does not wait any more"),
    N_("Somebody decided about it meanwhile, or the owner stopped it. Look at the list again."),
)
WHY = {
    Why.NOT_LISTED: N_("The factory list does not name this serial number."),
    Why.NO_TOKEN: N_(
        "The factory list names it, but what the factory left in the device is missing or wrong."
    ),
    Why.OTHER_KEY: N_("Another device enrolled under this serial number before."),
    Why.OLDER_EPOCH: N_("It belongs to an owner before the present one, or is a copy."),
    Why.STOLEN: N_("The owner reported the device stolen."),
}


class DisputePages:
    """The pages."""

    def __init__(self, door: Door, disputes: Disputes) -> None:
        self._door = door
        self._disputes = disputes

    def routes(self) -> list[BaseRoute]:
        """All of them."""
        route, approver = self._door.route, Role.APPROVER
        return [
            route(_DISPUTES, self._show, approver, Role.AGENT, Role.AUDITOR),
            route(f"{_DISPUTES}/{{number}}", self._one, approver),
            route(f"{_DISPUTES}/{{number}}/agree", self._agree, approver, method="POST"),
            route(f"{_DISPUTES}/{{number}}/dismiss", self._dismiss, approver, method="POST"),
        ]

    async def _show(self, request: Request, session: Session) -> Response:
        return await self._list(request, session)

    async def _list(self, request: Request, session: Session, told: str = "", status: int = 200) -> Response:
        rows = await run_in_threadpool(self._disputes.open)
        return self._door.page(
            request,
            session,
            "disputes.html",
            status=status,
            rows=[row for row in rows if not isinstance(row.state, Ended)],
            agreed=lambda row: getattr(row.state, "until", 0),
            why=WHY,
            approver=session.person.may(Role.APPROVER),
            told=self._door.pages.words(request).text(told),
        )

    async def _disputed(self, request: Request) -> DisputeRow | None:
        row = await run_in_threadpool(self._disputes.get, request.path_params["number"][:32])
        return row if row is not None and isinstance(row.state, Disputed) else None

    async def _one(self, request: Request, session: Session) -> Response:
        row = await self._disputed(request)
        if row is None:
            return self._door.pages.problem(request, 404, *_GONE, back=_DISPUTES)
        question = challenge([dispute_item(row.state.claim)])
        people = await self._door.names()
        consents = row.state.consents if isinstance(row.state, Disputed) else ()
        return self._door.page(
            request,
            session,
            "dispute.html",
            row=row,
            why=WHY,
            agreed=", ".join(people.get(kept.by, "") for kept in consents),
            challenge=question.hex(),
            question=self._door.staff.passkeys.to_sign(question, session.person.keys),
        )

    async def _agree(self, request: Request, session: Session) -> Response:
        form = await self._door.form(request, session, ANSWER)
        row = await self._disputed(request)
        if row is None:
            return self._door.pages.problem(request, 409, *_GONE, back=_DISPUTES)
        try:
            refusal = await run_in_threadpool(self._touch, session, row, form.exact("answer"))
        except UntrustedError as error:
            about = f"{error.slug} {row.number}"
            await run_in_threadpool(self._door.staff.note, session, "approval-refused", about)
            told = names.TROUBLES.get(error.slug, names.OTHERWISE)
            return await self._list(request, session, told, 403)
        return await self._told(request, session, "dispute-agreed", row.number, refusal)

    def _touch(self, session: Session, row: DisputeRow, answer: str) -> Refusal | None:
        items = (dispute_item(row.state.claim),)
        with self._door.staff.touch(session, items, answer) as key:
            return self._disputes.agree(row.number, session.person.id, key.id, items)

    async def _dismiss(self, request: Request, session: Session) -> Response:
        await self._door.form(request, session)
        number = request.path_params["number"][:32]
        refusal = await run_in_threadpool(self._disputes.dismiss, number, session.person.id)
        return await self._told(request, session, "dispute-dismissed", number, refusal)

    async def _told(
        self, request: Request, session: Session, deed: str, number: str, refusal: Refusal | None
    ) -> Response:
        if refusal is not None:
            return await self._list(request, session, names.REFUSALS.get(refusal, names.OTHERWISE), 409)
        await run_in_threadpool(self._door.staff.note, session, deed, number)
        return await self._list(request, session, N_("It is written down."))

"""What waits for approval, looked at one by one and signed with one touch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from starlette.concurrency import run_in_threadpool

from sparekey.core.admission import Role
from sparekey.core.case import challenge
from sparekey.core.errors import Refusal, UntrustedError
from sparekey.desk.cases.batches import START
from sparekey.desk.cases.service import Approver
from sparekey.desk.console import names, words
from sparekey.desk.console.batch import BATCHES, read_place, shown_place
from sparekey.desk.console.case import CASES, shown_options
from sparekey.desk.console.door import ROOT
from sparekey.desk.console.sign_in import ANSWER
from sparekey.language.catalogue import N_
from sparekey.language.moments import duration
from sparekey.web.forms import Limits

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute

    from sparekey.desk.cases.asking import Bundle
    from sparekey.desk.cases.service import Cases, Verdict
    from sparekey.desk.cases.view import CaseView
    from sparekey.desk.console.door import Door
    from sparekey.desk.staff.people import Session

SHOWN = 50
"""Cases that are approved with one touch, at most."""

_APPROVALS = f"{ROOT}/approvals"
_CHOICE = Limits(fields=SHOWN + 16)
_TOUCH = Limits(fields=2 * SHOWN + 16, value=ANSWER.value)
_NOTHING = (
    N_("There is nothing to approve here"),
    N_(
        "Choose at least one case. Those that somebody else approved or took back meanwhile are not there any more."
    ),
)
_CHANGED = N_(
    "The list on the page and the signature do not fit together. Nothing was approved. Look at it again."
)


@dataclass(frozen=True)
class Signed:
    """One case on the page that is signed, and what stands for it in the challenge."""

    case: CaseView
    item: bytes


class Approvals:
    """The pages."""

    def __init__(self, door: Door, cases: Cases) -> None:
        self._door = door
        self._cases = cases
        self._staff = door.staff

    def routes(self) -> list[BaseRoute]:
        """All of them."""
        route, approver = self._door.route, Role.APPROVER
        return [
            route(_APPROVALS, self._show, approver, Role.AUDITOR),
            route(_APPROVALS, self._review, approver, method="POST"),
            route(f"{_APPROVALS}/touch", self._touch, approver, method="POST"),
        ]

    async def _show(self, request: Request, session: Session) -> Response:
        return await self._list(request, session)

    async def _list(
        self,
        request: Request,
        session: Session,
        told: str = "",
        verdicts: Sequence[Verdict] = (),
        status: int = 200,
    ) -> Response:
        after = read_place(request.query_params.get("after", "")) or START
        found = await run_in_threadpool(self._cases.batches.to_approve, after, SHOWN + 1)
        lines = [(one, await run_in_threadpool(self._view, one)) for one in found[:SHOWN]]
        spoken = self._door.pages.words(request)
        return self._door.page(
            request,
            session,
            "approvals.html",
            status=status,
            told=spoken.text(told),
            verdicts=verdicts,
            refusals=names.REFUSALS,
            otherwise=names.OTHERWISE,
            **self._words(request),
            lines=[(one, view) for one, view in lines if view is not None or one.count > 1],
            choice=any(view is not None for _, view in lines),
            more=shown_place((found[SHOWN - 1].opened, found[SHOWN - 1].number))
            if len(found) > SHOWN
            else "",
            batches_at=BATCHES,
            approver=session.person.may(Role.APPROVER),
            not_mine=lambda view: self._why_not(view, session),
            age=lambda seconds: duration(seconds, spoken),
        )

    def _view(self, one: Bundle) -> CaseView | None:
        """The case, where one alone waits; None where they are several, or it is decided by now."""
        view = self._cases.show(one.case) if one.case else None
        return None if view is None or view.proposal is None else view

    def _words(self, request: Request) -> dict[str, Any]:
        spoken = self._door.pages.words(request)
        return {
            "w": words,
            "cases_at": CASES,
            "shown_options": shown_options,
            "hours": lambda count: duration(count * 3600, spoken),
        }

    @staticmethod
    def _why_not(view: CaseView, session: Session) -> str:
        """Why this person cannot approve it, as a source text, or empty."""
        me = session.person.id
        if view.is_own(me):
            return N_("your own device")
        return N_("you approved it") if any(me == one.by for one in view.approvals) else ""

    async def _review(self, request: Request, session: Session) -> Response:
        form = await self._door.form(request, session, _CHOICE)
        chosen = list(dict.fromkeys(form.every("number")))[:SHOWN]
        views = [await run_in_threadpool(self._cases.show, number[:32]) for number in chosen]
        signed = [Signed(view, view.item) for view in views if view is not None and view.item is not None]
        if not signed:
            return self._door.pages.problem(request, 409, *_NOTHING, back=_APPROVALS)
        question = challenge([one.item for one in signed])
        people = await self._door.names()
        return self._door.page(
            request,
            session,
            "approve.html",
            signed=signed,
            people=people,
            erases=any(one.case.proposal.remedy.value == "erase-file" for one in signed if one.case.proposal),
            challenge=question.hex(),
            question=self._staff.passkeys.to_sign(question, session.person.keys),
            **self._words(request),
        )

    async def _touch(self, request: Request, session: Session) -> Response:
        form = await self._door.form(request, session, _TOUCH)
        numbers, items = form.every("number"), [_item(text) for text in form.every("item")]
        if not 0 < len(numbers) == len(items) <= SHOWN:
            return await self._list(request, session, _CHANGED, status=409)
        try:
            verdicts = await run_in_threadpool(
                self._approve, session, [number[:32] for number in numbers], items, form.exact("answer")
            )
        except UntrustedError as error:
            about = f"{error.slug} {' '.join(numbers)}"
            await run_in_threadpool(self._staff.note, session, "approval-refused", about)
            told = names.TROUBLES.get(error.slug, names.OTHERWISE)
            return await self._list(request, session, told, status=403)
        refused = any(verdict.refusal is not None for verdict in verdicts)
        return await self._list(request, session, "", verdicts, 409 if refused else 200)

    def _approve(
        self, session: Session, numbers: Sequence[str], items: Sequence[bytes], answer: str
    ) -> list[Verdict]:
        with self._staff.touch(session, items, answer) as key:
            verdicts = self._cases.approve(numbers, Approver(session.person.id, key.id), items)
        for verdict in verdicts:
            if verdict.refusal is None:
                self._staff.note(session, "case-approved", verdict.number)
            elif verdict.refusal is not Refusal.ALREADY_DONE:
                self._staff.note(session, "approval-refused", f"{verdict.number} {verdict.refusal.value}")
        return verdicts


def _item(text: str) -> bytes:
    """An item as a form brings it back; empty for what is none."""
    try:
        return bytes.fromhex(text)
    except ValueError:
        return b""

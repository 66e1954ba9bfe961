"""One case: what is asked, what proves it, what may be given and why not, and the answer once it is issued."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from sparekey.core.admission import Role
from sparekey.core.case import BY_MAIL, CAMERAS, MAY_DEFAULT, Ending
from sparekey.core.errors import InputError, Refusal
from sparekey.core.evidence import EvidenceKind, Remedy
from sparekey.core.methods.spoken import shown_day, shown_start
from sparekey.core.values import mask
from sparekey.desk.cases.reasons import REASONS
from sparekey.desk.cases.view import fitting
from sparekey.desk.console import names, words
from sparekey.desk.console.door import ROOT, WORKERS
from sparekey.desk.console.new_case import spelled
from sparekey.language.catalogue import N_
from sparekey.language.moments import duration

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request
    from starlette.routing import BaseRoute

    from sparekey.desk.cases.giving import Given
    from sparekey.desk.cases.service import Cases, Verdict
    from sparekey.desk.cases.view import CaseView
    from sparekey.desk.console.door import Door
    from sparekey.desk.staff.people import Session

CASES = f"{ROOT}/cases"

_GONE = (
    N_("There is no such case"),
    N_("Look at the number once more; it has eight characters. Or look for the serial number in the inbox."),
)
_MAILED = N_(
    "If this device has a confirmed mailbox, a code is on its way there. Ask the caller to read it to you."
)
_NOT_A_CODE = N_("That is not a whole code, or one character is not right. Have it read once more.")
_NOT_A_NOTE = N_("Nothing was written down: a note has 1 to 2,000 characters of plain text.")
_NOTES_FULL = N_("Nothing was written down: this case has as many notes as it can hold.")
_NOT_READY = (
    N_("The answer is not there"),
    N_(
        "It is issued when enough people approved, the hold is over, and the public log has it. Look at the case."
    ),
)
_BITS = {"by-mail": BY_MAIL, "may-default": MAY_DEFAULT, "cameras": CAMERAS}
"""Options of a proposal by the names of their boxes."""


class CasePages:
    """The pages."""

    def __init__(self, door: Door, cases: Cases) -> None:
        self._door = door
        self._cases = cases

    def routes(self) -> list[BaseRoute]:
        """All of them."""
        route, here = self._door.route, f"{CASES}/{{number}}"
        return [
            route(here, self._show, *WORKERS),
            route(f"{here}/evidence", self._evidence, Role.AGENT, method="POST"),
            route(f"{here}/mailbox", self._mail_code, Role.AGENT, method="POST"),
            route(f"{here}/mailbox-code", self._mailbox_code, Role.AGENT, method="POST"),
            route(f"{here}/uploads/{{upload:int}}", self._upload, *WORKERS),
            route(f"{here}/propose", self._propose, Role.AGENT, method="POST"),
            route(f"{here}/note", self._note, Role.AGENT, method="POST"),
            route(f"{here}/withdraw", self._withdraw, Role.AGENT, method="POST"),
            route(f"{here}/refuse", self._refuse, Role.AGENT, method="POST"),
            route(f"{here}/finish", self._finish, Role.AGENT, method="POST"),
            route(f"{here}/answer", self._answer, Role.AGENT, method="POST"),
            route(f"{here}/file", self._download, Role.AGENT, method="POST"),
        ]

    async def _show(self, request: Request, session: Session) -> Response:
        return await self._page(request, session)

    async def _page(
        self,
        request: Request,
        session: Session,
        refusal: Refusal | None = None,
        told: str = "",
        done: str = "",
    ) -> Response:
        number = request.path_params["number"][:32]
        view = await run_in_threadpool(self._cases.show, number)
        if view is None:
            return self._door.pages.problem(request, 404, *_GONE, back=ROOT)
        spoken = self._door.pages.words(request)
        people = await self._door.names()
        batch = await run_in_threadpool(self._cases.batches.look, number)
        text = told or (names.REFUSALS.get(refusal, names.OTHERWISE) if refusal else "")
        return self._door.page(
            request,
            session,
            "case.html",
            status=409 if text else 200,
            told=spoken.text(text),
            done=spoken.text(done),
            case=view,
            action=f"{CASES}/{view.number}",
            asked=words.ASKED[fitting(view.asked)[0]],
            started=shown_start(view.asked.started),
            day=shown_day(view.asked.day),
            spelled=spelled(view.asked.number, spoken.code),
            age=lambda seconds: duration(seconds, spoken),
            hours=lambda count: duration(count * 3600, spoken),
            people=people,
            confirmed=", ".join(map(mask, view.addresses)) if view.standing.confirmed else "",
            agent=session.person.may(Role.AGENT),
            approver=session.person.may(Role.APPROVER),
            own=view.is_own(session.person.id),
            batch=batch,
            kinds=[kind for kind in EvidenceKind if kind not in view.file.kinds],
            entered=words.ENTERED,
            papers={kind.value: sentence for kind, sentence in words.EVIDENCE.items()},
            reasons=REASONS,
            w=words,
            Remedy=Remedy,
            options=_BITS,
            endings=Ending,
        )

    async def _evidence(self, request: Request, session: Session) -> Response:
        form = await self._door.form(request, session)
        kind = next((kind for kind in words.ENTERED if kind.value == form.text("kind")), None)
        if kind is None:
            return await self._page(request, session, Refusal.NOT_NOW)
        return await self._did(
            request,
            session,
            "case-evidence",
            lambda number, by, _: self._cases.add_evidence(number, kind, by),
        )

    async def _mail_code(self, request: Request, session: Session) -> Response:
        await self._door.form(request, session)
        number = request.path_params["number"][:32]
        await run_in_threadpool(self._cases.doors.mail_mailbox_code, number)
        return await self._page(request, session, done=_MAILED)

    async def _mailbox_code(self, request: Request, session: Session) -> Response:
        form = await self._door.form(request, session)
        typed, source = form.text("code"), f"staff {session.person.id}".encode()
        try:
            return await self._did(
                request,
                session,
                "case-evidence",
                lambda number, by, _: self._cases.mailbox_code(number, typed, by, source),
            )
        except InputError:
            return await self._page(request, session, told=_NOT_A_CODE)

    async def _note(self, request: Request, session: Session) -> Response:
        form = await self._door.form(request, session)
        number, by = request.path_params["number"][:32], session.person.id
        try:
            known = await run_in_threadpool(self._cases.write_note, number, form.text("text"), by)
        except InputError as error:
            told = _NOTES_FULL if error.slug == "note-many" else _NOT_A_NOTE
            return await self._page(request, session, told=told)
        if known:
            await run_in_threadpool(self._door.staff.note, session, "case-note", number)
        return RedirectResponse(f"{CASES}/{number}", 303)

    async def _upload(self, request: Request, session: Session) -> Response:
        """Something that was handed in: shown as a picture or saved, and never run."""
        number, upload = request.path_params["number"][:32], request.path_params["upload"]
        found = await run_in_threadpool(self._cases.uploads.content, number, upload)
        if found is None:
            return self._door.pages.problem(request, 404, *_GONE, back=ROOT)
        media, data = found
        kind = "inline" if media.startswith("image/") else "attachment"
        told = {"content-type": media, "content-disposition": kind, "content-security-policy": "sandbox"}
        return Response(data, headers=told)

    async def _propose(self, request: Request, session: Session) -> Response:
        form = await self._door.form(request, session)
        remedy = next((one for one in Remedy if one.value == form.text("remedy")), None)
        if remedy is None:
            return await self._page(request, session, Refusal.NOT_NOW)
        options = sum(bit for name, bit in _BITS.items() if form.checked(f"{remedy.value} {name}"))
        return await self._did(
            request,
            session,
            "case-proposed",
            lambda number, by, seen: self._cases.propose(number, remedy, by, options, seen),
            _seen(form.text("seen")),
        )

    async def _withdraw(self, request: Request, session: Session) -> Response:
        form = await self._door.form(request, session)
        seen = _seen(form.text("seen"))
        return await self._did(request, session, "case-withdrawn", self._cases.withdraw, seen)

    async def _refuse(self, request: Request, session: Session) -> Response:
        form = await self._door.form(request, session)
        reason = form.text("reason")
        if reason not in REASONS:
            return await self._page(request, session, told=N_("Choose a reason; the owner reads it."))
        return await self._did(
            request,
            session,
            "case-refused",
            lambda number, by, seen: self._cases.refuse(number, by, reason, seen),
            _seen(form.text("seen")),
        )

    async def _finish(self, request: Request, session: Session) -> Response:
        form = await self._door.form(request, session)
        seen = _seen(form.text("seen"))
        return await self._did(request, session, "case-finished", self._cases.finish, seen)

    async def _did(
        self,
        request: Request,
        session: Session,
        deed: str,
        act: Callable[[str, str, int | None], Verdict],
        seen: int | None = None,
    ) -> Response:
        """Act, write it down, and show the case again; a refusal is told on the page."""
        number = request.path_params["number"][:32]
        verdict = await run_in_threadpool(act, number, session.person.id, seen)
        if verdict.refusal is not None:
            return await self._page(request, session, verdict.refusal)
        await run_in_threadpool(self._door.staff.note, session, deed, number)
        return RedirectResponse(f"{CASES}/{number}", 303)

    async def _answer(self, request: Request, session: Session) -> Response:
        given = await self._given(request, session)
        if isinstance(given, Refusal):
            return self._door.pages.problem(request, 409, *_NOT_READY, back=self._back(request))
        if given.file:
            return self._saved(given)
        spoken = self._door.pages.words(request)
        view = await run_in_threadpool(self._cases.show, given.number)
        locale = view.asker.locale if view is not None else spoken.code
        return self._door.page(
            request,
            session,
            "answer.html",
            given=given,
            day=shown_day,
            spell=lambda text: spelled(text, locale),
            back=self._back(request),
            remedies=words.REMEDIES,
        )

    async def _download(self, request: Request, session: Session) -> Response:
        given = await self._given(request, session)
        if isinstance(given, Refusal) or not given.file:
            return self._door.pages.problem(request, 409, *_NOT_READY, back=self._back(request))
        return self._saved(given)

    async def _given(self, request: Request, session: Session) -> Given | Refusal:
        """The answer; whoever reads it is written down before."""
        await self._door.form(request, session)
        number = request.path_params["number"][:32]
        await run_in_threadpool(self._door.staff.note, session, "case-answer", number)
        return await run_in_threadpool(self._cases.give, number)

    @staticmethod
    def _saved(given: Given) -> Response:
        name = f'attachment; filename="{given.file_name}"'
        return Response(
            given.file, headers={"content-type": "text/plain; charset=utf-8", "content-disposition": name}
        )

    @staticmethod
    def _back(request: Request) -> str:
        return f"{CASES}/{request.path_params['number'][:32]}"


def _seen(text: str) -> int | None:
    """The version of the case that the page showed."""
    return int(text) if text.isdecimal() and len(text) < 10 else None


def shown_options(view: CaseView) -> list[str]:
    """The options of its proposal, by the names of their boxes."""
    proposal = view.proposal
    if proposal is None:
        return []
    fits = {
        Remedy.SECURITY_CODE: ("by-mail", "may-default"),
        Remedy.RESPONSE_FILE: ("cameras",),
    }.get(proposal.remedy, ())
    return [name for name in fits if proposal.options & _BITS[name]]

"""How a case stands: for whoever types its number and a code that was mailed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from sparekey.core.case import Closed, Issued
from sparekey.core.codes import spell
from sparekey.core.errors import InputError, Refusal, UnavailableError
from sparekey.core.evidence import EvidenceKind
from sparekey.core.methods.spoken import shown_day, shown_start
from sparekey.desk.cases import budget
from sparekey.desk.cases.codes import Door as Opens
from sparekey.desk.cases.giving import Given
from sparekey.desk.cases.reasons import REASONS
from sparekey.desk.cases.typed import read_case_number
from sparekey.desk.cases.uploads import UPLOAD_LIMIT
from sparekey.desk.help.door import ROOT, Pass
from sparekey.desk.help.words import EVIDENCE, PAPERS, PAST, REMEDIES, ROLES, STATES
from sparekey.language.catalogue import N_
from sparekey.web.forms import Limits

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from starlette.requests import Request
    from starlette.routing import BaseRoute

    from sparekey.desk.cases.asking import Past
    from sparekey.desk.cases.service import Cases
    from sparekey.desk.cases.view import CaseView
    from sparekey.desk.help.door import Door
    from sparekey.web.forms import Form

ENTER, ACT = "help-case", "help-act"
"""What the forms' tokens are for."""
VIEW = f"{ROOT}/case/view"

_NOT_THAT = N_("This number and this code do not belong together. Compare both with the mail.")
_TOO_MANY = N_("Too many codes were typed. Wait an hour, or call us.")
_SLIP = N_("One character is not right: look at the code again.")
_LATE = N_("The time of this answer is over. Make a new request at the device, and send it here.")
_NO_CODE = N_("That is not the code. Compare it with the newest mail.")
_UPLOADS = {
    "upload-size": N_("A file has 6 MB at most. Take the photo with a lower resolution."),
    "upload-kind": N_("Send a photo (JPEG, PNG, WebP, HEIC) or a PDF."),
    "upload-many": N_("Six files are enough for one case. Support looks at those that are here."),
    "too-many": N_("Many files were sent from here in a short time. Wait an hour, or send them by e-mail."),
    "upload-late": N_("Nothing more is needed for this case now."),
}


class Status:
    """The pages."""

    def __init__(self, door: Door, cases: Cases) -> None:
        self._door = door
        self._cases = cases

    def routes(self) -> Sequence[BaseRoute]:
        """All of them."""
        door = self._door
        return [
            door.get("/case", self._ask),
            door.post("/case", self._enter),
            door.get("/case/view", self._view),
            door.get("/case/answer", self._answer),
            door.get("/case/answers", self._answers),
            door.post("/case/cancel", self._acting(self._cancel)),
            door.post("/case/finish", self._acting(self._finish)),
            door.post("/case/mailbox", self._acting(self._mailbox)),
            door.post("/case/mailbox-code", self._acting(self._mailbox_code)),
            door.post("/case/papers", self._papers),
            door.post("/case/leave", self._leave),
        ]

    async def _ask(self, request: Request) -> Response:
        return self._door.page(request, "enter", wrong={}, number="")

    async def _enter(self, request: Request) -> Response:
        form = await self._door.pages.form(request, ENTER)
        number = read_case_number(form.text("number")) or ""
        words = self._door.pages.words(request)
        try:
            opened = await run_in_threadpool(
                self._cases.doors.enter, number, form.exact("code"), self._door.source(request)
            )
        except InputError:
            return self._refused(request, form, {"code": words.text(_SLIP)})
        if isinstance(opened, Refusal):
            told = _TOO_MANY if opened is Refusal.TOO_MANY_TRIES else _NOT_THAT
            return self._refused(request, form, {"number": words.text(told)})
        answer = RedirectResponse(VIEW, 303)
        self._door.let_in(answer, request, Pass(number, opened))
        return answer

    async def _view(self, request: Request) -> Response:
        held = self._door.shown(request)
        return await self._shown(request, held) if held is not None else _back()

    async def _answer(self, request: Request) -> Response:
        held = self._door.shown(request)
        if held is None or held.opens is not Opens.STATUS:
            return _back()
        given = await run_in_threadpool(self._cases.give, held.number)
        if not isinstance(given, Given) or not given.file:
            return _back(VIEW)
        return _download(given.file, given.file_name)

    async def _answers(self, request: Request) -> Response:
        held = self._door.shown(request)
        if held is None or held.opens is not Opens.STATUS:
            return _back()
        batch = await run_in_threadpool(self._cases.batches.look, held.number)
        asked = request.query_params.get("part", "0")
        part = int(asked) if asked.isdecimal() and len(asked) < 5 else 0
        file = "" if batch is None else await run_in_threadpool(self._cases.batches.part, batch, part)
        return _download(file, f"{held.number}-{part + 1}.sparekey-response") if file else _back(VIEW)

    async def _cancel(self, request: Request, held: Pass, _form: Form) -> Response:
        role = "owner" if held.opens is Opens.OWNER else "asker"
        await run_in_threadpool(self._cases.cancel, held.number, role)
        return _back(VIEW)

    async def _finish(self, _request: Request, held: Pass, _form: Form) -> Response:
        if held.opens is Opens.STATUS:
            await run_in_threadpool(self._cases.finish, held.number)
        return _back(VIEW)

    async def _mailbox(self, request: Request, held: Pass, _form: Form) -> Response:
        if held.opens is Opens.STATUS:
            await run_in_threadpool(self._cases.doors.mail_mailbox_code, held.number)
        return await self._shown(request, held, mailed=True)

    async def _mailbox_code(self, request: Request, held: Pass, form: Form) -> Response:
        words = self._door.pages.words(request)
        source = self._door.source(request)
        if held.opens is not Opens.STATUS:
            return _back(VIEW)
        try:
            verdict = await run_in_threadpool(
                self._cases.mailbox_code, held.number, form.exact("code"), "", source
            )
        except InputError:
            return await self._shown(request, held, 422, wrong={"code": words.text(_SLIP)}, mailed=True)
        if verdict.refusal in (Refusal.WRONG_CODE, Refusal.TOO_MANY_TRIES):
            told = _TOO_MANY if verdict.refusal is Refusal.TOO_MANY_TRIES else _NO_CODE
            return await self._shown(request, held, 422, wrong={"code": words.text(told)}, mailed=True)
        return _back(VIEW)

    async def _papers(self, request: Request) -> Response:
        form = await self._door.pages.form(request, ACT, Limits(file=UPLOAD_LIMIT))
        held = self._door.shown(request)
        if held is None or held.opens is not Opens.STATUS:
            return _back()
        trouble = await run_in_threadpool(self._keep, held, form, self._door.source(request))
        if trouble:
            told = self._door.pages.words(request).text(_UPLOADS[trouble])
            return await self._shown(request, held, 422, wrong={"file": told})
        return _back(VIEW)

    async def _leave(self, request: Request) -> Response:
        await self._door.pages.form(request, ACT)
        return self._door.leave(request)

    def _keep(self, held: Pass, form: Form, source: bytes) -> str:
        """Keep an uploaded paper; what is wrong with it, as a slug."""
        file, named = form.file("file"), form.text("kind")
        view = self._cases.show(held.number, outside=True)
        kinds = [kind for kind in PAPERS if kind.value == named]
        if file is None or not kinds:
            return "upload-kind"
        if view is None or view.status not in ("opened", "proposed"):
            return "upload-late"
        if not self._cases.budget.take(((budget.HANDED, source),), self._door.clock.wall()):
            return "too-many"
        try:
            self._cases.hand_in(held.number, kinds[0], file.data)
        except InputError as error:
            return error.slug
        return ""

    def _acting(
        self, act: Callable[[Request, Pass, Form], Awaitable[Response]]
    ) -> Callable[[Request], Awaitable[Response]]:
        """A form that whoever holds a pass sends."""

        async def acted(request: Request) -> Response:
            form = await self._door.pages.form(request, ACT)
            held = self._door.shown(request)
            return _back() if held is None else await act(request, held, form)

        return acted

    def _refused(self, request: Request, form: Form, wrong: dict[str, str]) -> Response:
        return self._door.page(request, "enter", status=422, wrong=wrong, number=form.text("number"))

    async def _shown(
        self,
        request: Request,
        held: Pass,
        status: int = 200,
        *,
        wrong: dict[str, str] | None = None,
        mailed: bool = False,
    ) -> Response:
        view = await run_in_threadpool(self._cases.show, held.number, outside=True)
        if view is None:
            return self._door.leave(request)
        values = await run_in_threadpool(self._values, request, held, view)
        return self._door.page(
            request, "case", status=status, here=VIEW, wrong=wrong or {}, mailed=mailed, **values
        )

    def _values(self, request: Request, held: Pass, view: CaseView) -> dict[str, Any]:
        words, asker = self._door.pages.words(request), held.opens is Opens.STATUS
        given, waiting = self._given(view) if asker else (None, False)
        batch = self._cases.batches.look(held.number) if asker else None
        state = view.state
        spoken = view.asked.spoken(view.file.serial)
        facts = [(words.text("Serial number"), view.file.serial)]
        if spoken is not None:
            facts += [
                (words.text("Start time"), shown_start(spoken.started)),
                (words.text("Request number"), spoken.number),
            ]
        late = isinstance(state, Issued) and self._door.clock.wall() >= state.proposal.expires
        return {
            "number": f"{view.number[:4]}-{view.number[4:]}",
            "stage": view.status,
            "told": words.text(_LATE if late else STATES[view.status]),
            "late": late,
            "reason": words.text(REASONS.get(state.reason, "")) if isinstance(state, Closed) else "",
            "told_facts": facts,
            "until": self._door.moment(request, view.until) if view.until else "",
            "asker": asker,
            "may_cancel": view.status in ("opened", "proposed", "held"),
            "needs": [] if view.status != "opened" else self._needs(request, view),
            "papers": [(kind.value, words.text(EVIDENCE[kind])) for kind in PAPERS],
            "uploads": len(view.uploads),
            "history": [self._line(request, past) for past in view.history if _is_public(past)],
            "codes": [
                {
                    "day": shown_day(dated.day),
                    "likely": dated.likely,
                    "code": dated.code.shown,
                    "digits": dated.code.shown_digits,
                }
                for dated in (given.codes if given is not None else ())
            ],
            "key": given.key if given is not None else None,
            "spelled": " ".join(spell(given.key, words.code)) if given is not None and given.key else "",
            "file": given.file_name if given is not None and given.file else "",
            "expires": self._door.moment(request, given.expires) if given is not None else "",
            "waiting": waiting,
            "together": 1 if batch is None else batch.total,
            "parts": [] if batch is None else batch.parts,
        }

    def _given(self, view: CaseView) -> tuple[Given | None, bool]:
        """The answer, and whether one is on its way into the log."""
        if view.status != "issued":
            return None, False
        try:
            given = self._cases.give(view.number)
        except UnavailableError:
            return None, True
        return (given, False) if isinstance(given, Given) else (None, False)

    def _needs(self, request: Request, view: CaseView) -> list[str]:
        """What would help: the same for every device, known here or not."""
        words = self._door.pages.words(request)
        helpful = view.ways[-1].helpful
        return [words.text(EVIDENCE[kind]) for kind in helpful if kind is not EvidenceKind.REQUEST_FILE]

    def _line(self, request: Request, past: Past) -> dict[str, str]:
        words = self._door.pages.words(request)
        kinds = {kind.value: sentence for kind, sentence in EVIDENCE.items()}
        named = {**kinds, **REMEDIES, **REASONS}
        detail = words.text(named.get(past.detail, ""))
        return {
            "at": self._door.moment(request, past.at),
            "what": words.text(PAST[past.what]) % {"detail": detail},
            "by": words.text(ROLES.get(past.role, "")),
        }


def _is_public(past: Past) -> bool:
    """Whether a line is told: none that would say whether the device is known here."""
    return past.what in PAST and (past.what not in ("bounced", "paper") or past.role == "asker")


def _back(path: str = f"{ROOT}/case") -> Response:
    return RedirectResponse(path, 303)


def _download(text: str, name: str) -> Response:
    headers = {"content-disposition": f'attachment; filename="{name}"', "cache-control": "no-store"}
    return Response(text.encode(), media_type="application/octet-stream", headers=headers)

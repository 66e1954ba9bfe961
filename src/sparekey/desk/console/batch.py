"""One file with many devices: how each stands, and evidence, proposal, approval and answers for many at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from sparekey.core.admission import Role
from sparekey.core.case import CAMERAS, challenge
from sparekey.core.errors import Refusal, UntrustedError
from sparekey.core.evidence import Remedy
from sparekey.desk.cases.batches import SIGNED, START
from sparekey.desk.cases.service import Approver, Verdict
from sparekey.desk.console import names, words
from sparekey.desk.console.case import CASES, shown_options
from sparekey.desk.console.door import ROOT, WORKERS
from sparekey.desk.console.sign_in import ANSWER
from sparekey.language.catalogue import N_
from sparekey.language.moments import duration
from sparekey.web.forms import Limits

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from starlette.requests import Request
    from starlette.routing import BaseRoute

    from sparekey.desk.cases.batches import Batch, Place, Step
    from sparekey.desk.cases.service import Cases
    from sparekey.desk.console.door import Door
    from sparekey.desk.staff.people import Session
    from sparekey.web.forms import Form

SHOWN = 50
"""Cases of a batch on one page."""
LISTED = 200
"""Refused ones that are carried along and listed; the rest are counted."""
BATCHES = f"{ROOT}/batches"
TOUCH = f"{BATCHES}/touch"

_FORM = Limits(fields=LISTED + SHOWN + 32)
_TOUCH = Limits(value=max(ANSWER.value, SIGNED * 80))
_WAITS = ("evidence", "agent", "approval", "hold", "call", "owner", "")
_GONE = (
    N_("These devices did not come in one file"),
    N_("Look at the number once more, or look for the serial number in the inbox."),
)
_NOTHING = (
    N_("There is nothing to approve here"),
    N_(
        "None of these devices waits for an approval that is yours. Those that somebody else approved or took back"
        " meanwhile are not there any more."
    ),
)
_NO_FILE = (
    N_("There is no answer to save here"),
    N_("It is issued when enough people approved, the hold is over, and the public log has it."),
)


@dataclass(frozen=True)
class Way:
    """How far something that is done to many has come. `did`: what, as a slug. `after`: where it goes on."""

    did: str
    done: int
    refused: tuple[Verdict, ...]
    more: int
    after: Place | None


class BatchPages:
    """The pages."""

    def __init__(self, door: Door, cases: Cases) -> None:
        self._door = door
        self._cases = cases
        self._batches = cases.batches
        self._staff = door.staff

    def routes(self) -> list[BaseRoute]:
        """All of them."""
        route, here = self._door.route, f"{BATCHES}/{{number}}"
        return [
            route(TOUCH, self._touch, Role.APPROVER, method="POST"),
            route(here, self._show, *WORKERS),
            route(f"{here}/evidence", self._evidence, Role.AGENT, method="POST"),
            route(f"{here}/propose", self._propose, Role.AGENT, method="POST"),
            route(f"{here}/review", self._review, Role.APPROVER, method="POST"),
            route(f"{here}/answers", self._answers, Role.AGENT, method="POST"),
        ]

    async def _batch(self, request: Request) -> Batch | None:
        return await run_in_threadpool(self._batches.look, request.path_params["number"][:32])

    async def _show(self, request: Request, session: Session) -> Response:
        batch = await self._batch(request)
        if batch is None:
            return self._door.pages.problem(request, 404, *_GONE, back=ROOT)
        return await self._page(request, session, batch)

    async def _page(
        self,
        request: Request,
        session: Session,
        batch: Batch,
        verdicts: Sequence[Verdict] = (),
        told: str = "",
        status: int = 200,
    ) -> Response:
        chosen = request.query_params.get("waits")
        waits = chosen if chosen in _WAITS else None
        after = read_place(request.query_params.get("after", "")) or START
        lines = await run_in_threadpool(self._batches.lines, batch, waits, after, SHOWN + 1)
        spoken = self._door.pages.words(request)
        return self._door.page(
            request,
            session,
            "batch.html",
            status=status,
            batch=batch,
            here=f"{BATCHES}/{batch.number}",
            action=f"{BATCHES}/{batch.number}",
            lines=lines[:SHOWN],
            more=shown_place((lines[SHOWN - 1].opened, lines[SHOWN - 1].number))
            if len(lines) > SHOWN
            else "",
            waits=waits,
            filters=[slug for slug in _WAITS if batch.waiting.get(slug)],
            parts=batch.parts,
            signed=SIGNED,
            verdicts=[verdict for verdict in verdicts if verdict.refusal is not None],
            approved=sum(verdict.refusal is None for verdict in verdicts),
            told=spoken.text(told),
            refusals=names.REFUSALS,
            otherwise=names.OTHERWISE,
            entered=words.ENTERED,
            w=words,
            cases_at=CASES,
            agent=session.person.may(Role.AGENT),
            approver=session.person.may(Role.APPROVER),
            age=lambda seconds: duration(seconds, spoken),
        )

    async def _evidence(self, request: Request, session: Session) -> Response:
        form = await self._door.form(request, session, _FORM)
        kind = next((kind for kind in words.ENTERED if kind.value == form.text("kind")), None)
        batch = await self._batch(request)
        if batch is None or kind is None:
            return self._door.pages.problem(request, 404, *_GONE, back=ROOT)
        chosen = None if form.text("all") else frozenset(form.every("number"))
        if chosen is not None and not chosen:
            told = N_("Choose at least one device, or press the other button for all of them.")
            return await self._page(request, session, batch, told=told, status=400)

        def act(after: Place) -> Step:
            return self._batches.evidence(batch, kind, session.person.id, after, chosen)

        return await self._went(request, session, batch, form, "case-evidence", act)

    async def _propose(self, request: Request, session: Session) -> Response:
        form = await self._door.form(request, session, _FORM)
        batch = await self._batch(request)
        if batch is None:
            return self._door.pages.problem(request, 404, *_GONE, back=ROOT)
        options = CAMERAS if form.checked("cameras") else 0

        def act(after: Place) -> Step:
            return self._batches.propose(batch, session.person.id, options, after)

        return await self._went(request, session, batch, form, "case-proposed", act)

    async def _went(
        self,
        request: Request,
        session: Session,
        batch: Batch,
        form: Form,
        deed: str,
        act: Callable[[Place], Step],
    ) -> Response:
        """One part of it; the page says how far it is, and goes on by itself."""
        step = await run_in_threadpool(act, read_place(form.text("after")) or START)
        before = [verdict for verdict in map(_verdict, form.every("refused")) if verdict is not None]
        refused = (*before, *step.refused)
        done, more = _count(form.text("done")) + step.done, _count(form.text("more"))
        way = Way(deed, done, refused[:LISTED], more + max(0, len(refused) - LISTED), step.after)
        if step.done:
            await run_in_threadpool(self._staff.note, session, deed, f"{batch.number} {step.done} devices")
        kept = {name: form.text(name) for name in ("kind", "cameras", "all") if form.text(name)}
        return self._door.page(
            request,
            session,
            "batch_went.html",
            batch=batch,
            way=way,
            after=shown_place(way.after) if way.after is not None else "",
            kept=kept,
            chosen=form.every("number"),
            here=f"{BATCHES}/{batch.number}",
            back=f"{BATCHES}/{batch.number}",
            action=request.url.path,
            refusals=names.REFUSALS,
            otherwise=names.OTHERWISE,
            cases_at=CASES,
        )

    async def _review(self, request: Request, session: Session) -> Response:
        await self._door.form(request, session)
        batch = await self._batch(request)
        views = (
            [] if batch is None else await run_in_threadpool(self._batches.proposed, batch, session.person.id)
        )
        signed = [(view, view.item) for view in views if view.item is not None]
        if batch is None or not signed:
            return self._door.pages.problem(request, 409, *_NOTHING, back=f"{ROOT}/approvals")
        question = challenge([item for _, item in signed])
        people = await self._door.names()
        spoken = self._door.pages.words(request)
        return self._door.page(
            request,
            session,
            "batch_approve.html",
            here=f"{BATCHES}/{batch.number}",
            back=f"{BATCHES}/{batch.number}",
            batch=batch,
            cases=[view for view, _ in signed],
            listed=",".join(f"{view.number}:{item.hex()}" for view, item in signed),
            erases=any(view.proposal and view.proposal.remedy is Remedy.ERASE_FILE for view, _ in signed),
            people=people,
            challenge=question.hex(),
            question=self._staff.passkeys.to_sign(question, session.person.keys),
            w=words,
            cases_at=CASES,
            shown_options=shown_options,
            hours=lambda count: duration(count * 3600, spoken),
        )

    async def _touch(self, request: Request, session: Session) -> Response:
        form = await self._door.form(request, session, _TOUCH)
        batch = await run_in_threadpool(self._batches.look, form.text("batch")[:32])
        signed = read_list(form.exact("listed"))
        if batch is None or not signed:
            return self._door.pages.problem(request, 409, *_NOTHING, back=f"{ROOT}/approvals")
        try:
            verdicts = await run_in_threadpool(self._approve, session, signed, form.exact("answer"))
        except UntrustedError as error:
            about = f"{error.slug} {batch.number}"
            await run_in_threadpool(self._staff.note, session, "approval-refused", about)
            told = names.TROUBLES.get(error.slug, names.OTHERWISE)
            return await self._page(request, session, batch, told=told, status=403)
        batch = await run_in_threadpool(self._batches.look, batch.number) or batch
        refused = any(verdict.refusal is not None for verdict in verdicts)
        return await self._page(request, session, batch, verdicts, status=409 if refused else 200)

    def _approve(self, session: Session, signed: Sequence[tuple[str, bytes]], answer: str) -> list[Verdict]:
        items = [item for _, item in signed]
        with self._staff.touch(session, items, answer) as key:
            verdicts = self._cases.approve(
                [number for number, _ in signed], Approver(session.person.id, key.id), items
            )
        for verdict in verdicts:
            if verdict.refusal is None:
                self._staff.note(session, "case-approved", verdict.number)
            elif verdict.refusal is not Refusal.ALREADY_DONE:
                self._staff.note(session, "approval-refused", f"{verdict.number} {verdict.refusal.value}")
        return verdicts

    async def _answers(self, request: Request, session: Session) -> Response:
        """The answers of one part, as a file; whoever takes it is written down before."""
        form = await self._door.form(request, session)
        batch = await self._batch(request)
        if batch is None:
            return self._door.pages.problem(request, 404, *_GONE, back=ROOT)
        part = _count(form.text("part"))
        await run_in_threadpool(self._staff.note, session, "case-answer", f"{batch.number} part {part + 1}")
        answers = await run_in_threadpool(self._batches.part, batch, part)
        if not answers:
            return self._door.pages.problem(request, 409, *_NO_FILE, back=f"{BATCHES}/{batch.number}")
        name = f'attachment; filename="{batch.number}-{part + 1}.sparekey-response"'
        return Response(
            answers, headers={"content-type": "text/plain; charset=utf-8", "content-disposition": name}
        )


def shown_place(place: Place) -> str:
    """A place in a list, as a form carries it."""
    return f"{place[0]}.{place[1]}"


def read_place(text: str) -> Place | None:
    """Back again; None for what is none."""
    at, _, number = text.partition(".")
    return (int(at), number[:16]) if at.isdecimal() and len(at) < 16 else None


def read_list(text: str) -> list[tuple[str, bytes]]:
    """Numbers and items, in the order that is signed; empty when one of them is damaged or too many are there."""
    try:
        pairs = [
            (number, bytes.fromhex(item))
            for number, _, item in (one.partition(":") for one in text.split(","))
        ]
    except ValueError:
        return []
    whole = all(0 < len(number) <= 8 and len(item) == 32 for number, item in pairs)
    return (
        pairs if whole and len(pairs) <= SIGNED and len({number for number, _ in pairs}) == len(pairs) else []
    )


def _verdict(text: str) -> Verdict | None:
    """A refused one, as a form carries it along."""
    number, _, slug = text.partition(" ")
    refusal = next((one for one in Refusal if one.value == slug), None)
    return None if refusal is None else Verdict(number[:8], refusal=refusal)


def _count(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 7 else 0

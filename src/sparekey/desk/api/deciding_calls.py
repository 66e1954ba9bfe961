"""What is added to a case and decided about it. No call approves: that is a person's touch."""

from __future__ import annotations

from typing import Annotated

from fastapi import Body, Depends, Query
from starlette.responses import Response

from sparekey.core.errors import InputError, Refusal
from sparekey.core.evidence import EvidenceKind, Remedy
from sparekey.desk.api import shapes, telling
from sparekey.desk.api.call import Call, Spec
from sparekey.desk.api.desk import Desk
from sparekey.desk.api.entrance import JSON, Caller, Terms, caller_of
from sparekey.desk.api.problems import ProblemError, refused, stop
from sparekey.desk.api.scopes import Scope
from sparekey.desk.cases.uploads import ENDINGS, UPLOAD_LIMIT

By = Annotated[Caller, Depends(caller_of)]
_ETAG = {"ETag": "Its version."}


class DecidingCalls:
    """The calls."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._cases = desk.cases

    def routes(self) -> list[Call]:
        """All of them."""
        call = self._desk.call

        def about(
            method: str, path: str, name: str, told: str, scope: Scope, *, body: bool, versioned: bool = False
        ) -> Spec:
            terms = Terms(scope, media=(JSON,) if body else ())
            path = f"/cases/{{number}}/{path}"
            return Spec(
                method,
                path,
                name,
                told,
                shapes.CaseTold,
                terms=terms,
                statuses=(404, 410, 429),
                versioned=versioned,
                headers=_ETAG,
            )

        evidence = about(
            "POST", "evidence", "add_evidence", "Enter evidence that was checked", Scope.EVIDENCE, body=True
        )
        note = about("POST", "notes", "write_note", "Write a note for the desk", Scope.NOTE, body=True)
        decide = Scope.DECIDE
        return [
            call(evidence, self._evidence),
            call(
                Spec(
                    "POST",
                    "/cases/{number}/papers",
                    "hand_in_paper",
                    "Hand in a photo or a PDF, for an agent to look at",
                    shapes.CaseTold,
                    terms=Terms(
                        Scope.EVIDENCE, UPLOAD_LIMIT, (*ENDINGS, "application/octet-stream"), asks=True
                    ),
                    statuses=(404,),
                    headers=_ETAG,
                ),
                self._paper,
            ),
            call(
                Spec(
                    "POST",
                    "/cases/{number}/mailbox-code",
                    "mail_mailbox_code",
                    "Mail a code to the confirmed address, if the device has one",
                    shapes.Accepted,
                    202,
                    Terms(Scope.EVIDENCE),
                    statuses=(404,),
                ),
                self._mail,
            ),
            call(note, self._note),
            call(
                about(
                    "PUT",
                    "proposal",
                    "propose",
                    "Propose what is to be given; people approve it",
                    decide,
                    body=True,
                    versioned=True,
                ),
                self._propose,
            ),
            call(
                about(
                    "DELETE",
                    "proposal",
                    "withdraw_proposal",
                    "Take the proposal back",
                    decide,
                    body=False,
                    versioned=True,
                ),
                self._withdraw,
            ),
            call(
                about(
                    "POST",
                    "refusal",
                    "refuse_case",
                    "Refuse the case; its owner reads why",
                    decide,
                    body=True,
                    versioned=True,
                ),
                self._refuse,
            ),
            call(
                about(
                    "POST",
                    "finish",
                    "finish_case",
                    "Close an issued case: the owner is back in",
                    decide,
                    body=False,
                    versioned=True,
                ),
                self._finish,
            ),
            call(
                Spec(
                    "GET",
                    "/cases/{number}/answer",
                    "read_answer",
                    "Read what was issued. Each reading is written down",
                    shapes.Answer,
                    terms=Terms(Scope.ANSWERS),
                    statuses=(404, 409, 410),
                ),
                self._answer,
            ),
        ]

    def _evidence(
        self,
        number: str,
        given: Annotated[shapes.SeenEvidence | shapes.MailedEvidence, Body(discriminator="kind")],
        caller: By,
        response: Response,
    ) -> shapes.CaseTold:
        case = self._desk.number(number)
        if isinstance(given, shapes.SeenEvidence):
            kind = EvidenceKind(given.kind)
            verdict = self._cases.add_evidence(case, kind, caller.by, caller.seen, once=caller.once)
        else:
            try:
                verdict = self._cases.mailbox_code(case, given.code, caller.by, caller.mark, once=caller.once)
            except InputError:
                raise stop("code") from None
        return self._desk.did(verdict, "case-evidence", caller, response)

    def _paper(
        self, number: str, asked: Annotated[shapes.Paper, Query()], caller: By, response: Response
    ) -> shapes.CaseTold:
        case = self._desk.known(number)
        try:
            self._cases.hand_in(case, EvidenceKind(asked.kind), caller.body, caller.by, once=caller.once)
        except InputError as error:
            raise stop(error.slug) from None
        self._desk.note(caller, "case-paper", case)
        return self._desk.told(case, caller, response)

    def _mail(self, number: str, caller: By) -> shapes.Accepted:
        case = self._desk.known(number)
        self._cases.doors.mail_mailbox_code(case, once=caller.once)
        self._desk.note(caller, "case-mailbox", case)
        return shapes.Accepted()

    def _note(self, number: str, given: shapes.NoteText, caller: By, response: Response) -> shapes.CaseTold:
        case = self._desk.number(number)
        try:
            known = self._cases.write_note(case, given.text, caller.by, once=caller.once)
        except InputError as error:
            raise stop(error.slug) from None
        if not known:
            raise stop("no-such-case")
        self._desk.note(caller, "case-note", case)
        return self._desk.told(case, caller, response)

    def _propose(
        self, number: str, given: shapes.Proposing, caller: By, response: Response
    ) -> shapes.CaseTold:
        case, remedy = self._desk.number(number), Remedy(given.remedy)
        bits = telling.OPTIONS[remedy]
        if not bits.keys() >= set(given.options):
            raise stop("fields", errors=[{"in": "body", "pointer": "/options", "problem": "unfit"}])
        options = sum({bits[name] for name in given.options})
        verdict = self._cases.propose(case, remedy, caller.by, options, caller.seen, once=caller.once)
        return self._desk.did(verdict, "case-proposed", caller, response)

    def _withdraw(self, number: str, caller: By, response: Response) -> shapes.CaseTold:
        case = self._desk.number(number)
        verdict = self._cases.withdraw(case, caller.by, caller.seen, once=caller.once)
        return self._desk.did(verdict, "case-withdrawn", caller, response)

    def _refuse(self, number: str, given: shapes.Refusing, caller: By, response: Response) -> shapes.CaseTold:
        case = self._desk.number(number)
        verdict = self._cases.refuse(case, caller.by, given.reason, caller.seen, once=caller.once)
        return self._desk.did(verdict, "case-refused", caller, response)

    def _finish(self, number: str, caller: By, response: Response) -> shapes.CaseTold:
        case = self._desk.number(number)
        verdict = self._cases.finish(case, caller.by, caller.seen, once=caller.once)
        return self._desk.did(verdict, "case-finished", caller, response)

    def _answer(self, number: str, caller: By) -> shapes.Answer:
        """Whoever reads it is written down before."""
        case = self._desk.number(number)
        self._desk.note(caller, "case-answer", case)
        given = self._cases.give(case)
        if given is Refusal.NO_SUCH_REQUEST:
            raise stop("no-such-case")
        if isinstance(given, Refusal):
            raise ProblemError(refused(given))
        return telling.answer(given)

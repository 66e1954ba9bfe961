"""Everything that goes wrong, as a problem document (RFC 9457). Statuses of our errors come from `host/problems`."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

from starlette.responses import JSONResponse, Response

from sparekey.core.errors import InputError, Refusal, UnavailableError, UntrustedError
from sparekey.desk.api.limits import ROOT
from sparekey.desk.console import names
from sparekey.host.problems import Problem, of_error, of_refusal
from sparekey.language.catalogue import N_, choose, translator

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fastapi import FastAPI
    from starlette.requests import HTTPConnection, Request

    from sparekey.core.errors import SparekeyError
    from sparekey.language.catalogue import Translator

MEDIA = "application/problem+json"
PLACE = f"{ROOT}/problems"
"""Where all of them are listed; what stands behind the # names one."""


def _own(slug: str, status: int, told: str, mend: str) -> Problem:
    return Problem(slug, status, 1, told, mend)


_OURS = (
    _own(
        "no-such-call",
        404,
        N_("There is nothing at this address."),
        N_("Compare it with /api/v1/openapi.json."),
    ),
    _own("no-such-case", 404, N_("There is no such case."), N_("Look at its number once more.")),
    _own("no-such-order", 404, N_("There is no such order."), N_("Look at its number once more.")),
    _own(
        "no-shop",
        404,
        N_("This desk does not sell the technician’s unlock."),
        N_("Leave this call out."),
    ),
    _own(
        "method",
        405,
        N_("This address takes other methods."),
        N_("The header Allow names them."),
    ),
    _own(
        "media-type",
        415,
        N_("A body of this type is not taken here."),
        N_("Name the right type in the header Content-Type."),
    ),
    _own("size", 413, N_("This is too big."), N_("Send less at once.")),
    _own("too-long", 414, N_("The address is too long."), N_("Shorten its query.")),
    _own(
        "json",
        400,
        N_("The body is no JSON that can be read."),
        N_("Send one object in UTF-8, no name in it twice."),
    ),
    _own(
        "fields",
        422,
        N_("Some fields do not fit."),
        N_("The member “errors” points at them."),
    ),
    _own("cursor", 422, N_("This is no cursor of ours."), N_("Begin with the first page.")),
    _own(
        "token",
        401,
        N_("This needs a token that holds."),
        N_("Send it in the header Authorization, as Bearer. An admin of the desk makes one."),
    ),
    _own(
        "scope",
        403,
        N_("This token is not made for that."),
        N_("An admin of the desk can make another one with this scope."),
    ),
    _own("rate", 429, N_("Too many calls in this hour."), N_("Wait as long as Retry-After says.")),
    _own(
        "key",
        400,
        N_("The header Idempotency-Key does not fit."),
        N_("Make up 1 to 128 letters, digits or signs without spaces, once for each call."),
    ),
    _own(
        "in-progress",
        409,
        N_("The same call is still being carried out."),
        N_("Wait a few seconds, then send it again."),
    ),
    _own(
        "other-call",
        422,
        N_("This Idempotency-Key belongs to another call."),
        N_("Make up a new one for each call."),
    ),
    _own(
        "changed",
        412,
        N_("The case has changed since you looked."),
        N_("Look again, then decide."),
    ),
    _own(
        "nothing-opened",
        422,
        N_("No case was opened: nothing in it is a request of this desk’s devices."),
        N_("The member “receipts” says what is wrong with each."),
    ),
    _own(
        "code",
        422,
        N_("That is not a whole code, or one character is not right."),
        N_("Have it read once more. This was no try."),
    ),
    _own(
        "note",
        422,
        N_("A note is plain text of 1 to 2,000 characters."),
        N_("Shorten it."),
    ),
    _own("note-many", 409, N_("This case has as many notes as it can hold."), N_("Leave it as it is.")),
    _own("upload-size", 413, N_("A file has 6 MB at most."), N_("Make it smaller.")),
    _own(
        "upload-kind",
        415,
        N_("This is no photo and no PDF."),
        N_("Send JPEG, PNG, WebP, HEIC or PDF."),
    ),
    _own(
        "upload-many",
        409,
        N_("This case has as many files as it can hold."),
        N_("Leave it as it is."),
    ),
    _own(
        "statement",
        422,
        N_("This is no bank statement in the form CAMT.053 (XML)."),
        N_("Export it from the bank once more."),
    ),
    _own(
        "elsewhere",
        421,
        N_("This is not the right address."),
        N_("Call the desk by its own name."),
    ),
    _own(
        "foreign",
        403,
        N_("This came from a page of another site."),
        N_("Call from a program, not from a browser."),
    ),
    _own(
        "broken",
        500,
        N_("Something went wrong on our side."),
        N_("Try again; if it stays, tell the desk this reference."),
    ),
)
OURS: Mapping[str, Problem] = {problem.slug: problem for problem in _OURS}
"""What only programs run into, by slug."""

_REFUSALS = (
    Refusal.WRONG_CODE,
    Refusal.TOO_MANY_TRIES,
    Refusal.ALREADY_DONE,
    Refusal.NOT_AUTHORISED,
    Refusal.EXPIRED,
    Refusal.NOT_NOW,
    Refusal.NOT_ENOUGH,
    Refusal.NOT_OFFERED,
)
_AGAIN = N_("Look at the case again.")
_SENTENCES = {
    Refusal.WRONG_CODE: (
        N_("That is not the code that was mailed to the confirmed address."),
        N_("Have it read once more."),
    ),
    Refusal.TOO_MANY_TRIES: (
        N_("Too many codes were tried for this case."),
        N_("Wait an hour, then try again."),
    ),
}
_STATUSES = {
    421: "elsewhere",
    414: "too-long",
    403: "foreign",
    413: "size",
    404: "no-such-call",
    405: "method",
}


def refused(refusal: Refusal) -> Problem:
    """A "no" of the desk's, in words that fit here."""
    told, mend = _SENTENCES.get(refusal, (names.REFUSALS.get(refusal, names.OTHERWISE), _AGAIN))
    return replace(of_refusal(refusal), told=told, mend=mend)


def everything() -> list[Problem]:
    """All that a program may meet."""
    unavailable = of_error(UnavailableError("unavailable"))
    return [*_OURS, *(refused(refusal) for refusal in _REFUSALS), unavailable]


class ProblemError(Exception):
    """Ends a call with a problem. `members`: what stands in the document besides."""

    def __init__(self, problem: Problem, headers: Mapping[str, str] | None = None, **members: object) -> None:
        super().__init__(problem.slug)
        self.problem = problem
        self.headers = dict(headers or {})
        self.members = members


def stop(slug: str, headers: Mapping[str, str] | None = None, **members: object) -> ProblemError:
    """One of ours, to be raised."""
    return ProblemError(OURS[slug], headers, **members)


class Documents:
    """Writes them. `url`: the desk's public address."""

    def __init__(self, url: str) -> None:
        self._url = url

    def words(self, request: HTTPConnection) -> Translator:
        """In which language."""
        return translator(choose(request.headers.get("accept-language"), None))

    def of(self, request: HTTPConnection, problem: Problem, **members: object) -> Response:
        """One document. `slug` tells programs what happened, `title` and `detail` tell people."""
        words = self.words(request)
        content = {
            "type": f"{self._url}{PLACE}#{problem.slug}",
            "title": words.text(problem.told),
            "status": problem.status,
            "detail": words.text(problem.mend),
            "slug": problem.slug,
            **members,
        }
        headers = {"content-language": words.code}
        return JSONResponse(content, problem.status, headers=headers, media_type=MEDIA)

    def problem(
        self,
        request: Request,
        status: int,
        title: str,
        text: str,
        *,
        reference: str = "",
        bare: bool = False,
    ) -> Response:
        """What the guard says; its sentences are for people with a browser."""
        members: dict[str, object] = {"reference": reference} if reference else {}
        return self.of(request, OURS[_STATUSES.get(status, "broken")], **members)

    def listed(self, request: HTTPConnection) -> list[dict[str, object]]:
        """All of them, for whoever writes a program."""
        words = self.words(request)
        return [
            {
                "slug": problem.slug,
                "status": problem.status,
                "title": words.text(problem.told),
                "detail": words.text(problem.mend),
            }
            for problem in everything()
        ]


def handle(app: FastAPI, documents: Documents) -> None:
    """Let every error of the application end as a document."""
    from fastapi.exceptions import RequestValidationError
    from starlette.exceptions import HTTPException

    def answered(
        request: Request, problem: Problem, headers: Mapping[str, str], **members: object
    ) -> Response:
        answer = documents.of(request, problem, **members)
        answer.headers.update({**getattr(request.state, "rate", {}), **headers})
        return answer

    async def stopped(request: Request, error: Exception) -> Response:
        ended = cast("ProblemError", error)
        return answered(request, ended.problem, ended.headers, **ended.members)

    async def unfit(request: Request, error: Exception) -> Response:
        found = cast("RequestValidationError", error).errors()
        return answered(request, OURS["fields"], {}, errors=[_pointed(one) for one in found[:20]])

    async def routed(request: Request, error: Exception) -> Response:
        status = cast("HTTPException", error).status_code
        headers = {"allow": ", ".join(_methods(app, request))} if status == 405 else {}
        return answered(request, OURS[_STATUSES.get(status, "json")], headers)

    async def ours(request: Request, error: Exception) -> Response:
        problem = of_error(cast("SparekeyError", error))
        if isinstance(error, UnavailableError):
            problem = of_error(UnavailableError("unavailable"))
        headers = {"retry-after": "30"} if problem.status == 503 else {}
        return answered(request, OURS.get(problem.slug, problem), headers)

    handlers: dict[Any, Any] = {
        ProblemError: stopped,
        RequestValidationError: unfit,
        HTTPException: routed,
        **dict.fromkeys((InputError, UntrustedError, UnavailableError), ours),
    }
    for kind, handler in handlers.items():
        app.add_exception_handler(kind, handler)


_PLACES = ("body", "query", "path")


def _pointed(error: Mapping[str, Any]) -> dict[str, str]:
    """Where it does not fit. What was sent is not said back: it may be a secret in the wrong place."""
    kind, where = str(error["type"]), list(error["loc"])
    place = str(where.pop(0)) if where and where[0] in _PLACES else "body"
    if kind == "extra_forbidden":
        where = where[:-1]
    path = "".join(f"/{part}" for part in where if isinstance(part, int) or str(part).islower())
    told = {"missing": "missing", "extra_forbidden": "unknown"}.get(kind, "unfit")
    return {"in": place, "pointer": path, "problem": told}


def _methods(app: FastAPI, request: Request) -> list[str]:
    """What this address takes, over all calls at it."""
    from starlette.routing import Match, Route

    found: set[str] = set()
    for route in app.routes:
        if isinstance(route, Route) and route.matches(request.scope)[0] is not Match.NONE:
            found |= route.methods or set()
    return sorted(found)

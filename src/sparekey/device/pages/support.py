"""Ask support: the request that it answers with a file, and the page where that file comes back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.responses import Response

from sparekey.core.errors import InputError, Refusal
from sparekey.core.messages.link import link
from sparekey.core.messages.request import read_request
from sparekey.core.messages.response import Response as Answered
from sparekey.core.messages.text import Responses, read_any
from sparekey.core.messages.xml import write_xml
from sparekey.core.values import MethodName
from sparekey.device.pages.claim import begin, claim_of, give_claim, gone
from sparekey.device.pages.door import go
from sparekey.device.pages.mail import saved, until
from sparekey.device.pages.proof import PATHS, Entry, elsewhere
from sparekey.language.moments import duration
from sparekey.web import qr

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.routing import BaseRoute

    from sparekey.core.messages.request import Request as Asked
    from sparekey.core.record import Ask
    from sparekey.device.pages.door import Door
    from sparekey.web.forms import Form

_METHOD = MethodName.RESPONSE_FILE


def routes(door: Door) -> list[BaseRoute]:
    """The pages of this group."""
    agent = door.agent

    def opened(request: Request) -> Ask | None:
        return door.recovering.request_of(claim_of(door, request).hash, _METHOD)

    def show(request: Request) -> Response:
        closed = door.recovering.greyed(_METHOD, door.face(request)) or not agent.is_set_up
        if closed or not door.recovering.reaches_desk(_METHOD):
            return elsewhere(door, request, _METHOD) or go("/forgot")
        kept, words = opened(request), door.pages.words(request)
        hold = agent.config.policy.hold
        about: dict[str, Any] = {
            "desk": agent.trust.name,
            "hold": duration(hold * 3600, words) if hold else "",
        }
        if kept is None:
            return door.pages.page(request, "device/forgot-support.html", **about)
        read = read_request(kept.sealed)
        text = link(agent.trust.prefix, read)
        return door.pages.page(
            request,
            "device/forgot-support-open.html",
            square=qr.svg(text, words.text("The request as a square")),
            link=text,
            number=kept.number,
            until=until(door, request, kept),
            **about,
        )

    def start(request: Request, _form: Form) -> Response:
        token, claim = begin(door, request)
        answer = door.recovering.open_support(claim, face=door.face(request))
        if isinstance(answer, Refusal):
            return door.refused(request, answer)
        response = go("/forgot/support")
        give_claim(door, request, response, token)
        return response

    def carried(request: Request) -> tuple[Ask, Asked] | Response:
        kept = opened(request)
        return gone(door, request, _METHOD) if kept is None else (kept, read_request(kept.sealed))

    def picture(request: Request) -> Response:
        found = carried(request)
        if isinstance(found, Response):
            return found
        return Response(qr.png(link(agent.trust.prefix, found[1])), media_type="image/png")

    def save(request: Request) -> Response:
        found = carried(request)
        if isinstance(found, Response):
            return found
        return saved(door, *found, "send this file, or the text below Address, to them")

    def save_xml(request: Request) -> Response:
        found = carried(request)
        if isinstance(found, Response):
            return found
        kept, read = found
        name = f'attachment; filename="{kept.number}.xml"'
        return Response(write_xml(read), media_type="application/xml", headers={"content-disposition": name})

    def entry(request: Request, kept: Ask) -> Entry:
        values: dict[str, Any] = {"number": kept.number, "until": until(door, request, kept)}
        return Entry(door, request, _METHOD, "device/forgot-answer.html", values)

    def ask_answer(request: Request) -> Response:
        kept = opened(request)
        if kept is None:
            return gone(door, request, _METHOD)
        if door.recovering.right(claim_of(door, request).hash, door.face(request)):
            return go("/forgot/password")
        return entry(request, kept).form()

    def take_answer(request: Request, form: Form) -> Response:
        kept, claim = opened(request), claim_of(door, request)
        if kept is None or claim.hash is None or claim.token is None:
            return gone(door, request, _METHOD)
        page, words = entry(request, kept), door.pages.words(request)
        upload = form.file("file")
        if upload is None:
            return page.form(422, words.text("Choose the file from support first."))
        answers = _read(upload.data)
        if not answers:
            told = words.text(
                "This is not a file from support. Look for one that ends in .sparekey-response. This cost no try."
            )
            return page.form(422, told)
        asked = read_request(kept.sealed).hash
        ours = next((answer for answer in answers if answer.answer.request == asked), None)
        if ours is None:
            told = words.text(
                "This file answers another request. Look for the one for %(number)s. This cost no try."
            )
            return page.form(422, told % {"number": kept.number})
        refusal = door.recovering.take_answer(kept.number, claim.hash, ours, face=door.face(request))
        if refusal is Refusal.EXPIRED:
            told = words.text(
                "The time of this file is over. Ask support for a new one: the request is still open."
            )
            return page.form(410, told)
        return page.verdict(refusal, claim.token)

    path = PATHS[_METHOD]
    return [
        door.get("/forgot/support", show),
        door.post("/forgot/support", "forgot-support", start),
        door.get("/forgot/support/qr.png", picture),
        door.get("/forgot/support/file", save),
        door.get("/forgot/support/xml", save_xml),
        door.get(path, ask_answer),
        door.post(path, "forgot-answer", take_answer),
    ]


def _read(data: bytes) -> list[Answered]:
    """The answers in a file, for however many devices; none when it is something else."""
    try:
        found = read_any(data)
    except InputError:
        return []
    items = found.items if isinstance(found, Responses) else (found,)
    return [item for item in items if isinstance(item, Answered)]

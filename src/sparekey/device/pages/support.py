"""Ask support: the request that it answers with a file or a key, and the pages where these come back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sparekey.core.errors import InputError, Refusal
from sparekey.core.messages.link import link
from sparekey.core.messages.request import read_request
from sparekey.core.messages.response import Response as Answered
from sparekey.core.messages.text import Responses, read_any
from sparekey.core.messages.xml import write_xml
from sparekey.core.values import MethodName
from sparekey.device.pages.claim import begin, claim_of, give_claim, gone
from sparekey.device.pages.code import Typing, typing
from sparekey.device.pages.door import go
from sparekey.device.pages.mail import saved, until
from sparekey.device.pages.proof import ANSWER_LIMIT, PATHS, Entry, elsewhere, leads_to
from sparekey.language.catalogue import N_
from sparekey.language.moments import duration
from sparekey.web import qr
from sparekey.web.forms import Limits
from sparekey.web.lean import Response

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.routing import BaseRoute

    from sparekey.core.messages.request import Request as Asked
    from sparekey.core.record import Ask
    from sparekey.device.pages.door import Door
    from sparekey.web.forms import Form

_LIMITS = Limits(file=ANSWER_LIMIT)


@dataclass(frozen=True)
class Asking:
    """One kind of request to support. `base`: its page, and the beginning of the others. `intro`, `opened`: templates
    before and after the request is made. `purpose`: of the forms, and with `-answer` of the file's.
    """

    method: MethodName
    base: str
    intro: str
    opened: str
    purpose: str


SUPPORT = Asking(
    MethodName.RESPONSE_FILE,
    "/forgot/support",
    "device/forgot-support.html",
    "device/forgot-support-open.html",
    "forgot-support",
)


def asking(door: Door, kind: Asking) -> list[BaseRoute]:
    """The pages of one kind of request and of the file that answers it."""
    agent, method = door.agent, kind.method
    policy = agent.config.policy

    def opened(request: Request) -> Ask | None:
        return door.recovering.request_of(claim_of(door, request).hash, method)

    def about(request: Request) -> dict[str, Any]:
        words = door.pages.words(request)
        return {
            "desk": agent.trust.name,
            "hold": duration(policy.hold * 3600, words) if policy.hold else "",
            "lasts": duration(policy.response.file_valid, words),
            "key": _takes_keys(door, request),
        }

    def show(request: Request) -> Response:
        closed = door.recovering.greyed(method, door.face(request)) or not agent.is_set_up
        if closed or not door.recovering.reaches_desk(method):
            return elsewhere(door, request, method) or go("/forgot")
        kept, words = opened(request), door.pages.words(request)
        if kept is None:
            return door.pages.page(request, kind.intro, **about(request))
        read = read_request(kept.sealed)
        text = link(agent.trust.prefix, read)
        return door.pages.page(
            request,
            kind.opened,
            square=qr.svg(text, words.text("The request as a square")),
            link=text,
            number=kept.number,
            until=until(door, request, kept),
            base=kind.base,
            **about(request),
        )

    def start(request: Request, _form: Form) -> Response:
        token, claim = begin(door, request)
        answer = door.recovering.open_support(claim, face=door.face(request), method=method)
        if isinstance(answer, Refusal):
            return door.refused(request, answer)
        response = go(kind.base)
        give_claim(door, request, response, token)
        return response

    def carried(request: Request) -> tuple[Ask, Asked] | Response:
        kept = opened(request)
        return gone(door, request, method) if kept is None else (kept, read_request(kept.sealed))

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

    def save_on_stick(request: Request, _form: Form) -> Response:
        file = save(request)
        return door.to_stick(request, file, kind.base) if "content-disposition" in file.headers else file

    def save_xml(request: Request) -> Response:
        found = carried(request)
        if isinstance(found, Response):
            return found
        kept, read = found
        name = f'attachment; filename="{kept.number}.xml"'
        return Response(write_xml(read), media_type="application/xml", headers={"content-disposition": name})

    def entry(request: Request, kept: Ask) -> Entry:
        values: dict[str, Any] = {
            "number": kept.number,
            "until": until(door, request, kept),
            "base": kind.base,
            "purpose": f"{kind.purpose}-answer",
        }
        return Entry(door, request, method, "device/forgot-answer.html", values)

    def ask_answer(request: Request) -> Response:
        kept = opened(request)
        if kept is None:
            return gone(door, request, method)
        right = door.recovering.right(claim_of(door, request).hash, door.face(request))
        if right:
            return go(leads_to(door, request, right))
        closed = door.recovering.greyed(method, door.face(request))
        return (elsewhere(door, request, method) or go("/forgot")) if closed else entry(request, kept).form()

    def take_answer(request: Request, form: Form) -> Response:
        kept, claim = opened(request), claim_of(door, request)
        if kept is None or claim.hash is None or claim.token is None:
            return gone(door, request, method)
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
        refusal = door.recovering.take_answer(
            kept.number, claim.hash, ours, face=door.face(request), method=method
        )
        if refusal is Refusal.EXPIRED:
            told = words.text(
                "The time of this file is over. Ask support for a new one: the request is still open."
            )
            return page.form(410, told)
        return page.verdict(refusal, claim.token)

    path = PATHS[method]
    return [
        door.get(kind.base, show),
        door.post(kind.base, kind.purpose, start),
        door.get(f"{kind.base}/qr.png", picture),
        door.get(f"{kind.base}/file", save),
        door.post(f"{kind.base}/usb", "to-usb", save_on_stick),
        door.get(f"{kind.base}/xml", save_xml),
        door.get(path, ask_answer),
        door.post(path, f"{kind.purpose}-answer", take_answer, _LIMITS),
    ]


def routes(door: Door) -> list[BaseRoute]:
    """The pages of this group."""
    key = Typing(
        MethodName.RESPONSE_KEY,
        purpose="forgot-key",
        title=N_("Type the key from support"),
        label=N_("Key from support"),
        back=SUPPORT.base,
        shows=N_("Show the request again"),
        check=N_("Meanwhile compare the key with what support gave you, character by character."),
        wrong=N_("That is not the key for this request. Compare it with what support gave you."),
    )
    return [*asking(door, SUPPORT), *typing(door, key)]


def _takes_keys(door: Door, request: Request) -> bool:
    return door.recovering.greyed(MethodName.RESPONSE_KEY, door.face(request)) is None


def _read(data: bytes) -> list[Answered]:
    """The answers in a file, for however many devices; none when it is something else."""
    try:
        found = read_any(data)
    except InputError:
        return []
    items = found.items if isinstance(found, Responses) else (found,)
    return [item for item in items if isinstance(item, Answered)]

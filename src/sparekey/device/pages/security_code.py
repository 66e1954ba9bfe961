"""The security code: what to read out to support, and the code of the day that comes back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sparekey.core.errors import Refusal
from sparekey.core.methods.security_code import spoken, today
from sparekey.core.methods.spoken import shown_day, shown_start, spoken_text
from sparekey.core.values import MethodName
from sparekey.device.pages.claim import begin, claim_of, give_claim, gone
from sparekey.device.pages.code import Typing, typing
from sparekey.device.pages.door import go
from sparekey.device.pages.mail import until
from sparekey.device.pages.proof import elsewhere, leads_to
from sparekey.language.catalogue import N_
from sparekey.language.moments import duration
from sparekey.web import qr
from sparekey.web.lean import Response

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.routing import BaseRoute

    from sparekey.core.record import Ask
    from sparekey.device.pages.door import Door
    from sparekey.web.forms import Form

PATH = "/forgot/security-code"
_METHOD = MethodName.SECURITY_CODE


@dataclass(frozen=True)
class ReadOut:
    """What to read out. `facts`: names and values, in the reader's language. `text`: to copy. `desk`: for whom."""

    facts: list[tuple[str, str]]
    text: str
    desk: str


def read_out(door: Door, request: Request) -> ReadOut | None:
    """What this visitor's open request tells, or None without one."""
    kept = door.recovering.request_of(claim_of(door, request).hash, _METHOD)
    return None if kept is None else told_of(door, request, kept)


def told_of(door: Door, request: Request, kept: Ask) -> ReadOut:
    """What an open request tells."""
    told, words = spoken(kept, door.agent.now()), door.pages.words(request)
    day = kept.frozen.day if kept.frozen else 0
    facts = [
        (words.text("Serial number"), told.serial),
        (words.text("Start time"), shown_start(told.started)),
        (words.text("Request number"), told.number),
        (words.text("Date"), shown_day(day)),
    ]
    if told.mac:
        facts.append((words.text("MAC"), told.mac))
    return ReadOut(facts, spoken_text(told, day), door.agent.trust.name)


def routes(door: Door) -> list[BaseRoute]:
    """The pages of this group."""
    agent = door.agent
    policy = agent.config.policy

    def opened(request: Request) -> Ask | None:
        return door.recovering.request_of(claim_of(door, request).hash, _METHOD)

    def show(request: Request) -> Response:
        away = elsewhere(door, request, _METHOD)
        if away is not None:
            return away
        kept, words = opened(request), door.pages.words(request)
        hold = duration(policy.hold * 3600, words) if policy.hold else ""
        if kept is None and door.recovering.opens_at_login(door.face(request)):
            return go("/login")
        if kept is None:
            return door.pages.page(
                request, "device/forgot-security.html", title=_title(door, request), desk=agent.trust.name
            )
        told = told_of(door, request, kept)
        return door.pages.page(
            request,
            "device/forgot-security-open.html",
            title=_title(door, request),
            told=told,
            square=qr.svg(told.text, words.text("What to read out, as a square"), plain=True),
            until=until(door, request, kept),
            hold=hold,
        )

    def start(request: Request, _form: Form) -> Response:
        if door.recovering.opens_at_login(door.face(request)) and opened(request) is None:
            return go("/login")
        token, claim = begin(door, request)
        answer = door.recovering.open_security_code(claim, face=door.face(request))
        if isinstance(answer, Refusal):
            return door.refused(request, answer)
        response = go(PATH)
        give_claim(door, request, response, token)
        return response

    def save(request: Request) -> Response:
        kept = opened(request)
        if kept is None:
            return gone(door, request, _METHOD)
        name = f'attachment; filename="{kept.number}.txt"'
        text = told_of(door, request, kept).text
        return Response(text, media_type="text/plain; charset=utf-8", headers={"content-disposition": name})

    def save_on_stick(request: Request, _form: Form) -> Response:
        file = save(request)
        return door.to_stick(request, file, PATH) if "content-disposition" in file.headers else file

    def picture(request: Request) -> Response:
        kept = opened(request)
        if kept is None:
            return gone(door, request, _METHOD)
        return Response(qr.png(told_of(door, request, kept).text, plain=True), media_type="image/png")

    def about(request: Request, kept: Ask) -> str:
        words = door.pages.words(request)
        told = words.text("Did support give you several codes? Today counts the one for %(date)s.")
        return told % {"date": shown_day(today(agent.record, kept, agent.now()))}

    def temporary(request: Request) -> Response:
        right = door.recovering.right(claim_of(door, request).hash, door.face(request))
        if right is None or leads_to(door, request, right) != "/forgot/temporary":
            return go("/forgot/password")
        return door.pages.page(
            request,
            "device/forgot-temporary.html",
            account=right.account,
            temporary=policy.security_code.temporary,
            time=duration(right.until - agent.age(), door.pages.words(request)),
        )

    kind = Typing(
        _METHOD,
        purpose="security-code",
        title=N_("Type the code"),
        label=policy.words.security_field,
        back=PATH,
        shows=N_("Show again what to read out"),
        check=N_("Meanwhile compare the code with what support gave you, character by character."),
        wrong=N_(
            "That is not the code for today. Compare it character by character,"
            " and ask support for the code of the date shown here."
        ),
        about=about,
    )
    return [
        door.get(PATH, show),
        door.post(PATH, "forgot-security", start),
        door.get(f"{PATH}/file", save),
        door.post(f"{PATH}/usb", "to-usb", save_on_stick),
        door.get(f"{PATH}/qr.png", picture),
        door.get("/forgot/temporary", temporary),
        *typing(door, kind),
    ]


def _title(door: Door, request: Request) -> str:
    return door.pages.words(request).text(door.agent.config.policy.words.security_code)

"""What a phone shows of a scanned enrolment or notice, and the page where an owner stops a foreign one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response
from starlette.routing import Route

from sparekey.core.codes import read_code, read_number
from sparekey.core.errors import InputError, Refusal, UntrustedError
from sparekey.core.messages.armour import FileKind, wrap
from sparekey.core.messages.enrol_reply import read_reply_link, reply_link
from sparekey.core.messages.header import Kind
from sparekey.core.messages.link import last_part
from sparekey.core.messages.link_answer import LinkVerdict
from sparekey.core.messages.notice import NoticeBody
from sparekey.core.values import mask
from sparekey.language.catalogue import N_
from sparekey.web import qr

if TYPE_CHECKING:
    from starlette.requests import Request

    from sparekey.core.messages.request import Request as Carried
    from sparekey.desk.registry.disputes import Disputes
    from sparekey.desk.registry.notices import Notices
    from sparekey.desk.registry.registrar import Registrar
    from sparekey.web.page import Pages

STOP = "/registration/stop"
PURPOSE, STOP_PURPOSE = "register", "registration-stop"
QR_MOST = 1100
"""Bytes of a reply that is shown as a square too; beyond that no phone's camera reads it from a screen."""

_PROBLEMS = {
    LinkVerdict.OTHER_DESK: (
        404,
        N_("This recorder belongs to another support desk"),
        N_("Nothing was done. Scan the square again and open the page that the phone offers."),
    ),
    LinkVerdict.UNKNOWN_KEY: (
        410,
        N_("This recorder knows only an old key of this desk"),
        N_("Nothing was done. Give the recorder a new trust file, then try again."),
    ),
    LinkVerdict.NOT_GENUINE: (
        403,
        N_("This square was changed or damaged on the way"),
        N_("Nothing was done. Go back to the recorder and scan the square on its own screen."),
    ),
    LinkVerdict.OLD: (
        409,
        N_("This square is out of date"),
        N_(
            "The recorder told us something newer since. Go back to it and scan the square that it shows now."
        ),
    ),
    LinkVerdict.LATER: (
        503,
        N_("We take no more of these right now"),
        N_("Nothing was done. Try again in an hour, with the same square."),
    ),
    LinkVerdict.EXPIRED: (
        410,
        N_("The time for this square is over"),
        N_("Nothing was done. Scan the square that the recorder shows now."),
    ),
}
_DAMAGED = (
    N_("A part of this square is missing"),
    N_("Nothing was done. Scan the answer's square again, with the whole square in the picture."),
)


@dataclass(frozen=True)
class _Seen:
    """What the first page may show. `addresses`: masked."""

    model: str
    serial: str
    addresses: tuple[str, ...]


class RegistryPages:
    """`prefix`: the desk's, as it stands in QR codes."""

    def __init__(
        self,
        pages: Pages,
        *,
        registrar: Registrar,
        notices: Notices,
        disputes: Disputes,
        prefix: str,
    ) -> None:
        self._pages = pages
        self._registrar = registrar
        self._notices = notices
        self._disputes = disputes
        self._prefix = prefix

    def routes(self) -> list[Route]:
        """The page that a mail leads to, and the answer's. Other squares are called by the desk's own route."""
        return [
            Route(STOP, self._stop_page, methods=["GET"]),
            Route(STOP, self._stop, methods=["POST"]),
            Route("/E/{text:path}", self._answer, methods=["GET"]),
            Route("/e/{text:path}", self._answer, methods=["GET"]),
        ]

    async def look(self, request: Request, carried: Carried) -> Response:
        """A scanned enrolment or notice: what it is, and one button. Or the reply as a file."""
        seen = await run_in_threadpool(self._seen, carried)
        if isinstance(seen, LinkVerdict):
            return self._problem(request, seen)
        if carried.header.kind is Kind.NOTICE:
            return self._page(request, "registry/notice.html", seen=seen)
        reply = await run_in_threadpool(self._registrar.reply, carried)
        if reply is None:
            return self._page(request, "registry/register.html", seen=seen)
        if request.query_params.get("as") == "file":
            return _file(carried, reply)
        return self._registered(request, seen, reply)

    async def press(self, request: Request, carried: Carried) -> Response:
        """The button was pressed."""
        await self._pages.form(request, PURPOSE)
        seen = await run_in_threadpool(self._seen, carried)
        if isinstance(seen, LinkVerdict):
            return self._problem(request, seen)
        if carried.header.kind is Kind.NOTICE:
            verdict = await run_in_threadpool(self._notices.notice, carried)
            if verdict is LinkVerdict.TAKEN:
                return self._page(request, "registry/told.html", seen=seen)
            return self._problem(request, verdict)
        answer = await run_in_threadpool(self._registrar.enrol, carried)
        if answer.verdict is LinkVerdict.TAKEN:
            return self._registered(request, seen, answer.data)
        if answer.verdict is LinkVerdict.WAITS:
            return self._page(request, "registry/waits.html", seen=seen)
        return self._problem(request, answer.verdict)

    def _seen(self, carried: Carried) -> _Seen | LinkVerdict:
        """Changes nothing."""
        refusal = self._registrar.refusal(carried, carried.header.kind)
        if refusal is not None:
            return refusal
        try:
            body = self._registrar.keyring.open(carried)
        except UntrustedError as error:
            return LinkVerdict.UNKNOWN_KEY if error.slug == "no-key" else LinkVerdict.NOT_GENUINE
        identity = carried.header.identity
        addresses = body.addresses if isinstance(body, NoticeBody) else getattr(body, "addresses", ())
        return _Seen(identity.model, identity.serial, tuple(mask(address) for address in addresses))

    def _registered(self, request: Request, seen: _Seen, reply: bytes) -> Response:
        words = self._pages.words(request)
        text = reply_link(self._prefix, reply)
        square = qr.svg(text, words.text("The answer as a square")) if len(reply) <= QR_MOST else ""
        return self._page(
            request,
            "registry/registered.html",
            seen=seen,
            square=square,
            text=text,
            download=_here(request) + "?as=file",
        )

    async def _answer(self, request: Request) -> Response:
        """An answer that a phone scanned from another one: how it gets to the device. It is asked nothing of."""
        text = last_part(request.path_params["text"])
        try:
            read_reply_link(text)
        except InputError:
            return self._pages.problem(request, 400, *_DAMAGED)
        whole = self._prefix.removesuffix("R/") + "E/" + text
        if request.query_params.get("as") == "file":
            name = f'attachment; filename="answer{FileKind.REPLY.extension}"'
            headers = {"content-disposition": name}
            return Response(whole + "\n", media_type="application/octet-stream", headers=headers)
        here = "/E/" + quote(text)
        return self._pages.page(
            request, "registry/answer.html", here="/", text=whole, download=here + "?as=file"
        )

    def _page(self, request: Request, template: str, **values: Any) -> Response:
        return self._pages.page(request, template, address=_here(request), **values)

    def _problem(self, request: Request, verdict: LinkVerdict) -> Response:
        return self._pages.problem(request, *_PROBLEMS[verdict])

    # Stopping a foreign enrolment

    async def _stop_page(self, request: Request) -> Response:
        return self._pages.page(request, "registry/stop.html", number="", error="", done=False)

    async def _stop(self, request: Request) -> Response:
        form = await self._pages.form(request, STOP_PURPOSE)
        words, number = self._pages.words(request), form.text("number")
        try:
            refusal = await run_in_threadpool(
                self._disputes.stop, read_number(number), read_code(form.text("code"))
            )
        except InputError:
            refusal = Refusal.WRONG_CODE
        if refusal is None:
            return self._pages.page(request, "registry/stop.html", number="", error="", done=True)
        told = words.text(
            "Number and code do not belong together, or it is over already. Copy both from the mail."
        )
        if refusal is Refusal.TOO_MANY_TRIES:
            told = words.text("Too many wrong codes were typed for this number. Call support now.")
        return self._pages.page(
            request, "registry/stop.html", status=422, number=number, error=told, done=False
        )


def _here(request: Request) -> str:
    return "/R/" + quote(request.path_params["text"])


def _file(carried: Carried, reply: bytes) -> Response:
    identity = carried.header.identity
    told = {
        "Device": f"{identity.model}, serial number {identity.serial}",
        "Request": carried.header.number,
        "What to do": "hand this file in at the device, on the page Registration",
    }
    name = f'attachment; filename="{carried.header.number}{FileKind.REPLY.extension}"'
    return Response(
        wrap(FileKind.REPLY, reply, told),
        media_type="application/octet-stream",
        headers={"content-disposition": name},
    )

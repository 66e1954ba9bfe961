"""A new case: from a phone call, from a file for one or many devices, or from a photo of the square."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse

from sparekey.core.admission import Role
from sparekey.core.codes import fold, spell
from sparekey.core.errors import InputError, MisuseError
from sparekey.core.messages.armour import BATCH_ARMOUR_LIMIT
from sparekey.core.values import mail_address
from sparekey.desk.cases.asking import Asker, Route
from sparekey.desk.cases.opening import Trouble
from sparekey.desk.cases.typed import Typed
from sparekey.desk.console import words
from sparekey.desk.console.door import ROOT
from sparekey.desk.console.file import FILES
from sparekey.desk.photo import is_photo, read_photo
from sparekey.language.catalogue import LANGUAGES, N_
from sparekey.web.forms import Limits

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute

    from sparekey.desk.cases.reception import Receipt
    from sparekey.desk.cases.service import Cases
    from sparekey.desk.console.door import Door
    from sparekey.desk.staff.people import Session
    from sparekey.web.forms import Form

SHOWN = 200
"""Receipts of one file on the page; troubles come first."""

_NEW = f"{ROOT}/new"
_FIELDS = {Trouble.SERIAL: "serial", Trouble.STARTED: "started", Trouble.NUMBER: "number", Trouble.MAC: "mac"}
_ADDRESS = N_(
    "This is no mail address. Ask for it letter by letter, or leave it empty and read the answer out."
)


@dataclass(frozen=True)
class Heard:
    """What an agent typed during a call, to be shown again when something in it has to be asked once more."""

    serial: str = ""
    started: str = ""
    number: str = ""
    mac: str = ""
    day: str = ""
    address: str = ""
    phone: str = ""
    locale: str = ""


class NewCase:
    """The pages."""

    def __init__(self, door: Door, cases: Cases) -> None:
        self._door = door
        self._cases = cases

    def routes(self) -> list[BaseRoute]:
        """All of them."""
        route = self._door.route
        return [
            route(_NEW, self._ask, Role.AGENT),
            route(f"{_NEW}/call", self._call, Role.AGENT, method="POST"),
            route(f"{_NEW}/file", self._file, Role.AGENT, method="POST"),
        ]

    async def _ask(self, request: Request, session: Session) -> Response:
        return self._page(request, session)

    def _page(
        self,
        request: Request,
        session: Session,
        heard: Heard | None = None,
        wrong: dict[str, str] | None = None,
        file_trouble: str = "",
    ) -> Response:
        spoken = self._door.pages.words(request)
        number = (heard or Heard()).number
        return self._door.page(
            request,
            session,
            "new_case.html",
            status=400 if wrong or file_trouble else 200,
            heard=heard or Heard(locale=spoken.code),
            wrong={name: spoken.text(told) for name, told in (wrong or {}).items()},
            file_trouble=spoken.text(file_trouble),
            locales=LANGUAGES,
            spelled=spelled(number, spoken.code),
        )

    async def _call(self, request: Request, session: Session) -> Response:
        form = await self._door.form(request, session)
        names = ("serial", "started", "number", "mac", "day", "address", "phone", "locale")
        heard = Heard(**{name: form.text(name)[:120] for name in names})
        asker = self._asker(session, form, Route.CALL)
        if asker is None:
            return self._page(request, session, heard, {"address": _ADDRESS})
        typed = Typed(heard.serial, heard.started, heard.number, heard.mac, heard.day)
        receipt = await run_in_threadpool(self._cases.open_typed, typed, asker)
        if receipt.trouble is not None:
            told = words.OPENING[receipt.trouble]
            return self._page(request, session, heard, {_FIELDS.get(receipt.trouble, "serial"): told})
        await run_in_threadpool(self._door.staff.note, session, "case-opened", receipt.number)
        return RedirectResponse(f"{ROOT}/cases/{receipt.number}", 303)

    async def _file(self, request: Request, session: Session) -> Response:
        form = await self._door.form(request, session, Limits(file=BATCH_ARMOUR_LIMIT))
        upload, pasted = form.file("file"), form.text("text")
        asker = self._asker(session, form, Route.DOWNLOAD)
        if asker is None:
            return self._page(request, session, file_trouble=_ADDRESS)
        given: str | bytes = pasted if upload is None else upload.data
        if not given:
            return self._page(
                request, session, file_trouble=N_("Choose a file or a photo, or paste the text.")
            )
        if isinstance(given, bytes) and is_photo(given):
            try:
                given = await run_in_threadpool(read_photo, given)
            except InputError as error:
                return self._page(request, session, file_trouble=words.PHOTO[error.slug])
        receipts = await run_in_threadpool(self._cases.files.open, given, asker)
        if isinstance(receipts, str):
            await run_in_threadpool(self._door.staff.note, session, "case-opened", receipts)
            return RedirectResponse(f"{FILES}/{receipts}", 303)
        for receipt in receipts[:SHOWN]:
            if receipt.number:
                await run_in_threadpool(self._door.staff.note, session, "case-opened", receipt.number)
        if len(receipts) == 1:
            return self._one(request, session, receipts[0])
        return self._many(request, session, receipts)

    def _one(self, request: Request, session: Session, receipt: Receipt) -> Response:
        if receipt.trouble is not None:
            return self._page(request, session, file_trouble=words.OPENING[receipt.trouble])
        return RedirectResponse(f"{ROOT}/cases/{receipt.number}", 303)

    def _many(self, request: Request, session: Session, receipts: Sequence[Receipt]) -> Response:
        numbered = list(enumerate(receipts, 1))
        troubles = [(place, receipt) for place, receipt in numbered if receipt.trouble is not None]
        opened = [(place, receipt) for place, receipt in numbered if receipt.trouble is None]
        return self._door.page(
            request,
            session,
            "many.html",
            troubles=troubles[:SHOWN],
            opened=opened[:SHOWN],
            counted=(len(troubles), len(opened), len(receipts)),
            opening=words.OPENING,
        )

    def _asker(self, session: Session, form: Form, otherwise: Route) -> Asker | None:
        """Who asks, as the agent typed it; None for what is no mail address."""
        address = form.text("address")
        try:
            address = mail_address(address) if address else ""
        except InputError:
            return None
        locale = form.text("locale")
        return Asker(
            opener=f"staff {session.person.id}".encode(),
            locale=locale if locale in LANGUAGES else self._default,
            route=Route.MAIL if address and otherwise is not Route.CALL else otherwise,
            address=address,
            phone=form.text("phone")[:40],
            agent=session.person.id,
            requester=session.person.id if form.checked("own") else "",
        )

    _default = next(iter(LANGUAGES))


def spelled(text: str, locale: str) -> str:
    """How to say a code or number, word by word; empty for what is none."""
    try:
        return " ".join(spell(fold(text), locale)) if text else ""
    except (MisuseError, InputError):
        return ""

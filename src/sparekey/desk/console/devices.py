"""What the registry knows of one device: whose turn it is, stolen or back, whose own it is, and who disputes it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse

from sparekey.core.admission import Role
from sparekey.core.case import challenge
from sparekey.core.errors import UntrustedError
from sparekey.core.registry import Source
from sparekey.desk.console import names
from sparekey.desk.console.disputes import WHY
from sparekey.desk.console.door import ROOT, WORKERS
from sparekey.desk.console.sign_in import ANSWER
from sparekey.desk.registry.entry import entry
from sparekey.desk.staff.people import Opening
from sparekey.language.catalogue import N_

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute

    from sparekey.desk.console.door import Door
    from sparekey.desk.registry.entry import Entry
    from sparekey.desk.registry.registrar import Registrar
    from sparekey.desk.staff.people import Session

DEVICES = f"{ROOT}/devices"
SERIAL_LIMIT = 48

_SOURCES = {
    Source.FACTORY: N_("It proved what its factory left in it."),
    Source.FIRST_USE: N_("It came first under this serial number. That proves nothing about its owner."),
    Source.PEOPLE: N_("Two people of this desk let it in."),
}
_CHANGERS = (Role.AGENT, Role.APPROVER, Role.TECHNICIAN, Role.ADMIN)
_CHANGED = N_("Something changed since you looked. Nothing was done; look at it again.")
_NOT_YOURS = N_("It is your own device, so somebody else says that it is back.")


class DevicePages:
    """The pages."""

    def __init__(self, door: Door, registrar: Registrar) -> None:
        self._door = door
        self._staff = door.staff
        self._registrar = registrar

    def routes(self) -> list[BaseRoute]:
        """All of them."""
        route = self._door.route
        return [
            route(DEVICES, self._show, *WORKERS, *_CHANGERS),
            route(f"{DEVICES}/stolen", self._stolen, Role.AGENT, Role.APPROVER, method="POST"),
            route(f"{DEVICES}/found", self._found, Role.APPROVER, method="POST"),
            route(f"{DEVICES}/own", self._own, *_CHANGERS, method="POST"),
            route(f"{DEVICES}/not-own", self._not_own, Role.ADMIN, method="POST"),
        ]

    async def _show(self, request: Request, session: Session) -> Response:
        return await self._page(request, session, request.query_params.get("serial", ""))

    async def _page(
        self, request: Request, session: Session, typed: str, told: str = "", status: int = 200
    ) -> Response:
        serial = typed.strip()[:SERIAL_LIMIT]
        found = await self._entry(serial)
        people = await self._door.names()
        back = found is not None and found.stolen and session.person.may(Role.APPROVER)
        question = challenge([found.found_item]) if found is not None and back else b""
        return self._door.page(
            request,
            session,
            "device.html",
            status=status,
            here=f"{DEVICES}?serial={quote(serial)}",
            serial=found.serial if found is not None else serial,
            entry=found,
            sources=_SOURCES,
            why=WHY,
            people=people,
            owners=", ".join(people.get(id_, id_) for id_ in found.owners) if found is not None else "",
            others=self._others(session, found),
            agent=session.person.may(Role.AGENT, Role.APPROVER),
            approver=session.person.may(Role.APPROVER),
            admin=session.person.may(Role.ADMIN),
            changes=session.person.may(*_CHANGERS),
            challenge=question.hex(),
            question=self._staff.passkeys.to_sign(question, session.person.keys) if question else "",
            told=self._door.pages.words(request).text(told),
        )

    async def _entry(self, serial: str) -> Entry | None:
        """As it was typed, or in capital letters."""
        for written in dict.fromkeys((serial, serial.upper())):
            found = await run_in_threadpool(entry, self._registrar, written) if written else None
            if found is not None:
                return found
        return None

    async def _stolen(self, request: Request, session: Session) -> Response:
        """The owner calls: from now on nothing is given for it. Less needs nobody's second word."""
        form = await self._door.form(request, session)
        serial = form.text("serial")[:SERIAL_LIMIT]
        if await self._entry(serial) is None:
            return await self._page(request, session, serial, _CHANGED, 409)
        await run_in_threadpool(self._registrar.report_stolen, serial)
        return await self._did(session, "device-stolen", serial)

    async def _found(self, request: Request, session: Session) -> Response:
        form = await self._door.form(request, session, ANSWER)
        serial = form.text("serial")[:SERIAL_LIMIT]
        found = await self._entry(serial)
        if found is None or not found.stolen:
            return await self._page(request, session, serial, _CHANGED, 409)
        if session.person.id in found.owners:
            return await self._page(request, session, serial, _NOT_YOURS, 409)
        try:
            await run_in_threadpool(self._touched, session, found, form.exact("answer"))
        except UntrustedError as error:
            about = f"{error.slug} {serial}"
            await run_in_threadpool(self._staff.note, session, "approval-refused", about)
            told = names.TROUBLES.get(error.slug, names.OTHERWISE)
            return await self._page(request, session, serial, told, 403)
        return await self._did(session, "device-found", serial)

    def _touched(self, session: Session, found: Entry, answer: str) -> None:
        with self._staff.touch(session, [found.found_item], answer):
            self._registrar.report_found(found.serial)

    async def _own(self, request: Request, session: Session) -> Response:
        """Whoever says so takes something away from themselves; an admin may say it of others."""
        form = await self._door.form(request, session)
        serial, person = form.text("serial")[:SERIAL_LIMIT], form.text("person") or session.person.id
        known = {one.id for one in await run_in_threadpool(self._staff.everybody)}
        theirs = person == session.person.id or (person in known and session.person.may(Role.ADMIN))
        if not theirs or await self._entry(serial) is None:
            return await self._page(request, session, serial, names.OTHERWISE, 409)
        await run_in_threadpool(self._registrar.own, serial, person)
        return await self._did(session, "device-own", serial, person)

    async def _not_own(self, request: Request, session: Session) -> Response:
        """It lets somebody decide again, so it is never they who say so, and a passkey opened the session."""
        form = await self._door.form(request, session)
        serial, person = form.text("serial")[:SERIAL_LIMIT], form.text("person")
        found = await self._entry(serial)
        if person not in self._others(session, found):
            return await self._page(request, session, serial, names.OTHERWISE, 409)
        await run_in_threadpool(self._registrar.disown, serial, person)
        return await self._did(session, "device-not-own", serial, person)

    @staticmethod
    def _others(session: Session, found: Entry | None) -> list[str]:
        """Whom this person may let decide about it again."""
        may = session.person.may(Role.ADMIN) and session.opening is Opening.PASSKEY
        return [id_ for id_ in found.owners if id_ != session.person.id] if found is not None and may else []

    async def _did(self, session: Session, deed: str, serial: str, person: str = "") -> Response:
        await run_in_threadpool(self._staff.note, session, deed, f"{serial} {person}".rstrip())
        return RedirectResponse(f"{DEVICES}?serial={quote(serial)}", 303)

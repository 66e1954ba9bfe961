"""The people of the desk: who is here with which rights, who is invited, and what two admins agree to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse

from sparekey.core.admission import Agreed, Asked, Over, Role
from sparekey.core.case import challenge
from sparekey.core.errors import InputError, UntrustedError
from sparekey.desk.console import names
from sparekey.desk.console.door import ME, NEEDS_PASSKEY, ROOT
from sparekey.desk.console.sign_in import ANSWER, read_challenge
from sparekey.desk.staff.people import Opening
from sparekey.language.catalogue import N_

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute

    from sparekey.core.admission import Right
    from sparekey.desk.console.door import Door
    from sparekey.desk.staff.people import Kept, Session

_PEOPLE = f"{ROOT}/people"
_PLACES = f"{ME}/places"
_GONE = (
    N_("There is nothing to agree to"),
    N_("Somebody was faster, or it was taken back. Look at the list again."),
)


class People:
    """The pages."""

    def __init__(self, door: Door, url: str, company: str = "") -> None:
        self._door = door
        self._staff = door.staff
        self._url = url
        self._company = company

    def routes(self) -> list[BaseRoute]:
        """All of them."""
        route, admin = self._door.route, Role.ADMIN
        return [
            route(ME, self._me),
            route(f"{ME}/passkey", self._add_passkey, method="POST"),
            route(_PLACES, self._places),
            route(_PLACES, self._end_places, method="POST"),
            route(_PEOPLE, self._everybody, admin, Role.AUDITOR),
            route(f"{_PEOPLE}/invite", self._invite, admin, method="POST"),
            route(f"{_PEOPLE}/role", self._ask_role, admin, method="POST"),
            route(f"{_PEOPLE}/end", self._end, admin, method="POST"),
            route(f"{_PEOPLE}/sign-out", self._end_everywhere, admin, method="POST"),
            route(f"{_PEOPLE}/review", self._review, admin, method="POST"),
            route(f"{_PEOPLE}/agree", self._agree, admin, method="POST"),
        ]

    async def _me(self, request: Request, session: Session) -> Response:
        return self._own(request, session)

    def _own(self, request: Request, session: Session, told: str = "", status: int = 200) -> Response:
        fresh = self._staff.challenge(f"passkey {session.mark}", self._door.browser(request))
        return self._door.page(
            request,
            session,
            "me.html",
            status=status,
            role_names=names.ROLES,
            tasks=names.ROLE_TASKS,
            waiting=[kept for kept in self._staff.rights_of(session.person.id) if self._waits(kept)],
            challenge=fresh.hex(),
            asked=self._staff.passkeys.to_make(session.person, fresh, session.person.keys),
            company=self._company,
            connected=self._staff.connected(session),
            told=self._door.pages.words(request).text(told),
        )

    @staticmethod
    def _waits(kept: Kept) -> bool:
        return not isinstance(kept.state, Over)

    async def _add_passkey(self, request: Request, session: Session) -> Response:
        form = await self._door.form(request, session, ANSWER)
        try:
            await run_in_threadpool(
                self._staff.add_passkey,
                session,
                form.exact("answer"),
                read_challenge(form.text("challenge")),
                self._door.browser(request),
            )
        except UntrustedError as error:
            return self._own(request, session, names.TROUBLES.get(error.slug, names.OTHERWISE), 403)
        return RedirectResponse(ME, 303)

    async def _places(self, request: Request, session: Session) -> Response:
        return await self._own_places(request, session)

    async def _own_places(
        self, request: Request, session: Session, told: str = "", status: int = 200
    ) -> Response:
        places = await run_in_threadpool(self._staff.places, session.person.id)
        fresh = self._staff.challenge(f"places {session.mark}", self._door.browser(request))
        return self._door.page(
            request,
            session,
            "places.html",
            status=status,
            places=places,
            here=session.mark,
            company=self._company,
            challenge=fresh.hex(),
            asked=self._staff.passkeys.to_sign(fresh, session.person.keys),
            told=self._door.pages.words(request).text(told),
        )

    async def _end_places(self, request: Request, session: Session) -> Response:
        form = await self._door.form(request, session, ANSWER)
        try:
            await run_in_threadpool(
                self._staff.end_places,
                session,
                set(form.every("place")) - {session.mark},
                form.exact("answer"),
                read_challenge(form.text("challenge")),
                self._door.browser(request),
            )
        except UntrustedError as error:
            told = names.TROUBLES.get(error.slug, names.OTHERWISE)
            return await self._own_places(request, session, told, 403)
        return RedirectResponse(_PLACES, 303)

    async def _everybody(self, request: Request, session: Session) -> Response:
        return await self._list(request, session)

    async def _list(
        self,
        request: Request,
        session: Session,
        told: Sequence[str] = (),
        invited: tuple[str, str] | None = None,
        status: int = 200,
    ) -> Response:
        people = await run_in_threadpool(self._staff.everybody)
        rights = {person.id: await run_in_threadpool(self._staff.rights_of, person.id) for person in people}
        words = self._door.pages.words(request)
        return self._door.page(
            request,
            session,
            "people.html",
            status=status,
            people=people,
            rights={id_: [kept for kept in kepts if self._waits(kept)] for id_, kepts in rights.items()},
            asked=[kept for kept in await run_in_threadpool(self._staff.asked) if self._waits(kept)],
            is_asked=lambda kept: isinstance(kept.state, Asked),
            is_agreed=lambda kept: isinstance(kept.state, Agreed),
            names_of={person.id: person.name for person in people},
            places={person.id: await run_in_threadpool(self._staff.places, person.id) for person in people},
            role_names=names.ROLES,
            tasks=names.ROLE_TASKS,
            admin=session.person.may(Role.ADMIN),
            told=[words.text(line) for line in told],
            invited=invited,
        )

    async def _invite(self, request: Request, session: Session) -> Response:
        form = await self._door.form(request, session)
        if session.opening is not Opening.PASSKEY:
            return self._door.pages.problem(request, 403, *NEEDS_PASSKEY, back=_PEOPLE)
        roles = [role for role in Role if role.value in form.every("role")]
        try:
            code = await run_in_threadpool(self._staff.invite, session, form.text("name"), roles)
        except InputError:
            told = N_("Nobody was invited. Give a name of at most 60 characters and at least one role.")
            return await self._list(request, session, (told,), status=400)
        return await self._list(
            request, session, invited=(code.shown, f"{self._url}{ROOT}/join#{code.shown}")
        )

    async def _ask_role(self, request: Request, session: Session) -> Response:
        form = await self._door.form(request, session)
        if session.opening is not Opening.PASSKEY:
            return self._door.pages.problem(request, 403, *NEEDS_PASSKEY, back=_PEOPLE)
        role = next((role for role in Role if role.value == form.text("role")), None)
        done = role is not None and await run_in_threadpool(
            self._staff.ask_role, session, form.text("person"), role
        )
        if done:
            return RedirectResponse(_PEOPLE, 303)
        told = N_("Nothing was asked for: the person has that role already, or it waits.")
        return await self._list(request, session, (told,), status=409)

    async def _end(self, request: Request, session: Session) -> Response:
        form = await self._door.form(request, session)
        if session.opening is not Opening.PASSKEY:
            return self._door.pages.problem(request, 403, *NEEDS_PASSKEY, back=_PEOPLE)
        refusal = await run_in_threadpool(self._staff.end, session.person.id, form.text("number"))
        if refusal is None:
            return RedirectResponse(_PEOPLE, 303)
        return await self._list(request, session, (names.REFUSALS.get(refusal, names.OTHERWISE),), status=409)

    async def _end_everywhere(self, request: Request, session: Session) -> Response:
        form = await self._door.form(request, session)
        if session.opening is not Opening.PASSKEY:
            return self._door.pages.problem(request, 403, *NEEDS_PASSKEY, back=_PEOPLE)
        await run_in_threadpool(self._staff.end_everywhere, session, form.text("person"))
        return RedirectResponse(_PEOPLE, 303)

    async def _chosen(self, numbers: Sequence[str]) -> list[Kept]:
        """The chosen rights that wait for admins, in the order in which they were shown."""
        asked = {kept.state.right.number: kept for kept in await run_in_threadpool(self._staff.asked)}
        found = [asked[number] for number in dict.fromkeys(numbers) if number in asked]
        return [kept for kept in found if isinstance(kept.state, Asked)]

    async def _review(self, request: Request, session: Session) -> Response:
        form = await self._door.form(request, session)
        chosen = await self._chosen(form.every("number"))
        if not chosen:
            return self._door.pages.problem(request, 409, *_GONE, back=_PEOPLE)
        rights = [kept.state.right for kept in chosen]
        question = challenge([right.item for right in rights])
        return self._door.page(
            request,
            session,
            "agree.html",
            chosen=chosen,
            role_names=names.ROLES,
            tasks=names.ROLE_TASKS,
            challenge=question.hex(),
            asked=self._staff.passkeys.to_sign(question, session.person.keys),
        )

    async def _agree(self, request: Request, session: Session) -> Response:
        form = await self._door.form(request, session, ANSWER)
        rights: list[Right] = [kept.state.right for kept in await self._chosen(form.every("number"))]
        if not rights:
            return self._door.pages.problem(request, 409, *_GONE, back=_PEOPLE)
        try:
            verdicts = await run_in_threadpool(self._staff.agree, session, rights, form.exact("answer"))
        except UntrustedError as error:
            told = names.TROUBLES.get(error.slug, names.OTHERWISE)
            return await self._list(request, session, (told,), status=403)
        refused = [names.REFUSALS.get(no, names.OTHERWISE) for no in verdicts.values() if no is not None]
        if refused:
            return await self._list(request, session, tuple(dict.fromkeys(refused)), status=409)
        return RedirectResponse(_PEOPLE, 303)

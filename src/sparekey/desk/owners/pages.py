"""My devices: sign in by a mailed code or a passkey, pair, look, stop, give away. All but passkeys without script."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from sparekey.core.errors import InputError, Refusal, UntrustedError
from sparekey.core.messages.pairing import read_pairing
from sparekey.desk.owners import words as told
from sparekey.desk.owners.device_pages import DevicePages
from sparekey.desk.owners.devices import Ended, Paired
from sparekey.desk.owners.door import COOKIE, ROOT, OwnerDoor, back_to
from sparekey.desk.staff.passkeys import ANSWER_LIMIT
from sparekey.web import cookies
from sparekey.web.forms import Limits

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from starlette.requests import Request

    from sparekey.core.tlog.note import VerifierKey
    from sparekey.desk.owners.accounts import Accounts, Owner
    from sparekey.desk.owners.devices import Devices
    from sparekey.desk.source import Sources
    from sparekey.web.forms import Form
    from sparekey.web.page import Pages

ANSWER = Limits(value=ANSWER_LIMIT + 256)
"""What a passkey answers is longer than what people type."""
_MONTH = 30 * 86400


class OwnerPages:
    """Signing in, the account, pairing, and the list."""

    def __init__(
        self,
        pages: Pages,
        *,
        accounts: Accounts,
        devices: Devices,
        sources: Sources,
        logs: Sequence[VerifierKey],
        teller: Callable[[Request, int], str],
    ) -> None:
        self._door = OwnerDoor(pages, accounts, teller)
        self._one = DevicePages(self._door, devices, logs)
        self._pages = pages
        self._accounts = accounts
        self._devices = devices
        self._sources = sources

    def routes(self) -> list[BaseRoute]:
        """All of them. Phones may lower the letter P."""
        return [
            Route(ROOT, self._list, methods=["GET"]),
            Route(f"{ROOT}/news", self._news, methods=["GET"]),
            Route(f"{ROOT}/sign-in", self._ask, methods=["POST"]),
            Route(f"{ROOT}/code", self._enter, methods=["POST"]),
            Route(f"{ROOT}/passkey", self._sign_in, methods=["POST"]),
            self._door.mine(f"{ROOT}/account", self._account, "GET"),
            self._door.mine(f"{ROOT}/account/again", self._again, "GET"),
            self._door.mine(f"{ROOT}/account/passkey", self._add_passkey, "POST", fresh=True),
            self._door.mine(f"{ROOT}/sign-out", self._sign_out, "POST"),
            self._door.mine(f"{ROOT}/account/elsewhere", self._end_elsewhere, "POST", fresh=True),
            self._door.mine(f"{ROOT}/forget", self._forget, "POST", fresh=True),
            *self._one.routes(),
            *[
                route
                for letter in "Pp"
                for route in (
                    Route(f"/{letter}/{{text:path}}", self._look, methods=["GET"]),
                    self._door.mine(f"/{letter}/{{text:path}}", self._pair, "POST"),
                )
            ],
        ]

    # Who is it?

    async def _ask(self, request: Request) -> Response:
        form = await self._pages.form(request, "owner-sign-in")
        back, words = back_to(form.text("back")), self._pages.words(request)
        try:
            await run_in_threadpool(
                self._accounts.ask,
                form.text("address"),
                words.code,
                self._door.browser(request),
                self._sources.mark(request),
            )
        except InputError:
            return self._door.sign_in_page(request, words.text(told.NO_ADDRESS), 422, back)
        return self._code_page(request, form.text("address"), back)

    def _code_page(
        self, request: Request, address: str, back: str, trouble: str = "", status: int = 200
    ) -> Response:
        return self._door.page(
            request, "code", status=status, here=ROOT, address=address, back=back, trouble=trouble
        )

    async def _enter(self, request: Request) -> Response:
        form = await self._pages.form(request, "owner-code")
        address, back, words = form.text("address"), back_to(form.text("back")), self._pages.words(request)
        try:
            token = await run_in_threadpool(
                self._accounts.enter,
                address,
                form.text("code"),
                self._door.browser(request),
                self._sources.mark(request),
            )
        except InputError:
            return self._code_page(request, address, back, words.text(told.SLIP), 422)
        if isinstance(token, Refusal):
            return self._code_page(request, address, back, words.text(told.CODES[token]), 403)
        return await self._let_in(request, token, back)

    async def _sign_in(self, request: Request) -> Response:
        form = await self._pages.form(request, "owner-passkey", ANSWER)
        back = back_to(form.text("back"))
        try:
            token = await run_in_threadpool(
                self._accounts.sign_in, form.exact("answer"), _challenge(form), self._door.browser(request)
            )
        except UntrustedError:
            return self._door.sign_in_page(
                request, self._pages.words(request).text(told.NO_PASSKEY), 403, back
            )
        return await self._let_in(request, token, back)

    async def _let_in(self, request: Request, token: str, back: str) -> Response:
        before = await self._door.owner(request)
        if before is not None:
            await run_in_threadpool(self._accounts.sign_out, before)
        response = RedirectResponse(back, 303)
        cookies.put(response, request, COOKIE, token, seconds=_MONTH, same_site="lax")
        return response

    async def _sign_out(self, request: Request, owner: Owner) -> Response:
        await self._pages.form(request, "owner-account")
        await run_in_threadpool(self._accounts.sign_out, owner)
        return self._out(request)

    async def _end_elsewhere(self, request: Request, owner: Owner) -> Response:
        await self._pages.form(request, "owner-account")
        await run_in_threadpool(self._accounts.end_elsewhere, owner)
        return RedirectResponse(f"{ROOT}/account", 303)

    async def _forget(self, request: Request, owner: Owner) -> Response:
        form = await self._pages.form(request, "owner-account")
        if form.text("sure") != "yes":
            return RedirectResponse(f"{ROOT}/account", 303)
        await run_in_threadpool(self._accounts.forget, owner)
        return self._out(request)

    def _out(self, request: Request) -> Response:
        response = RedirectResponse(ROOT, 303)
        cookies.drop(response, request, COOKIE)
        return response

    async def _account(self, request: Request, owner: Owner) -> Response:
        return await self._account_page(request, owner)

    async def _account_page(self, request: Request, owner: Owner, trouble: str = "") -> Response:
        challenge = self._accounts.challenge("add", self._door.browser(request))
        keys = await run_in_threadpool(self._accounts.passkeys, owner)
        asked = await run_in_threadpool(self._accounts.to_add, owner, challenge)
        elsewhere = await run_in_threadpool(self._accounts.elsewhere, owner)
        return self._door.page(
            request,
            "account",
            status=403 if trouble else 200,
            here=f"{ROOT}/account",
            passkeys=[self._door.when(request, key.made) for key in keys],
            elsewhere=[[self._door.when(request, at) for at in times] for times in elsewhere],
            challenge=challenge.hex(),
            asked=asked,
            fresh=self._accounts.is_fresh(owner),
            trouble=trouble,
        )

    async def _again(self, request: Request, _owner: Owner) -> Response:
        return self._door.sign_in_page(request, back=f"{ROOT}/account", again=True)

    async def _add_passkey(self, request: Request, owner: Owner) -> Response:
        form = await self._pages.form(request, "owner-account", ANSWER)
        try:
            await run_in_threadpool(
                self._accounts.add, owner, form.exact("answer"), _challenge(form), self._door.browser(request)
            )
        except UntrustedError:
            return await self._account_page(request, owner, self._pages.words(request).text(told.NOT_ADDED))
        return RedirectResponse(f"{ROOT}/account", 303)

    # Pairing

    async def _look(self, request: Request) -> Response:
        text = request.path_params["text"]
        try:
            pairing = read_pairing(text)
        except InputError:
            return self._pages.problem(request, 400, *told.DAMAGED, back=ROOT)
        if await self._door.owner(request) is None:
            return self._door.sign_in_page(request)
        return self._door.page(
            request, "pair", serial=pairing.serial, address=_pairing(text.upper()), here=ROOT
        )

    async def _pair(self, request: Request, owner: Owner) -> Response:
        await self._pages.form(request, "owner-pair")
        paired = await run_in_threadpool(self._devices.pair, owner, request.path_params["text"])
        if isinstance(paired, Paired):
            return self._door.page(request, "paired", here=ROOT, paired=paired)
        full = paired is Refusal.TOO_MANY_REQUESTS
        return self._pages.problem(request, 409, *(told.FULL if full else told.NOT_PAIRED), back=ROOT)

    # What is mine

    async def _list(self, request: Request) -> Response:
        owner = await self._door.owner(request)
        if owner is None:
            return self._door.sign_in_page(request)
        mine = await run_in_threadpool(self._devices.mine, owner)
        rows = [(device, self._one.state(request, device)) for device in mine]
        asking = [device for device in mine if device.cases]
        return self._door.page(request, "list", rows=rows, asking=asking)

    async def _news(self, request: Request) -> Response:
        """For the app's first page: what somebody asks for now, and what a recovery ended. Nothing for strangers."""
        owner = await self._door.owner(request)
        mine = [] if owner is None else await run_in_threadpool(self._devices.mine, owner)
        news = [
            {"what": "asked" if device.cases else "ended", "serial": device.serial, "id": device.id}
            for device in mine
            if device.cases or device.ended is Ended.RECOVERY
        ]
        return JSONResponse(news, headers={"cache-control": "no-store"})


def _challenge(form: Form) -> bytes:
    try:
        return bytes.fromhex(form.text("challenge"))
    except ValueError:
        return b""


def _pairing(text: str) -> str:
    return "/P/" + quote(text)

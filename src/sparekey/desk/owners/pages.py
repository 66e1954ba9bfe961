"""My devices: sign in by a mailed code or a passkey, pair, look, stop, give away. All but passkeys without script."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from sparekey.core.errors import InputError, Refusal, UntrustedError
from sparekey.core.messages.pairing import read_pairing
from sparekey.desk.owners import words as told
from sparekey.desk.owners.devices import Ended, Paired
from sparekey.desk.staff.passkeys import ANSWER_LIMIT
from sparekey.web import cookies
from sparekey.web.forms import Limits

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from starlette.requests import Request

    from sparekey.core.tlog.note import VerifierKey
    from sparekey.desk.owners.accounts import Accounts, Owner
    from sparekey.desk.owners.devices import Devices, Mine
    from sparekey.desk.source import Sources
    from sparekey.web.forms import Form
    from sparekey.web.page import Pages

ROOT = "/devices"
COOKIE = "owner"
ANSWER = Limits(value=ANSWER_LIMIT + 256)
"""What a passkey answers is longer than what people type."""
_MONTH = 30 * 86400


class OwnerPages:
    """`logs`: the keys of this desk's log, as its trust file names them."""

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
        self._pages = pages
        self._accounts = accounts
        self._devices = devices
        self._sources = sources
        self._logs = logs
        self._when = teller

    def routes(self) -> list[BaseRoute]:
        """All of them. Phones may lower the letter P."""
        return [
            Route(ROOT, self._list, methods=["GET"]),
            Route(f"{ROOT}/news", self._news, methods=["GET"]),
            Route(f"{ROOT}/sign-in", self._ask, methods=["POST"]),
            Route(f"{ROOT}/code", self._enter, methods=["POST"]),
            Route(f"{ROOT}/passkey", self._sign_in, methods=["POST"]),
            self._mine(f"{ROOT}/account", self._account, "GET"),
            self._mine(f"{ROOT}/account/passkey", self._add_passkey, "POST"),
            self._mine(f"{ROOT}/sign-out", self._sign_out, "POST"),
            self._mine(f"{ROOT}/forget", self._forget, "POST"),
            self._mine(f"{ROOT}/one/{{id}}", self._one, "GET"),
            self._mine(f"{ROOT}/one/{{id}}/{{act}}", self._act, "POST"),
            *[
                route
                for letter in "Pp"
                for route in (
                    Route(f"/{letter}/{{text:path}}", self._look, methods=["GET"]),
                    self._mine(f"/{letter}/{{text:path}}", self._pair, "POST"),
                )
            ],
        ]

    # Who is it?

    async def _owner(self, request: Request) -> Owner | None:
        return await run_in_threadpool(self._accounts.owner, cookies.read(request, COOKIE))

    def _mine(
        self, path: str, handler: Callable[[Request, Owner], Awaitable[Response]], method: str
    ) -> BaseRoute:
        """A page for who is signed in."""

        async def endpoint(request: Request) -> Response:
            owner = await self._owner(request)
            return self._sign_in_page(request) if owner is None else await handler(request, owner)

        return Route(path, endpoint, methods=[method])

    def _page(self, request: Request, template: str, *, status: int = 200, **values: Any) -> Response:
        page = self._pages.page(request, f"owners/{template}.html", status=status, **values)
        page.headers["cache-control"] = "no-store"
        return page

    def _sign_in_page(
        self, request: Request, trouble: str = "", status: int = 200, back: str = ""
    ) -> Response:
        browser = self._browser(request) or self._pages.token.new_browser()
        challenge = self._accounts.challenge("sign-in", browser)
        return self._page(
            request,
            "sign-in",
            status=status,
            here=ROOT,
            browser=browser,
            back=back or _back(request.url.path),
            trouble=trouble,
            challenge=challenge.hex(),
            asked=self._accounts.keys.to_sign(challenge),
        )

    def _browser(self, request: Request) -> str:
        return self._pages.token.browser(request) or ""

    async def _ask(self, request: Request) -> Response:
        form = await self._pages.form(request, "owner-sign-in")
        back, words = _back(form.text("back")), self._pages.words(request)
        try:
            await run_in_threadpool(
                self._accounts.ask,
                form.text("address"),
                words.code,
                self._browser(request),
                self._sources.mark(request),
            )
        except InputError:
            return self._sign_in_page(request, words.text(told.NO_ADDRESS), 422, back)
        return self._code_page(request, form.text("address"), back)

    def _code_page(
        self, request: Request, address: str, back: str, trouble: str = "", status: int = 200
    ) -> Response:
        return self._page(
            request, "code", status=status, here=ROOT, address=address, back=back, trouble=trouble
        )

    async def _enter(self, request: Request) -> Response:
        form = await self._pages.form(request, "owner-code")
        address, back, words = form.text("address"), _back(form.text("back")), self._pages.words(request)
        try:
            token = await run_in_threadpool(
                self._accounts.enter,
                address,
                form.text("code"),
                self._browser(request),
                self._sources.mark(request),
            )
        except InputError:
            return self._code_page(request, address, back, words.text(told.SLIP), 422)
        if isinstance(token, Refusal):
            return self._code_page(request, address, back, words.text(told.CODES[token]), 403)
        return self._let_in(request, token, back)

    async def _sign_in(self, request: Request) -> Response:
        form = await self._pages.form(request, "owner-passkey", ANSWER)
        back = _back(form.text("back"))
        try:
            token = await run_in_threadpool(
                self._accounts.sign_in, form.exact("answer"), _challenge(form), self._browser(request)
            )
        except UntrustedError:
            return self._sign_in_page(request, self._pages.words(request).text(told.NO_PASSKEY), 403, back)
        return self._let_in(request, token, back)

    def _let_in(self, request: Request, token: str, back: str) -> Response:
        response = RedirectResponse(back, 303)
        cookies.put(response, request, COOKIE, token, seconds=_MONTH, same_site="lax")
        return response

    async def _sign_out(self, request: Request, owner: Owner) -> Response:
        await self._pages.form(request, "owner-account")
        await run_in_threadpool(self._accounts.sign_out, owner)
        return self._out(request)

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
        challenge = self._accounts.challenge("add", self._browser(request))
        keys = await run_in_threadpool(self._accounts.passkeys, owner)
        asked = await run_in_threadpool(self._accounts.to_add, owner, challenge)
        return self._page(
            request,
            "account",
            status=403 if trouble else 200,
            here=f"{ROOT}/account",
            passkeys=[self._when(request, key.made) for key in keys],
            challenge=challenge.hex(),
            asked=asked,
            trouble=trouble,
        )

    async def _add_passkey(self, request: Request, owner: Owner) -> Response:
        form = await self._pages.form(request, "owner-account", ANSWER)
        try:
            await run_in_threadpool(
                self._accounts.add, owner, form.exact("answer"), _challenge(form), self._browser(request)
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
        if await self._owner(request) is None:
            return self._sign_in_page(request)
        return self._page(request, "pair", serial=pairing.serial, address=_pairing(text.upper()), here=ROOT)

    async def _pair(self, request: Request, owner: Owner) -> Response:
        await self._pages.form(request, "owner-pair")
        paired = await run_in_threadpool(self._devices.pair, owner, request.path_params["text"])
        if isinstance(paired, Paired):
            return self._page(request, "paired", here=ROOT, paired=paired)
        full = paired is Refusal.TOO_MANY_REQUESTS
        return self._pages.problem(request, 409, *(told.FULL if full else told.NOT_PAIRED), back=ROOT)

    # What is mine

    async def _list(self, request: Request) -> Response:
        owner = await self._owner(request)
        if owner is None:
            return self._sign_in_page(request)
        mine = await run_in_threadpool(self._devices.mine, owner)
        rows = [(device, self._state(request, device)) for device in mine]
        asking = [device for device in mine if device.cases]
        return self._page(request, "list", rows=rows, asking=asking)

    def _state(self, request: Request, device: Mine) -> str:
        words = self._pages.words(request)
        if device.ended is not None:
            return words.text(told.ENDED[device.ended])
        if device.stolen:
            return words.text(told.STOLEN)
        return words.text(told.ASKED) if device.cases else words.text(told.WELL)

    async def _news(self, request: Request) -> Response:
        """For the app's first page: what somebody asks for now. Nothing for who is not signed in."""
        owner = await self._owner(request)
        mine = [] if owner is None else await run_in_threadpool(self._devices.mine, owner)
        asked = [{"serial": device.serial, "id": device.id} for device in mine if device.cases]
        return JSONResponse(asked, headers={"cache-control": "no-store"})

    async def _one(self, request: Request, owner: Owner) -> Response:
        device = await run_in_threadpool(self._devices.one, owner, request.path_params["id"])
        return RedirectResponse(ROOT, 303) if device is None else self._device(request, device)

    def _device(self, request: Request, device: Mine, trouble: str = "", status: int = 200) -> Response:
        return self._page(
            request,
            "device",
            status=status,
            here=f"{ROOT}/one/{device.id}",
            device=device,
            state=self._state(request, device),
            added=self._when(request, device.at),
            ended=device.ended is not None,
            again=device.ended in (Ended.RECOVERY, Ended.SERIES),
            cases=[(line, self._when(request, line.opened)) for line in device.cases],
            origin=self._logs[0].name if self._logs else "",
            keys=" ".join(key.text for key in self._logs),
            trouble=trouble,
        )

    async def _act(self, request: Request, owner: Owner) -> Response:
        form = await self._pages.form(request, "owner-device")
        id_, act = request.path_params["id"], request.path_params["act"]
        device = await run_in_threadpool(self._devices.one, owner, id_)
        if device is None:
            return RedirectResponse(ROOT, 303)
        words, here = self._pages.words(request), RedirectResponse(f"{ROOT}/one/{id_}", 303)
        if act == "stop":
            refusal = await run_in_threadpool(self._devices.stop, owner, id_, form.text("case"))
            if refusal is None:
                return self._page(request, "stopped", here=ROOT, device=device)
            return self._device(request, device, words.text(told.TOO_LATE), 409)
        if act == "found":
            await run_in_threadpool(lambda: self._devices.report(owner, id_, stolen=False))
            return here
        if act not in ("remove", "transfer", "stolen"):
            return here
        if form.text("sure") != "yes":
            return self._device(request, device, words.text(told.TICK), 422)
        if act == "remove":
            await run_in_threadpool(self._devices.remove, owner, id_)
            return RedirectResponse(ROOT, 303)
        if act == "stolen":
            await run_in_threadpool(lambda: self._devices.report(owner, id_, stolen=True))
            return here
        await run_in_threadpool(self._devices.transfer, owner, id_)
        return here


def _challenge(form: Form) -> bytes:
    try:
        return bytes.fromhex(form.text("challenge"))
    except ValueError:
        return b""


def _back(path: str) -> str:
    """Where somebody goes on after signing in: to a pairing, or to the list."""
    letter, _, text = path[1:].partition("/")
    good = letter in ("P", "p") and len(text) <= 512 and text.isascii() and text.isalnum()
    return f"/P/{text}" if path[:1] == "/" and good else ROOT


def _pairing(text: str) -> str:
    return "/P/" + quote(text)

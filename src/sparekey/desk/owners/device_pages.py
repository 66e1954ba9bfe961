"""The pages of one device: how it stands, what somebody asks for it, and what its owner decides."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse

from sparekey.desk.owners import words as told
from sparekey.desk.owners.devices import Ended
from sparekey.desk.owners.door import ROOT

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute

    from sparekey.core.tlog.note import VerifierKey
    from sparekey.desk.owners.accounts import Owner
    from sparekey.desk.owners.devices import Devices, Mine
    from sparekey.desk.owners.door import OwnerDoor

PURPOSE = "owner-device"
_ONE = f"{ROOT}/one/{{id}}"


class DevicePages:
    """`logs`: the keys of this desk's log, as its trust file names them."""

    def __init__(self, door: OwnerDoor, devices: Devices, logs: Sequence[VerifierKey]) -> None:
        self._door = door
        self._devices = devices
        self._logs = logs

    def routes(self) -> list[BaseRoute]:
        """All of them. Whoever gives a device away, reports it, or claims a case, shows first who they are."""
        door = self._door
        return [
            door.mine(_ONE, self._one, "GET"),
            door.mine(f"{_ONE}/stop", self._stop, "POST"),
            *[
                route
                for act in told.ACTS
                for route in (
                    door.mine(f"{_ONE}/{act}", self._asked(act), "GET", fresh=act != "remove"),
                    door.mine(f"{_ONE}/{act}", self._decided(act), "POST", fresh=act != "remove"),
                )
            ],
            door.mine(f"{_ONE}/mine/{{case}}", self._claim, "GET", fresh=True),
            door.mine(f"{_ONE}/mine/{{case}}", self._claimed, "POST", fresh=True),
        ]

    def state(self, request: Request, device: Mine) -> str:
        """How it stands, in a line."""
        words = self._door.pages.words(request)
        if device.ended is not None:
            return words.text(told.ENDED[device.ended])
        if device.stolen:
            return words.text(told.STOLEN)
        return words.text(told.ASKED) if device.cases else words.text(told.WELL)

    async def _mine(self, request: Request, owner: Owner) -> Mine | None:
        return await run_in_threadpool(self._devices.one, owner, request.path_params["id"])

    async def _one(self, request: Request, owner: Owner) -> Response:
        device = await self._mine(request, owner)
        return RedirectResponse(ROOT, 303) if device is None else self._page(request, device)

    def _page(self, request: Request, device: Mine, trouble: str = "", status: int = 200) -> Response:
        when = self._door.when
        return self._door.page(
            request,
            "device",
            status=status,
            here=f"{ROOT}/one/{device.id}",
            device=device,
            state=self.state(request, device),
            added=when(request, device.at),
            ended=device.ended is not None,
            again=device.ended in (Ended.RECOVERY, Ended.SERIES),
            cases=[
                (case, when(request, case.line.opened), when(request, case.line.due) if case.line.due else "")
                for case in device.cases
            ],
            origin=self._logs[0].name if self._logs else "",
            keys=" ".join(key.text for key in self._logs),
            trouble=trouble,
        )

    # Cases about it

    async def _stop(self, request: Request, owner: Owner) -> Response:
        form = await self._door.pages.form(request, PURPOSE)
        device = await self._mine(request, owner)
        if device is None:
            return RedirectResponse(ROOT, 303)
        refusal = await run_in_threadpool(self._devices.stop, owner, device.id, form.text("case"))
        if refusal is None:
            return self._door.page(request, "stopped", here=ROOT, device=device)
        return self._too_late(request, device)

    async def _claim(self, request: Request, owner: Owner) -> Response:
        device = await self._mine(request, owner)
        case = device.case(request.path_params["case"]) if device else None
        if device is None or case is None or not case.may_claim:
            return RedirectResponse(ROOT if device is None else f"{ROOT}/one/{device.id}", 303)
        when = self._door.when(request, case.line.opened)
        return self._door.page(request, "claim", here=ROOT, device=device, case=case, when=when)

    async def _claimed(self, request: Request, owner: Owner) -> Response:
        await self._door.pages.form(request, PURPOSE)
        device = await self._mine(request, owner)
        if device is None:
            return RedirectResponse(ROOT, 303)
        refusal = await run_in_threadpool(self._devices.claim, owner, device.id, request.path_params["case"])
        if refusal is None:
            return self._door.page(request, "claimed", here=ROOT, device=device)
        return self._too_late(request, device)

    def _too_late(self, request: Request, device: Mine) -> Response:
        return self._page(request, device, self._door.pages.words(request).text(told.TOO_LATE), 409)

    # The device itself

    def _asked(self, act: str) -> Callable[[Request, Owner], Awaitable[Response]]:
        async def ask(request: Request, owner: Owner) -> Response:
            device = await self._mine(request, owner)
            if device is None or (device.ended is not None and act != "remove"):
                return RedirectResponse(ROOT, 303)
            return self._act_page(request, device, act)

        return ask

    def _act_page(self, request: Request, device: Mine, act: str, status: int = 200) -> Response:
        words, page = self._door.pages.words(request), told.ACTS[act]
        return self._door.page(
            request,
            "act",
            status=status,
            here=ROOT,
            device=device,
            act=act,
            title=words.text(page.title),
            lines=[words.text(line) for line in page.lines],
            tick=words.text(page.tick),
            label=words.text(page.button),
            trouble=words.text(told.TICK) if status != 200 else "",
        )

    def _decided(self, act: str) -> Callable[[Request, Owner], Awaitable[Response]]:
        async def decide(request: Request, owner: Owner) -> Response:
            form = await self._door.pages.form(request, PURPOSE)
            device = await self._mine(request, owner)
            if device is None:
                return RedirectResponse(ROOT, 303)
            if form.text("sure") != "yes":
                return self._act_page(request, device, act, 422)
            if act == "remove":
                await run_in_threadpool(self._devices.remove, owner, device.id)
                return RedirectResponse(ROOT, 303)
            if act == "transfer":
                await run_in_threadpool(self._devices.transfer, owner, device.id)
            else:
                await run_in_threadpool(
                    lambda: self._devices.report(owner, device.id, stolen=act == "stolen")
                )
            return RedirectResponse(f"{ROOT}/one/{device.id}", 303)

        return decide

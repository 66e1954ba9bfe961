"""All public pages of support, as one room of the desk, which squares for a person lead into (`desk.web.Carrying`)."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from sparekey.core.messages.header import Kind
from sparekey.desk.cases.uploads import UPLOAD_LIMIT
from sparekey.desk.help.asking import Asking
from sparekey.desk.help.door import ROOT, Door
from sparekey.desk.help.handing import FILE_LIMIT
from sparekey.desk.help.status import Status
from sparekey.desk.help.ways import Ways

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import tzinfo

    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute

    from sparekey.core.messages.request import Request as Carried
    from sparekey.desk.cases.service import Cases
    from sparekey.desk.source import Sources
    from sparekey.host.clock import Clock
    from sparekey.web.page import Pages

FORM_ROOM = 64 * 1024
"""Bytes of a form beside its file."""


class Help:
    """`key`: 32 secret bytes that all nodes share. `profiles`: those of the devices that ask here. `zone`: the
    one that times are told in. `shop`: this desk sells the technician's unlock.
    """

    kinds = (Kind.SUPPORT, Kind.TECHNICIAN)
    packages: Mapping[str, str] = MappingProxyType({"help": "sparekey.desk.help"})
    larger = (
        (f"{ROOT}/request", FILE_LIMIT + FORM_ROOM),
        (f"{ROOT}/ways/request", FILE_LIMIT + FORM_ROOM),
        (f"{ROOT}/case/papers", UPLOAD_LIMIT + FORM_ROOM),
    )

    def __init__(
        self,
        *,
        cases: Cases,
        sources: Sources,
        key: bytes,
        profiles: Sequence[str],
        clock: Clock,
        zone: tzinfo,
        shop: bool = False,
    ) -> None:
        self._shop = shop
        self._cases = cases
        self._key = key
        self._profiles = profiles
        self._sources = sources
        self._clock = clock
        self._zone = zone

    def routes(self, pages: Pages) -> Sequence[BaseRoute]:
        """All of them."""
        door = self._door(pages)
        return [
            *Asking(door, self._cases).routes(),
            *Status(door, self._cases).routes(),
            *Ways(door, self._profiles).routes(),
        ]

    async def look(self, pages: Pages, request: Request, carried: Carried) -> Response:
        """A square for a person was scanned: the page that opens a case, with the request in it."""
        return Asking(self._door(pages), self._cases).scanned(request, carried)

    async def press(self, pages: Pages, request: Request, carried: Carried) -> Response:
        """That page's button goes elsewhere: so it is shown once more."""
        return await self.look(pages, request, carried)

    def _door(self, pages: Pages) -> Door:
        return Door(
            pages=pages,
            sources=self._sources,
            key=self._key,
            clock=self._clock,
            zone=self._zone,
            shop=self._shop,
        )

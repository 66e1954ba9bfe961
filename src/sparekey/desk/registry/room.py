"""The registry's pages and calls, as the desk's web application takes them in."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from sparekey.core.messages.header import Kind
from sparekey.desk.registry.intray import Intray
from sparekey.desk.registry.letter_pages import FILE_LIMIT, LETTERS, LetterPages
from sparekey.desk.registry.link import BODY_LIMIT, Link
from sparekey.desk.registry.pages import RegistryPages

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute

    from sparekey.core.messages.request import Request as Carried
    from sparekey.desk.intake import Intake
    from sparekey.desk.registry.disputes import Disputes
    from sparekey.desk.registry.notices import Notices
    from sparekey.desk.registry.registrar import Registrar
    from sparekey.web.page import Pages


class RegistryRoom:
    """A room of the desk (`desk.web.Room`) that scanned enrolments and notices lead into (`desk.web.Carrying`)."""

    packages: ClassVar = {"registry": "sparekey.desk.registry"}
    kinds: ClassVar = (Kind.ENROL, Kind.NOTICE)

    def __init__(
        self,
        *,
        registrar: Registrar,
        notices: Notices,
        disputes: Disputes,
        intake: Intake,
        trust: Callable[[], bytes],
        prefix: str,
    ) -> None:
        self._intray = Intray(registrar, notices, intake, trust)
        self._link = Link(self._intray, trust)
        self._parts = (registrar, notices, disputes)
        self._prefix = prefix
        self._shown: RegistryPages | None = None

    @property
    def larger(self) -> tuple[tuple[str, int], ...]:
        """Batches are larger than forms."""
        letters = (LETTERS, FILE_LIMIT + 4096)
        return (*((path, BODY_LIMIT) for path in self._link.paths), letters)

    def routes(self, pages: Pages) -> Sequence[BaseRoute]:
        """Its pages and calls."""
        letters = LetterPages(pages, self._intray)
        return [*self._link.routes(), *letters.routes(), *self._pages(pages).routes()]

    async def look(self, pages: Pages, request: Request, carried: Carried) -> Response:
        """What a scanned square says."""
        return await self._pages(pages).look(request, carried)

    async def press(self, pages: Pages, request: Request, carried: Carried) -> Response:
        """Its button."""
        return await self._pages(pages).press(request, carried)

    def _pages(self, pages: Pages) -> RegistryPages:
        if self._shown is None:
            registrar, notices, disputes = self._parts
            self._shown = RegistryPages(
                pages, registrar=registrar, notices=notices, disputes=disputes, prefix=self._prefix
            )
        return self._shown

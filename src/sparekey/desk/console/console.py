"""All pages of the console, as one room of the desk."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from sparekey.core.messages.armour import BATCH_ARMOUR_LIMIT
from sparekey.desk.console.approvals import Approvals
from sparekey.desk.console.batch import TOUCH, BatchPages
from sparekey.desk.console.case import CasePages
from sparekey.desk.console.company import CompanyPages
from sparekey.desk.console.devices import DevicePages
from sparekey.desk.console.disputes import DisputePages
from sparekey.desk.console.door import ORDERS, ROOT, Door
from sparekey.desk.console.file import FilePages
from sparekey.desk.console.inbox import Inbox
from sparekey.desk.console.new_case import NewCase
from sparekey.desk.console.order import OrderPages
from sparekey.desk.console.orders import OrderLists
from sparekey.desk.console.overseeing import Overseeing
from sparekey.desk.console.people import People
from sparekey.desk.console.programs import Programs
from sparekey.desk.console.sign_in import SignIn
from sparekey.desk.orders.camt import STATEMENT_LIMIT
from sparekey.desk.photo import PHOTO_LIMIT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import tzinfo

    from starlette.routing import BaseRoute

    from sparekey.desk.api.tokens import Tokens
    from sparekey.desk.cases.service import Cases
    from sparekey.desk.figures import Counts
    from sparekey.desk.orders.service import Orders
    from sparekey.desk.registry.disputes import Disputes
    from sparekey.desk.staff.company import Company
    from sparekey.desk.staff.staff import Staff
    from sparekey.host.clock import Clock
    from sparekey.web.page import Pages

FORM_LIMIT = 256 * 1024
"""Bytes of a form of the console: a whole page of chosen cases, and a passkey's answer."""


class Console:
    """`url`: the desk's public address. `zone`: the one that times are told in. `orders`, `company`: where there is a
    shop, and a sign-in of the company's own. `tokens`: those of programs, where they are answered.
    """

    packages: Mapping[str, str] = MappingProxyType({"console": "sparekey.desk.console"})
    larger = (
        *(
            (f"{ROOT}/{path}", FORM_LIMIT)
            for path in ("approvals", "approvals/touch", "people/review", "people/agree")
        ),
        (TOUCH, FORM_LIMIT),
        (f"{ROOT}/new/file", BATCH_ARMOUR_LIMIT + FORM_LIMIT),
        (f"{ORDERS}/statement", STATEMENT_LIMIT + FORM_LIMIT),
        (f"{ORDERS}/request", PHOTO_LIMIT + FORM_LIMIT),
    )

    def __init__(
        self,
        *,
        staff: Staff,
        cases: Cases,
        counts: Counts,
        disputes: Disputes,
        url: str,
        clock: Clock,
        zone: tzinfo,
        orders: Orders | None = None,
        company: Company | None = None,
        tokens: Tokens | None = None,
    ) -> None:
        self._company = company
        self._tokens = tokens
        self._orders = orders
        self._staff = staff
        self._cases = cases
        self._counts = counts
        self._disputes = disputes
        self._url = url
        self._clock = clock
        self._zone = zone

    def routes(self, pages: Pages) -> Sequence[BaseRoute]:
        """All of them."""
        door = Door(
            pages=pages,
            staff=self._staff,
            clock=self._clock,
            zone=self._zone,
            shop=self._orders is not None,
            tokens=self._tokens,
        )
        programs = [] if self._tokens is None else Programs(door, self._tokens, self._url).routes()
        shop = (
            []
            if self._orders is None
            else [*OrderLists(door, self._orders).routes(), *OrderPages(door, self._orders).routes()]
        )
        company = [] if self._company is None else CompanyPages(door, self._company).routes()
        name = "" if self._company is None else self._company.name
        return [
            *SignIn(door, name).routes(),
            *company,
            *Inbox(door, self._cases).routes(),
            *NewCase(door, self._cases).routes(),
            *FilePages(door, self._cases).routes(),
            *CasePages(door, self._cases).routes(),
            *BatchPages(door, self._cases).routes(),
            *Approvals(door, self._cases).routes(),
            *DisputePages(door, self._disputes).routes(),
            *DevicePages(door, self._disputes.registrar).routes(),
            *People(door, self._url, name).routes(),
            *shop,
            *programs,
            *Overseeing(door, self._counts, self._clock).routes(),
        ]

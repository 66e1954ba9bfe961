"""Cases: opened, listed and looked at."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from fastapi import Body, Depends, Query
from starlette.responses import Response

from sparekey.core.errors import InputError
from sparekey.core.messages.armour import BATCH_ARMOUR_LIMIT
from sparekey.core.values import mail_address
from sparekey.desk.api import paging, shapes, telling
from sparekey.desk.api.call import Call, Spec
from sparekey.desk.api.desk import Desk
from sparekey.desk.api.entrance import JSON, SMALL, Caller, Terms, caller_of
from sparekey.desk.api.limits import ROOT
from sparekey.desk.api.problems import stop
from sparekey.desk.api.scopes import Scope
from sparekey.desk.cases.asking import Asker, Route, Which
from sparekey.desk.cases.reception import Receipt, Source
from sparekey.desk.cases.typed import Typed
from sparekey.desk.console.words import OPENING
from sparekey.language.catalogue import Translator

By = Annotated[Caller, Depends(caller_of)]
ABOUT_CASES = (
    "read_case",
    "add_evidence",
    "hand_in_paper",
    "mail_mailbox_code",
    "write_note",
    "propose",
    "withdraw_proposal",
    "refuse_case",
    "finish_case",
    "read_answer",
)
"""Calls that take the number of a case."""
_LOCATION = {"Location": "Where the case is, if one alone was opened."}


class CaseCalls:
    """The calls."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def routes(self) -> list[Call]:
        """All of them."""
        call = self._desk.call
        return [
            call(
                Spec(
                    "POST",
                    "/cases",
                    "open_cases",
                    "Open a case for each request, or for what a caller reads out",
                    shapes.Receipts,
                    201,
                    Terms(Scope.OPEN, BATCH_ARMOUR_LIMIT + SMALL, (JSON,)),
                    headers=_LOCATION,
                    leads=("/receipts/0/case", ABOUT_CASES),
                ),
                self._open,
            ),
            call(
                Spec(
                    "GET",
                    "/cases",
                    "list_cases",
                    "List cases, the oldest first",
                    shapes.CasePage,
                    terms=Terms(Scope.READ, asks=True),
                    headers={"Link": "The next page (RFC 8288)."},
                    leads=("/cases/0/number", ABOUT_CASES),
                ),
                self._list,
            ),
            call(
                Spec(
                    "GET",
                    "/cases/{number}",
                    "read_case",
                    "Read a case",
                    shapes.CaseTold,
                    terms=Terms(Scope.READ),
                    statuses=(404,),
                    headers={"ETag": "Its version."},
                ),
                self._show,
            ),
        ]

    def _open(
        self,
        given: Annotated[shapes.OpenRequest | shapes.OpenSpoken, Body()],
        caller: By,
        words: Annotated[Translator, Depends(Desk.words)],
        response: Response,
    ) -> shapes.Receipts:
        asker, source = _asker(given.asking, caller), Source(caller.mark)
        if isinstance(given, shapes.OpenRequest):
            receipts = self._desk.cases.open_text(given.request, asker, source)
        else:
            said = given.spoken
            typed = Typed(said.serial, said.started, said.number, said.mac, said.day)
            receipts = [self._desk.cases.open_typed(typed, asker, source)]
        told = [_receipt(receipt, words) for receipt in receipts]
        numbers = [receipt.number for receipt in receipts if receipt.number]
        if not numbers:
            raise stop("nothing-opened", receipts=[one.model_dump(mode="json") for one in told])
        self._desk.note(caller, "case-opened", _about(numbers))
        if len(receipts) == 1:
            response.headers["location"] = f"{ROOT}/cases/{numbers[0]}"
        return shapes.Receipts(receipts=told)

    def _list(
        self, asked: Annotated[shapes.CasesAsked, Query()], caller: By, response: Response
    ) -> shapes.CasePage:
        which = Which(
            tuple(asked.status),
            asked.serial or "",
            0 if asked.since is None else int(asked.since.timestamp()),
            0 if asked.before is None else int(asked.before.timestamp()),
        )
        lines = self._desk.cases.lines(which, after=paging.after(asked), most=asked.limit + 1)
        shown, following = paging.cut(
            lines, asked, f"{ROOT}/cases", response, lambda line: (line.opened, line.number)
        )
        return shapes.CasePage(cases=[telling.case_line(line) for line in shown], next=following)

    def _show(self, number: str, caller: By, response: Response) -> shapes.CaseTold:
        return self._desk.told(number, caller, response)


def _asker(asking: shapes.Asking, caller: Caller) -> Asker:
    try:
        address = mail_address(asking.address) if asking.address else ""
    except InputError:
        where = {"in": "body", "pointer": "/asking/address", "problem": "unfit"}
        raise stop("fields", errors=[where]) from None
    return Asker(
        opener=caller.mark,
        locale=asking.locale,
        route=Route(asking.route),
        address=address,
        phone=asking.phone or "",
        agent=caller.by,
    )


def _receipt(receipt: Receipt, words: Translator) -> shapes.Receipt:
    trouble = None
    if receipt.trouble is not None:
        trouble = shapes.Trouble(slug=receipt.trouble.value, title=words.text(OPENING[receipt.trouble]))
    return shapes.Receipt(serial=receipt.serial or None, case=receipt.number or None, trouble=trouble)


def _about(numbers: Sequence[str]) -> str:
    return numbers[0] if len(numbers) == 1 else f"{numbers[0]} and {len(numbers) - 1} more"

"""What everybody may read, and what a token is."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends
from starlette.requests import Request

from sparekey.desk.api import shapes
from sparekey.desk.api.call import Call, Spec
from sparekey.desk.api.desk import Desk
from sparekey.desk.api.entrance import Caller, Terms, caller_of
from sparekey.desk.api.problems import Documents
from sparekey.desk.api.shapes import moment
from sparekey.desk.log.pages import counts_of

By = Annotated[Caller, Depends(caller_of)]


class OtherCalls:
    """The calls."""

    def __init__(self, desk: Desk, documents: Documents) -> None:
        self._desk = desk
        self._documents = documents

    def routes(self) -> list[Call]:
        """All of them."""
        call = self._desk.call
        return [
            call(
                Spec(
                    "GET",
                    "/token",
                    "read_token",
                    "Which token this is",
                    shapes.TokenTold,
                    terms=Terms(known=True),
                    tag="about",
                ),
                self._token,
            ),
            call(
                Spec(
                    "GET",
                    "/log",
                    "read_log_counts",
                    "The public counters of the recovery log",
                    shapes.LogCounts,
                    tag="about",
                ),
                self._log,
            ),
            call(
                Spec(
                    "GET",
                    "/problems",
                    "list_problems",
                    "All problems that a program may meet",
                    list[shapes.ProblemKind],
                    tag="about",
                ),
                self._problems,
            ),
        ]

    @staticmethod
    def _token(caller: By) -> shapes.TokenTold:
        token = caller.token
        return shapes.TokenTold(
            id=token.id,
            name=token.name,
            scopes=sorted(scope.value for scope in token.scopes),
            expires=moment(token.until),
        )

    def _log(self) -> dict[str, Any]:
        return counts_of(self._desk.ledger)

    def _problems(self, request: Request) -> list[dict[str, object]]:
        return self._documents.listed(request)

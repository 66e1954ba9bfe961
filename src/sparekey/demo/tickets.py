"""A help desk's own system, as the checks play it: it knows a token, and the desk's interface for programs."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import httpx2

from sparekey.demo.office import with_form
from sparekey.demo.verdicts import UnlikeError, expect

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sparekey.demo.office import Colleague

ROOT = "/api/v1"

_LIMIT = 30.0
_SECRET = re.compile(rb"sparekey_[0-9A-Z]{8}_[0-9a-f]{64}")
_PROGRAMS = "/console/programs"


def let_in(admins: Sequence[Colleague], name: str, *scopes: str) -> Tickets:
    """A program for which an admin makes a token in the console. What is more than reading works once the second admin
    agreed.
    """
    admin, second = admins
    page = admin.open("/programs").is_at(_PROGRAMS)
    form = page.form(f"{_PROGRAMS}/make")
    chosen = replace(
        form, values=form.values | {"name": name, "scope": scopes[0]}, repeated={"scope": list(scopes)}
    )
    made = admin.browser.send(with_form(page, chosen), f"{_PROGRAMS}/make")
    found = _SECRET.search(made.body)
    if found is None:
        raise UnlikeError(f"the console shows no token: {made.words[:300]}")
    again = admin.open("/programs").body
    expect(found[0] not in again, "the console shows a token a second time")
    tickets = Tickets(admin.desk, found[0].decode())
    if "works once a second admin agrees" in made.words:
        expect(tickets.refused("GET", "/token") == (401, "token"), "a token works that one admin made alone")
        page = second.open("/programs").is_at(_PROGRAMS)
        second.press(page, f"{_PROGRAMS}/agree", id=tickets.id).says("the program may call")
    return tickets


def turned_away(admin: Colleague, tickets: Tickets) -> None:
    """The admin takes its token away."""
    page = admin.open("/programs").is_at(_PROGRAMS)
    admin.press(page, f"{_PROGRAMS}/revoke", id=tickets.id).says("is refused from now on")


class Tickets:
    """One program. `desk`: the desk's address. `token`: what it holds."""

    def __init__(self, desk: str, token: str) -> None:
        self._url = f"{desk}{ROOT}"
        self._token = token
        self.id = token.split("_")[1] if token else ""

    def ask(self, method: str, path: str, body: object = None, once: str = "") -> Any:
        """What a call answers. Raises UnlikeError for a problem."""
        status, told = self._sent(method, path, body, once)
        expect(status < 300, f"{method} {path} ends in {status} {told.get('slug')}")
        return told

    def refused(self, method: str, path: str, body: object = None) -> tuple[int, str]:
        """Status and slug of the problem that a call ends in."""
        status, told = self._sent(method, path, body)
        expect(status >= 400, f"{method} {path} is let through")
        return status, str(told["slug"])

    def _sent(self, method: str, path: str, body: object, once: str = "") -> tuple[int, Mapping[str, Any]]:
        headers = {"authorization": f"Bearer {self._token}"} | ({"idempotency-key": once} if once else {})
        try:
            answer = httpx2.request(method, self._url + path, json=body, headers=headers, timeout=_LIMIT)
            return answer.status_code, answer.json()
        except (httpx2.HTTPError, ValueError) as error:
            raise UnlikeError(f"the desk does not answer at {path} ({type(error).__name__})") from None

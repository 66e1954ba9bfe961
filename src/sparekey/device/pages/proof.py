"""What every page does where a proof is handed in: tries left, the pause, the verdict, and on to the password."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sparekey.core.errors import Refusal
from sparekey.core.record import Action
from sparekey.core.values import Face, MethodName
from sparekey.device.pages.claim import claim_of, give_claim
from sparekey.device.pages.door import go
from sparekey.device.pages.pickup import hashed
from sparekey.host.problems import of_refusal
from sparekey.language.moments import duration

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from sparekey.core.record import Right
    from sparekey.device.pages.door import Door

PATHS = {
    MethodName.QUESTIONS: "/forgot/questions",
    MethodName.KEY_FILE: "/forgot/key-file",
    MethodName.RECOVERY_SHEET: "/forgot/sheet",
    MethodName.MAIL_CODE: "/forgot/code",
    MethodName.SECURITY_CODE: "/forgot/security-code/code",
    MethodName.RESPONSE_FILE: "/forgot/support/answer",
    MethodName.RESPONSE_KEY: "/forgot/support/key",
    MethodName.TECHNICIAN: "/forgot/technician/answer",
}
"""Where each proof is handed in."""
ANSWER_LIMIT = 256 * 1024
"""Bytes of a file from support: it may answer for a hundred devices."""
ANSWERS = tuple(
    (PATHS[method], ANSWER_LIMIT + 4096) for method in (MethodName.RESPONSE_FILE, MethodName.TECHNICIAN)
)
"""The forms that bring one, and the bytes that each takes."""

_AGAIN = {Refusal.WRONG_CODE, Refusal.NOT_GENUINE, Refusal.NOT_CHARGED, Refusal.PAUSED}
"""After these the same page stays."""


@dataclass(frozen=True)
class Entry:
    """One such page for one visitor. `told`: what a wrong proof is told, a text in their language; "" for the usual.
    `values`: what the template needs besides.
    """

    door: Door
    request: Request
    method: MethodName
    template: str
    values: dict[str, Any]
    told: str = ""

    def form(self, status: int = 200, error: str = "") -> Response:
        """The page itself. Over its budget it is closed."""
        door, request = self.door, self.request
        tries = door.recovering.tries(self.method, door.face(request))
        if not tries.left:
            return door.refused(request, Refusal.TOO_MANY_TRIES)
        lapsed = door.recovering.lapsed(claim_of(door, request).hash)
        return door.pages.page(
            request,
            self.template,
            status=status,
            error=error,
            left=tries.left,
            pause=tries.pause,
            pause_told=duration(tries.pause, door.pages.words(request)),
            lapsed=lapsed is not None and lapsed.method is self.method,
            **self.values,
        )

    def verdict(self, refusal: Refusal | None, token: str) -> Response:
        """What follows from a proof. `token`: the pickup code that holds the right from now on."""
        door, request = self.door, self.request
        if refusal is None:
            right = door.recovering.right(hashed(token), door.face(request))
            response = go(leads_to(door, request, right))
            give_claim(door, request, response, token)
            return response
        if refusal not in _AGAIN:
            return door.refused(request, refusal)
        problem, words = of_refusal(refusal), door.pages.words(request)
        told = f"{words.text(problem.told)} {words.text(problem.mend)}"
        if self.told and refusal is not Refusal.NOT_CHARGED:
            told = self.told
        return self.form(problem.status, "" if refusal is Refusal.PAUSED else told)


def leads_to(door: Door, request: Request, right: Right | None) -> str:
    """The page that a right opens. Without one, that of the new password: it knows where else to go."""
    if right is None:
        return "/forgot/password"
    if right.action is Action.ERASE:
        return "/forgot/technician/erase"
    if right.action is Action.NEW_PASSWORD_OR_DEFAULT:
        return "/system"
    temporary = door.agent.config.policy.security_code.temporary
    told = temporary is not None and right.method is MethodName.SECURITY_CODE
    return "/forgot/temporary" if told and door.face(request) is Face.NETWORK else "/forgot/password"


def elsewhere(door: Door, request: Request, method: MethodName) -> Response | None:
    """Where a visitor goes who cannot begin with a method, or has its proof behind them."""
    face = door.face(request)
    if not door.agent.is_set_up:
        return go("/")
    ready = door.recovering.right(claim_of(door, request).hash, face)
    if ready:
        return go(leads_to(door, request, ready))
    if door.recovering.greyed(method, face):
        return door.refused(request, Refusal.NOT_SET_UP)
    return None

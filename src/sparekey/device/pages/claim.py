"""Whose recovery it is: the cookie of the browser that began it, or the recorder's own screen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sparekey.core.errors import Refusal
from sparekey.core.policy import VALID_LIMIT
from sparekey.core.values import Face, MethodName
from sparekey.device.pages.door import go
from sparekey.device.pages.pickup import CLAIM, carried, hashed
from sparekey.language.catalogue import N_
from sparekey.web import cookies

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from sparekey.device.pages.door import Door


@dataclass(frozen=True)
class Claim:
    """A pickup code and its hash, both None for a browser that began nothing. `boot` only chooses words."""

    token: str | None
    hash: bytes | None
    boot: int


def claim_of(door: Door, request: Request) -> Claim:
    """What this visitor holds."""
    token, boot = carried(request)
    if door.face(request) is Face.SCREEN:
        token = door.recovering.screen_claim()
    return Claim(token, hashed(token), boot)


def begin(door: Door, request: Request) -> tuple[str, bytes]:
    """The pickup code of this visitor and its hash; a new one for a browser that has none yet."""
    token = claim_of(door, request).token or door.recovering.new_claim()
    return token, hashed(token) or b""


def give_claim(door: Door, request: Request, response: Response, token: str) -> None:
    """Let the browser keep the claim for as long as any request can live."""
    value = f"{token if door.face(request) is Face.NETWORK else '0' * 32}.{door.agent.record.age.boots}"
    cookies.put(response, request, CLAIM, value, seconds=VALID_LIMIT)


def gone(door: Door, request: Request, method: MethodName = MethodName.MAIL_CODE) -> Response:
    """Why there is no open request of this visitor."""
    claim = claim_of(door, request)
    record, policy = door.agent.record, door.agent.config.policy
    if cookies.read(request, CLAIM) is None:
        at_screen = door.face(request) is Face.SCREEN
        return go("/forgot") if at_screen else door.refused(request, Refusal.NOT_AUTHORISED)
    if claim.hash is not None and record.claimed(method, claim.hash) is not None:
        return door.refused(request, Refusal.EXPIRED)
    voided = method is MethodName.MAIL_CODE and policy.mail_code.reboot_voids
    if voided and claim.boot != record.age.boots:
        return door.told(request, 410, *_REBOOTED)
    return door.refused(request, Refusal.NO_SUCH_REQUEST)


_REBOOTED = (
    N_("The [recorder|camera] was switched off in the meantime."),
    N_(
        "That ended the request: its code no longer works. "
        "Start again, and leave the [recorder|camera] on this time."
    ),
    "/forgot",
    N_("Start again"),
)

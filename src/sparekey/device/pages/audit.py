"""What happened on the device, in words: a few lines at home, the newest two hundred on a page of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sparekey.core.effects import Happened
from sparekey.core.values import Face
from sparekey.device.pages.inside import Inside, Who
from sparekey.language.catalogue import N_

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute

    from sparekey.core.effects import WriteAudit
    from sparekey.core.record import Account
    from sparekey.device.pages.door import Door

LINES = 200
"""Lines that can be looked at."""
ON_A_PAGE = 25
"""Lines of one page."""

_HAPPENED = {
    Happened.ACTIVATED: N_("The first password was set"),
    Happened.SIGNED_IN: N_("%(account)s signed in"),
    Happened.RECOVERY_OPENED: N_("A way back in was asked for"),
    Happened.NUMBERS_SHOWN: N_("A password was wrong, and what support needs was shown"),
    Happened.RECOVERY_CANCELLED: N_("A request for a way back in was closed"),
    Happened.PROOF_WRONG: N_("Somebody tried a way back in, and it was not right"),
    Happened.PROOF_RIGHT: N_("Somebody tried a way back in, and it was right"),
    Happened.TRIES_STOPPED: N_("Typed codes were switched off after too many wrong ones"),
    Happened.PASSWORD_RECOVERED: N_("The password was recovered and a new one set"),
    Happened.PASSWORD_CHANGED: N_("The user %(account)s chose a new password"),
    Happened.ADDRESS_CHANGED: N_("The e-mail address for codes was changed"),
    Happened.ADDRESS_CONFIRMED: N_("The e-mail address for codes was confirmed"),
    Happened.QUESTIONS_SET: N_("Security questions were set"),
    Happened.KEY_FILE_MADE: N_("A key file was made"),
    Happened.KEY_FILE_PROVED: N_("The key file was checked"),
    Happened.SHEET_MADE: N_("A recovery sheet was made"),
    Happened.SHEET_PROVED: N_("The recovery sheet was checked"),
    Happened.ACCOUNT_ADDED: N_("The user %(account)s was added"),
    Happened.ACCOUNT_CHANGED: N_("The user %(account)s was changed"),
    Happened.ACCOUNT_REMOVED: N_("The user %(account)s was deleted"),
    Happened.ENROLLED: N_("The recorder was registered at the support desk"),
    Happened.SYSTEM_ADDED: N_("The user %(account)s for other systems was added"),
    Happened.SYSTEM_CHANGED: N_("The user %(account)s for other systems was changed"),
    Happened.SYSTEM_REMOVED: N_("The user %(account)s for other systems was removed"),
    Happened.SYSTEM_REFUSED: N_(
        "Another system asked to restart or to erase the [recorder|camera], and was refused"
    ),
    Happened.NETWORK_CHANGED: N_("The user %(account)s changed the network address"),
    Happened.ERASE_BEGUN: N_("Erasing began"),
    Happened.ERASED: N_("The [recorder|camera] was erased"),
}
_PLACES = {Face.SCREEN: N_("at the [recorder's screen|camera itself]"), Face.NETWORK: N_("over the network")}


def routes(door: Door) -> list[BaseRoute]:
    """The pages of this group."""
    inside = Inside(door)

    def show(request: Request, _account: Account) -> Response:
        entries = door.agent.audit.last(LINES)
        pages = max(1, -(-len(entries) // ON_A_PAGE))
        asked = request.query_params.get("page", "1")
        number = (
            min(max(1, int(asked)), pages) if asked.isascii() and asked.isdigit() and len(asked) < 4 else 1
        )
        shown = entries[(number - 1) * ON_A_PAGE : number * ON_A_PAGE]
        return door.pages.page(
            request,
            "device/audit.html",
            lines=[line(door, request, entry) for entry in shown],
            number=number,
            pages=pages,
        )

    return [inside.get("/audit", show, Who.ADMIN)]


def line(door: Door, request: Request, entry: WriteAudit) -> tuple[str, str]:
    """When, and what."""
    words = door.pages.words(request)
    what = words.text(_HAPPENED[entry.what])
    if "%(account)s" in what:
        what = what % {"account": entry.account}
    return door.when(request, entry.wall, entry.age), f"{what}, {words.text(_PLACES[entry.face])}"

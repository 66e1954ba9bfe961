"""Which way is open to me? The ways back into a device, in order of least loss, in words.

Of ours, the device itself says which are open. Of other makers' devices, discovery says what the maker's own published
procedure is; nothing here opens them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sparekey.core.values import MethodName
from sparekey.lan.discovery.found import Way as MakersWay
from sparekey.language.catalogue import N_

if TYPE_CHECKING:
    from sparekey.lan.discovery.found import Found
    from sparekey.lan.link.ways import Abilities
    from sparekey.language.catalogue import Translator

NOTHING_LOST = N_("Nothing is lost: recordings and settings stay.")
ALL_LOST = N_("ALL RECORDINGS ARE ERASED")


@dataclass(frozen=True)
class WayBack:
    """`needs`: what to have at hand and what to do next. `loses`: what it costs. `closed`: why not now, or empty."""

    title: str
    needs: str
    takes: str
    loses: str
    closed: str = ""


_OURS = {
    MethodName.QUESTIONS: (
        N_("Security questions"),
        N_("Answer them at the device's screen or web page."),
        N_("2 minutes"),
    ),
    MethodName.KEY_FILE: (
        N_("Key file"),
        N_("Hand in the file that was saved: sparekey apply FILE --device %(place)s"),
        N_("2 minutes"),
    ),
    MethodName.RECOVERY_SHEET: (
        N_("Recovery sheet"),
        N_("Type the code from the printed sheet: sparekey apply --type sheet --device %(place)s"),
        N_("2 minutes"),
    ),
    MethodName.MAIL_CODE: (
        N_("Code by e-mail"),
        N_("The code goes to the reserved address: sparekey request %(place)s --by mail --qr"),
        N_("5 minutes"),
    ),
    MethodName.SECURITY_CODE: (
        N_("Security code"),
        N_("Read out to support what this shows: sparekey request %(place)s --by code"),
        N_("1 to 24 hours"),
    ),
    MethodName.RESPONSE_FILE: (
        N_("File from support"),
        N_("Save the request and send it: sparekey request %(place)s --out FILE"),
        N_("1 to 24 hours"),
    ),
    MethodName.RESPONSE_KEY: (
        N_("Key from support"),
        N_("Photograph the request, or save it: sparekey request %(place)s --by key --qr"),
        N_("1 to 24 hours"),
    ),
    MethodName.RESET_BUTTON: (
        N_("Reset button"),
        N_("Hold the button on the device's body while it is on."),
        N_("5 minutes"),
    ),
    MethodName.TECHNICIAN: (
        N_("Technician"),
        N_("Order the paid unlock from support, and send the device in."),
        N_("about 3 working days"),
    ),
}
_CLOSED = {
    "not-here": N_("Only at the device itself."),
    "old-firmware": N_("Not with this firmware: upgrade it first."),
    "needs-power-on": N_("Only in the first minutes after switching on."),
    "no-button": N_("This device has no reset button."),
    "not-set-up": N_("The owner did not prepare this."),
}
_SETTINGS_LOST = N_("Settings are lost; recordings stay.")
_MAKERS = {
    MakersWay.QUESTIONS: (
        N_("Security questions"),
        N_("Answer them in the maker's own tool or at the device."),
        NOTHING_LOST,
    ),
    MakersWay.MAIL: (
        N_("Code by e-mail"),
        N_("Use the maker's own app or page: the code goes to the reserved mailbox."),
        NOTHING_LOST,
    ),
    MakersWay.KEY_FILE: (
        N_("Key file"),
        N_("Hand in the file that was saved earlier, in the maker's own tool."),
        NOTHING_LOST,
    ),
    MakersWay.REQUEST_KEY: (
        N_("Key from the maker's support"),
        N_("Export the file or photograph the square in the maker's own tool, and send it to their support."),
        NOTHING_LOST,
    ),
    MakersWay.REQUEST_FILE: (
        N_("File from the maker's support"),
        N_(
            "Export the file in the maker's own tool, and send it to their support."
            " Have the serial number and the invoice at hand."
        ),
        NOTHING_LOST,
    ),
    MakersWay.MAKER: (
        N_("The maker's own reset"),
        N_("The device says that its maker offers one: use the maker's own tool or app."),
        "",
    ),
}
_ANYBODY = (
    (N_("A password that somebody knows"), N_("Ask who set it up. With it: sparekey rotate"), NOTHING_LOST),
    (
        N_("Ask the maker or who sold it"),
        N_("Tell them model, serial number and firmware, and show the invoice."),
        "",
    ),
    (
        N_("Reset button"),
        N_("If the model has one: its manual says where and how long."),
        N_("Settings are lost. Ask first what happens to recordings."),
    ),
)


def ours(abilities: Abilities, place: str, words: Translator) -> list[WayBack]:
    """The ways back into a device of ours, as it tells a stranger."""
    ways = []
    for way in abilities.ways:
        title, needs, takes = _OURS[way.method]
        loses = {MethodName.TECHNICIAN: ALL_LOST, MethodName.RESET_BUTTON: _SETTINGS_LOST}.get(
            way.method, NOTHING_LOST
        )
        closed = words.text(_CLOSED.get(way.closed, N_("Not open now."))) if way.closed else ""
        ways.append(
            WayBack(
                words.text(title),
                words.text(needs) % {"place": place},
                words.text(takes),
                words.text(loses),
                closed,
            )
        )
    return ways


def others(found: Found, words: Translator) -> list[WayBack]:
    """What another maker's own published procedure offers, as far as the device tells."""
    told = found.ways or frozenset()
    rows = [row for way, row in _MAKERS.items() if way in told]
    return [
        WayBack(words.text(title), words.text(needs), "", words.text(loses))
        for title, needs, loses in (_ANYBODY[0], *rows, *_ANYBODY[1:])
    ]

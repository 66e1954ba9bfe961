"""The procedures that must work, by number: the parts that share each, and a line that says what it is.

A row of one part is reported under its number; a row of several parts also by part, `P05.device`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection


@dataclass(frozen=True)
class Procedure:
    """One row."""

    number: str
    parts: tuple[str, ...]
    title: str

    @property
    def rows(self) -> tuple[str, ...]:
        """The keys of its parts: `P05.device` and so on; none when it has only one part."""
        return tuple(f"{self.number}.{part}" for part in self.parts) if len(self.parts) > 1 else ()


def _procedure(number: str, parts: str, title: str) -> Procedure:
    return Procedure(number, tuple(parts.split()), title)


PROCEDURES = (
    _procedure("P01", "device", "Camera: hold the switch for 5 s, back to the factory login"),
    _procedure("P02", "device", "First login with the factory password: everything is set up before it ends"),
    _procedure("P03", "device", "Recover by security questions"),
    _procedure("P04", "device finder", "Recover by the key file"),
    _procedure("P05", "device phone", "Recover by a code that is mailed after the square was scanned"),
    _procedure("P06", "desk device", "No way left: the paid unlock by a technician, all recordings erased"),
    _procedure("P07", "device", "The recorder's info screen shows its own and its cameras' addresses"),
    _procedure("P08", "device", "A camera's own page, opened through the recorder"),
    _procedure("P09", "device", "Camera login: a wrong password shows what to read out to support"),
    _procedure("P10", "device desk", "Support's reset password opens the way to factory settings only"),
    _procedure("P11", "device", "Before all that: try the recorder's passwords on the camera"),
    _procedure("P12", "device desk", "Secure code from the mail, typed with the mouse in the live view"),
    _procedure("P13", "device phone", "Afterwards: remove and add the device again in the phone app"),
    _procedure("P14", "device finder", "Finder: pick a device, and see the dialog that it is able to do"),
    _procedure("P15", "device desk finder", "Start time and serial to support, one code for each date back"),
    _procedure("P16", "device desk finder", "Exported file to support, signed file back, within 24 hours"),
    _procedure(
        "P17", "device desk finder", "Exported file or photo of the square, a key of 8 characters back"
    ),
    _procedure("P18", "device finder", "The cameras get new passwords together with the recorder"),
    _procedure("P19", "device desk", "Recorder screen: double-click the corner, codes by phone"),
    _procedure("P20", "device", "Reserve the e-mail address at activation or later"),
    _procedure("P21", "device", "Recorder: verify by reserved e-mail, legal disclaimer, the square shows"),
    _procedure("P22", "phone", "Phone app: scan, and the code goes to the reserved address"),
    _procedure("P23", "device", "Recorder: type the code, create and confirm the new password"),
    _procedure("P24", "device", "Firmware too old for self-service: greyed, with the version to upgrade to"),
    _procedure("P25", "device desk phone finder", "Which way is open to me? Each part tells"),
    _procedure("P26", "device", "A device back at factory state is set up again in one step"),
    _procedure("P27", "desk finder", "The request to support and the answer back without a phone"),
    _procedure("B01", "desk", "The desk mails a code without any list of devices or owners"),
    _procedure("B02", "proof", "No code can be computed from label, date or firmware"),
    _procedure("B03", "desk device", "The public recovery log: without its proof, a file is refused"),
    _procedure("B04", "desk device phone", "Everyone concerned is told, and the owner can cancel"),
    _procedure("B05", "desk", "Approvals by passkey, two people where something is destroyed"),
    _procedure("B06", "device desk finder", "Requests survive a reboot; one file for many devices"),
    _procedure("B07", "finder", "Finder: other brands, wrong networks, a password for each camera"),
    _procedure("B08", "device", "The printed recovery sheet"),
    _procedure("B09", "desk", "The status page for the owner"),
    _procedure("B10", "device", "Account stores: built in, or a maker's own helper"),
    _procedure("B11", "phone", "No app from a store: any phone's camera opens the page"),
    _procedure("B12", "proof", "Conformity with the standards, as a table of tests"),
)
"""In the order in which they are reported."""

TITLES = {row: procedure.title for procedure in PROCEDURES for row in (*procedure.rows, procedure.number)}
"""What each reported row is."""


def asked(rows: Collection[str]) -> frozenset[str]:
    """What is played for these rows: a bare row stands for each of its parts."""
    found = set(rows)
    for procedure in PROCEDURES:
        if procedure.number in rows:
            found |= set(procedure.rows)
    return frozenset(found)

"""B06, the finder's part: requests of many devices in one file, the answers in another, a result for each."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING

from sparekey.core.codec import decode, encode
from sparekey.core.messages.armour import FileKind, unwrap, wrap
from sparekey.core.messages.batch import make_batch, read_items
from sparekey.demo.checks.check import Check
from sparekey.demo.installer import Installer
from sparekey.demo.office import office_of
from sparekey.demo.owner import FIRST_PASSWORD, Owner
from sparekey.demo.registered import at_home, from_the_factory
from sparekey.demo.site import SECOND, SECOND_SERIAL, SERIAL, SWITCH, SWITCH_SERIAL
from sparekey.demo.verdicts import UnlikeError, expect

if TYPE_CHECKING:
    from sparekey.demo.stage import Stage

_SENT = re.compile(r" (\S+): case ([0-9A-HJKMNP-TV-Z]{8})")
_SECOND_ADDRESS = "127.0.1.14"
"""Where the network finds the second recorder here; its screen is elsewhere."""
_ANSWERS = "answers" + FileKind.RESPONSES.extension
_PLACE_OF_PROOF = 1
"""Of the five parts of a response file: what only the device that asked can check (spec/files.md section 4)."""


def many(stage: Stage) -> None:
    """Two recorders and a camera. One answer is not for its device any more: that one refuses, the others are open."""
    owners, places = _ready(stage)
    office = office_of(stage)
    installer = Installer(stage)

    stage.step("one file of requests")
    refused = installer.run("request", *places.values(), "--out", "site.sparekey-request", code=4)
    expect(
        refused.count("nothing was sent") == len(places), "something is sent to a device nobody vouched for"
    )
    told = installer.run("request", *places.values(), "--out", "site.sparekey-request", "--trust-first")
    expect(told.count("tries left") == len(places), f"not every device has its line: {told[-300:]}")
    cases = dict(_SENT.findall(installer.run("send", "site.sparekey-request")))
    expect(set(cases) == set(places), f"the desk has cases for {sorted(cases)}")

    stage.step("each decided by itself")
    for serial, case in cases.items():
        office.agent.is_sure(case, owners[serial])
        office.agent.propose(case, "response-file")
        office.approver.approve(case)
    stage.wait(lambda: _fetched(installer), "the answers do not come")

    stage.step("one file of answers, one of them changed")
    new = ("--generate", "--save")
    changed = installer.file("changed.sparekey-responses", _changed(installer.read(_ANSWERS)))
    told = installer.run("apply", changed, *new, "first.csv", code=1)
    expect(told.count("You are back in") == len(places) - 1, f"the others do not go on: {told[-400:]}")
    first = _saved(installer, "first.csv")
    expect(first[places[SERIAL]] != first[places[SECOND_SERIAL]], "two devices have one password")
    owners[SWITCH_SERIAL].sign_in(FIRST_PASSWORD)
    owners[SWITCH_SERIAL].sign_out()
    for serial in (SERIAL, SECOND_SERIAL):
        owners[serial].is_back(first[places[serial]])

    stage.step("once more, for the one that is left")
    told = installer.run("apply", _ANSWERS, *new, "second.csv")
    expect(told.count("You are back in") == 1, f"more than the one that was left: {told[-400:]}")
    owners[SWITCH_SERIAL].is_back(_saved(installer, "second.csv")[places[SWITCH_SERIAL]])


def _ready(stage: Stage) -> tuple[dict[str, Owner], dict[str, str]]:
    """By serial number: devices with a password and a confirmed address, and where the network finds them."""
    site, plan = stage.site, stage.site.plan
    camera = plan.switched.removeprefix("https://")
    second = f"{_SECOND_ADDRESS}:{plan.ports.camera}"
    stage.step("two recorders and a camera")
    site.start((SECOND, SWITCH))
    site.amend(SECOND, {"listen": [plan.second, f"https://{second}"]})
    from_the_factory(stage, "recorder", site.folders.recorder, SERIAL)
    from_the_factory(stage, SECOND, site.folders.second, SECOND_SERIAL)
    from_the_factory(stage, SWITCH, site.folders.switched, SWITCH_SERIAL)
    owners = {}
    for serial, door in (
        (SERIAL, plan.network),
        (SECOND_SERIAL, plan.second),
        (SWITCH_SERIAL, plan.switched),
    ):
        stage.step(f"{serial}: set up, registered, address confirmed")
        owner = owners[serial] = Owner(stage, door, f"owner-{serial.lower()}@example.com")
        at_home(owner)
    return owners, {
        SERIAL: plan.network.removeprefix("https://"),
        SECOND_SERIAL: second,
        SWITCH_SERIAL: camera,
    }


def _fetched(installer: Installer) -> bool | None:
    """Whether every case has its answer."""
    try:
        installer.run("fetch", "--out", _ANSWERS)
    except UnlikeError:
        return None
    return True


def _changed(file: bytes) -> bytes:
    """The file with one bit turned in the answer that is for the camera."""
    items = read_items(unwrap(FileKind.RESPONSES, file.decode()))
    bent = [_bent(item) if SWITCH_SERIAL.encode() in item else item for item in items]
    expect(bent != items, "there is no answer for the camera")
    return wrap(FileKind.RESPONSES, make_batch(bent), {"Devices": str(len(bent))}).encode()


def _bent(answer: bytes) -> bytes:
    parts = decode(answer)
    if not isinstance(parts, list) or not isinstance(mac := parts[_PLACE_OF_PROOF], bytes):
        raise UnlikeError("the answer is something else")
    return encode([*parts[:_PLACE_OF_PROOF], mac[:-1] + bytes([mac[-1] ^ 1]), *parts[_PLACE_OF_PROOF + 1 :]])


def _saved(installer: Installer, name: str) -> dict[str, str]:
    """The new passwords, by place."""
    rows = csv.DictReader(io.StringIO(installer.read(name).decode()))
    return {row["title"]: row["password"] for row in rows}


CHECKS = (Check("B06.finder", "hikvision", many),)

"""P14 and P25, the finder's parts: which of the dialogs a device is able to do, and which way is open to me."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sparekey.core.messages.request import Request
from sparekey.core.messages.text import read_any
from sparekey.demo.checks.check import Check
from sparekey.demo.installer import Installer
from sparekey.demo.owner import Owner
from sparekey.demo.site import MODEL, SERIAL
from sparekey.demo.verdicts import expect

if TYPE_CHECKING:
    from sparekey.demo.stage import Stage

_TITLE = re.compile(r"^\d\. ([^(\n]+?)(?: \(.*\))?$", re.MULTILINE)


def dialogs(stage: Stage) -> None:
    """The three dialogs of the maker's page, as the device's abilities say; nothing for a device that is not known."""
    Owner(stage, stage.site.plan.network, "owner@example.com").set_up()
    installer = Installer(stage)

    stage.step("what everybody hears")
    told = installer.run("ways", installer.place)
    for word in ("Security code", "File from support", "Key from support"):
        expect(word in told, f"“{word}” is not offered")
    expect(SERIAL not in told and MODEL not in told, "a stranger hears which device it is")

    stage.step("nobody compared the fingerprint")
    installer.meets()

    stage.step("each dialog")
    code = installer.run("request", installer.place, "--by", "code")
    for word in (SERIAL, "Start time", "Request number", "Date"):
        expect(word in code, f"“{word}” cannot be copied")
    installer.run("request", installer.place, "--out", "gate.xml")
    key = installer.run("request", installer.place, "--by", "key", "--qr", "--out", "gate.sparekey-request")
    expect("█" in key, "there is no square to photograph")
    exported = [read_any(installer.read(name)) for name in ("gate.xml", "gate.sparekey-request")]
    expect(exported[0] == exported[1] and isinstance(exported[0], Request), "the exports are two requests")


def ways(stage: Stage) -> None:
    """In order of least loss, with what each needs and loses; greyed with the reason; an address without a device."""
    Owner(stage, stage.site.plan.screen, "").set_up_without_address()
    installer = Installer(stage)
    stage.step("which way is open to me")
    told = installer.run("ways", installer.place)
    titles = [title.strip() for title in _TITLE.findall(told)]
    order = [
        "Key file",
        "Recovery sheet",
        "Code by e-mail",
        "Security code",
        "File from support",
        "Technician",
    ]
    expect(
        [title for title in titles if title in order] == order, f"the ways stand in another order: {titles}"
    )
    for word in (
        "The owner did not prepare this.",
        "Nothing is lost",
        "1 to 24 hours",
        "about 3 working days",
    ):
        expect(word in told, f"“{word}” is not said")
    stage.step("a way that is closed does not open")
    installer.meets()
    installer.run("request", installer.place, "--by", "mail", code=1)
    stage.step("nobody there")
    installer.run("ways", "127.0.0.1:9", code=4)
    installer.run("ways", "no such place", code=2)


CHECKS = (Check("P14.finder", "hikvision", dialogs), Check("P25.finder", "sparekey", ways))

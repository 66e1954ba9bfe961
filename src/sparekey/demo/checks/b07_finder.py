"""B07: cameras of another maker are found, and get a password of their own each, which a KeePass database holds."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import TYPE_CHECKING

from sparekey.demo.checks.check import Check
from sparekey.demo.child import Child
from sparekey.demo.foreign.camera import LONGEST, MODEL, PASSWORD, USER
from sparekey.demo.installer import Installer
from sparekey.demo.verdicts import expect
from sparekey.host.clock import SystemClock

if TYPE_CHECKING:
    from sparekey.demo.stage import Stage

_ADDRESSES = ("127.0.1.31", "127.0.1.32")
_SAFE = re.compile(r"[A-Za-z0-9]+")
_WRONG = "not this one"


def find_and_rotate(stage: Stage) -> None:
    """Found by ONVIF; a dry run; each its own password, verified; the old one is dead. Wrong logins change nothing."""
    places = [f"{address}:{stage.site.plan.ports.camera}" for address in _ADDRESSES]
    arguments = ["sparekey.demo.foreign", *(word for place in places for word in ("--at", place))]
    cameras = Child("other maker's cameras", arguments, stage.site.folders.log("foreign"))
    try:
        cameras.wait_until_ready(SystemClock())
        _play(stage, Installer(stage), [f"http://{place}/onvif/device_service" for place in places])
    finally:
        cameras.end()


def _play(stage: Stage, installer: Installer, links: list[str]) -> None:
    stage.step("found, whatever the brand")
    found = json.loads(installer.run("find", "--interface", "lo", "--json").partition("\n]")[0] + "\n]")
    theirs = [device for device in found if device["model"] == MODEL]
    expect(
        {link for device in theirs for link in device["links"]} == set(links), "not both cameras are found"
    )

    stage.step("wrong logins, and no consent")
    rows = "".join(f"{link},{USER},{PASSWORD}\n" for link in links)
    logins = ("--logins", installer.secret("logins.csv", rows))
    told = installer.run("rotate", *logins, "--yes", "--save", "none.csv", code=1)
    expect("without encryption" in told, "new passwords travel in the open without a yes")
    wrong = installer.secret("wrong.csv", rows.replace(PASSWORD, _WRONG))
    installer.run("rotate", "--logins", wrong, "--cleartext", "--yes", "--save", "none.csv", code=1)
    expect(not (installer.folder / "none.csv").exists(), "passwords are saved that nobody set")

    stage.step("a dry run, then each its own")
    told = installer.run("rotate", *logins, "--cleartext")
    expect(told.count("would change") == len(links), "the dry run does not say what it would do")
    told = installer.run("rotate", *logins, "--cleartext", "--yes", "--save", "first.csv")
    expect(told.count("the old one does not") == len(links), f"not all are verified: {told[-300:]}")
    made = [row["password"] for row in csv.DictReader(io.StringIO(installer.read("first.csv").decode()))]
    expect(len(set(made)) == len(links), "two cameras have one password")
    for password in made:
        expect(
            _SAFE.fullmatch(password) and len(password) <= LONGEST,
            "a password does not fit the camera or a URL",
        )
    installer.run("rotate", *logins, "--cleartext", code=1)

    stage.step("into a KeePass database")
    master = ("--vault-password-file", installer.secret("master", "the installer's own"))
    again = ("--logins", str(installer.folder / "first.csv"), "--cleartext", "--yes")
    installer.run("rotate", *again, "--save", "site.kdbx", *master)
    expect(installer.read("site.kdbx")[:4] == bytes.fromhex("03d9a29a"), "that is no KeePass database")


CHECKS = (Check("B07", "sparekey", find_and_rotate),)

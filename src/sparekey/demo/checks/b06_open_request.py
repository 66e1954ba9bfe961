"""B06, the recorder's part: a request to support survives reboots and is the same at every export."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sparekey.core.messages.request import Request
from sparekey.core.messages.text import read_any
from sparekey.demo.camera import read_square
from sparekey.demo.checks.check import Check
from sparekey.demo.owner import Owner
from sparekey.demo.returning import Returning
from sparekey.demo.site import MODEL, SERIAL
from sparekey.demo.verdicts import UnlikeError, expect

if TYPE_CHECKING:
    from pathlib import Path

    from sparekey.demo.stage import Stage

_PAGE = "/forgot/support"
_LIMIT = 30


@dataclass(frozen=True)
class _Exports:
    """The one request in the forms in which it leaves the recorder."""

    file: bytes
    xml: bytes
    text: str


def keep(stage: Stage) -> None:
    """Opened once; after a power cut and a restart it is the same byte for byte, and nobody else's."""
    owner = Owner(stage, stage.site.plan.network, "owner@example.com")
    stranger = Owner(stage, stage.site.plan.network, "")
    stage.step("set up")
    owner.set_up()

    stage.step("opened")
    before = Returning(owner).open(_PAGE)
    expect(not _links(owner, "/forgot/support/file"), "there is a request before anybody asked for one")
    page = owner.browser.send(before, _PAGE).is_at(_PAGE)
    exports = _export(owner)
    number = _number(exports.file)
    page.says(number)

    stage.step("the plug is pulled")
    stage.site.cut_power("recorder")
    expect(_export(owner) == exports, "after a power cut, it is another request")
    stage.step("restarted, and opened again")
    stage.site.restart("recorder")
    again = Returning(owner).open(_PAGE).says(number)
    expect(
        _PAGE not in [form.action for form in again.sheet.forms], "a second request can be opened beside it"
    )
    expect(_export(owner) == exports, "after a restart, it is another request")

    stage.step("a stranger")
    _has_none(stranger, "a stranger's browser gets the request")
    closing = stranger.browser.open(stranger.door + "/forgot/cancel")
    expect(number not in closing.words, "a stranger may cancel the request")
    expect(
        not any(form.action == "/forgot/cancel" for form in closing.sheet.forms), "a stranger may cancel it"
    )

    stage.step("inspected")
    folder = stage.site.folders.root
    for name, content in (("gate.sparekey-request", exports.file), ("gate.xml", exports.xml)):
        _inspect(folder / name, content, number)
    _inspect_text(exports.text, number)
    changed = folder / "changed.xml"
    changed.write_bytes(exports.xml.replace(SERIAL.encode(), SERIAL.replace("42", "43").encode()))
    expect(_run(str(changed)).returncode == 2, "a changed export is explained as if it were whole")

    stage.step("cancelled")
    page = owner.browser.open(owner.door + _PAGE).is_at(_PAGE)
    asked = owner.browser.follow(page, "/forgot/cancel")
    owner.browser.send(asked, "/forgot/cancel")
    _has_none(owner, "a cancelled request is still there")
    opened = owner.browser.send(Returning(owner).open(_PAGE), _PAGE).is_at(_PAGE)
    expect(number not in opened.words, "a cancelled request comes back")


def _export(owner: Owner) -> _Exports:
    """All three, each from the link or picture that the page shows."""
    page = owner.browser.open(owner.door + _PAGE).is_at(_PAGE)
    file = owner.browser.follow(page, "/forgot/support/file").is_file(".sparekey-request")
    xml = owner.browser.follow(page, "/forgot/support/xml").is_file(".xml")
    text = read_square(owner.browser.open(owner.door + "/forgot/support/qr.png").body)
    requests = [read_any(form) for form in (file.body, xml.body, text)]
    expect(requests[0] == requests[1] == requests[2], "file, XML and square are not the same request")
    return _Exports(file.body, xml.body, text)


def _links(owner: Owner, path: str) -> bool:
    page = owner.browser.open(owner.door + _PAGE)
    return any(href == path for href, _ in page.sheet.links)


def _number(file: bytes) -> str:
    request = read_any(file)
    if not isinstance(request, Request):
        raise UnlikeError("the export is no request")
    return request.header.number


def _has_none(person: Owner, why: str) -> None:
    for name in ("file", "xml", "qr.png"):
        got = person.browser.open(f"{person.door}{_PAGE}/{name}")
        expect(not got.saved_as and not got.body.startswith(b"\x89PNG"), why)


def _inspect(path: Path, content: bytes, number: str) -> None:
    path.write_bytes(content)
    _inspect_text(str(path), number)


def _inspect_text(what: str, number: str) -> None:
    """`sparekey inspect` tells a person what it is."""
    said = _run(what)
    for part in (SERIAL, MODEL, number, "asks support for a file or a key"):
        expect(said.returncode == 0 and part in said.stdout, f"sparekey inspect does not say {part}")


def _run(what: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "sparekey", "inspect", what]
    return subprocess.run(command, capture_output=True, text=True, timeout=_LIMIT, check=False)


CHECKS = (Check("B06.device", "sparekey", keep),)

"""B04 without Internet: a recorder's and its camera's letters leave as one file, the answers come back as one."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from sparekey.core.messages.armour import FileKind, unwrap, wrap
from sparekey.core.messages.batch import make_batch, read_items
from sparekey.demo.checks.check import Check
from sparekey.demo.installer import Installer
from sparekey.demo.owner import FIRST_PASSWORD
from sparekey.demo.remote import camera_owner, recorder_owner
from sparekey.demo.site import CAMERA_SERIAL, SERIAL
from sparekey.demo.verdicts import UnlikeError, expect

if TYPE_CHECKING:
    from sparekey.demo.browser import Browser, File, Page
    from sparekey.demo.owner import Owner
    from sparekey.demo.stage import Stage

_REGISTRATION, _ANSWER, _CARRY = "/registration", "/registration/answer", "/registration/carry"
_LETTERS = "/letters"
_CHANGED = "The e-mail address of your device was changed"
_PATIENCE = 60.0
"""Seconds for what the recorder fetches at its camera, and for what it hands over."""
_DATA = "data:application/octet-stream;base64,"


def by_file(stage: Stage) -> None:
    """Two registrations and the news that an address was changed, there and back on a stick."""
    stage.step("a recorder and a camera without Internet")
    stage.site.amend("recorder", {"desk_online": False})
    owner = camera_owner(stage)
    owner.set_up()
    owner.sign_in()
    before, owner.address = owner.address, "new.garage@example.com"
    _reserve(owner)
    remote = recorder_owner(stage)
    camera = remote.add_camera(stage.site.plan.ports.camera)
    remote.try_passwords(camera, FIRST_PASSWORD).says("What you typed: works")

    stage.step("one file")
    recorder = remote.owner
    told = (f"{SERIAL} registration", f"{CAMERA_SERIAL} registration, 1 notice")

    def fetched() -> Page | None:
        page = recorder.browser.open(recorder.door + _CARRY).is_at(_CARRY)
        return page if all(text in page.words for text in told) else None

    stage.wait(fetched, "the recorder does not fetch its camera's letters", _PATIENCE)
    saved = recorder.browser.open(f"{recorder.door}{_REGISTRATION}/file").is_file(".sparekey-request")
    letters = read_items(unwrap(FileKind.REQUESTS, saved.body.decode()))
    expect(len(letters) == 3, f"there are {len(letters)} letters in the file, not three")

    stage.step("a file that somebody changed")
    courier = stage.browser()
    bent = [letter[:-1] + bytes([letter[-1] ^ 1]) for letter in letters]
    page, answers = _hand_in(stage, courier, ("bent", _file(bent)))
    page.says("changed or damaged on the way")
    _back(recorder, answers).refuses("Nothing in this file is for this device now.", status=422)

    stage.step("there and back")
    _hand_in(stage, courier, (saved.saved_as, saved.body))
    owner.hears(_CHANGED)
    told_before = type(owner)(stage, owner.door, before)
    expect(told_before.letters(_CHANGED), "the address of before does not hear that it was changed")
    expect(not _is_registered(recorder), "the recorder is registered before it has the answer")

    stage.step("the same file by sparekey send")
    tool = Installer(stage, "courier")
    file = tool.file("letters.sparekey-request", saved.body)
    said = tool.run("send", file, "--desk", stage.site.plan.desk)
    expect(said.count(", registration: taken") == 2, f"sparekey send does not tell of both: {said[:300]}")
    again = tool.read("letters-answers.sparekey-response")
    expect(len(read_items(unwrap(FileKind.ANSWERS, again.decode()))) == 3, "an answer is missing")
    _back(recorder, again).is_at(_REGISTRATION).says("is registered")
    stage.wait(lambda: _is_registered(owner) or None, "the camera does not get its answer", _PATIENCE)
    recorder.browser.open(recorder.door + _CARRY).says("Nothing waits to be sent.")


def _reserve(owner: Owner) -> None:
    path = "/users/admin/address"
    page = owner.browser.open(owner.door + path).is_at(path)
    typed = {"address": owner.address, "current": FIRST_PASSWORD}
    owner.browser.send(page, path, typed).is_at("/users/admin")


def _hand_in(stage: Stage, courier: Browser, file: File) -> tuple[Page, bytes]:
    """At the desk: the page that tells what became of each letter, and the file that it gives."""
    page = courier.open(stage.site.plan.desk + _LETTERS).is_at(_LETTERS)
    page = courier.send(page, _LETTERS, files={"file": file}).is_at(_LETTERS)
    for href, _ in page.sheet.links:
        if href.startswith(_DATA):
            return page, base64.b64decode(href.removeprefix(_DATA))
    raise UnlikeError(f"the desk gives no answers: {page.words[:300]}")


def _back(owner: Owner, answers: bytes) -> Page:
    page = owner.browser.open(owner.door + _ANSWER).is_at(_ANSWER)
    return owner.browser.send(page, _ANSWER, files={"file": ("a.sparekey-response", answers)})


def _file(letters: list[bytes]) -> bytes:
    return wrap(FileKind.REQUESTS, make_batch(letters), {}).encode()


def _is_registered(owner: Owner) -> bool:
    return "is registered" in owner.browser.open(owner.door + _REGISTRATION).words


CHECKS = (Check("B04.device", "sparekey", by_file),)

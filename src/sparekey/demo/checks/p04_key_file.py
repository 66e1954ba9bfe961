"""P04, the recorder's part: back in by the key file, bound to this recorder and to this generation of passwords."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sparekey.core.messages.armour import FileKind, wrap
from sparekey.core.messages.key_file import KeyFile
from sparekey.core.messages.text import read_any
from sparekey.demo.checks.check import Check
from sparekey.demo.owner import FIRST_PASSWORD, NEW_PASSWORD, Owner
from sparekey.demo.preparing import Preparing
from sparekey.demo.returning import Returning
from sparekey.demo.site import SECOND
from sparekey.demo.verdicts import UnlikeError, expect

if TYPE_CHECKING:
    from sparekey.demo.browser import File
    from sparekey.demo.stage import Stage

_NEWEST_PASSWORD = "red teapot under 9 roofs"


def hand_in(stage: Stage) -> None:
    """The newest file of this recorder opens it once; older ones, other recorders' and changed ones do not."""
    owner = Owner(stage, stage.site.plan.network, "owner@example.com")
    returning = Returning(owner)
    stage.step("set up")
    owner.set_up()
    returning.is_closed("/forgot/key-file", "file")
    owner.sign_in()
    first = Preparing(stage, owner).key_file()
    Preparing(stage, owner).show_key_file(first).says("valid")
    owner.sign_out()

    stage.step("another recorder's file")
    foreign = _of_another_recorder(stage)
    refused = returning.hand_in(foreign)
    expect(refused.status in (403, 422), f"another recorder's file is taken: {refused.words[:200]}")
    refused.says("another")

    stage.step("a changed file")
    for changed in (*_forged(first), ("empty.sparekey-key", b""), ("half.sparekey-key", first[1][:200])):
        refused = returning.hand_in(changed)
        expect(refused.status in (400, 403, 422), f"a changed file is taken: {refused.words[:200]}")
    owner.is_refused(NEW_PASSWORD)

    stage.step("the right file")
    owner.choose_password(returning.hand_in(first))
    owner.is_back()
    owner.sign_out()
    returning.is_closed("/forgot/key-file", "file")
    owner.sign_in(NEW_PASSWORD)

    stage.step("a replaced file")
    preparing = Preparing(stage, owner, NEW_PASSWORD)
    second = preparing.key_file()
    preparing.show_key_file(first).says("replaced")
    preparing.show_key_file(foreign).says("another")
    preparing.show_key_file(second).says("valid")
    owner.sign_out()
    refused = returning.hand_in(first).refuses("replaced")
    expect(refused.path == "/forgot/key-file", "a replaced file leads somewhere")
    owner.choose_password(returning.hand_in(second), _NEWEST_PASSWORD)
    owner.is_back(_NEWEST_PASSWORD, NEW_PASSWORD)
    owner.is_refused(FIRST_PASSWORD)


def _of_another_recorder(stage: Stage) -> File:
    stage.site.start((SECOND,))
    neighbour = Owner(stage, stage.site.plan.second, "neighbour@example.com")
    neighbour.set_up()
    neighbour.sign_in()
    return Preparing(stage, neighbour).key_file()


def _forged(file: File) -> tuple[File, ...]:
    """What somebody makes who knows the format and has an old file, but not the secret of this generation."""
    name, content = file
    kept = read_any(content)
    if not isinstance(kept, KeyFile):
        raise UnlikeError("the key file is something else")
    other = bytes([kept.secret[0] ^ 1]) + kept.secret[1:]
    forged = (replace(kept, secret=other), replace(kept, generation=kept.generation + 1))
    return tuple((name, wrap(FileKind.KEY, made.encoded, {}).encode()) for made in forged)


CHECKS = (Check("P04.device", "patronum", hand_in),)

"""P04, the finder's part: back in by the key file, from an installer's terminal."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sparekey.core.messages.armour import FileKind, wrap
from sparekey.core.messages.key_file import KeyFile
from sparekey.core.messages.text import read_any
from sparekey.demo.checks.check import Check
from sparekey.demo.installer import Installer
from sparekey.demo.owner import FIRST_PASSWORD, NEW_PASSWORD, Owner
from sparekey.demo.preparing import Preparing
from sparekey.demo.verdicts import UnlikeError, expect

if TYPE_CHECKING:
    from sparekey.demo.stage import Stage


def hand_in(stage: Stage) -> None:
    """The owner's file opens the recorder once; a changed one and a used one do not."""
    stage.step("set up, and a key file")
    owner = Owner(stage, stage.site.plan.network, "owner@example.com")
    owner.set_up()
    owner.sign_in()
    (_, data) = Preparing(stage, owner).key_file()
    Preparing(stage, owner).show_key_file(("mine.sparekey-key", data)).says("valid")
    owner.sign_out()
    installer = Installer(stage)
    apply = ("apply", installer.file("mine.sparekey-key", data), "--device", installer.place)
    new = ("--new-password-file", installer.secret("new", NEW_PASSWORD))

    stage.step("a changed file")
    kept = read_any(data)
    if not isinstance(kept, KeyFile):
        raise UnlikeError("the key file is something else")
    other = replace(kept, secret=bytes([kept.secret[0] ^ 1]) + kept.secret[1:])
    changed = installer.file("changed.sparekey-key", wrap(FileKind.KEY, other.encoded, {}).encode())
    installer.run("apply", changed, "--device", installer.place, "--trust-first", *new, code=1)
    installer.run(
        "apply", installer.file("half.sparekey-key", data[:150]), "--device", installer.place, *new, code=2
    )
    owner.is_refused(NEW_PASSWORD)

    stage.step("the owner's file")
    told = installer.run(*apply, *new)
    expect("You are back in" in told, f"the tool does not say that it worked: {told[-300:]}")
    owner.is_back()
    owner.sign_out()

    stage.step("the same file again")
    installer.run(*apply, "--new-password-file", installer.secret("old", FIRST_PASSWORD), code=1)
    owner.is_refused(FIRST_PASSWORD)


CHECKS = (Check("P04.finder", "patronum", hand_in),)

"""A device as the desk knows one best: on the factory's list, registered, its owner's mailbox confirmed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sparekey.core.crypto import sha256
from sparekey.demo.office import at_the_server
from sparekey.demo.owner import Owner
from sparekey.demo.returning import Returning
from sparekey.demo.site import SERIAL
from sparekey.host.entropy import SystemEntropy

if TYPE_CHECKING:
    from pathlib import Path

    from sparekey.demo.browser import File
    from sparekey.demo.stage import Stage

_SUPPORT = "/forgot/support"


def registered(stage: Stage, address: str, door: str = "") -> Owner:
    """The recorder leaves the factory, is set up, registers by itself, and its owner confirms the mailbox.
    `door`: where the owner works, the network's without one.
    """
    from_the_factory(stage, "recorder", stage.site.folders.recorder, SERIAL)
    owner = Owner(stage, door or stage.site.plan.network, address)
    at_home(owner)
    return owner


def at_home(owner: Owner) -> None:
    """From the first password to a mailbox that the desk knows as confirmed; then the owner goes away."""
    owner.set_up()
    owner.sign_in()
    owner.confirm_address()
    owner.sign_out()


def from_the_factory(stage: Stage, part: str, folder: Path, serial: str) -> None:
    """Give a device what its factory left in it, and the desk the factory's list. The device starts anew."""
    token, kept, listed = SystemEntropy().bytes(32), folder / "factory-token", folder / "factory-list.csv"
    kept.touch(mode=0o600)
    kept.write_text(token.hex(), encoding="ascii")
    listed.write_text(f"{serial},{sha256(token).hex()}\n", encoding="ascii")
    at_the_server(stage.site.folders.desk / "desk.toml", "manifest", "import", str(listed))
    stage.site.amend(part, {"factory_token": kept.name})


def saved_request(owner: Owner) -> File:
    """The request to support, saved at the recorder by somebody who is locked out."""
    page = Returning(owner).open(_SUPPORT)
    if any(form.action == _SUPPORT for form in page.sheet.forms):
        owner.browser.send(page, _SUPPORT).is_at(_SUPPORT)
    file = owner.browser.follow(owner.browser.open(owner.door + _SUPPORT), _SUPPORT + "/file")
    return file.is_file(".sparekey-request").saved_as, file.body

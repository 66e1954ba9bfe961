"""A recorder as the desk knows one best: on the factory's list, registered, its owner's mailbox confirmed."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

from sparekey.core.crypto import sha256
from sparekey.demo.asker import Asker, code_in
from sparekey.demo.owner import Owner
from sparekey.demo.returning import Returning
from sparekey.demo.site import SERIAL
from sparekey.demo.verdicts import UnlikeError
from sparekey.host.entropy import SystemEntropy

if TYPE_CHECKING:
    from sparekey.demo.browser import File
    from sparekey.demo.stage import Stage

_CONFIRM, _CONFIRM_CODE = "/address/confirm", "/address/confirm/code"
_LETTER = "Confirm"
_SUPPORT = "/forgot/support"
_LIMIT = 60


def registered(stage: Stage, address: str) -> Owner:
    """The recorder leaves the factory, is set up, registers by itself, and its owner confirms the mailbox."""
    _leave_the_factory(stage)
    owner = Owner(stage, stage.site.plan.network, address)
    owner.set_up()
    owner.sign_in()
    stage.wait(lambda: _is_registered(owner) or None, "the recorder does not register by itself")
    page = owner.browser.open(owner.door + _CONFIRM).is_at(_CONFIRM)
    owner.browser.send(page, _CONFIRM).is_at(_CONFIRM)
    code = code_in(Asker(stage, address).letter(_LETTER), SERIAL)
    page = owner.browser.open(owner.door + _CONFIRM)
    owner.browser.send(page, _CONFIRM_CODE, {"code": code}).is_at(_CONFIRM).says("The address is confirmed.")
    stage.wait(lambda: _is_registered(owner) or None, "the desk does not hear that the address is confirmed")
    owner.sign_out()
    return owner


def saved_request(owner: Owner) -> File:
    """The request to support, saved at the recorder by somebody who is locked out."""
    page = Returning(owner).open(_SUPPORT)
    if any(form.action == _SUPPORT for form in page.sheet.forms):
        owner.browser.send(page, _SUPPORT).is_at(_SUPPORT)
    file = owner.browser.follow(owner.browser.open(owner.door + _SUPPORT), _SUPPORT + "/file")
    return file.is_file(".sparekey-request").saved_as, file.body


def _is_registered(owner: Owner) -> bool:
    page = owner.browser.open(owner.door + "/registration").is_at("/registration")
    return "is registered" in page.words


def _leave_the_factory(stage: Stage) -> None:
    """A token is left in the recorder, and its hash goes to the desk on the factory's list."""
    site, token = stage.site, SystemEntropy().bytes(32)
    file = site.folders.recorder / "factory-token"
    file.touch(mode=0o600)
    file.write_text(token.hex(), encoding="ascii")
    site.amend("recorder", {"factory_token": file.name})
    listed = site.folders.root / "factory-list.csv"
    listed.write_text(f"serial,sha256\n{SERIAL},{sha256(token).hex()}\n", encoding="ascii")
    command = [sys.executable, "-m", "sparekey", "desk", "manifest", "import"]
    done = subprocess.run(
        [*command, "--config", str(site.folders.desk / "desk.toml"), str(listed)],
        capture_output=True,
        text=True,
        timeout=_LIMIT,
        check=False,
    )
    if done.returncode:
        raise UnlikeError(f"the factory's list is not taken: {(done.stdout + done.stderr)[-300:]}")

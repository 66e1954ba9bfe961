"""Signed in: save a key file, and hand it in again to see what it is worth."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sparekey.core.errors import Refusal
from sparekey.core.messages.armour import FileKind, wrap
from sparekey.core.messages.key_file import KeyFile
from sparekey.core.methods.key_file import Standing
from sparekey.core.policy import Factor
from sparekey.core.values import Face
from sparekey.device.pages.door import go
from sparekey.device.pages.inside import Doubt, Inside, Who
from sparekey.device.pages.key_file import read_upload
from sparekey.language.catalogue import N_
from sparekey.web.lean import Response

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.routing import BaseRoute

    from sparekey.core.record import Account
    from sparekey.device.pages.door import Door
    from sparekey.web.forms import Form

_REPLACED = N_(
    "This key file was replaced: a newer one was made, or the password was recovered since."
    " Look for the newest one."
)
_OTHER_DEVICE = N_("This key file is for another device, serial number %(serial)s.")
_NONE = N_("This is not a key file. Look for one that ends in .sparekey-key.")


def routes(door: Door) -> list[BaseRoute]:
    """The pages of this group."""
    inside = Inside(door)
    ownership = inside.ownership

    def show(request: Request, _account: Account) -> Response:
        return make_page(request)

    def make(request: Request, form: Form, account: Account) -> Response:
        confirmed = inside.confirm(request, form, account)
        if isinstance(confirmed, Doubt):
            return make_page(request, confirmed.status, confirmed.told)
        file = ownership.make_key_file(confirmed)
        if isinstance(file, Refusal):
            return door.refused(request, file)
        made = _download(door, request, file)
        if door.face(request) is Face.SCREEN and door.usb.is_expected:
            return door.to_stick(request, made, "/ways/key-file/prove", "/ways/key-file")
        return made

    def make_page(request: Request, status: int = 200, current: str = "") -> Response:
        if Factor.KEY_FILE not in ownership.offered:
            return go("/ways")
        kept = door.agent.record.factors.key_file
        made = door.when(request, kept.made_wall, kept.made) if kept else ""
        return door.pages.page(request, "device/own-key-file.html", status=status, made=made, current=current)

    def ask(request: Request, _account: Account) -> Response:
        if door.agent.record.factors.key_file is None:
            return go("/ways/key-file")
        return prove_page(request)

    def prove(request: Request, form: Form, account: Account) -> Response:
        words = door.pages.words(request)
        upload = form.file("file")
        file = read_upload(upload.data) if upload else None
        if file is None:
            return prove_page(request, 422, words.text(_NONE))
        answer = ownership.prove_key_file(account.name, file, door.face(request))
        if isinstance(answer, Refusal):
            return door.refused(request, answer)
        if answer is Standing.OTHER_DEVICE:
            return prove_page(request, 422, words.text(_OTHER_DEVICE) % {"serial": file.serial})
        if answer is Standing.REPLACED:
            return prove_page(request, 422, words.text(_REPLACED))
        return prove_page(request, valid=True)

    def prove_page(request: Request, status: int = 200, error: str = "", *, valid: bool = False) -> Response:
        return door.pages.page(
            request,
            "device/own-key-file-prove.html",
            status=status,
            error=error,
            valid=valid,
            missing=len(ownership.missing),
        )

    return [
        inside.get("/ways/key-file", show, Who.OWNER, unfinished=True),
        inside.post("/ways/key-file", "key-file", make, Who.OWNER, unfinished=True),
        inside.get("/ways/key-file/prove", ask, Who.OWNER, unfinished=True),
        inside.post("/ways/key-file/prove", "key-file-prove", prove, Who.OWNER, unfinished=True),
    ]


def _download(door: Door, request: Request, file: KeyFile) -> Response:
    identity = door.agent.config.identity
    told = {
        "Device": f"{identity.model}, serial number {identity.serial}",
        "What it is": "a spare key: whoever has this file can set a new password on this device",
        "What to do": "keep it off the device; if the password is lost, hand it in under Forgot the password",
    }
    if file.made is not None:
        told["Made"] = door.day(request, file.made)
    name = re.sub(r"[^A-Za-z0-9]+", "-", f"{door.agent.config.settings.name} {identity.serial}").strip("-")
    return Response(
        wrap(FileKind.KEY, file.encoded, told),
        media_type="application/octet-stream",
        headers={"content-disposition": f'attachment; filename="{name}{FileKind.KEY.extension}"'},
    )

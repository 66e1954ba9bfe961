"""The key file, handed in: valid, replaced, or another device's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sparekey.core.errors import InputError
from sparekey.core.messages.key_file import KeyFile
from sparekey.core.messages.text import read_any
from sparekey.core.values import MethodName
from sparekey.device.pages.claim import begin
from sparekey.device.pages.proof import PATHS, Entry, elsewhere

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute

    from sparekey.device.pages.door import Door
    from sparekey.web.forms import Form

_METHOD = MethodName.KEY_FILE


def routes(door: Door) -> list[BaseRoute]:
    """The pages of this group."""

    def entry(request: Request) -> Entry:
        told = door.pages.words(request).text(
            "This key file was replaced: a newer one was made, or the password was recovered since."
            " Look for the newest one."
        )
        kept = door.agent.record.factors.key_file
        made = door.when(request, kept.made_wall, kept.made) if kept else ""
        return Entry(door, request, _METHOD, "device/forgot-key-file.html", {"made": made}, told)

    def show(request: Request) -> Response:
        return elsewhere(door, request, _METHOD) or entry(request).form()

    def hand_in(request: Request, form: Form) -> Response:
        away = elsewhere(door, request, _METHOD)
        if away is not None:
            return away
        page, words = entry(request), door.pages.words(request)
        upload = form.file("file")
        if upload is None:
            return page.form(422, words.text("Choose the key file first."))
        file = read_upload(upload.data)
        if file is None:
            told = words.text(
                "This is not a key file. Look for one that ends in .sparekey-key. This cost no try."
            )
            return page.form(422, told)
        if door.recovering.is_foreign(file):
            told = words.text(
                "This key file is for another device, serial number %(serial)s. This cost no try."
            )
            return page.form(422, told % {"serial": file.serial})
        token, claim = begin(door, request)
        return page.verdict(door.recovering.hand_in(claim, file, face=door.face(request)), token)

    path = PATHS[_METHOD]
    return [door.get(path, show), door.post(path, "forgot-key-file", hand_in)]


def read_upload(data: bytes) -> KeyFile | None:
    """The key file that somebody handed in, or None when it is anything else. Nothing is checked."""
    try:
        found = read_any(data)
    except InputError:
        return None
    return found if isinstance(found, KeyFile) else None

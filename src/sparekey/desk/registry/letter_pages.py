"""A file with letters of devices, handed in by whoever carried it, and the answers to take back
(spec/files.md section 9).
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.routing import Route

from sparekey.core.errors import InputError
from sparekey.core.messages.armour import FileKind, wrap
from sparekey.core.messages.batch import make_batch
from sparekey.core.messages.header import Kind
from sparekey.core.messages.link_answer import LINK_MOST, LinkVerdict
from sparekey.core.messages.request import Request as Letter
from sparekey.core.messages.text import Requests, read_any
from sparekey.language.catalogue import N_
from sparekey.web.forms import Limits

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.requests import Request
    from starlette.responses import Response

    from sparekey.core.messages.link_answer import LinkAnswer
    from sparekey.desk.registry.intray import Intray
    from sparekey.language.catalogue import Translator
    from sparekey.web.page import Pages

LETTERS = "/letters"
PURPOSE = "letters"
FILE_LIMIT = 256 * 1024
"""Bytes of a file: a hundred letters in armour, and room."""

_WHAT = {
    Kind.ENROL: N_("Registration"),
    Kind.NOTICE: N_("News for the owner"),
    Kind.MAIL: N_("Code by e-mail"),
}
_SAYS = {
    LinkVerdict.TAKEN: N_("taken"),
    LinkVerdict.WAITS: N_("two people look at it first"),
    LinkVerdict.OLD: N_("out of date: the device makes a new one"),
    LinkVerdict.LATER: N_("not now: bring it again in an hour"),
    LinkVerdict.EXPIRED: N_("its time is over"),
    LinkVerdict.OTHER_DESK: N_("for another support desk"),
    LinkVerdict.UNKNOWN_KEY: N_("to an old key: the device gets the new ones"),
    LinkVerdict.NOT_GENUINE: N_("changed or damaged on the way"),
    LinkVerdict.OTHER_KIND: N_("for a person at support: open a case with it"),
    LinkVerdict.DAMAGED: N_("cannot be read"),
}
_NONE = N_("There are no letters of a device in this file. Look for one that ends in .sparekey-request.")
_MANY = N_("There are more than %(most)s letters in this file. Save a new one at the device.")


@dataclass(frozen=True)
class Row:
    """One letter and what became of it."""

    device: str
    what: str
    said: str


class LetterPages:
    """The form, and what comes of it. Both work without any script."""

    def __init__(self, pages: Pages, intray: Intray) -> None:
        self._pages = pages
        self._intray = intray

    def routes(self) -> list[Route]:
        """Both."""
        return [
            Route(LETTERS, self._form, methods=["GET"]),
            Route(LETTERS, self._hand_in, methods=["POST"]),
        ]

    async def _form(self, request: Request) -> Response:
        return self._pages.page(request, "registry/letters.html", error="")

    async def _hand_in(self, request: Request) -> Response:
        form = await self._pages.form(request, PURPOSE, Limits(file=FILE_LIMIT))
        upload, words = form.file("file"), self._pages.words(request)
        letters, broken = _letters(b"" if upload is None else upload.data)
        if not letters or len(letters) > LINK_MOST:
            told = words.text(_MANY) % {"most": LINK_MOST} if letters else words.text(_NONE)
            return self._pages.page(request, "registry/letters.html", status=422, error=told)
        answers = await run_in_threadpool(lambda: [self._intray.letter(letter) for letter in letters])
        return self._pages.page(
            request,
            "registry/letters-answer.html",
            here=LETTERS,
            rows=[_row(*pair, words) for pair in zip(letters, answers, strict=True)],
            broken=broken,
            answer=_as_link(answers),
            name=f"{letters[0].header.number}-answers{FileKind.ANSWERS.extension}",
        )


def _letters(data: bytes) -> tuple[list[Letter], int]:
    """The letters in a file, and how many cannot be read."""
    try:
        found = read_any(data)
    except InputError:
        return [], 0
    items = found.items if isinstance(found, Requests) else (found,)
    letters = [item for item in items if isinstance(item, Letter)]
    return letters, len(items) - len(letters)


def _row(letter: Letter, answer: LinkAnswer, words: Translator) -> Row:
    identity, kind = letter.header.identity, letter.header.kind
    what = words.text(_WHAT[kind]) if kind in _WHAT else words.text(N_("Request to support"))
    return Row(f"{identity.model} {identity.serial}", what, words.text(_SAYS[answer.verdict]))


def _as_link(answers: Sequence[LinkAnswer]) -> str:
    """The file inside the page itself: nothing is kept here for whoever may come and fetch it."""
    told = {"What to do": "hand this file in at the device that saved the letters, on the page Registration"}
    text = wrap(FileKind.ANSWERS, make_batch([answer.encoded for answer in answers]), told)
    return "data:application/octet-stream;base64," + base64.b64encode(text.encode()).decode()

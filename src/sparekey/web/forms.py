"""Reads what a browser sends from a form, within narrow limits."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from sparekey.core.errors import InputError
from sparekey.language.catalogue import N_

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request

SENTENCES = {
    "form-encoding": N_("The form arrived damaged. Go back and send it again."),
    "form-field": N_("The form arrived damaged. Go back and send it again."),
    "form-size": N_("Something in the form is too long. Go back and make it shorter."),
    "file-size": N_("This file is too big. Choose the file that was saved for this purpose."),
    "form-token": N_(
        "This page was open for too long, or the browser keeps no cookies. Open it again and repeat."
    ),
}
"""What the person reads when a form is not taken, by the slug of the error."""


_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


@dataclass(frozen=True)
class Limits:
    """How much a form may carry. Lengths in characters for names and values, in bytes for a file."""

    fields: int = 64
    name: int = 64
    value: int = 8192
    files: int = 1
    file: int = 64 * 1024


@dataclass(frozen=True)
class Upload:
    """One uploaded file. `name` is what the browser claims: show it, never use it as a path."""

    name: str
    data: bytes = field(repr=False)


@dataclass(frozen=True)
class Form:
    """What came in. `repr` shows names only: a value may be a password."""

    fields: Mapping[str, tuple[str, ...]] = field(repr=False)
    files: Mapping[str, Upload] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """The one value of a field without spaces around it; "" when it was not sent."""
        return self.exact(name).strip()

    def exact(self, name: str) -> str:
        """The one value as typed (passwords). Raises InputError (`form-field`) when it came twice."""
        values = self.fields.get(name, ("",))
        if len(values) != 1:
            raise InputError("form-field")
        return values[0]

    def every(self, name: str) -> tuple[str, ...]:
        """All values of a field that may come several times, such as checkboxes."""
        return self.fields.get(name, ())

    def checked(self, name: str) -> bool:
        """Whether a checkbox was ticked."""
        return bool(self.fields.get(name))

    def file(self, name: str) -> Upload | None:
        """The uploaded file, or None when none was chosen."""
        return self.files.get(name)


async def read(request: Request, limits: Limits | None = None) -> Form:
    """The form in a POST body, urlencoded or multipart (RFC 7578).

    Raises InputError: `form-encoding` (not a form, or not UTF-8), `form-field` (control characters),
    `form-size`, `file-size`. The total size is the guard's business (`guard.Rules.body_limit`).
    """
    limits = limits or Limits()
    kind, _, _ = request.headers.get("content-type", "").partition(";")
    if kind.strip().lower() == "multipart/form-data":
        from sparekey.web.multipart import read_multipart

        pairs, files = await read_multipart(request, limits)
    elif kind.strip().lower() == "application/x-www-form-urlencoded":
        pairs, files = urlencoded(await request.body(), limits), {}
    else:
        raise InputError("form-encoding")
    return Form(_gathered(pairs, limits), files)


def urlencoded(body: bytes, limits: Limits) -> list[tuple[str, str]]:
    """Names and values of an urlencoded body. Raises InputError (`form-encoding`, `form-size`)."""
    if body.count(b"&") >= limits.fields:
        raise InputError("form-size")
    try:
        return parse_qsl(body.decode("ascii"), keep_blank_values=True, encoding="utf-8", errors="strict")
    except ValueError:  # a UnicodeDecodeError too; its text would hold what was typed
        raise InputError("form-encoding") from None


def _gathered(pairs: list[tuple[str, str]], limits: Limits) -> dict[str, tuple[str, ...]]:
    fields: dict[str, tuple[str, ...]] = {}
    if len(pairs) > limits.fields:
        raise InputError("form-size")
    for name, value in pairs:
        if len(name) > limits.name or len(value) > limits.value:
            raise InputError("form-size")
        if not _clean(name) or not _clean(value):
            raise InputError("form-field")
        fields[name] = (*fields.get(name, ()), value)
    return fields


def _clean(text: str) -> bool:
    """No control characters (C0, DEL, C1) but tab and line ends."""
    return _CONTROL.search(text) is None

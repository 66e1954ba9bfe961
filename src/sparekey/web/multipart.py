"""Reads a multipart form (RFC 7578) into memory: a few fields and small files.

Apart from `forms.py` because its parser is only needed, and only loaded, where somebody uploads.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from sparekey.core.errors import InputError
from sparekey.web.forms import Limits, Upload

if TYPE_CHECKING:
    from python_multipart.multipart import MultipartCallbacks
    from starlette.requests import Request


async def read_multipart(request: Request, limits: Limits) -> tuple[list[tuple[str, str]], dict[str, Upload]]:
    """The fields and the files of the body. Raises InputError (`form-encoding`, `form-size`, `file-size`)."""
    _, options = parse_options_header(request.headers.get("content-type", ""))
    boundary = options.get(b"boundary", b"")
    if not boundary or len(boundary) > 70:
        raise InputError("form-encoding")
    parts = _Parts(limits)
    try:
        parser = MultipartParser(boundary, parts.callbacks())
        async for chunk in request.stream():
            parser.write(chunk)
        parser.finalize()
    except FormParserError:
        raise InputError("form-encoding") from None
    if not parts.complete:
        raise InputError("form-encoding")
    return parts.fields, parts.files


class _Parts:
    """Collects the parser's events; every limit is checked before a byte is kept."""

    def __init__(self, limits: Limits) -> None:
        self.fields: list[tuple[str, str]] = []
        self.files: dict[str, Upload] = {}
        self.complete = False
        self._limits = limits
        self._headers: dict[bytes, bytes] = {}
        self._header = b""
        self._value = b""
        self._data = bytearray()
        self._name = ""
        self._file: str | None = None

    def callbacks(self) -> MultipartCallbacks:
        names = (
            "on_part_begin", "on_part_data", "on_part_end", "on_header_field", "on_header_value",
            "on_header_end", "on_headers_finished", "on_end",
        )  # fmt: skip
        return cast("MultipartCallbacks", {name: getattr(self, name) for name in names})

    def on_part_begin(self) -> None:
        self._headers, self._data = {}, bytearray()

    def on_header_field(self, data: bytes, start: int, end: int) -> None:
        self._header += data[start:end]

    def on_header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def on_header_end(self) -> None:
        self._headers[self._header.lower()] = self._value
        self._header = self._value = b""

    def on_headers_finished(self) -> None:
        kind, options = parse_options_header(self._headers.get(b"content-disposition", b""))
        if kind != b"form-data" or b"name" not in options:
            raise InputError("form-encoding")
        self._name = _text(options[b"name"])
        self._file = _text(options[b"filename"]) if b"filename" in options else None

    def on_part_data(self, data: bytes, start: int, end: int) -> None:
        is_file = self._file is not None
        limit = (
            self._limits.file if is_file else self._limits.value * 4
        )  # UTF-8 has up to 4 bytes a character
        if len(self._data) + end - start > limit:
            raise InputError("file-size") if is_file else InputError("form-size")
        self._data += data[start:end]

    def on_part_end(self) -> None:
        if self._file is None:
            if len(self.fields) >= self._limits.fields:
                raise InputError("form-size")
            self.fields.append((self._name, _text(bytes(self._data))))
        elif self._file or self._data:  # a file field left empty comes as a part without name and data
            if len(self.files) >= self._limits.files or self._name in self.files:
                raise InputError("form-size")
            if len(self._name) > self._limits.name:
                raise InputError("form-size")
            self.files[self._name] = Upload(_shown(self._file), bytes(self._data))

    def on_end(self) -> None:
        self.complete = True


def _text(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError:
        raise InputError("form-encoding") from None


def _shown(name: str) -> str:
    """A claimed file name for display: the last part, printable, at most 80 characters."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return "".join(c for c in last if c.isprintable())[:80]

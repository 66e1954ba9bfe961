"""HTTP/1.1 replies as cameras really send them, read leniently and within limits (RFC 9112, and what is seen beyond).

Taken although the standard refuses it: a space before the colon, a header without one, `http/1.1` in any case, no
reason, bare line feeds, empty lines before the status, the same length said twice, a length beside chunks, folded
headers, a body shorter than it says, chunks that break off, anything behind the body. Bytes in, reply out; no socket.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from sparekey.core.errors import InputError

HEAD_LIMIT = 32 * 1024
"""Bytes of status line and headers, interim replies included."""
HEADERS_LIMIT = 100
BODY_LIMIT = 1024 * 1024
"""Bytes of a body, when no other limit is given."""

_STATUS = re.compile(rb"\s*HTTP/\d(?:\.\d)?[ \t]+(\d{3})(?!\d)", re.IGNORECASE)
_END = re.compile(rb"\r?\n\r?\n")
_CHUNK = re.compile(rb"[ \t]*([0-9a-fA-F]{1,8})[ \t]*(?:;[^\n]*)?\r?\n")
_CHUNK_LINE_LIMIT = 256


@dataclass(frozen=True)
class Reply:
    """One reply. `headers`: names in lower case, values stripped,
    bytes that are no UTF-8 kept as `surrogateescape` does. `short`: the body broke off early. `key_hash`: of
    the TLS key that it came from, None over plain HTTP.
    """

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = field(default=b"", repr=False)
    short: bool = False
    key_hash: bytes | None = field(default=None, repr=False)

    def all(self, name: str) -> list[str]:
        """Every value of a header."""
        return [value for key, value in self.headers if key == name]

    def header(self, name: str) -> str:
        """Its first value, empty when there is none."""
        return next(iter(self.all(name)), "")


class ReplyReader:
    """Fed with what arrives until `feed` says that it is enough, or the connection ends; then `reply`."""

    def __init__(self, method: str, body_limit: int = BODY_LIMIT) -> None:
        self._method = method
        self._limit = body_limit
        self._data = bytearray()
        self._body = bytearray()
        self._head: Reply | None = None
        self._interim = 0
        self._left: int | None = 0
        self._chunked = False
        self._done = False
        self._grown = 0
        self._stays = False

    @property
    def head(self) -> Reply | None:
        """Status and headers, as soon as they are there."""
        return self._head

    @property
    def goes_on(self) -> bool:
        """Whether another reply may come over the same connection: this one is complete, nothing stands behind it, and
        the other side did not say that it hangs up.
        """
        return self._done and self._stays and bytes(self._data) == (b"\r\n" if self._chunked else b"")

    def take(self) -> bytes:
        """The body that came since the last time. What was taken is not in `reply`."""
        taken = bytes(self._body)
        self._body.clear()
        return taken

    def feed(self, data: bytes) -> bool:
        """More bytes; whether the reply is complete. Raises InputError (`http`, `oversize`)."""
        if not self._done:
            self._data += data
            if self._head is None:
                self._read_head()
            if self._head is not None:
                self._read_body()
        return self._done

    def reply(self) -> Reply:
        """What came, when the connection ended or `feed` said that it is enough. Raises InputError (`http`)."""
        if self._head is None:
            raise InputError("http", "what answered does not speak HTTP, or stopped in the middle")
        short = not self._done and (self._chunked or self._left is not None)
        return Reply(self._head.status, self._head.headers, bytes(self._body), short)

    def _read_head(self) -> None:
        while self._head is None:
            lead = len(self._data) - len(self._data.lstrip(b"\r\n"))
            end = _END.search(self._data, lead)
            if (end.end() if end else len(self._data)) + self._interim > HEAD_LIMIT:
                raise InputError("oversize", "the headers of the reply are too long")
            if end is None:
                if len(self._data) > 16 and not _STATUS.match(self._data):
                    raise InputError("http", "what answered does not speak HTTP")
                return
            raw = bytes(self._data[: end.start()])
            head = _head(raw)
            del self._data[: end.end()]
            self._interim += end.end()
            if 100 <= head.status < 200 and head.status != 101:
                continue  # "100 Continue", and then the reply itself
            self._head = head
            self._stays = _stays(raw, head)
            self._frame(head)

    def _frame(self, head: Reply) -> None:
        """How long the body is: the chunks decide, then the length, then the end of the connection."""
        if self._method == "HEAD" or head.status in (101, 204, 304):
            self._left = 0
        elif any("chunked" in value.lower() for value in head.all("transfer-encoding")):
            self._chunked = True
        else:
            self._left = _length(head)
            if self._left is not None and self._left > self._limit:
                raise InputError("oversize", "the reply is larger than any that is expected here")

    def _read_body(self) -> None:
        if self._chunked:
            self._read_chunks()
        elif self._left is None:
            self._take(len(self._data))
        else:
            self._left -= self._take(min(self._left, len(self._data)))
            self._done = self._left == 0

    def _read_chunks(self) -> None:
        at = 0
        while not self._done:
            if self._left:
                taken = self._data[at : at + self._left]
                self._grow(taken)
                at += len(taken)
                self._left -= len(taken)
                if self._left:
                    break
            start = at
            while self._data[start : start + 1].isspace():  # the end of the chunk before
                start += 1
            line = _CHUNK.match(self._data, start)
            if line is None:
                if b"\n" in self._data[start:] or len(self._data) - start > _CHUNK_LINE_LIMIT:
                    raise InputError("http", "the parts of the reply do not fit together")
                break
            at = line.end()
            self._left = int(line[1], 16)
            self._done = self._left == 0  # trailers tell nothing that is needed here
        del self._data[:at]

    def _take(self, count: int) -> int:
        self._grow(self._data[:count])
        del self._data[:count]
        return count

    def _grow(self, data: bytes | bytearray) -> None:
        self._grown += len(data)
        if self._grown > self._limit:
            raise InputError("oversize", "the reply is larger than any that is expected here")
        self._body += data


def _head(data: bytes) -> Reply:
    match = _STATUS.match(data)
    if match is None:
        raise InputError("http", "what answered does not speak HTTP")
    _, _, rest = data.lstrip(b"\r\n").partition(b"\n")
    headers: list[tuple[str, str]] = []
    for line in rest.decode("utf-8", "surrogateescape").split("\n"):
        if line[:1] in (" ", "\t") and headers:
            headers[-1] = (headers[-1][0], f"{headers[-1][1]} {line.strip()}".strip())
            continue
        name, colon, value = line.partition(":")
        if colon and name.strip():
            headers.append((name.strip().lower(), value.strip()))
        if len(headers) > HEADERS_LIMIT:
            raise InputError("oversize", "the reply has too many headers")
    return Reply(int(match[1]), tuple(headers))


def _stays(raw: bytes, head: Reply) -> bool:
    """Whether the other side means to leave the connection open (RFC 9112 section 9.3)."""
    said = {word.strip().lower() for value in head.all("connection") for word in value.split(",")}
    newest = raw.lstrip()[:8].upper() == b"HTTP/1.1"
    return head.status != 101 and "close" not in said and (newest or "keep-alive" in said)


def _length(head: Reply) -> int | None:
    """The length that the headers tell; the same one twice counts once."""
    told = {part.strip() for value in head.all("content-length") for part in value.split(",")} - {""}
    if not told:
        return None
    if len(told) > 1 or not re.fullmatch(r"[0-9]{1,12}", length := told.pop()):
        raise InputError("http", "the reply tells its length in two ways")
    return int(length)

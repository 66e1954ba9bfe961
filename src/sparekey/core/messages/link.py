"""A request as text: the link inside the QR code (spec/requests.md section 5)."""

from __future__ import annotations

import re

from sparekey.core.codes import from_base32, to_base32
from sparekey.core.errors import InputError
from sparekey.core.messages.request import REQUEST_LIMIT, Request, read_request

LINK_LIMIT = 2048
"""Characters of a whole link, at most."""

_PREFIX = re.compile(r"HTTPS?://[A-Z0-9.:/-]+/R/")


def check_prefix(prefix: str) -> str:
    """A desk's URL prefix: upper case, so that the QR stays alphanumeric, ending in `/R/`. Raises InputError."""
    if len(prefix) > 96 or not _PREFIX.fullmatch(prefix):
        raise InputError("bad-prefix", "a desk's address looks like HTTPS://DESK.EXAMPLE.COM/R/, in upper case")
    return prefix


def link(prefix: str, request: Request) -> str:
    """The text in the QR code: any phone's camera opens it as a web page."""
    return prefix + to_base32(request.encoded)


def read_link(text: str) -> Request:
    """The request in a link, or in its last part alone, as somebody may have pasted it.

    White space is dropped and case forgiven, since mail programs wrap and phones lower. Raises InputError.
    """
    if len(text) > 2 * LINK_LIMIT:
        raise InputError("oversize", "this text is too long for a request")
    last = "".join(text.split()).rpartition("/")[2]
    if last.isascii():  # in other alphabets upper case can turn a character into one of ours
        last = last.upper()
    if not last:
        raise InputError("empty", "there is no request in this text")
    if len(last) > (REQUEST_LIMIT * 8 + 4) // 5:
        raise InputError("oversize", f"a request has at most {REQUEST_LIMIT} bytes")
    return read_request(from_base32(last))

"""A mail as bytes: text and HTML side by side, readable in a terminal (RFC 5322, RFC 2046 section 5.1.4).

Put together from the standard library's encoders: its message classes parse every header again, which cost more than
all the rest of a mailed code.
"""

from __future__ import annotations

import base64
import quopri
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.header import Header
from email.utils import format_datetime, formataddr
from typing import TYPE_CHECKING

from sparekey.core import crypto
from sparekey.core.errors import InputError

if TYPE_CHECKING:
    from sparekey.desk.mail.letters import Letter

LINE_LIMIT = 900
"""Characters of a line that travels as it is (RFC 5321 section 4.5.3.1.6 allows 998)."""
MARK = "Sparekey-Mail"
"""The header by which a mail that comes back is known again."""


@dataclass(frozen=True)
class Attachment:
    """A text file that goes with a mail."""

    name: str
    text: str = field(repr=False)


def build(
    letter: Letter,
    *,
    name: str,
    sender: str,
    recipient: str,
    message_id: str,
    now: int,
    attachment: Attachment | None = None,
    mark: str = "",
) -> bytes:
    """The whole message. The same arguments give the same bytes. `mark`: what a report of a mail server brings back.

    `Auto-Submitted` (RFC 3834 section 5) and `X-Auto-Response-Suppress` (Exchange) keep holiday notices away.
    """
    headers = {
        "From": formataddr((name, sender)),
        "To": recipient,
        "Subject": _words(letter.subject),
        "Date": format_datetime(datetime.fromtimestamp(now, UTC)),
        "Message-ID": message_id,
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
        "MIME-Version": "1.0",
        "Content-Language": letter.language,
    }
    if mark:
        headers[MARK] = mark
    parts = [_part("text/plain", letter.text), _part("text/html", letter.html)]
    kind, body = _multipart("alternative", crypto.sha256(message_id.encode()), parts)
    if attachment is not None:
        both = [f"Content-Type: {kind}\n\n{body}", _attached(attachment)]
        kind, body = _multipart("mixed", crypto.sha256(b"outer" + message_id.encode()), both)
    lines = [*(f"{header}: {value}" for header, value in headers.items()), f"Content-Type: {kind}"]
    if any(not line.isascii() or not line.replace("\n ", "").isprintable() for line in lines):
        raise InputError("header", "a line of a mail's head has letters that it may not have")
    return ("\n".join(lines) + "\n\n" + body).replace("\n", "\r\n").encode("ascii")


def _words(text: str) -> str:
    """Encoded where it is not plain (RFC 2047)."""
    return text if text.isascii() else Header(text, "utf-8").encode()


def _part(kind: str, text: str) -> str:
    lines = text.replace("\r\n", "\n")
    plain = text.isascii() and all(len(line) < LINE_LIMIT for line in lines.splitlines())
    encoding = "7bit" if plain else "quoted-printable"
    content = lines if plain else quopri.encodestring(lines.encode()).decode("ascii")
    head = f'Content-Type: {kind}; charset="utf-8"\nContent-Transfer-Encoding: {encoding}\n\n'
    return head + content


def _attached(attachment: Attachment) -> str:
    head = [
        "Content-Type: application/octet-stream",
        "Content-Transfer-Encoding: base64",
        f'Content-Disposition: attachment; filename="{attachment.name}"',
    ]
    return "\n".join(head) + "\n\n" + base64.encodebytes(attachment.text.encode()).decode("ascii")


def _multipart(kind: str, seed: bytes, parts: list[str]) -> tuple[str, str]:
    """The content type and the body. The boundary comes from what the mail is, not from dice."""
    boundary = "=_" + seed[:15].hex()
    body = "".join(f"--{boundary}\n{part}\n" for part in parts) + f"--{boundary}--\n"
    return f'multipart/{kind};\n boundary="{boundary}"', body

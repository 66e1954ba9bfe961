"""A mail as bytes: text and HTML side by side, readable in a terminal (RFC 5322, RFC 2046 section 5.1.4)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from typing import TYPE_CHECKING

from sparekey.core import crypto

if TYPE_CHECKING:
    from sparekey.desk.mail.letters import Letter


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
) -> bytes:
    """The whole message. The same arguments give the same bytes.

    `Auto-Submitted` (RFC 3834 section 5) and `X-Auto-Response-Suppress` (Exchange) keep holiday notices away.
    """
    message = EmailMessage(policy=SMTP)
    local, _, domain = sender.rpartition("@")
    message["From"] = Address(name, local, domain)
    message["To"] = recipient
    message["Subject"] = letter.subject
    message["Date"] = datetime.fromtimestamp(now, UTC)
    message["Message-ID"] = message_id
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    message.set_content(letter.text, cte=_encoding(letter.text))
    message.add_alternative(letter.html, subtype="html", cte=_encoding(letter.html))
    message["Content-Language"] = letter.language
    # Without this the library throws dice for it.
    message.set_boundary("=_" + crypto.sha256(message_id.encode())[:15].hex())
    if attachment is not None:
        content = attachment.text.encode()
        message.add_attachment(content, "application", "octet-stream", filename=attachment.name)
        message.set_boundary("=_" + crypto.sha256(b"outer" + message_id.encode())[:15].hex())
    return message.as_bytes()


def _encoding(text: str) -> str:
    plain = text.isascii() and all(len(line) < 900 for line in text.splitlines())
    return "7bit" if plain else "quoted-printable"

"""A desk in memory: real keys, a real trust file, and mailboxes that are lists."""

from __future__ import annotations

from dataclasses import dataclass

from sparekey.core import crypto, mailing
from sparekey.core.codes import Code
from sparekey.core.errors import UntrustedError
from sparekey.core.messages.link import read_link
from sparekey.core.messages.request import MailBody, Request, open_mail
from sparekey.core.messages.trust import Purpose, Trust, read_trust, sign_trust
from sparekey.testing.clock import FixedClock
from sparekey.testing.entropy import FixedEntropy


@dataclass(frozen=True)
class Mail:
    """One mail as its reader finds it."""

    address: str
    code: Code
    message_id: str


class MemoryDesk:
    """Opens what it is sent, and mails to the sealed addresses and no other."""

    def __init__(self, *, clock: FixedClock, entropy: FixedEntropy) -> None:
        self._clock = clock
        self._mail_key = entropy.bytes(32)
        root = entropy.bytes(32)
        content = Trust(
            desk=entropy.bytes(8),
            name="Example support",
            prefix="HTTPS://DESK.EXAMPLE.COM/R/",
            version=1,
            sealing=((Purpose.MAIL, (crypto.sealing_public(self._mail_key),)),),
            signing=(crypto.signing_public(entropy.bytes(32)),),
        )
        self.trust = read_trust(sign_trust(content, root), crypto.signing_public(root))
        self.mails: list[Mail] = []

    def open(self, text: str) -> tuple[Request, MailBody]:
        """What a scanned text holds. Raises InputError or UntrustedError."""
        request = read_link(text)
        if request.header.desk != self.trust.desk:
            raise UntrustedError("other-desk", "this request is for another desk")
        return request, open_mail(request, self._mail_key)

    def send(self, text: str) -> None:
        """Mail the code of a scanned text."""
        request, body = self.open(text)
        if mailing.is_expired(request.header, self._clock.wall(), self._clock.wall()):
            return
        for address in body.addresses:
            message_id = mailing.message_id(request.hash, address, 0, "desk.example.com")
            self.mails.append(Mail(address, body.code, message_id))

    def mailbox(self, address: str) -> list[Mail]:
        """What an owner finds, newest last."""
        return [mail for mail in self.mails if mail.address == address]

"""A desk in memory: real keys, a real trust file, a real log, and mailboxes that are lists."""

from __future__ import annotations

from dataclasses import dataclass

from sparekey.core import crypto, mailing
from sparekey.core.codes import Code
from sparekey.core.errors import UntrustedError
from sparekey.core.messages.header import Purpose
from sparekey.core.messages.link import read_link
from sparekey.core.messages.request import Body, MailBody, Request, SupportBody, TechnicianBody, open_body
from sparekey.core.messages.response import Answer, Response, make_response, read_response
from sparekey.core.messages.trust import Trust, read_trust, sign_trust
from sparekey.core.methods.security_code import Spoken, code_of_day
from sparekey.core.record import Action
from sparekey.core.tlog.leaf import LeafAction
from sparekey.core.values import MethodName
from sparekey.testing.clock import FixedClock
from sparekey.testing.entropy import FixedEntropy
from sparekey.testing.log import MemoryLog


@dataclass(frozen=True)
class Mail:
    """One mail as its reader finds it."""

    address: str
    code: Code
    message_id: str


class MemoryDesk:
    """Opens what it is sent, and mails to the sealed addresses and no other.

    `dated_keys`: what enrolment gave it, by serial. `log_ids`: likewise.
    """

    def __init__(self, *, clock: FixedClock, entropy: FixedEntropy) -> None:
        self._clock = clock
        self.private_keys = {purpose: entropy.bytes(32) for purpose in Purpose}
        self.signing_key = entropy.bytes(32)
        self.log = MemoryLog(entropy)
        root = entropy.bytes(32)
        content = Trust(
            desk=entropy.bytes(8),
            name="Example support",
            prefix="HTTPS://DESK.EXAMPLE.COM/R/",
            version=1,
            sealing=tuple(
                (purpose, (crypto.sealing_public(key),)) for purpose, key in self.private_keys.items()
            ),
            signing=(crypto.signing_public(self.signing_key),),
            logs=self.log.keys,
            witnesses=self.log.witnesses,
        )
        self.trust = read_trust(sign_trust(content, root), crypto.signing_public(root))
        self.mails: list[Mail] = []
        self.dated_keys: dict[str, bytes] = {}
        self.log_ids: dict[str, bytes] = {}

    def enrol(self, serial: str, dated_key: bytes, log_id: bytes) -> None:
        """A device told us its K and its id in the log."""
        self.dated_keys[serial] = dated_key
        self.log_ids[serial] = log_id

    def open(self, request: Request) -> Body:
        """What a request holds. Raises UntrustedError."""
        if request.header.desk != self.trust.desk:
            raise UntrustedError("other-desk", "this request is for another desk")
        return open_body(request, self.private_keys[request.header.kind.purpose])

    def send(self, text: str) -> None:
        """Mail the code of a scanned text. Raises InputError or UntrustedError."""
        request = read_link(text)
        body = self.open(request)
        assert isinstance(body, MailBody)
        if mailing.is_expired(request.header, self._clock.wall(), self._clock.wall()):
            return
        for address in body.addresses:
            message_id = mailing.message_id(request.hash, address, 0, "desk.example.com")
            self.mails.append(Mail(address, body.code, message_id))

    def mailbox(self, address: str) -> list[Mail]:
        """What an owner finds, newest last."""
        return [mail for mail in self.mails if mail.address == address]

    def dictate(self, spoken: Spoken, day: int) -> Code:
        """The security code for one date."""
        return code_of_day(self.dated_keys[spoken.serial], spoken, day)

    def dictate_key(self, request: Request) -> Code | None:
        """The response key of a support request, where the profile put one in."""
        body = self.open(request)
        assert isinstance(body, SupportBody)
        return body.key_secret

    def answer(
        self,
        request: Request,
        action: Action = Action.NEW_PASSWORD,
        valid: int = 24 * 3600,
        *,
        logged: bool = True,
        cameras: bool = False,
    ) -> Response:
        """A response file, entered in the log before it leaves. `logged` False enters something else instead."""
        body = self.open(request)
        assert isinstance(body, SupportBody | TechnicianBody)
        now, header = self._clock.wall(), request.header
        erase = action is Action.ERASE
        answer = Answer(
            desk=self.trust.desk,
            request=request.hash,
            serial=header.identity.serial,
            action=LeafAction(action.value),
            issued=now,
            expires=now + valid,
            policy=1,
            approvers=(bytes(8), bytes(7) + b"\x01") if erase else (),
            cameras=cameras,
        )
        method = MethodName.TECHNICIAN if isinstance(body, TechnicianBody) else MethodName.RESPONSE_FILE
        leaf = answer.leaf(method, self.log_ids[header.identity.serial] if logged else bytes(16))
        proof = self.log.prove(self.log.append(leaf), header.seen, now)
        return read_response(make_response(answer, body.file_secret, self.signing_key, proof))

"""The desk's cases in one process: a real database, real keys, the machine, and devices in memory that ask."""

from __future__ import annotations

import re
from datetime import UTC

from sparekey.core import mailing
from sparekey.core.case import Missing, challenge
from sparekey.core.codes import Code, code_from_bits, read_code
from sparekey.core.crypto import key_id, sealing_public
from sparekey.core.evidence import EvidenceKind, Remedy
from sparekey.core.keys import dated_key, log_id
from sparekey.core.messages.armour import FileKind, wrap
from sparekey.core.messages.enrol import EnrolBody
from sparekey.core.messages.header import Header, Kind, Purpose
from sparekey.core.messages.request import Request, seal_body
from sparekey.core.messages.support import SupportBody
from sparekey.core.messages.technician import TechnicianBody
from sparekey.core.values import Identity
from sparekey.desk.cases.asking import Asker
from sparekey.desk.cases.policy import CasePolicy, load_policy
from sparekey.desk.cases.service import Approver, Cases
from sparekey.desk.cases.typed import Typed
from sparekey.desk.keyring import Keyring
from sparekey.desk.mail.letters import Letters
from sparekey.desk.mail.outbox import Outbox
from sparekey.desk.mail.ports import Sender
from sparekey.desk.store.database import Database
from sparekey.testing.clock import FixedClock
from sparekey.testing.desk import MemoryDesk
from sparekey.testing.entropy import FixedEntropy
from sparekey.testing.log import FakeRecoveryLog
from sparekey.testing.registry import FakeRegistry
from tests.desk.room import Mail, Post

OWNER = "owner@example.com"
URL = "https://desk.example.com"
SERIAL = "PX-3216-0001"
ANNA = Approver("anna", b"anna-key")
BERT = Approver("bert", b"bert-key")
ASKER = Asker(b"a browser", address="caller@example.com")
SPOKEN = Typed(SERIAL, "2026-09-21 10:00:00", "7KM2-Q4XZ", day="2026-09-21")


class Casework:
    """Everything a case needs. `cases`: the service."""

    def __init__(self, database: Database, policy: CasePolicy | None = None) -> None:
        self.database = database
        self.clock = FixedClock()
        self.entropy = FixedEntropy("cases")
        self.desk = MemoryDesk(clock=self.clock, entropy=self.entropy)
        self.keyring = Keyring(
            opening={
                purpose: {key_id(sealing_public(private)): private}
                for purpose, private in self.desk.private_keys.items()
            },
            sign=self.desk.signing_key,
            ticket=self.entropy.bytes(32),
        )
        self.registry = FakeRegistry()
        self.log = FakeRecoveryLog(self.desk.log, self.clock)
        self.policy = policy or load_policy(None)
        self.post = Post()
        self.cases = self.node()

    def node(self, database: Database | None = None) -> Cases:
        """Another process of the same desk; with connections of its own where it is given them."""
        return Cases(
            desk=self.desk.trust.desk,
            database=database or self.database,
            keyring=self.keyring,
            registry=self.registry,
            log=self.log,
            policy=self.policy,
            clock=self.clock,
            entropy=self.entropy,
        )

    def mailed(self) -> list[Mail]:
        """Let the worker send what is due; the mails that this brought."""
        before = len(self.post.taken)
        pile = self.cases.mails(
            Letters("Example support desk", UTC), Sender("Example support desk", "desk@example.com"), URL
        )
        outbox = Outbox(pile, mailer=self.post, sender="desk@example.com", clock=self.clock)
        while outbox.work():
            pass
        return self.post.taken[before:]

    def mail(self, recipient: str, mails: list[Mail] | None = None) -> Mail:
        """The one new mail to somebody."""
        (found,) = [mail for mail in mails or self.mailed() if mail.recipient == recipient]
        return found

    def enrol(
        self,
        serial: str = SERIAL,
        device_key: bytes = bytes(32),
        *,
        confirmed: bool = True,
        owners: tuple[str, ...] = (),
    ) -> None:
        """A device enrols."""
        body = EnrolBody(dated_key(device_key), log_id(device_key), 1, 1, "cs", (OWNER,), confirmed)
        self.registry.enrol(serial, body, owners)

    def request(
        self,
        serial: str = SERIAL,
        *,
        number: str = "4F7Q0001",
        ticketed: bool = True,
        key: Code | None = None,
        technician: bool = False,
    ) -> Request:
        """What a device seals to support."""
        public = self.desk.trust.sealing_key(Purpose.SUPPORT)
        header = Header(
            kind=Kind.TECHNICIAN if technician else Kind.SUPPORT,
            desk=self.desk.trust.desk,
            key=key_id(public),
            identity=Identity(serial, "PX-3216", "1.0.0"),
            number=number,
            tls=bytes(32),
            valid=14 * 86400,
            made=self.clock.wall(),
        )
        ticket = mailing.ticket(self.keyring.ticket, serial) if ticketed else None
        secret = self.entropy.bytes(32)
        body = TechnicianBody(secret, ticket) if technician else SupportBody(secret, key, ticket)
        return seal_body(header, body, public)

    def file(self, **options: object) -> str:
        """The same as a file."""
        return wrap(FileKind.REQUEST, self.request(**options).encoded, {})  # type: ignore[arg-type]

    def opened(self, given: str | None = None, asker: Asker = ASKER) -> str:
        """The number of a case for a request, or for what is read out."""
        if given is None:
            receipt = self.cases.open_typed(SPOKEN, asker)
        else:
            (receipt,) = self.cases.open_text(given, asker)
        assert receipt.number, receipt
        return receipt.number

    def prove(self, number: str) -> None:
        """Just enough papers: what is given on them has a hold of a day."""
        for kind in (EvidenceKind.INVOICE, EvidenceKind.INSTALLER):
            view = self.cases.show(number)
            if view is not None and view.ways[-1].missing is Missing.EVIDENCE:
                assert self.cases.add_evidence(number, kind, "anna").refusal is None

    def approve(self, number: str, approver: Approver = BERT) -> str:
        """Somebody touches a passkey; the case's status afterwards."""
        items = self.cases.items([number])
        assert challenge(items)
        (verdict,) = self.cases.approve([number], approver, items)
        assert verdict.refusal is None, verdict
        return verdict.status

    def issue(self, number: str, remedy: Remedy, options: int = 0) -> None:
        """From opened to issued, over whatever hold there is."""
        self.prove(number)
        assert self.cases.propose(number, remedy, "anna", options).refusal is None
        if self.approve(number) == "proposed":
            self.approve(number, ANNA)
        view = self.cases.show(number)
        assert view is not None
        if view.until:
            self.clock.forward(view.until - self.clock.wall())
            self.cases.work()


KEY = code_from_bits(12345678901)


def code_in(mail: Mail) -> Code:
    """The one code that a mail says."""
    (shown,) = re.findall(r"^ {6}(\S{4}-\S{4})\r?$", mail.part("plain"), re.MULTILINE)
    assert shown in mail.part("html")
    return read_code(shown)

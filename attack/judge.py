"""The judge at the desk: sees every exchange and every mail, keeps own books, and says when a promise was broken.

It asks no counter and no decision of the desk. Its figures are those of spec/security.md section 4 and of the evidence
policy; what people did it has from the wire, what was issued from the public log.
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from attack.case import Case
from attack.referee import PromiseBrokenError
from attack.wire import API, Who
from sparekey.core.tlog.leaf import Issued, dated_request_hash, read_leaf
from sparekey.core.values import MethodName

if TYPE_CHECKING:
    from attack.site import Owned, Site
    from attack.wire import Client
    from sparekey.core.messages.request import Request
    from tests.desk.room import Mail
    from tests.device.browser import Page

    Fields = dict[str, list[str]]

HOUR, DAY = 3600, 86400
CASE_HOUR, CASE_DAY = 10, 30
"""Codes of one case, or of one order, in a clock hour and in 24 of them."""
SIGN_IN_TRIES, SIGN_IN_DAY = 5, 10
"""Tries of one mailed code, and codes that one address gets in a day."""
MAILS = {
    "Your code for the recorder": (6, 20),
    "Your code for “My devices”": (4, 10),
    "Your case at support": (6, 20),
    "Your order: please pay": (3, 6),
}
"""Mails to one address in an hour and in a day, by subject."""
ABOUT = {"Somebody asks support about your device": (3, 6), "Your code for support": (3, 6)}
"""The same for each device, and for each case."""
SHOWN = re.compile(r"\b[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}\b")
_OPENED = re.compile(r'<dt>([^<]*)</dt><dd class="spelled">([0-9A-Z]{4})-([0-9A-Z]{4})</dd>')
_NOT_THAT = "do not belong together"


class Judge:
    """Watches one desk. `tried`: what was compared with a secret, by kind; `most`: of one in an hour. `exchanges`: what
    passed the wire.
    """

    def __init__(self) -> None:
        self.exchanges = 0
        self.tried: Counter[str] = Counter()
        self.most: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()
        self.issued: Counter[str] = Counter()
        self.mails: Counter[str] = Counter()
        self.cases: dict[str, Case] = {}
        self.devices: dict[str, Owned] = {}
        self.pressed: dict[bytes, tuple[str, ...]] = {}
        self.secrets: dict[str, str] = {}
        self.received: set[str] = set()
        self.bench: dict[str, str] = {}
        self.free: set[str] = set()
        self.owned: dict[str, set[str]] = defaultdict(set)
        self._spoken: dict[bytes, Case] = {}
        self._owner_codes: set[str] = set()
        self._untold: set[tuple[str, str]] = set()
        self._counts: dict[tuple[str, str], Counter[int]] = defaultdict(Counter)
        self._stamps: dict[tuple[str, str], list[int]] = defaultdict(list)
        self._read = 0
        self._log: dict[bytes, Issued] = {}
        self._staff_may_grow = True

    def begins(self, site: Site) -> None:
        """The desk whose exchanges are seen from now on."""
        self.site = site

    def opens_doors(self) -> None:
        """The staff is in: whoever comes into the log from now on got there without two admins."""
        self._read_log()
        self._staff_may_grow = False

    # What honest people have

    def knows(self, device: Owned) -> None:
        """A device whose serial number and address are nobody else's business."""
        self.devices[device.serial] = device
        self.secrets[device.address] = "the address of an owner"

    def bystander(self, *devices: Owned) -> None:
        """Devices of those who attack: what is theirs is no secret to them."""
        for device in devices:
            self.devices[device.serial] = device
            self.free.add(device.serial)

    def presses(self, request: Request) -> None:
        """Somebody has a code mailed for this request, sealed to these addresses."""
        self.pressed[request.hash] = self.site.keyring.open_mail(request).addresses

    # What goes over the wire

    def saw(self, client: Client, method: str, path: str, fields: Fields, body: bytes, page: Page) -> None:
        """One exchange."""
        self.exchanges += 1
        self._nothing_secret(client, path, fields, page)
        if method == "GET":
            self._answers(client, path, page)
            return
        ok = page.status in (200, 201, 202, 303)
        if path in ("/help/request", "/help/codes") and page.status == 200:
            self._opened(fields, page)
        elif path == "/help/case":
            self._code_of_case(client, fields, page)
        elif path == "/help/case/mailbox-code" and client.case:
            self._mailbox_code(client, page)
        elif path == "/devices/code":
            self._sign_in_code(client, fields, page)
        elif path == "/unlock/status":
            self._order_code(client, fields, page)
        elif path.startswith("/console/"):
            self._console(client, path, fields, page)
        elif path.startswith(API):
            self._program(path, body, page, ok=ok and page.status != 303)
        self._answers(client, path, page)

    def _opened(self, fields: Fields, page: Page) -> None:
        for serial, head, tail in _OPENED.findall(page.html):
            number = "".join(fields.get("number", [""])).replace("-", "").strip().upper()
            self.open(head + tail, serial, number)

    def open(
        self, number: str, serial: str, spoken: str = "", *, request: bytes = b"", asker: str = ""
    ) -> None:
        """A case is there: for a sealed request, or for what was read out under this request number."""
        known = self.devices.get(serial)
        if spoken and known is not None:
            request = dated_request_hash(known.key, spoken)
        self.cases.setdefault(number, Case(number, serial, request, asker))

    def handed_in(self, number: str, request: Request, *, genuine: bool, asker: str = "") -> None:
        """A case is there for a sealed request; `genuine`: an enrolled device made it."""
        self.open(number, request.header.identity.serial, request=request.hash, asker=asker)
        case = self.cases[number]
        case.request = request.hash
        if genuine:
            case.evidence.add("request-file")

    def _code_of_case(self, client: Client, fields: Fields, page: Page) -> None:
        number = _number(fields)
        if page.status == 303:
            self.compared("case code", number, CASE_HOUR, CASE_DAY)
            client.case = number
            client.opens = "owner" if _one(fields, "code") in self._owner_codes else "status"
            if client.who is not Who.HONEST and number in self.cases and client.opens == "owner":
                raise PromiseBrokenError(f"a stranger's owner code opened the case {number}")
        elif _NOT_THAT in page.words:
            self.compared("case code", number, CASE_HOUR, CASE_DAY)
        elif "Too many codes" in page.words:
            self.refused["case code"] += 1

    def _mailbox_code(self, client: Client, page: Page) -> None:
        right = page.status == 303 and page.header("location") == "/help/case/view"
        if client.opens == "owner":
            return
        if right or "That is not the code" in page.words:
            self.compared("case code", client.case, CASE_HOUR, CASE_DAY)
        elif "Too many codes" in page.words:
            self.refused["mailbox code"] += 1
        if right:
            case = self.cases[client.case]
            if client.who is not Who.HONEST and case.serial not in self.free:
                raise PromiseBrokenError("a stranger's mailbox code was right")
            case.evidence.add("mailbox-code")

    def _sign_in_code(self, client: Client, fields: Fields, page: Page) -> None:
        theirs = any(self.devices[serial].address == _one(fields, "address") for serial in self.free)
        if page.status == 303 and client.who is not Who.HONEST and not theirs:
            raise PromiseBrokenError("a stranger signed in as an owner")
        if page.status in (303, 403):
            self.tried["sign-in code"] += 1

    def _order_code(self, client: Client, fields: Fields, page: Page) -> None:
        if page.status == 303 and client.who is not Who.HONEST:
            raise PromiseBrokenError("a stranger's code of an order was right")
        if page.status == 303 or _NOT_THAT in page.words:
            self.compared("order code", _one(fields, "number"), CASE_HOUR, CASE_DAY)

    def compared(self, kind: str, what: str, hour: int, day: int) -> None:
        """A typed code was looked at."""
        self.tried[kind] += 1
        self._count(kind, what, hour, day)

    def _count(self, kind: str, what: str, hour: int, day: int) -> None:
        now = self.site.clock.wall() // HOUR
        counts = self._counts[kind, what]
        counts[now] += 1
        self._stamps[kind, what].append(self.site.clock.wall())
        of_day = sum(count for at, count in counts.items() if at > now - 24)
        self.most[kind] = max(self.most[kind], counts[now])
        if counts[now] > hour or of_day > day:
            raise PromiseBrokenError(f"{counts[now]} in an hour and {of_day} in a day of: {kind} {what}")

    def may_still(self, kind: str, what: str, hour: int, day: int) -> bool:
        """Whether the odds leave one more."""
        now, counts = self.site.clock.wall() // HOUR, self._counts[kind, what]
        if kind.startswith("mail: "):  # of mails any 60 minutes and any 24 hours count
            stamps = [self.site.clock.wall() - at for at in self._stamps[kind, what]]
            return sum(age < HOUR for age in stamps) < hour and sum(age < DAY for age in stamps) < day
        return counts[now] < hour and sum(n for at, n in counts.items() if at > now - 24) < day

    # What the staff and programs do

    def _console(self, client: Client, path: str, fields: Fields, page: Page) -> None:
        person = "" if client.member is None else client.member.id
        parts = path.split("/")
        if path == "/console/approvals/touch":
            self._touched(client, person, fields, page)
        elif path.startswith("/console/new/") and page.status == 303:
            number, asker = page.header("location").rpartition("/")[2], person if "own" in fields else ""
            self.open(number, _one(fields, "serial"), _one(fields, "number").replace("-", ""), asker=asker)
        elif parts[2] == "cases" and len(parts) == 5 and page.status == 303:
            self._did(parts[3], parts[4], fields, person)
        elif parts[2] == "orders" and parts[-1] == "received" and page.status == 303:
            self.received.add(parts[3])

    def _touched(self, client: Client, person: str, fields: Fields, page: Page) -> None:
        for number in fields.get("number", []):
            case = self.cases.get(number)
            if case is not None and client.touched and page.status == 200:
                case.by.add(person)
                case.last = self.site.clock.wall()

    def _did(self, number: str, deed: str, fields: Fields, person: str) -> None:
        case = self.cases.get(number)
        if case is None:
            return
        if deed == "evidence":
            self._proved(case, _one(fields, "kind"), person)
        elif deed == "mailbox-code":
            self._proved(case, "mailbox-code", "")
        elif deed == "propose":
            remedy = _one(fields, "remedy")
            self._proposed(case, remedy, person, by_mail=f"{remedy} by-mail" in fields)
        elif deed == "withdraw":
            case.remedy, case.by = "", set()
        elif deed in ("refuse", "finish"):
            case.over = True

    def _proved(self, case: Case, kind: str, person: str) -> None:
        if person and person in (case.asker, *self.owned[case.serial]):
            raise PromiseBrokenError(f"{person} entered evidence for a device of their own")
        case.evidence.add(kind)

    def _proposed(self, case: Case, remedy: str, person: str, *, by_mail: bool) -> None:
        if person and person in (case.asker, *self.owned[case.serial]):
            raise PromiseBrokenError(f"{person} proposed for a device of their own")
        case.remedy, case.by_mail, case.by = remedy, by_mail, set()
        case.proposed = self.site.clock.wall()

    def _program(self, path: str, body: bytes, page: Page, *, ok: bool) -> None:
        if not ok:
            return
        told = json.loads(body) if body[:1] == b"{" else {}
        parts = path.removeprefix(API).split("/")
        if parts[1:] == ["cases"]:
            for receipt in json.loads(page.body)["receipts"]:
                spoken = told.get("spoken", {}).get("number", "").replace("-", "")
                self.open(receipt["case"], receipt["serial"], spoken)
        elif len(parts) == 4 and (case := self.cases.get(parts[2])) is not None:
            if parts[3] == "evidence":
                self._proved(case, told["kind"], "")
            elif parts[3] == "proposal":
                self._proposed(case, told.get("remedy", ""), "", by_mail="by-mail" in told.get("options", []))

    # What leaves

    def _answers(self, client: Client, path: str, page: Page) -> None:
        """An answer that leaves is in the log already."""
        if page.status != 200 or b"SPAREKEY RESPONSE" not in page.body:
            return
        parts = path.split("/")
        number = client.case if path.startswith("/help/") else parts[-2]
        if path.startswith("/console/orders/"):
            case = self.cases.get(self.bench.get(number, ""))
            if number not in self.received or case is None or not case.issued:
                raise PromiseBrokenError(
                    "a file that erases left before the device was here and two people approved"
                )
            return
        self._read_log()
        case = self.cases.get(number)
        if case is None or case.request not in self._log:
            raise PromiseBrokenError(f"the answer of {number} left before the log had it")

    def _nothing_secret(self, client: Client, path: str, fields: Fields, page: Page) -> None:
        if client.who in (Who.HONEST, Who.INSIDER):
            return
        text = page.body.decode("utf-8", "replace")
        said = {value for values in fields.values() for value in values}
        for found in {*SHOWN.findall(text), *(name for name in self.devices_private if name in text)}:
            told = self.secrets.get(found)
            if told is None or found in said or (client.who is Who.THIEF and not told.startswith("a code")):
                continue
            raise PromiseBrokenError(f"{path} told a stranger {told}")

    @property
    def devices_private(self) -> list[str]:
        """Texts that are no codes and that no stranger is told."""
        return [text for text in self.secrets if not SHOWN.fullmatch(text)]

    def mailed(self, mail: Mail) -> None:
        """One mail leaves."""
        subject, text = str(mail.message["subject"]), mail.part("plain")
        self.mails[subject] += 1
        self._read_log()
        if subject in MAILS:
            self._count(f"mail: {subject}", mail.recipient, *MAILS[subject])
        codes = SHOWN.findall(text)
        private = mail.recipient not in {self.devices[serial].address for serial in self.free}
        case = next(
            (self.cases[code.replace("-", "")] for code in codes if code.replace("-", "") in self.cases), None
        )
        if subject in ABOUT and case is not None:
            self._count(
                f"mail: {subject}", case.serial if "asks" in subject else case.number, *ABOUT[subject]
            )
        in_log = (self.pressed[hash_] for hash_ in self._log if hash_ in self.pressed)
        if subject == "Your code for the recorder" and not any(mail.recipient in told for told in in_log):
            raise PromiseBrokenError("a code was mailed that is not in the log, or to somebody else")
        for code in (line.strip() for line in text.splitlines() if SHOWN.fullmatch(line.strip())):
            if private and code.replace("-", "") not in self.cases:
                self.secrets[code] = f"a code that was mailed to an owner ({subject})"
                if subject.startswith(("Somebody asks", "Support is about")):
                    self._owner_codes.add(code)
        if subject == "The answer of support is there":
            self._untold -= {
                (serial, to) for serial, to in self._untold if to == mail.recipient and serial in text
            }

    def looks(self) -> None:
        """After the worker: what is in the log is justified, and its owners were told."""
        self._read_log()
        if self._untold:
            raise PromiseBrokenError(f"an owner was not told of an answer: {sorted(self._untold)}")

    def _read_log(self) -> None:
        ledger = self.site.desk.log.ledger
        size = ledger.head().frontier.size
        if size == self._read:
            return
        leaves = [leaf for part in ledger.all_leaves(size, self._read) for leaf in part]
        self._read = size
        for data in leaves:
            leaf = read_leaf(data)
            if isinstance(leaf, Issued):
                self._justified(leaf)
            elif not self._staff_may_grow:
                raise PromiseBrokenError("somebody was let in without two admins")

    def _justified(self, leaf: Issued) -> None:
        self._log[leaf.request] = leaf
        self.issued[leaf.method.value] += 1
        if leaf.method is MethodName.MAIL_CODE:
            if leaf.request not in self.pressed:
                raise PromiseBrokenError("a code was issued that nobody asked for")
            return
        for case in self.cases.values():
            if (
                case.request == leaf.request
                and not case.issued
                and case.allows(leaf, self.devices.get(case.serial), self.owned[case.serial])
            ):
                case.issued = True
                device = self.devices.get(case.serial)
                if device is not None:
                    self._untold.add((case.serial, device.address))
                return
        raise PromiseBrokenError(f"{leaf.method.value} was issued without evidence, approvals or hold")


def _one(fields: Fields, name: str) -> str:
    return fields.get(name, [""])[0]


def _number(fields: Fields) -> str:
    return _one(fields, "number").strip().upper().replace("-", "").replace(" ", "")

"""Strangers at the desk's public pages: nobody knows who they are, and nothing there is theirs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeVar

from attack.doors import WORDS
from attack.judge import SHOWN
from attack.people import STARTED, file_of
from attack.referee import PromiseBrokenError
from attack.site import KNOWN
from attack.wire import Client, Who
from sparekey.core.codes import code_from_bits, number_from_entropy
from sparekey.core.errors import SparekeyError
from sparekey.core.messages.armour import FileKind, wrap
from sparekey.core.messages.batch import make_batch
from sparekey.core.messages.header import Kind
from sparekey.core.messages.link import read_link
from tests.device.recorder import OWNER

if TYPE_CHECKING:
    from collections.abc import Callable

    from attack.desk import Desk
    from sparekey.core.messages.request import Request

T = TypeVar("T")

OWN = "stranger@example.com"
SERIALS = ("QX9001-40001", "QX9001-40002", "QX9001-40003")
"""Of enrolled devices. The first is on a label that strangers saw."""
UNKNOWN = "QX9001-40909"
BINARY = {"content-type": "application/octet-stream"}
LINK = ("/link/enrolments", "/link/notices", "/link/mails", "/link/cases")
PUBLIC = ("/", "/help", "/help/request", "/help/codes", "/help/case", "/unlock", "/unlock/order", "/unlock/status",
          "/devices", "/log", "/console/sign-in", "/console/join", "/help/ways", "/registration/stop")  # fmt: skip


class Strangers:
    """What they do. `desk`: where."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    @property
    def acts(self) -> list[Callable[[], None]]:
        """Each as often as it is tried."""
        acts = [self._browse] * 5 + [self._open] * 3 + [self._guess_case] * 5 + [self._guess_mailbox] * 3
        acts += (
            [self._guess_sign_in] * 4 + [self._press_square] * 3 + [self._letters] * 3 + [self._no_origin] * 2
        )
        return acts + [self._papers] * 2 + [self._pair] * 2 + [self._order] * 2 + [self._compare]

    def _browse(self) -> None:
        """Open pages, fill in whatever is there, press."""
        self.press_something(self._one_of(*self._desk.clients), PUBLIC)

    def press_something(self, client: Client, starts: tuple[str, ...]) -> None:
        """Fill in and press whatever a page has, or go on to another one."""
        page = client.page
        forms = [form for form in page.forms if "sign-out" not in form.action and "leave" not in form.action]
        if forms and self._desk.dice.random() < 0.6:
            form = self._one_of(*forms)
            values = {name: self._typed(name, value) for name, value in form.values.items()}
            values |= {name: value for name, value in form.buttons if self._desk.dice.random() < 0.5}
            if "file" in values:
                client.upload(
                    form.action,
                    "a.pdf",
                    self._one_of(b"", b"%PDF-1.7 x", b"<html>", self._desk.dice.randbytes(40)),
                )
            else:
                client.post(form.action, values)
            return
        inside = [
            link for link in page.links if link.startswith("/") and "." not in link and "//" not in link
        ]
        client.get(self._one_of(*starts, *inside))

    def _typed(self, name: str, value: str) -> str:
        if value and self._desk.dice.random() < 0.9:
            return value
        known = {
            "serial": (KNOWN, SERIALS[0], UNKNOWN),
            "started": (STARTED, "yesterday"),
            "number": (number_from_entropy(self._desk.dice.randbytes(5)), *list(self._desk.judge.cases)[-3:]),
            "day": (STARTED[:10], ""),
            "address": (OWN, "jane@example.com", OWNER),
            "code": (self._wrong_code(),),
            "text": (file_of(self._one_of(*self._desk.files)),),
            "route": ("download", "mail", "call"),
        }
        return (
            self._one_of(*known.get(name, WORDS)) if self._desk.dice.random() < 0.9 else self._one_of(*WORDS)
        )

    def _open(self) -> None:
        """A case for somebody else's device: by its serial number, by a file that was photographed, by a bent one."""
        client = self._one_of(*self._desk.clients)
        address = self._one_of("", "", OWN, OWNER, "jane@example.com")
        reach = {"route": self._one_of("download", "mail", "call"), "address": address, "phone": "12345678"}
        if self._desk.dice.random() < 0.5:
            client.get("/help/codes")
            read = number_from_entropy(self._desk.dice.randbytes(5))
            serial = self._one_of(SERIALS[0], KNOWN, UNKNOWN, self._desk.strangers_own.serial)
            client.fill(
                "/help/codes",
                {"serial": serial, "started": STARTED, "number": read, "day": STARTED[:10], **reach},
            )
            request = None
        else:
            request = self._one_of(*self._desk.files)
            bent = self._desk.dice.random() < 0.3
            client.get("/help/request")
            client.fill("/help/request", {"text": self._bent(request) if bent else file_of(request), **reach})
            request = None if bent else request
        found = SHOWN.findall(client.page.words)
        if client.page.status == 200 and found:
            number = found[0].replace("-", "")
            if request is not None:
                self._desk.judge.handed_in(number, request, genuine=True)
            self._desk.mine = [*self._desk.mine[-8:], (client, number, found[1] if len(found) > 1 else "")]

    def _guess_case(self) -> None:
        """The code of a case: wrong ones, one's own for somebody else's case, at any number."""
        client = self._one_of(*self._desk.clients)
        numbers = [*list(self._desk.judge.cases)[-4:], *self._desk.people.codes] or ["00000000"]
        codes = [code for _, _, code in self._desk.mine if code]
        wrong = self._wrong_code()
        if self._desk.mine and self._desk.dice.random() < 0.15:
            client, number, code = self._one_of(*self._desk.mine)
        else:
            number, code = self._one_of(*numbers, "7KM2Q4XZ"), self._one_of(wrong, wrong, *codes)
        client.get("/help/case")
        client.fill("/help/case", {"number": number, "code": code})
        if client.case in self._desk.people.numbers:
            raise PromiseBrokenError(f"a stranger's code opened the case {client.case}")

    def _guess_mailbox(self) -> None:
        """The code that went to the owner's mailbox, in a case of one's own about that device."""
        if not self._desk.mine:
            return
        client, number, code = self._one_of(*self._desk.mine)
        if client.case != number and code:
            client.get("/help/case")
            client.fill("/help/case", {"number": number, "code": code})
        client.get("/help/case/view")
        if self._desk.dice.random() < 0.3:
            client.fill("/help/case/mailbox")
        else:
            client.fill(
                "/help/case/mailbox-code",
                {"code": self._one_of(self._wrong_code(), code or self._wrong_code())},
            )

    def _papers(self) -> None:
        client = self._one_of(*self._desk.clients)
        client.get("/help/case/view")
        if client.has("/help/case/papers"):
            junk = self._one_of(b"%PDF-1.7 invoice", b"\x89PNG\r\n\x1a\n", b"<script>", b"MZ", b"")
            client.upload("/help/case/papers", "invoice.pdf", junk)

    def _guess_sign_in(self) -> None:
        """The code of “My devices” of an owner whose address everybody knows."""
        client = self._one_of(*self._desk.clients)
        address = self._one_of(OWNER, OWN, "jane@example.com")
        if not client.has("/devices/code") or self._desk.dice.random() < 0.2:
            client.get("/devices")
            client.fill("/devices/sign-in", {"address": address})
        client.fill("/devices/code", {"code": self._wrong_code()})

    def _press_square(self) -> None:
        """Squares that were photographed, or are shown at the recorder's web page; bent ones too."""
        client = self._one_of(*self._desk.clients)
        request = self._one_of(*self._desk.squares, *self._desk.files)
        texts = [self._desk.site.text(request), self._bent_text(request), *self._squares_of_the_recorder()]
        path = "/R/" + self._one_of(*texts)
        client.get(path)
        self._note_pressed(path)
        client.fill(path)

    def _squares_of_the_recorder(self) -> list[str]:
        found = []
        for browser in self._desk.doors.browsers:
            found += re.findall(r"/R/([0-9A-Z]{200,})", browser.page.html)
        return found[:2] * 3

    def _note_pressed(self, path: str) -> None:
        try:
            request = read_link(path[3:])
        except SparekeyError:
            return
        if request.header.kind is Kind.MAIL and request.header.desk == self._desk.site.trust.desk:
            try:
                self._desk.judge.presses(request)
            except SparekeyError:
                return  # bent: it opens for nobody

    def _order(self) -> None:
        """The shop: order somebody's erase, guess an order's code."""
        client = self._one_of(*self._desk.clients)
        if self._desk.dice.random() < 0.4:
            client.get("/unlock/order")
            client.fill("/unlock/order", {"serial": SERIALS[0], "address": OWN, "name": "S", "street": "x 1",
                                        "city": "602 00 Brno", "country": "CZ", "erase": "yes"})  # fmt: skip
            return
        client.get("/unlock/status")
        number = self._one_of(*self._desk.judge.bench, "7523061831")
        client.fill("/unlock/status", {"number": number, "code": self._wrong_code()})

    def _pair(self) -> None:
        """A square that was photographed, bent, or made up, in a stranger's own account."""
        client = self._one_of(*self._desk.clients)
        path = self._one_of(*self._desk.pairings)
        bent = path[:-6] + "".join(self._desk.dice.choices("0123456789ABCDEFGHJKMNPQRSTVWXYZ", k=6))
        client.get(bent)
        client.fill(bent)
        client.post(bent, {"token": "0" * 64})
        if client.page.status == 200 and "paired" in client.page.words.lower():
            raise PromiseBrokenError("a bent square paired a phone")

    def _no_origin(self) -> None:
        """Posts of foreign pages, without origin, without the token, as GET."""
        client = self._one_of(
            *self._desk.clients, self._desk.thief, self._desk.chief, self._desk.boss, self._desk.owner
        )
        pages = [form for form in client.page.forms if not form.action.endswith("sign-out")]
        path = self._one_of(
            "/help/codes", "/help/case", "/console/approvals", *(form.action for form in pages)
        )
        values = self._one_of(*pages).values if pages else {}
        origin = self._one_of("https://evil.example.net", "null", "http://desk.example.com")
        page = client.post(path, values, origin=origin)
        if page.status in (200, 303):
            raise PromiseBrokenError(f"{path} took a post from {origin}")
        client.get(self._one_of("/help", "/console", "/devices"))

    def _compare(self) -> None:
        """What a known and an unknown serial number are answered, side by side."""
        read = number_from_entropy(self._desk.dice.randbytes(5))
        told: list[list[object]] = []
        for serial in (SERIALS[1], UNKNOWN):
            client = self._desk.site.client(Who.STRANGER, f"203.0.113.{self._desk.dice.randrange(100, 250)}")
            client.get("/help/codes")
            values = {
                "serial": serial,
                "started": STARTED,
                "number": read,
                "day": STARTED[:10],
                "route": "download",
            }
            client.fill("/help/codes", values)
            page = client.page
            opened, found = page.status, SHOWN.findall(page.words)
            told.append([opened, self._same(page.html, serial, found)])
            if opened == 200 and len(found) > 1:
                client.get("/help/case")
                client.fill("/help/case", {"number": found[0], "code": found[1]})
                told[-1] += [client.page.status, self._same(client.page.html, serial, found)]
                client.fill("/help/case/mailbox")
                told[-1] += [client.page.status, self._same(client.page.html, serial, found)]
        if told[0] != told[1] and "Many cases" not in str(told):
            raise PromiseBrokenError("a known and an unknown serial number are answered differently")

    @staticmethod
    def _same(html: str, serial: str, found: list[str]) -> str:
        for text in (serial, *found, *(code.replace("-", "") for code in found)):
            html = html.replace(text, "?" * len(text))
        return re.sub(r'"[0-9a-f]{64}"|nonce-[^\'" ]+|nonce="[^"]*"', "?", html)

    def _letters(self) -> None:
        """Calls of devices: enrolments and notices of somebody else's device, cases fetched with a wrong secret."""
        desk, client = self._desk, self._one_of(*self._desk.clients)
        path = self._one_of(*LINK)
        forged = desk.strangers_own.forged(SERIALS[0])
        letters = [*desk.files, *desk.squares, *forged]
        sent = [self._one_of(*letters).encoded for _ in range(self._desk.dice.randrange(1, 4))]
        if path == "/link/mails":
            for square in desk.squares:
                desk.judge.presses(square)
        client.send("POST", path, self._one_of(make_batch(sent), desk.dice.randbytes(50)), BINARY)
        number = self._one_of("7KM2Q4XZ", *list(desk.judge.cases)[-4:])
        got = client.send(
            "GET", f"/link/cases/{number}", b"", {"sparekey-pickup": desk.dice.randbytes(32).hex()}
        )
        if got.status == 200:
            raise PromiseBrokenError("a made-up pickup secret fetched a case")

    # How it is done

    def _bent(self, request: Request) -> str:
        return wrap(FileKind.REQUEST, self._bytes(request), {})

    def _bent_text(self, request: Request) -> str:
        text = self._desk.site.text(request)
        place = self._desk.dice.randrange(len(text))
        return text[:place] + self._desk.dice.choice("0123456789ABCDEFGHJKMNPQRSTVWXYZ") + text[place + 1 :]

    def _bytes(self, request: Request) -> bytes:
        data = bytearray(request.encoded)
        data[self._desk.dice.randrange(len(data))] ^= 1 << self._desk.dice.randrange(8)
        return bytes(data)

    def _wrong_code(self) -> str:
        return code_from_bits(self._desk.dice.getrandbits(35)).shown

    def _one_of(self, *things: T) -> T:
        return self._desk.dice.choice(things)

"""What strangers do at a desk about devices of each kind, and how long each answer took.

A visit is what one stranger does about one device, one thing after the other, so that what an earlier answer set going
may show in the time of a later one.
"""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field
from urllib.parse import urlencode

from bench.load.client import Answer, Person
from bench.load.people import expect, found
from sparekey.core import crypto, mailing
from sparekey.core.codes import code_from_bits
from sparekey.core.messages.link import link
from sparekey.core.messages.mail import MailBody
from sparekey.core.messages.request import Header, Kind, seal_body
from sparekey.core.messages.support import SupportBody
from sparekey.core.messages.trust import Purpose, Trust
from sparekey.core.values import Identity

UNKNOWN = "unknown"
DEVICES = ("with an address", "reported stolen", "without an address", UNKNOWN)
"""Kinds of devices, in the order of their serial numbers. The stolen ones have an address."""
PRESSED = "pressed a moment ago"
OWNERS = ("has an account", "asked for too often", "nobody's")
NUMBERS = ("a case", "no case")

_WRONG = code_from_bits(0x1234567).shown
_NUMBER = re.compile(r'class="spelled">([0-9A-Z]{4}-[0-9A-Z]{4})<')
_CODE = re.compile(r'class="spelled whole">([0-9A-Z]{4}-[0-9A-Z]{4})<')
_SIGN_IN = re.compile(r'action="/devices/code"[^>]*>\s*<input[^>]* value="([0-9a-f]{64})"')
_PAPER = "%PDF-1.4\n" + "of an invented invoice\n" * 40
_BORDER = "----bench"


@dataclass(frozen=True)
class Seen:
    """One answer. `door`: what was asked. `kind`: of what it was asked. `length`: of its page, but for the address that
    was asked for, which stands in it.
    """

    door: str
    kind: str
    seconds: float
    status: int
    length: int


@dataclass
class Stranger:
    """A browser, what it saw, and the hidden fields of its forms."""

    person: Person
    seen: list[Seen]
    tokens: dict[str, str] = field(default_factory=dict)

    async def ask(
        self, door: str, kind: str, path: str, told: dict[str, str] | str | None = None, media: str = ""
    ) -> Answer:
        """One request, timed. `told`: a form or a body to post; None to look only."""
        body = urlencode(told) if isinstance(told, dict) else told or ""
        method = "GET" if told is None else "POST"
        began = time.perf_counter()
        answer = await self.person.send(method, path, body, media)
        spent = time.perf_counter() - began
        self.seen.append(Seen(door, kind, spent, answer.status, len(answer.body.replace(path, ""))))
        return answer

    async def form(self, page: str, action: str) -> str:
        """The hidden field of a form, from its page at the first time."""
        if action not in self.tokens:
            hidden = re.compile(rf'action="{action}[^>]*>\s*<input[^>]* value="([0-9a-f]{{64}})"')
            self.tokens[action] = found(hidden, expect(200, await self.person.send("GET", page)))
        return self.tokens[action]


async def case(stranger: Stranger, kind: str, device: str, number: str) -> str:
    """Opens a case by what the device shows, and goes through its page. Returns the case's number."""
    told = {"serial": device, "started": "2026-09-21 10:00:00", "number": number, "day": "2026-09-21"}
    told |= {"token": await stranger.form("/help/codes", "/help/codes"), "route": "download"}
    page = expect(200, await stranger.ask("what the device shows, typed", kind, "/help/codes", told))
    opened, code = found(_NUMBER, page), found(_CODE, page)
    entering = {"token": await stranger.form("/help/case", "/help/case"), "number": opened, "code": code}
    expect(303, await stranger.ask("a case entered by its code", kind, "/help/case", entering))
    expect(200, await stranger.ask("its page", kind, "/help/case/view"))
    token = await stranger.form("/help/case/view", "/help/case/mailbox")
    acting = {"token": token}
    expect(200, await stranger.ask("a code to the mailbox asked for", kind, "/help/case/mailbox", acting))
    typed = {**acting, "code": _WRONG}
    expect(422, await stranger.ask("another code typed for it", kind, "/help/case/mailbox-code", typed))
    media = f"multipart/form-data; boundary={_BORDER[2:]}"
    parts = {**acting, "kind": "invoice"}
    expect(303, await stranger.ask("a paper handed in", kind, "/help/case/papers", _multipart(parts), media))
    return opened


async def square(stranger: Stranger, kind: str, path: str) -> None:
    """Scans the square of a code by mail and presses the button."""
    token = await stranger.form(path, "/R/")
    expect(200, await stranger.ask("its button pressed", kind, path, {"token": token}))


async def handed_in(stranger: Stranger, kind: str, text: str) -> None:
    """Pastes a request to support."""
    told = {"token": await stranger.form("/help/request", "/help/request"), "text": text}
    expect(200, await stranger.ask("a request handed in", kind, "/help/request", told))


async def signing_in(stranger: Stranger, kind: str, address: str) -> None:
    """Has a code mailed for My devices, and types another one."""
    told = {"token": await stranger.form("/devices", "/devices/sign-in"), "address": address}
    page = expect(200, await stranger.ask("a code to sign in asked for", kind, "/devices/sign-in", told))
    typed = {"token": found(_SIGN_IN, page), "address": address, "code": _WRONG}
    expect(403, await stranger.ask("another code to sign in typed", kind, "/devices/code", typed))


async def foreign(stranger: Stranger, kind: str, number: str) -> None:
    """Tries a case of somebody else: at the page, and as a program does."""
    token = await stranger.form("/help/case", "/help/case")
    told = {"token": token, "number": number, "code": _WRONG}
    expect(422, await stranger.ask("a case's number with another code", kind, "/help/case", told))
    path = f"/link/cases/{number.replace('-', '')}"
    expect(404, await stranger.ask("a case fetched without its secret", kind, path))


class Sealer:
    """Makes requests as devices do. `ticket`: the desk's key."""

    def __init__(self, trust: Trust, ticket: bytes) -> None:
        self._trust = trust
        self._ticket = ticket

    def square(self, device: str, number: int, address: str, *, known: bool) -> str:
        """The path behind the square of a request for a code by mail."""
        body = MailBody(
            code_from_bits(2**34 + number), (address,), "en", "admin", self._ticket_of(device, known)
        )
        public = self._trust.sealing_key(Purpose.MAIL)
        request = seal_body(self._header(Kind.MAIL, device, number, public), body, public)
        return "/R/" + link(self._trust.prefix, request).rpartition("/")[2]

    def request(self, device: str, number: int, *, known: bool) -> str:
        """The text of a request to support."""
        body = SupportBody(number.to_bytes(32, "big"), ticket=self._ticket_of(device, known))
        public = self._trust.sealing_key(Purpose.SUPPORT)
        return link(
            self._trust.prefix, seal_body(self._header(Kind.SUPPORT, device, number, public), body, public)
        )

    def _ticket_of(self, device: str, known: bool) -> bytes | None:
        return mailing.ticket(self._ticket, device) if known else None

    def _header(self, kind: Kind, device: str, number: int, public: bytes) -> Header:
        return Header(
            kind=kind,
            desk=self._trust.desk,
            key=crypto.key_id(public),
            identity=Identity(device, "PX-3216", "1.0.0"),
            number=f"{number:08d}",
            tls=bytes(32),
            valid=86400,
        )


def _multipart(parts: dict[str, str]) -> str:
    lines = [
        f'{_BORDER}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in parts.items()
    ]
    head = 'Content-Disposition: form-data; name="file"; filename="a.pdf"\r\nContent-Type: application/pdf'
    return "".join(lines) + f"{_BORDER}\r\n{head}\r\n\r\n{_PAPER}\r\n{_BORDER}--\r\n"

"""People who want codes by mail, programs that open cases and redeem codes, and somebody who approves."""

from __future__ import annotations

import itertools
import json
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import httpx2

from bench.failover.asking import Call, Line, Told
from bench.failover.mailbox import Mailbox
from bench.load.desks import Desk
from bench.load.people import address
from sparekey.core import crypto
from sparekey.core.messages.armour import FileKind, wrap
from sparekey.demo.browser import Browser
from sparekey.demo.office import MAILBOX_LETTER, Office
from sparekey.demo.verdicts import UnlikeError
from sparekey.host import tls

API = "/api/v1"
PEOPLE, PROGRAMS = 6, 3
PEOPLE_FROM = 10_000
"""The number of the first person; below it are the owners of the programs' devices."""
PAUSE = 0.2
"""Seconds that somebody does something else."""
CASES_OF_A_TOKEN = 20
"""A program types at most 60 codes an hour."""


@dataclass
class Redeemed:
    """One code that two sent at once, one to each node: under which keys it was taken."""

    case: str
    taken: list[str] = field(default_factory=list)


@dataclass
class Crowd:
    """All of them. `tokens`: of programs, each for some cases."""

    line: Line
    desk: Desk
    mailbox: Mailbox
    office: Office
    tokens: list[str]
    stop: threading.Event = field(default_factory=threading.Event)
    mailed: list[str] = field(default_factory=list)
    redeemed: list[Redeemed] = field(default_factory=list)
    answers: dict[str, tuple[Call, Told]] = field(default_factory=dict)
    requests: dict[str, bytes] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._devices = itertools.count()
        self._squares = itertools.count(PEOPLE_FROM)
        work = [self._person] * PEOPLE + [self._program] * PROGRAMS + [self._approver]
        self._threads = [threading.Thread(target=self._go, args=(one, who)) for who, one in enumerate(work)]

    def start(self) -> None:
        """Everybody begins."""
        for thread in self._threads:
            thread.start()

    def close(self) -> None:
        """Everybody finishes the call that they are at."""
        self.stop.set()
        for thread in self._threads:
            thread.join(120)

    def _go(self, work: Callable[[int], None], who: int) -> None:
        try:
            work(who)
        except Exception as error:  # noqa: BLE001 - told in the result
            self.faults.append(f"{type(error).__name__}: {error}")

    def _person(self, who: int) -> None:
        """Scans a square and presses the button, again and again, each time another device."""
        while not self.stop.is_set():
            number = next(self._squares)
            (path,) = self.desk.paths(1, number + 1, number, tickets=False)
            if self.line.insist(Call("POST", path, page=True), who, self.stop) is not None:
                self.mailed.append(path)
            self.stop.wait(PAUSE)

    def _program(self, who: int) -> None:
        """Opens cases, redeems the code from the mailbox twice at once, proposes a file and fetches it."""
        waiting: list[tuple[str, str]] = []
        while not self.stop.is_set():
            device = next(self._devices)
            token = self.tokens[device // CASES_OF_A_TOKEN % len(self.tokens)]
            case = self._case(device, token, who)
            if case is None:
                return
            waiting.append((case, token))
            waiting = [one for one in waiting if not self._fetched(*one, who)]
        for case, token in waiting:
            self._fetched(case, token, who)

    def _case(self, device: int, token: str, who: int) -> str | None:
        sealed = self.desk.support(device, int(time.time())).encoded
        opening = {"request": wrap(FileKind.REQUEST, sealed, {})}
        told = self._call("POST", "/cases", opening, token, f"open-{device}", who)
        if told is None:
            return None
        if told.status != 201:
            raise RuntimeError(told.text)
        case = str(told.value["receipts"][0]["case"])
        self.requests[case] = crypto.sha256(sealed)
        if self._call("POST", f"/cases/{case}/mailbox-code", None, token, f"mail-{device}", who) is None:
            return None
        owner = address(device)
        while not (codes := self.mailbox.codes(owner, MAILBOX_LETTER)):
            if self.stop.wait(0.1):
                return None
        self._redeem(case, codes[0], token, device)
        proposal = {"remedy": "response-file", "options": []}
        told = self._call("PUT", f"/cases/{case}/proposal", proposal, token, f"propose-{device}", who)
        return None if told is None else case

    def _redeem(self, case: str, code: str, token: str, device: int) -> None:
        """Two at once, at both nodes, each under a key of its own."""
        one = Redeemed(case)
        body = {"kind": "mailbox-code", "code": code}

        def send(node: int) -> None:
            key = f"redeem-{device}-{node}"
            told = self._call("POST", f"/cases/{case}/evidence", body, token, key, node)
            if told is not None and told.status == 200:
                one.taken.append(key)

        with ThreadPoolExecutor(2) as both:
            list(both.map(send, (0, 1)))
        self.redeemed.append(one)

    def _fetched(self, case: str, token: str, who: int) -> bool:
        """Whether the answer is there: the first one is remembered."""
        call = Call("GET", f"{API}/cases/{case}/answer", token=token)
        told = self.line.ask(call, who)
        if told is None or told.status != 200:
            return False
        self.answers[case] = call, told
        return True

    def _call(self, method: str, path: str, body: object, token: str, key: str, node: int) -> Told | None:
        sent = b"" if body is None else json.dumps(body).encode()
        return self.line.insist(Call(method, API + path, sent, token, key), node, self.stop)

    def _approver(self, _who: int) -> None:
        """Looks at what waits and touches the passkey. What does not work now works a second later."""
        while not self.stop.wait(1.0):
            try:
                self.office.approver.sign_in()
                self.office.approver.approve_all()
            except (UnlikeError, httpx2.HTTPError):
                continue


def office_at(desk: Desk, url: str) -> Office:
    """The staff, let in before anything is killed."""
    made = Office(url, desk.file, lambda: Browser(tls.caller()))
    made.approver.sign_in()
    return made

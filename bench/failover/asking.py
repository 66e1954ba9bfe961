"""Programs that ask two nodes until one answers, and remember what was acknowledged."""

from __future__ import annotations

import json
import re
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from typing import Any
from urllib.parse import urlencode

from bench.load.people import OUR_TOKEN

PATIENCE = 30
"""Seconds that a program waits for an answer before it asks the other node."""


@dataclass(frozen=True)
class Told:
    """One answer."""

    status: int
    text: str
    cookie: str = ""

    @property
    def value(self) -> Any:
        """Its JSON."""
        return json.loads(self.text)


@dataclass
class Acknowledged:
    """What the desk answered. `began`, `ended`: of the try that was answered. `again`: what asks the same once more."""

    began: float
    ended: float
    again: Call
    told: Told


@dataclass(frozen=True)
class Call:
    """A call that may be sent any number of times. `page`: a square, pressed in a browser; else a program's call."""

    method: str
    path: str
    body: bytes = b""
    token: str = field(default="", repr=False)
    key: str = ""
    page: bool = False


class Line:
    """The way to both nodes. `public`: host and port as browsers say it."""

    def __init__(self, nodes: list[tuple[str, int]], public: str) -> None:
        self.nodes = nodes
        self._public = public
        self._lock = threading.Lock()
        self.acknowledged: list[Acknowledged] = []
        self.statuses: Counter[str] = Counter()

    def insist(self, call: Call, first: int, stop: threading.Event) -> Told | None:
        """Ask, at the other node after every failure, until it is answered; None when told to stop before."""
        node = first
        while not stop.is_set():
            began = time.perf_counter()
            told = self.ask(call, node)
            if told is not None and told.status < 500 and told.status != 409:
                with self._lock:
                    self.acknowledged.append(Acknowledged(began, time.perf_counter(), call, told))
                return told
            if told is not None and told.status == 409 and told.value["slug"] != "in-progress":
                return told
            node += 1
            stop.wait(0.25)
        return None

    def ask(self, call: Call, node: int) -> Told | None:
        """One try at one node; None when nobody answers."""
        try:
            told = self._pressed(call, node) if call.page else self._called(call, node)
        except (OSError, HTTPException) as error:
            self._count(type(error).__name__)
            return None
        self._count(str(told.status))
        return told

    def _pressed(self, call: Call, node: int) -> Told:
        page = self._send("GET", call.path, node, {})
        found = OUR_TOKEN.search(page.text)
        if page.status != 200 or found is None:
            return page
        sent = {
            "content-type": "application/x-www-form-urlencoded",
            "origin": f"http://{self._public}",
            "cookie": page.cookie,
        }
        return self._send("POST", call.path, node, sent, urlencode({"token": found[1]}).encode())

    def _called(self, call: Call, node: int) -> Told:
        headers = {"authorization": f"Bearer {call.token}"}
        if call.body:
            headers["content-type"] = "application/json"
        if call.key:
            headers["idempotency-key"] = call.key
        return self._send(call.method, call.path, node, headers, call.body)

    def _send(self, method: str, path: str, node: int, headers: dict[str, str], body: bytes = b"") -> Told:
        host, port = self.nodes[node % len(self.nodes)]
        line = HTTPConnection(host, port, timeout=PATIENCE)
        try:
            line.request(method, path, body or None, {"host": self._public, **headers})
            answer = line.getresponse()
            cookie = (answer.getheader("set-cookie") or "").partition(";")[0]
            return Told(answer.status, answer.read().decode(), cookie)
        finally:
            line.close()

    def _count(self, what: str) -> None:
        with self._lock:
            self.statuses[what] += 1


def words(page: str) -> str:
    """What can be read on a page."""
    found = re.search(r"<main.*?</main>", page, re.DOTALL)
    return " ".join(re.sub(r"<[^>]*>", " ", found[0] if found else page).split())

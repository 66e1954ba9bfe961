"""A desk as its operator runs it, on one node or more, whose processes may end at any moment; and what people ask of
it, again and again until it answers.
"""

from __future__ import annotations

import http.client
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO
from urllib.parse import urlencode

from bench.load.desks import Desk
from bench.load.people import OUR_TOKEN
from bench.load.servers import Sink, free_port
from faults.desk.post import Post
from sparekey.core import crypto
from sparekey.core.messages.link import read_link
from sparekey.core.messages.link_case import CaseCall
from sparekey.core.messages.request import Request
from sparekey.desk.store.database import Database
from sparekey.desk.store.opening import connect

POLICY = """
version = 2
unconfirmed_approvals = 1
unconfirmed_hold = 0
weights = [{ kind = "request-file", weight = 30 }]
bars = [{ remedy = "response-file", weight = 30 }]
"""
"""A request is proof enough, and nothing is held: so that a decision is carried out at once."""
ENROLLED = 100
"""Devices that the desk knows: those with the lowest serial numbers."""
PATIENCE = 30
"""Seconds for one answer."""


class LeftBrokenError(AssertionError):
    """Something that was promised does not hold."""


def expect(held: object, told: str) -> None:
    """Raises LeftBrokenError."""
    if not held:
        raise LeftBrokenError(told)


class Node:
    """One process of a desk. `logged`: what it said."""

    def __init__(self, file: Path, port: int, log: Path) -> None:
        self.file = file
        self.port = port
        self.log = log
        self.program: Sequence[str] = (sys.executable, "-m", "sparekey")
        """How it is started; the environment may say more."""
        self.environment: dict[str, str] = {}
        self._process: subprocess.Popen[str] | None = None
        self._log: IO[bytes] | None = None

    @property
    def process(self) -> int:
        """Its number."""
        return self._process.pid if self._process else 0

    def start(self) -> None:
        """Returns once it answers. Raises LeftBrokenError."""
        command = [*self.program, "desk", "run", "--config", str(self.file)]
        self._log = self.log.open("ab")
        self._process = subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=self._log,
            text=True,
            env=os.environ | self.environment,
        )
        out = self._process.stdout
        expect(out is not None and "ready" in out.readline(), f"it does not start: {self.said()[-500:]}")

    def end(self, how: int = signal.SIGTERM) -> int:
        """End it; the number by which it ended."""
        if self._process is None:
            return 0
        self._process.send_signal(how)
        code = self._process.wait(60)
        if self._process.stdout is not None:
            self._process.stdout.close()
        if self._log is not None:
            self._log.close()
        self._process = None
        return code

    def said(self) -> str:
        """Everything that it logged."""
        return self.log.read_text(encoding="utf-8") if self.log.exists() else ""

    def call(
        self, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None
    ) -> tuple[int, http.client.HTTPMessage, bytes]:
        """One request on a line of its own. Raises OSError, HTTPException."""
        line = http.client.HTTPConnection("localhost", self.port, timeout=PATIENCE)
        try:
            line.request(method, path, body or None, headers or {})
            answer = line.getresponse()
            return answer.status, answer.headers, answer.read()
        finally:
            line.close()

    def press(self, path: str) -> tuple[int, bytes]:
        """Open the page of a square, and press its button: status, and the page without what is new each time."""
        status, headers, page = self.call("GET", path)
        token = OUR_TOKEN.search(page.decode())
        if status != 200 or token is None:
            return status, page
        sent = {
            "content-type": "application/x-www-form-urlencoded",
            "origin": f"http://localhost:{self.port}",
            "cookie": headers["set-cookie"].partition(";")[0],
        }
        status, _, page = self.call("POST", path, urlencode({"token": token[1]}).encode(), sent)
        return status, re.sub(rb"[0-9a-f]{64}|nonce=\"[^\"]*\"", b"", page)


class Site:
    """`database`: the address of an empty one in PostgreSQL; else it is SQLite, and there is one node. `logs`: where
    the nodes log, if not in the folder. `addressed`: how many devices have a confirmed address. `patience`: seconds
    for each step of a conversation with the mail server.
    """

    def __init__(
        self,
        folder: Path,
        post: Post,
        database: str = "",
        nodes: int = 1,
        logs: Path | None = None,
        addressed: int = 0,
        patience: int = 20,
    ) -> None:
        self.desk = Desk(folder / "desk", Sink(post.port, 0), database)
        file = self.desk.file
        file.with_name("policy.toml").write_text(POLICY, encoding="utf-8")
        text = 'policy = "policy.toml"\n' + file.read_text(encoding="utf-8")
        text = text.replace("starttls = false", f"starttls = false\ntimeout = {patience}")
        file.write_text(
            text + f"resend_after = 86400\nper_address_hour = {10**6}\nper_address_day = {10**6}\n",
            encoding="utf-8",
        )
        logs = logs or folder
        self.nodes = [Node(file, self.desk.port, logs / "log-0")]
        for number in range(1, nodes):
            other, port = folder / f"desk{number}", free_port()
            shutil.copytree(folder / "desk", other)
            listen = f'listen = "127.0.0.1:{port}"'
            there = re.sub(r'(?m)^listen = ".*"$', listen, file.read_text(encoding="utf-8"))
            (other / "desk.toml").write_text(there, encoding="utf-8")
            self.nodes.append(Node(other / "desk.toml", port, logs / f"log-{number}"))
        self.dice = random.Random(1)
        self.desk.enrol(ENROLLED, ENROLLED, addressed)

    @contextmanager
    def running(self) -> Iterator[None]:
        """All nodes."""
        try:
            for node in self.nodes:
                node.start()
            yield
        finally:
            for node in self.nodes:
                node.end()

    @contextmanager
    def stored(self) -> Iterator[Database]:
        """Its database, to look at."""
        database = connect(self.desk.config)
        try:
            yield database
        finally:
            database.close()

    def support(self, number: int) -> Request:
        """What a device seals for people."""
        return self.desk.support(number, int(time.time()))

    def verify(self) -> int:
        """The log's size, as our own independent program finds it whole. Raises LeftBrokenError."""
        config, url = self.desk.config, f"http://localhost:{self.nodes[0].port}/log"
        command = [sys.executable, "-m", "sparekey", "log", "verify", url, "--trust", str(config.trust)]
        command += ["--root", str(config.root)]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
        expect(done.returncode == 0, f"the log does not hold: {done.stderr[-300:]}")
        found = re.search(r"(\d[\d,]*) entr", done.stdout)
        return int(found[1].replace(",", "")) if found else 0


@dataclass
class Wish:
    """What somebody asks for until it is answered. `ask`: once, at one node. `told`: what came instead of an answer, a
    status or the name of an error. `slowest`: seconds of the slowest of them.
    """

    about: bytes
    ask: Callable[[Node], tuple[int, bytes]]
    answer: bytes | None = None
    told: Counter[str] = field(default_factory=Counter)
    sentences: set[bytes] = field(default_factory=set)
    slowest: float = 0

    def insist(self, nodes: Sequence[Node], dice: random.Random) -> None:
        """Ask one node and another one, until one answers."""
        while self.answer is None:
            begun = time.monotonic()
            try:
                status, answer = self.ask(dice.choice(nodes))
            except (OSError, http.client.HTTPException) as error:
                self.told[type(error).__name__] += 1
                time.sleep(0.3)
                continue
            self.slowest = max(self.slowest, time.monotonic() - begun)
            if status == 200:
                self.answer = answer
            else:
                self.told[str(status)] += 1
                self.sentences.add(answer)
                time.sleep(0.3)


def squares(site: Site, count: int, first: int = 0) -> list[Wish]:
    """People who press the button of a mailed code."""
    paths = site.desk.paths(count, count, first)
    return [Wish(read_link(path).hash, lambda node, path=path: node.press(path)) for path in paths]  # type: ignore[misc]


def calls(site: Site, count: int, each: int, first: int = 0) -> list[tuple[Wish, list[Request]]]:
    """Programs that open cases, several at once."""

    def wish(number: int) -> tuple[Wish, list[Request]]:
        requests = [site.support(first + number * each + place) for place in range(each)]
        pickup = crypto.sha256(b"pickup %d" % (first + number))
        call = CaseCall(crypto.sha256(pickup), "en", tuple(one.encoded for one in requests)).encoded

        def ask(node: Node) -> tuple[int, bytes]:
            status, _, answer = node.call("POST", "/link/cases", call)
            return status, answer

        return Wish(pickup, ask), requests

    return [wish(number) for number in range(count)]


def events(nodes: Sequence[Node]) -> list[dict[str, object]]:
    """What the nodes logged. Raises LeftBrokenError for a stack listing."""
    said = "".join(node.said() for node in nodes)
    expect("Traceback" not in said, f"a stack listing in the log: {said[-800:]}")
    return [json.loads(line) for line in said.splitlines() if line.startswith("{")]

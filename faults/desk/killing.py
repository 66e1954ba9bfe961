"""`kill -9` of a desk's nodes while people press buttons, programs open cases and somebody approves."""

from __future__ import annotations

import random
import ssl
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from signal import SIGKILL

import sqlalchemy as sa

from bench.load.people import address
from faults.desk.post import Post
from faults.desk.site import LeftBrokenError, Node, Site, Wish, calls, events, expect, squares
from sparekey.core.crypto import sha256
from sparekey.core.messages.link_answer import LinkVerdict, read_answers
from sparekey.core.messages.link_case import CaseCall, CaseStage, read_case_told
from sparekey.core.messages.request import Request
from sparekey.demo.browser import Browser
from sparekey.demo.office import Colleague, Office
from sparekey.demo.verdicts import UnlikeError
from sparekey.desk.cases.tables import case_history, case_mails, cases
from sparekey.desk.log.tables import entries
from sparekey.desk.mail.holding import LEASE
from sparekey.desk.store.due import NEVER
from sparekey.desk.store.tables import outbox

PRESSING, CALLING = 4, 2
"""People and programs at once."""
EACH = 3
"""Cases of one call."""
PAUSE = 0.02
"""Seconds that each of them waits before the next one."""


@dataclass
class Asked:
    """What was asked for while nodes were killed."""

    site: Site
    dice: random.Random
    squares: list[tuple[str, Wish]] = field(default_factory=list)
    calls: list[tuple[Wish, list[Request]]] = field(default_factory=list)
    approved: list[str] = field(default_factory=list)
    broken: list[BaseException] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    def press(self, number: int) -> None:
        """One mailed code."""
        (wish,) = squares(self.site, 1, number)
        self.squares.append((address(number), wish))
        wish.insist(self.site.nodes, self.dice)

    def call(self, number: int) -> None:
        """One call."""
        ((wish, requests),) = calls(self.site, 1, EACH, number)
        self.calls.append((wish, requests))
        wish.insist(self.site.nodes, self.dice)

    def again(self, act: Callable[[int], None], numbers: count[int]) -> threading.Thread:
        """Somebody who does so until it is over."""

        def live() -> None:
            try:
                while not self.over.is_set():
                    act(next(numbers))
                    self.over.wait(PAUSE)
            except BaseException as error:
                self.broken.append(error)
                raise

        thread = threading.Thread(target=live)
        thread.start()
        return thread


def play(
    folder: Path, *, kills: int, database: str = "", approvals: int = 20, seed: int = 1
) -> dict[str, int]:
    """Counts of what was done and found. Raises LeftBrokenError. `database`: see `Site`; on PostgreSQL there are two
    nodes, and one of them is killed at a time.
    """
    post, dice = Post(), random.Random(seed)
    with post.running():
        site = Site(folder, post, database, nodes=2 if database else 1)
        with site.running(), staffed(site) as office:
            asked = Asked(site, dice)
            approver, waiting = _proposed(site, office, approvals)
            numbers = count()
            people = [asked.again(asked.press, numbers) for _ in range(PRESSING)]
            people += [asked.again(asked.call, count(10**4 * (1 + who))) for who in range(CALLING)]
            left = iter(waiting)
            people.append(asked.again(lambda _: _approve(approver, next(left, ""), asked), count()))
            for _ in range(kills):
                time.sleep(dice.uniform(0.05, 4))
                node = dice.choice(site.nodes)
                node.end(SIGKILL)
                if database:
                    time.sleep(dice.uniform(0, 1))  # the other one is alone for a while
                node.start()
            asked.over.set()
            for each in people:
                each.join()
            for case in left:
                _approve(approver, case, asked)
            if asked.broken:
                raise LeftBrokenError(f"{asked.broken[0]!r}")
            return {"kills": kills} | look(site, post, asked, waiting)


@contextmanager
def staffed(site: Site) -> Iterator[Office]:
    """The people of a desk, and their browsers."""
    trusted, browsers = ssl.create_default_context(), list[Browser]()

    def browser() -> Browser:
        browsers.append(Browser(trusted))
        return browsers[-1]

    try:
        yield Office(f"http://localhost:{site.nodes[0].port}", site.desk.file, browser)
    finally:
        for each in browsers:
            each.close()


def _proposed(site: Site, office: Office, many: int) -> tuple[Colleague, dict[str, Request]]:
    """Somebody who may approve, and cases that wait for it."""
    agent, approver = office.agent, office.approver
    requests = [site.support(number) for number in range(many)]
    pickup = sha256(b"those that wait")
    call = CaseCall(sha256(pickup), "en", tuple(one.encoded for one in requests)).encoded
    answer = site.nodes[0].call("POST", "/link/cases", call)[2]
    numbers = [one.data.decode() for one in read_answers(answer, many)]
    for number in numbers:
        agent.propose(number, "response-file").says("0 of 1")
    return approver, dict(zip(numbers, requests, strict=True))


def _approve(approver: Colleague, case: str, asked: Asked) -> None:
    """Until it is approved, whatever happens to the desk meanwhile."""
    while case:
        try:
            page = approver.open(f"/cases/{case}")
            if page.status == 200 and not any(
                form.action == "/console/approvals" for form in page.sheet.forms
            ):
                asked.approved.append(case)
                return
            approver.approve(case)
        except UnlikeError:
            time.sleep(0.1)


def look(site: Site, post: Post, asked: Asked, waiting: dict[str, Request]) -> dict[str, int]:
    """Everything that was promised."""
    _arrive(site, post, {recipient for recipient, _ in asked.squares})
    with site.stored() as database, database.reading() as connection:
        logged = Counter(connection.execute(sa.select(entries.c.request)).scalars())
        opened = Counter(connection.execute(sa.select(cases.c.request_hash)).scalars())
        lines = Counter(
            (row.number, row.what)
            for row in connection.execute(sa.select(case_history.c.number, case_history.c.what))
        )
        status = {
            row.number: row.status for row in connection.execute(sa.select(cases.c.number, cases.c.status))
        }
    size = site.verify()
    expect(size == sum(logged.values()), f"{size} entries are served, {sum(logged.values())} stored")
    twice = [name for name, times in logged.items() if name and times > 1]
    expect(not twice, f"{len(twice)} requests stand in the log twice")
    missing = [who for who, wish in asked.squares if logged[wish.about] != 1]
    expect(not missing, f"{len(missing)} answered requests are not in the log")
    for wish, requests in asked.calls:
        times = [opened[request.hash] for request in requests]
        expect(times == [1] * EACH, f"a call opened {times} cases")
        verdicts = {one.verdict for one in read_answers(wish.answer or b"", EACH)}
        expect(verdicts == {LinkVerdict.TAKEN}, f"a call was answered {verdicts}")
    expect(set(lines.values()) == {1}, "a case has a line twice in its history")
    for case, request in waiting.items():
        expect(status[case] == "issued", f"an approved case is {status[case]}")
        expect((lines[case, "approved"], logged[request.hash]) == (1, 1), "an approval counts not once")
        expect(len({_fetched(node, case) for node in site.nodes for _ in range(2)}) == 1, "answers differ")
    sample = [*asked.dice.sample(asked.squares, min(200, len(asked.squares)))]
    again = [wish for _, wish in sample] + [wish for wish, _ in asked.calls[:50]]
    for wish in again:
        told = wish.ask(asked.dice.choice(site.nodes))
        expect(told == (200, wish.answer), "who asks again is answered something else")
    copies = post.copies()
    expect(len(copies) == len(asked.squares), f"{len(copies)} mails for {len(asked.squares)} people")
    said = events(site.nodes)
    every = [wish for _, wish in asked.squares] + [wish for wish, _ in asked.calls]
    return {
        "mailed codes": len(asked.squares),
        "cases": EACH * len(asked.calls),
        "approvals": len(waiting),
        "answers cut off": sum(wish.told.total() for wish in every),
        "asked again": len(again),
        "mails": len(copies),
        "mails twice": sum(times == 2 for times in copies.values()),
        "mails more often": sum(times > 2 for times in copies.values()),
        "entries": size,
        "errors logged": sum(event.get("level") == "error" for event in said),
    }


def _fetched(node: Node, case: str) -> bytes:
    headers = {"sparekey-pickup": sha256(b"those that wait").hex()}
    told = read_case_told(node.call("GET", f"/link/cases/{case}", headers=headers)[2])
    expect(told.stage is CaseStage.ISSUED and told.response, "an answer does not come")
    return told.response


def _arrive(site: Site, post: Post, wanted: set[str]) -> None:
    """Wait for the mails: what a killed node had taken is free after its lease."""
    limit = time.monotonic() + LEASE + 120
    while (missing := wanted - {recipient for recipient, _ in post.taken}) or _waiting(site):
        told = f"{len(missing)} of {len(wanted)} mails do not come; {_waiting(site)[:5]} wait"
        expect(time.monotonic() < limit, told)
        time.sleep(0.5)


def _waiting(site: Site) -> Sequence[object]:
    """Mails that lie on a pile: when they are due, and how often they were tried."""
    found: list[object] = []
    with site.stored() as database, database.reading() as connection:
        for pile in (outbox, case_mails):
            query = sa.select(pile.c.due, pile.c.attempts).where(pile.c.due < NEVER)
            found += map(tuple, connection.execute(query))
    return found

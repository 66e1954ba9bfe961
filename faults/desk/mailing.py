"""A mail server that is away, refuses, dawdles and hangs up, while people press the button of a mailed code."""

from __future__ import annotations

import time
from contextlib import ExitStack
from itertools import count
from pathlib import Path

import sqlalchemy as sa

from bench.load.people import address
from faults.desk.post import CRAWLS, DATA, DROPS, END, GREETED, HANGS_UP, MAIL, RCPT, SILENT, TALKS, Post
from faults.desk.site import Site, events, expect, squares
from sparekey.desk.mail.holding import LEASE
from sparekey.desk.store.tables import outbox

AWAY = "away"
PEOPLE = 6
BAD = 5
"""Seconds for which it goes on after the last one pressed."""
LIMIT = 120
"""Seconds in which all mails have to be there afterwards."""
MANNERS = (
    (GREETED, AWAY),
    (GREETED, HANGS_UP),
    (GREETED, SILENT),
    (GREETED, TALKS),
    *((at, f"{code} no") for at in (MAIL, RCPT, DATA, END) for code in (451, 421, 550)),
    *((at, how) for at in (MAIL, END) for how in (HANGS_UP, SILENT, CRAWLS)),
    (END, DROPS),
)


def play(folder: Path, manners: tuple[tuple[str, str], ...] = MANNERS) -> dict[str, dict[str, int]]:
    """What came of each manner. Raises LeftBrokenError."""
    post, numbers = Post(), count()
    with ExitStack() as there:
        there.enter_context(post.running())
        site = Site(folder, post, patience=1)
        with site.running():
            found = {f"{at}: {how}": _once(site, post, there, at, how, numbers) for at, how in manners}
            events(site.nodes)
    return found


def _once(site: Site, post: Post, there: ExitStack, at: str, how: str, numbers: count[int]) -> dict[str, int]:
    before = len(post.taken)
    if how == AWAY:
        there.close()
    else:
        post.behave(at, how)
    slowest, wanted = 0.0, set[str]()
    for number in (next(numbers) for _ in range(PEOPLE)):
        (wish,) = squares(site, 1, number)
        wish.insist(site.nodes, site.dice)
        expect(not wish.told, f"{at} {how}: people are told {wish.told}")
        slowest, wanted = max(slowest, wish.slowest), wanted | {address(number)}
    time.sleep(BAD)
    if how == AWAY:
        there.enter_context(post.running())
    post.behave()
    limit = time.monotonic() + LIMIT
    while missing := wanted - {recipient for recipient, _ in post.taken[before:]}:
        expect(time.monotonic() < limit, f"{at} {how}: mails are lost: {missing}")
        _as_later(site)
        time.sleep(0.5)
    time.sleep(1)
    copies = [
        times for name, times in post.copies().items() if name in {one for _, one in post.taken[before:]}
    ]
    expect(len(copies) == PEOPLE, f"{at} {how}: {len(copies)} mails for {PEOPLE} people")
    expect(how in (DROPS, *MAYBE) or max(copies) == 1, f"{at} {how}: a mail came twice")
    return {
        "slowest answer, ms": round(slowest * 1000),
        "mails": len(copies),
        "twice": sum(n > 1 for n in copies),
    }


MAYBE = (HANGS_UP, SILENT, CRAWLS)
"""After the end of a mail these leave open whether it was taken."""


def _as_later(site: Site) -> None:
    """As after the long wait that a refusal brings; what is in hand stays there."""
    with site.stored() as database, database.writing() as connection:
        late = outbox.c.due > int(time.time()) + LEASE
        connection.execute(sa.update(outbox).where(late).values(due=0))

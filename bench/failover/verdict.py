"""What has to hold afterwards. Each line is a count of what was looked at, or a list of what did not hold."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import sqlalchemy as sa

from bench.failover.asking import Call, Line, Told, words
from bench.failover.crowd import PEOPLE_FROM, Crowd
from bench.failover.mailbox import Mailbox
from sparekey.core.messages.armour import FileKind, unwrap
from sparekey.core.messages.link import read_link
from sparekey.core.messages.response import read_response
from sparekey.desk.config import DeskConfig
from sparekey.desk.log.tables import entries
from sparekey.desk.store.opening import connect

NONE = (
    "of all these not in the log",
    "entered twice",
    "sparekey log verify",
    "mails with a code missing",
    "codes mailed under two Message-IDs",
    "answered otherwise",
    "redeemed twice",
    "tracebacks in the desk's log",
    "faults of the load itself",
)
"""What must be none, or whole."""
PAGES = 500
"""Pressed squares that are pressed once more."""


def verdict(crowd: Crowd, config: DeskConfig, log_url: str) -> dict[str, Any]:
    """Everything."""
    logged, size = in_log(config)
    mailed = [read_link(path.rpartition("/")[2]).hash for path in crowd.mailed]
    files = [crowd.requests[case] for case in crowd.answers]
    issued = mailed + files
    twice = sum(count - 1 for count in logged.values())
    again, other = repeated(crowd.line)
    changed = [case for case, (call, told) in crowd.answers.items() if not same_file(crowd.line, call, told)]
    taken = Counter(len(one.taken) for one in crowd.redeemed)
    return {
        "acknowledged": len(crowd.line.acknowledged),
        "codes by mail, acknowledged": len(mailed),
        "files issued and fetched": len(files),
        "of all these not in the log": sum(logged[each] == 0 for each in issued),
        "entries of the log": size,
        "entered twice": twice,
        "sparekey log verify": verified(config, log_url),
        "mails with a code missing": lacking(crowd.mailbox, len(mailed)),
        "codes mailed under two Message-IDs": doubled(crowd.mailbox),
        "asked again": again,
        "answered otherwise": other + len(changed),
        "codes that two redeemed at once": len(crowd.redeemed),
        "redeemed twice": sum(count for times, count in taken.items() if times > 1),
        "answers by status": dict(sorted(crowd.line.statuses.items())),
    }


def in_log(config: DeskConfig) -> tuple[Counter[bytes], int]:
    """How often each request stands in the log, and how many entries there are."""
    database = connect(config)
    with database.reading() as connection:
        rows = connection.execute(sa.select(entries.c.request, entries.c.leaf)).all()
    database.close()
    return Counter(bytes(row.request) for row in rows if row.request is not None), len(rows)


def verified(config: DeskConfig, url: str) -> str:
    """What the log's reader says, which shares no code with the desk."""
    command = [sys.executable, "-m", "sparekey", "log", "verify", url]
    command += ["--trust", str(config.trust), "--root", str(config.root)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    return "whole" if done.returncode == 0 else (done.stdout + done.stderr)[-300:]


def lacking(mailbox: Mailbox, mailed: int) -> int:
    """Codes that were promised and never came: people have the numbers of their squares as addresses."""
    came = {one.recipient for one in list(mailbox.letters)}
    people = [address for address in came if int(address[1:].partition("@")[0]) >= PEOPLE_FROM]
    return max(0, mailed - len(people))


def doubled(mailbox: Mailbox) -> int:
    """Addresses and subjects to which more than one mail was written; one that came twice has one Message-ID."""
    ids = defaultdict[tuple[str, str], set[str]](set)
    for one in list(mailbox.letters):
        ids[one.recipient, one.subject].add(one.id)
    return sum(len(each) > 1 for each in ids.values())


def repeated(line: Line) -> tuple[int, int]:
    """Acknowledged calls once more, at either node: how many, and how many were answered otherwise. Of the pressed
    squares some, spread over the run.
    """
    calls: dict[Call, Told] = {one.again: one.told for one in line.acknowledged if one.again.method != "GET"}
    pages = [call for call in calls if call.page]
    left = set(pages) - set(pages[:: max(1, len(pages) // PAGES)])
    asked = [call for call in calls if call not in left]

    def same(place: int) -> bool:
        call = asked[place]
        now = line.insist(call, place, threading.Event())
        return now is not None and (now.status, said(call, now)) == (
            calls[call].status,
            said(call, calls[call]),
        )

    with ThreadPoolExecutor(8) as pool:
        told = list(pool.map(same, range(len(asked))))
    return len(told), told.count(False)


def same_file(line: Line, call: Call, told: Told) -> bool:
    """Whether both nodes give this answer: the same but for the proof, which grows with the log."""
    for node in range(len(line.nodes)):
        now = line.ask(call, node)
        if now is None or now.status != 200 or _decided(now) != _decided(told):
            return False
    return True


def said(call: Call, told: Told) -> str:
    """What counts of an answer."""
    return words(told.text) if call.page else told.text


def _decided(told: Told) -> object:
    value = told.value
    return {**value, "file": read_response(unwrap(FileKind.RESPONSE, value["file"])).answer}

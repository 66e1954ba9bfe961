"""What the time of an answer tells a stranger: a device that is known, has no address, was reported stolen, or does
not exist; a code that goes out, was just sent, or was asked for by nobody who ever enrolled.

Each kind is asked a thousand times, mixed at random, and each pair compared by the test of Mann and Whitney: p above
0.01 says that the two are not told apart.
"""

from __future__ import annotations

import asyncio
import math
import random
import re
import sqlite3
import statistics
import tempfile
import time
from itertools import combinations
from pathlib import Path
from urllib.parse import urlencode

from bench.load.client import Person
from bench.load.desks import Desk, serial
from bench.load.people import OUR_TOKEN, expect, found
from bench.load.servers import sink

TIMES = 1000
WARM = 50
FORM = re.compile(r'action="/help/codes"[^>]*>\s*<input[^>]* value="([0-9a-f]{64})"')
STANDINGS = ("enrolled with an address", "enrolled without one", "reported stolen", "unknown")


def measure() -> dict[str, object]:
    """P for each pair; the smallest of all; medians in milliseconds."""
    with sink() as mails, tempfile.TemporaryDirectory() as folder:
        desk = Desk(Path(folder) / "desk", mails)
        desk.enrol(TIMES * 3, TIMES * 3, addressed=TIMES)
        with sqlite3.connect(desk.config.database) as rows:
            stolen = [(serial(number), 0) for number in range(2 * TIMES, 3 * TIMES)]
            rows.executemany("INSERT INTO stolen (serial, at) VALUES (?, ?)", stolen)
        rows.close()
        with desk.running():
            squares = asyncio.run(_squares(desk, mails.ask))
            typed = asyncio.run(_typed(desk, mails.ask))
    told: dict[str, object] = {"asked, each": TIMES}
    smallest = 1.0
    for name, times in (("square", squares), ("typed", typed)):
        told[f"{name}: median ms"] = {
            kind: round(statistics.median(each) * 1000, 3) for kind, each in times.items()
        }
        for one, other in combinations(times, 2):
            p = apart(times[one], times[other])
            told[f"{name}: p of {one} / {other}"] = round(p, 4)
            smallest = min(smallest, p)
    told["smallest p"] = round(smallest, 4)
    told["target"] = "p > 0.01 for every pair"
    return told


async def _squares(desk: Desk, ask: int) -> dict[str, list[float]]:
    known = desk.paths(TIMES + WARM, TIMES * 3)
    strange = desk.paths(TIMES, TIMES * 3, first=10**6, tickets=False)
    person = Person(desk.port, ask)
    times: dict[str, list[float]] = {"goes out": [], "sent a moment ago": [], "nobody enrolled": []}

    async def press(path: str) -> float:
        token = found(OUR_TOKEN, expect(200, await person.send("GET", path)))
        began = time.perf_counter()
        expect(200, await person.send("POST", path, urlencode({"token": token})))
        return time.perf_counter() - began

    for path in known[TIMES:]:
        await press(path)
    dice = random.Random(1)
    for number in range(TIMES):
        turns = [("goes out", known[number]), ("nobody enrolled", strange[number])]
        turns.append(("sent a moment ago", known[TIMES + number % WARM]))
        dice.shuffle(turns)
        for kind, path in turns:
            times[kind].append(await press(path))
    person.close()
    return times


async def _typed(desk: Desk, ask: int) -> dict[str, list[float]]:
    person = Person(desk.port, ask)
    times: dict[str, list[float]] = {standing: [] for standing in STANDINGS}
    dice = random.Random(2)
    counts = sqlite3.connect(desk.config.database, isolation_level=None, timeout=30)
    for number in range(-WARM, TIMES):
        turns = list(enumerate(STANDINGS))
        dice.shuffle(turns)
        counts.execute("DELETE FROM case_counts")  # its budgets would end this after twenty
        for place, standing in turns:
            device = serial(place * TIMES + number % TIMES)
            spent = await _read_out(person, device, number % 10**4 * 10 + place)
            if number >= 0:
                times[standing].append(spent)
    counts.close()
    person.close()
    return times


async def _read_out(person: Person, device: str, number: int) -> float:
    page = expect(200, await person.send("GET", "/help/codes"))
    told = {
        "token": found(FORM, page),
        "serial": device,
        "started": "2026-09-21 10:00:00",
        "number": f"{number:08d}",
        "day": "2026-09-21",
        "route": "download",
    }
    began = time.perf_counter()
    expect(200, await person.send("POST", "/help/codes", urlencode(told)))
    return time.perf_counter() - began


def apart(one: list[float], other: list[float]) -> float:
    """The two-sided p of the Mann-Whitney U test, by its normal approximation (no ties: times are floats)."""
    ranked = sorted([(value, 0) for value in one] + [(value, 1) for value in other])
    ranks = sum(place for place, (_, side) in enumerate(ranked, 1) if side == 0)
    n, m = len(one), len(other)
    u = ranks - n * (n + 1) / 2
    z = (u - n * m / 2) / math.sqrt(n * m * (n + m + 1) / 12)
    return 2 * statistics.NormalDist().cdf(-abs(z))

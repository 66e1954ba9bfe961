"""What the time of an answer tells a stranger: a device with an address, without one, reported stolen, or unknown; a
square pressed a moment ago; a case, an account, or none.

At every door each kind is asked a thousand times (`BENCH_TIMES`), all of them mixed at random, and every pair of kinds
is compared by the test of Mann and Whitney. The law is p above 0.01. With so many pairs chance alone goes below that
now and then, so it is held against the smallest p times the number of pairs (Bonferroni). The same is done once more
with a desk whose answers leave when they are ready: there the differences must be found.
"""

from __future__ import annotations

import asyncio
import os
import random
import statistics
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from itertools import repeat
from pathlib import Path

import sqlalchemy as sa

from bench import _strangers as doors
from bench._ranks import pairs
from bench._strangers import DEVICES, NUMBERS, OWNERS, PRESSED, UNKNOWN, Sealer, Seen, Stranger
from bench.load.client import Person
from bench.load.desks import Desk, serial
from bench.load.servers import Sink, sink
from sparekey.core.crypto import derive, mac
from sparekey.desk.keyring import read_keys
from sparekey.desk.owners.tables import accounts
from sparekey.desk.registry.tables import stolen
from sparekey.desk.store.opening import open_database
from sparekey.desk.trust import load_trust
from tests.desk import cluster

TIMES = int(os.environ.get("BENCH_TIMES", "1000"))
CONTROL = max(TIMES // 2, 40)
"""How often without the beat, at the doors that are quickest to ask at."""
QUICK = ("square", "owner", "foreign")
LAW = 0.01
PEOPLE = 5
"""Strangers at once."""
AGAIN = 20
"""Squares and addresses that somebody asked for just before."""
TOO_OFTEN = 5
"""Codes to one address after which no more go out in this hour."""
DURABLE = ("fsync=on", "full_page_writes=on", "shared_buffers=256MB", "max_wal_size=4GB")


def measure() -> dict[str, object]:
    """Every door on every database, with the beat and without."""
    databases = ["sqlite", *(["postgresql"] if cluster.programs() is not None else [])]
    kept: dict[str, dict[str, dict[str, list[Seen]]]] = {}
    with sink() as mails:
        for database in databases:
            for name, beat, times in ((database, "beat", TIMES), (f"{database}, no beat", "none", CONTROL)):
                kept[name] = _asked(database, mails, beat, times)
    compared = sum(len(pairs(_times(kinds))) for name in databases for kinds in kept[name].values())
    told: dict[str, object] = {"asked, each": TIMES, "asked without the beat, each": CONTROL}
    told |= {"strangers at once": PEOPLE, "pairs of kinds": compared}
    found = {name: {door: _door(kinds) for door, kinds in of.items()} for name, of in kept.items()}
    smallest = {name: min(float(str(row["smallest p"])) for row in of.values()) for name, of in found.items()}
    least = min(smallest[name] for name in databases)
    told["smallest p of all pairs"] = least
    told["times the number of pairs"] = min(1.0, least * compared)
    told["law"] = f"above {LAW}, times the number of pairs"
    told["answers of all kinds are alike"] = all(
        row["alike"] == "yes" for name in databases for row in found[name].values()
    )
    unmet = [f"{name}: told apart" for name in databases if smallest[name] * compared <= LAW]
    unmet += [
        f"{name}: alike" for name in databases if any(r["alike"] != "yes" for r in found[name].values())
    ]
    unmet += [
        f"{name}, no beat: nothing found"
        for name in databases
        if smallest[f"{name}, no beat"] * compared > LAW
    ]
    return told | found | {"not met": unmet}


def _times(kinds: dict[str, list[Seen]]) -> dict[str, list[float]]:
    return {kind: [one.seconds for one in seen] for kind, seen in kinds.items()}


def _door(kinds: dict[str, list[Seen]]) -> dict[str, object]:
    most = pairs(_times(kinds))[0]
    spent = sorted(one.seconds * 1000 for seen in kinds.values() for one in seen)
    looks = {kind: Counter((one.status, one.length) for one in seen) for kind, seen in kinds.items()}
    alike = len({frozenset(look) for look in looks.values()}) == 1
    return {
        "kinds": len(kinds),
        "median ms": round(statistics.median(spent), 1),
        "99 % ms": round(spent[int(len(spent) * 0.99)], 1),
        "smallest p": float(f"{most.p:.2g}"),
        "of": f"{most.one} / {most.other}",
        "later": round(most.later, 3),
        "alike": "yes" if alike else str({kind: dict(look) for kind, look in looks.items()}),
    }


def _asked(database: str, mails: Sink, beat: str, times: int) -> dict[str, dict[str, list[Seen]]]:
    """By door and kind."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        desk = Desk(folder / "desk", mails, stack.enter_context(_database(database)))
        site = _Site(desk, times)
        desk.command = [sys.executable, "-m", "bench._timed_desk", beat, "--config", str(desk.file)]
        with desk.running():
            seen = asyncio.run(site.visited(mails.ask, QUICK if beat == "none" else ()))
    print(f"{database}, {beat}: {len(seen)} answers", flush=True)
    found: dict[str, dict[str, list[Seen]]] = defaultdict(lambda: defaultdict(list))
    for one in sorted(seen, key=lambda one: one.door):
        found[one.door][one.kind].append(one)
    return found


@contextmanager
def _database(name: str) -> Iterator[str]:
    if name == "sqlite":
        yield ""
        return
    programs = cluster.programs()
    if programs is None:
        raise RuntimeError("PostgreSQL is not here")
    server = cluster.Cluster(programs, *DURABLE)
    try:
        yield server.fresh()
    finally:
        server.close()


class _Site:
    """A desk with devices of every kind. Those of one kind have serial numbers in a row."""

    def __init__(self, desk: Desk, times: int) -> None:
        self._desk = desk
        self._times = times
        known = DEVICES.index(UNKNOWN)
        desk.enrol(known * times, known * times, addressed=DEVICES.index("without an address") * times)
        keyring = read_keys(desk.config.keys)
        trust = load_trust(desk.config.trust, desk.config.root)[0]
        self._sealer = Sealer(trust, keyring.ticket)
        marking = derive(keyring.ticket, "owner mark")
        first = DEVICES.index("reported stolen") * times
        database = open_database(desk.config)
        with database.writing() as connection:
            gone = [{"serial": serial(first + number), "at": 0} for number in range(times)]
            connection.execute(sa.insert(stolen), gone)
            owners = [
                {"id": f"{number:016x}", "mark": mac(marking, _owner(0, number).encode()), "made": 0}
                for number in range(times)
            ]
            connection.execute(sa.insert(accounts), owners)
        database.close()

    async def visited(self, ask: int, only: Sequence[str] = ()) -> list[Seen]:
        """What all strangers saw; `only`: of these visits. Some come before, so that there is something to come again
        to.
        """
        dice = random.Random(1)
        squares = [self._square(0, self._times + number) for number in range(AGAIN)]
        before: list[_Visit] = [("square", PRESSED, path) for path in squares]
        before += [("owner", OWNERS[1], _owner(1, number)) for number in range(AGAIN)] * TOO_OFTEN
        before += [("case", UNKNOWN, serial(10**8 + number)) for number in range(AGAIN)]
        _, opened = await self._all(before, ask)
        visits: list[_Visit] = []
        for number in range(self._times):
            for place, kind in enumerate(DEVICES):
                device = serial(place * self._times + number)
                visits.append(("case", kind, device))
                visits.append(("square", kind, self._square(place, number)))
                request = self._sealer.request(device, number, known=kind != UNKNOWN)
                visits.append(("request", kind, request))
            visits.append(("square", PRESSED, squares[number % AGAIN]))
            visits += [
                ("owner", kind, _owner(place, number % AGAIN if place == 1 else number))
                for place, kind in enumerate(OWNERS)
            ]
            visits.append(("foreign", NUMBERS[0], opened[number % len(opened)]))
            visits.append(("foreign", NUMBERS[1], f"9999-{number % len(opened):04d}"))
        visits = [visit for visit in visits if not only or visit[0] in only]
        dice.shuffle(visits)
        seen, _ = await self._all(visits, ask)
        return seen

    async def _all(self, visits: list[_Visit], ask: int) -> tuple[list[Seen], list[str]]:
        seen, opened = list[Seen](), list[str]()
        queue = iter(enumerate(visits))

        async def live() -> None:
            stranger = Stranger(Person(self._desk.port, ask), seen)
            for number, (what, kind, told) in queue:
                if what == "case":
                    opened.append(await doors.case(stranger, kind, told, f"{number:08d}"))
                elif what == "square":
                    await doors.square(stranger, kind, told)
                elif what == "request":
                    await doors.handed_in(stranger, kind, told)
                elif what == "owner":
                    await doors.signing_in(stranger, kind, told)
                else:
                    await doors.foreign(stranger, kind, told)
            stranger.person.close()

        await asyncio.gather(*(live() for _ in repeat(None, PEOPLE)))
        return seen, opened

    def _square(self, place: int, number: int) -> str:
        device, address = serial(place * self._times + number), f"s{place}{number:06d}@example.com"
        known = DEVICES[place] != UNKNOWN
        return self._sealer.square(device, place * 10**6 + number, address, known=known)


_Visit = tuple[str, str, str]
"""What a stranger does, the kind, and what about it."""


def _owner(place: int, number: int) -> str:
    return f"owner{place}{number:06d}@example.com"

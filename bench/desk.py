"""The desk beside other people's "forgot password": processor time, cycles per second and latency of a mailed code.

The same machine, the same database at the same durability, the same mail server, the same kind of browsers. The
others hash the new password, which at ours happens at the recorder; so they are measured as they are, and once more
with a hash that costs nothing. `BENCH_DEVICES` is the most enrolled devices that are tried (10,000,000).
"""

from __future__ import annotations

import math
import os
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.load import client, people
from bench.load.client import Cycle, Load
from bench.load.desks import Desk
from bench.load.servers import Sink, free_port, serving, sink, worked
from sparekey.core import crypto
from sparekey.host.clock import SystemClock
from tests.desk import cluster

PEER = Path(__file__).parents[1] / ".cache/peers/peer-desk/bin"
RUNS, PEOPLE = 3, 48
OURS, THEIRS, HASHED = 600, 60, 24
"""Cycles of one run: ours, theirs, and theirs that hash a password, which take a quarter of a second each or more."""
WARM, THEIR_WARM = 64, 16
"""Cycles before the first run."""
CPU, RATE = "cpu of theirs, times ours", "our cycles/s, times theirs"
LATE = "their p99, times ours"
HASHING, BARE, FASTER, FLAT = 20, 4, 10, 10
"""What it must reach: processor time of theirs as it is and without hashing, cycles a second, percent between sizes."""
OPENINGS = 4
"""Of something sealed, in a cycle: the request when it is shown, sent and mailed, and the device's enrolment."""
SIZES = (1_000, 10_000, 100_000, 1_000_000, 10_000_000)
PEERS: dict[str, Cycle] = {
    "Django": people.django,
    "allauth": people.allauth,
    "fastapi-users": people.fastapi_users,
}
DURABLE = ("fsync=on", "full_page_writes=on", "shared_buffers=256MB", "max_wal_size=4GB")


@dataclass(frozen=True)
class Figure:
    """Of several runs. Milliseconds of processor time for a cycle, server and database together; cycles per second;
    milliseconds that half and 99 % of the cycles took.
    """

    cpu: list[float]
    rate: list[float]
    p50: list[float]
    p99: list[float]

    @property
    def told(self) -> dict[str, object]:
        """Medians, and how far the runs lie apart."""
        named = {"cpu ms": self.cpu, "cycles/s": self.rate, "p50 ms": self.p50, "p99 ms": self.p99}
        return {
            name: {"median": round(statistics.median(each), 2), "runs": [round(one, 2) for one in each]}
            for name, each in named.items()
        }


def measure() -> dict[str, object]:
    """Every server on every database, then ours with more and more devices."""
    found: dict[str, object] = {"cores": os.cpu_count(), "people": PEOPLE, "runs": RUNS, **_limits()}
    with sink() as mails:
        for name in ("sqlite", "postgresql"):
            if name == "sqlite" or cluster.programs() is not None:
                found[name] = _beside(name, mails)
        most = int(os.environ.get("BENCH_DEVICES", SIZES[-1]))
        grown = {size: _grown(size, mails) for size in SIZES if size <= most}
    found["enrolled"] = {f"{size:,}": figure.told for size, figure in grown.items()}
    if len(grown) > 1:
        found["cpu of ten times as many devices, percent more"] = _slope(grown)
    found["targets"] = (
        f"cpu <= 1/{HASHING} of theirs as it is and 1/{BARE} without hashing, {FASTER} times their cycles/s as it is,"
        f" a lower p99, all sizes within {FLAT} %"
    )
    medians = [statistics.median(figure.cpu) for figure in grown.values()]
    far = [f"sizes are {max(medians) / min(medians) - 1:.0%} apart"] * (
        max(medians, default=1) > min(medians, default=1) * (1 + FLAT / 100)
    )
    found["not met"] = [*(one for name in ("sqlite", "postgresql") for one in _missed(name, found)), *far]
    return found


def _missed(name: str, found: dict[str, Any]) -> list[str]:
    """What the whole cycle with its page does not reach on this database."""
    missed = []
    for how, least in (("as it is", HASHING), ("without hashing", BARE)):
        row = found.get(name, {}).get(f"best of them, {how}, beside sparekey", {})
        if row and row[CPU] < least:
            missed.append(f"{name}, {how}: theirs takes {row[CPU]} times our processor time, not {least}")
        if row and how == "as it is" and row[RATE] < FASTER:
            missed.append(f"{name}, {how}: {row[RATE]} times their cycles a second, not {FASTER}")
        if row and row[LATE] < 1:
            missed.append(f"{name}, {how}: their p99 is {row[LATE]} of ours")
    return missed


def _limits() -> dict[str, object]:
    """What bounds any desk on this machine: opening what is sealed, and writing that survives a power cut."""
    private = bytes(range(32))
    sealed = crypto.seal(crypto.sealing_public(private), b"bench", bytes(200))
    begun = time.process_time()
    for _ in range(2000):
        crypto.unseal(private, b"bench", sealed)
    opening = (time.process_time() - begun) / 2000
    with tempfile.NamedTemporaryFile() as file:
        clock = SystemClock()
        begun = clock.monotonic()
        for _ in range(200):
            file.write(bytes(4096))
            file.flush()
            os.fsync(file.fileno())
        synced = (clock.monotonic() - begun) / 200
    return {
        "HPKE openings a second, one core": round(1 / opening),
        "cpu ms of a cycle that are openings": round(OPENINGS * opening * 1000, 2),
        "synced writes a second": round(1 / synced),
    }


def _slope(grown: Mapping[int, Figure]) -> float:
    """By least squares over the logarithm of their number, of the least."""
    sizes = [math.log10(size) for size in grown]
    medians = [statistics.median(figure.cpu) for figure in grown.values()]
    return round(statistics.linear_regression(sizes, medians).slope / medians[0] * 100, 1)


def _each(name: str, mails: Sink) -> Iterator[tuple[str, Figure]]:
    yield "sparekey", _ours(name, mails, people.ours)
    yield "sparekey, the button alone", _ours(name, mails, people.button)
    for who, cycle in PEERS.items() if PEER.exists() else ():
        yield f"{who}, as it is", _theirs(name, who, "argon2", cycle, mails)
        yield f"{who}, without hashing", _theirs(name, who, "none", cycle, mails)


def _beside(name: str, mails: Sink) -> dict[str, object]:
    told: dict[str, object] = {}
    figures: dict[str, Figure] = {}
    for label, figure in _each(name, mails):
        print(f"{name}: {label}: {statistics.median(figure.cpu):.2f} ms", flush=True)
        figures[label], told[label] = figure, figure.told
    for how in ("as it is", "without hashing"):
        best = [figure for label, figure in figures.items() if label.endswith(how)]
        if best:
            for label in ("sparekey", "sparekey, the button alone"):
                ours = figures[label]
                cpu = min(statistics.median(each.cpu) for each in best) / statistics.median(ours.cpu)
                rate = statistics.median(ours.rate) / max(statistics.median(each.rate) for each in best)
                late = min(statistics.median(each.p99) for each in best) / statistics.median(ours.p99)
                times = {CPU: round(cpu, 1), RATE: round(rate, 1), LATE: round(late, 1)}
                told[f"best of them, {how}, beside {label}"] = times
    return told


def _ours(name: str, mails: Sink, live: Callable[[list[str]], Cycle]) -> Figure:
    with _database(name) as (address, server), tempfile.TemporaryDirectory() as folder:
        desk = Desk(Path(folder) / "desk", mails, address)
        desk.enrol(1000, 1000)
        paths = desk.paths(OURS * RUNS + WARM, 1000)
        with desk.running() as process:
            return _runs(live(paths), desk.port, mails, OURS, (process, *server))


def _grown(size: int, mails: Sink) -> Figure:
    with tempfile.TemporaryDirectory() as folder:
        desk = Desk(Path(folder) / "desk", mails)
        desk.enrol(size, OURS * RUNS + WARM)
        paths = desk.paths(OURS * RUNS + WARM, size)
        with desk.running() as process:
            figure = _runs(people.ours(paths), desk.port, mails, OURS, (process,))
    print(f"{size:,} devices: {statistics.median(figure.cpu):.2f} ms", flush=True)
    return figure


def _theirs(name: str, who: str, hasher: str, cycle: Cycle, mails: Sink) -> Figure:
    with _database(name, peer=True) as (address, server):
        cycles = THEIRS if hasher == "none" else HASHED
        port, users = free_port(), cycles * RUNS + THEIR_WARM
        where = {"DATABASE": address, "SMTP": str(mails.mail), "HASHER": hasher, "USERS": str(users)}
        site = "fastapi_site" if who == "fastapi-users" else "django_site"
        made = [str(PEER / "python"), "-m", f"bench.load.{site}"]
        subprocess.run(made, check=True, capture_output=True, env={**os.environ, **where})
        if site == "django_site":
            command = [str(PEER / "gunicorn"), "-w", "2", "--threads", "4", "--keep-alive", "30"]
            command += [
                "-b",
                f"127.0.0.1:{port}",
                "--log-level",
                "error",
                "bench.load.django_site:application",
            ]
        else:
            command = [str(PEER / "uvicorn"), "--workers", "2", "--log-level", "error", "--no-access-log"]
            command += ["--port", str(port), "bench.load.fastapi_site:app"]
        with serving(command, port, where) as process:
            return _runs(cycle, port, mails, cycles, (process, *server), THEIR_WARM)


def _runs(
    cycle: Cycle, port: int, mails: Sink, cycles: int, processes: tuple[int, ...], warm: int = WARM
) -> Figure:
    client.run(cycle, port, mails.ask, cycles=warm, people=PEOPLE)
    figure = Figure([], [], [], [])
    for number in range(RUNS):
        before = worked(*processes)
        load: Load = client.run(
            cycle, port, mails.ask, cycles=cycles, people=PEOPLE, first=warm + number * cycles
        )
        figure.cpu.append((worked(*processes) - before) / cycles * 1000)
        figure.rate.append(cycles / load.seconds)
        figure.p50.append(load.at(0.5))
        figure.p99.append(load.at(0.99))
    return figure


@contextmanager
def _database(name: str, *, peer: bool = False) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Where the database is, for us or for the peers, and its server's process."""
    with ExitStack() as stack:
        if name == "sqlite":
            folder = stack.enter_context(tempfile.TemporaryDirectory())
            yield (f"sqlite:{folder}/peer.db" if peer else "", ())
            return
        programs = cluster.programs()
        if programs is None:
            raise RuntimeError("PostgreSQL is not here")
        server = cluster.Cluster(programs, *DURABLE)
        stack.callback(server.close)
        if peer:
            name = server.empty().partition("/desk@/")[2].partition("?")[0]
            yield f"postgres:{server.folder}/{name}", (server.process,)
        else:
            yield server.fresh(), (server.process,)

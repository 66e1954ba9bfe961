"""The recovery log: what an entry costs, a proof, and a reader from outside, with a thousand to ten million entries.

The log grows by the way that the desk takes, its sequencer, in a database of its own; between the sizes by 10,000 at
once. Beside it stands pymerkle, a Merkle tree in SQLite that signs nothing. `BENCH_LEAVES` is the most entries.
"""

from __future__ import annotations

import json
import math
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from itertools import count, islice
from pathlib import Path
from typing import Any

from sqlalchemy import event

from sparekey.core.crypto import sha256, signing_public
from sparekey.core.tlog.checkpoint import log_key
from sparekey.core.tlog.leaf import Issued, Leaf, LeafAction
from sparekey.core.tlog.tiles import new_bundles, new_tiles
from sparekey.core.tlog.witness import WitnessPolicy
from sparekey.core.values import MethodName
from sparekey.desk.log.ledger import Ledger
from sparekey.desk.log.sequencer import Sequencer
from sparekey.desk.log.verify import Memory, verify
from sparekey.desk.log.witness_http import post
from sparekey.desk.log.witnesses import Witnesses
from sparekey.desk.store.sqlite import open_sqlite

SIZES = (1_000, 10_000, 100_000, 1_000_000, 10_000_000)
MOST = int(os.environ.get("BENCH_LEAVES", str(SIZES[-1])))
PEERS_MOST = 1_000_000
STEP = 10_000
"""Entries at once while the log grows."""
RUNS = 5
ONE, TOGETHER, PROOFS, NEW = 20, 2, 20, 1_000
"""Of one run: entries one at a time, batches of 256, proofs; entries that a watcher has not seen."""
KEY = bytes(range(32))
ORIGIN = "desk.example.com/log"
_COMMAND = """
import sys, time
from pathlib import Path
from sparekey.__main__ import main
ended = main(sys.argv[1:])
status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
print(time.process_time(), status["VmHWM"].split()[0], file=sys.stderr)
sys.exit(ended)
"""
"""The command, which says at its end what it took: the rusage of a child counts its parent's memory too."""
SLOPE = "for ten times the entries, times"
PEER = Path(__file__).parents[1] / ".cache/peers/peer-log/bin/python"


def measure() -> dict[str, object]:
    """Rows by size."""
    sizes = [size for size in SIZES if size <= MOST]
    append, proofs, reading = dict[str, object](), dict[str, object](), dict[str, object]()
    with tempfile.TemporaryDirectory() as folder:
        log = _Log(Path(folder))
        for size in sizes:
            began, before = time.process_time(), log.size
            log.grow(size)
            grown = (time.process_time() - began) * 1e6 / (size - before)
            name = f"{size:,}"
            append[name] = {"us, grown to it": round(grown, 1), **log.appends()}
            proofs[name] = log.proofs()
            reading[name] = log.read()
            print(f"{name} entries: {append[name]} {proofs[name]} {reading[name]}", flush=True)
        bytes_each = log.file.stat().st_size / log.size
    told: dict[str, object] = {
        "cores": os.cpu_count(),
        "bytes of the database for an entry": round(bytes_each),
    }
    told |= {
        "append": append,
        "proofs": proofs,
        "from outside": reading,
        SLOPE: slopes(append, proofs, reading),
    }
    if PEER.exists():
        told["pymerkle"] = _peer([size for size in sizes if size <= PEERS_MOST])
    return told


def slopes(*groups: Mapping[str, Any]) -> dict[str, float]:
    """What ten times the entries make of each processor time, from the smallest log to the largest."""
    told = dict[str, float]()
    for rows in groups:
        sizes = list(rows)
        tens = math.log10(int(sizes[-1].replace(",", "")) / int(sizes[0].replace(",", "")))
        for name in (name for name in rows[sizes[0]] if name.startswith("us")):
            first, last = (_middle(rows[size][name]) for size in (sizes[0], sizes[-1]))
            told[name] = round((last / first) ** (1 / tens), 2) if tens else 1.0
    return told


def _middle(figure: Any) -> float:
    return float(figure["median"] if isinstance(figure, dict) else figure)


class _Log:
    """A desk's log, alone in a database."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "log.sqlite"
        self._folder = folder
        self._copy = folder / "copy"
        self._served = 0
        self._dice = random.Random(1)
        self._fresh = _leaves()
        self._database = open_sqlite(self.file)
        self._ledger = Ledger(self._database, ORIGIN, [KEY])
        self._ledger.begin()
        witnesses = Witnesses(self._ledger, WitnessPolicy(), {}, post)
        self._sequencer = Sequencer(self._ledger, self._database, witnesses)
        self._loose = open_sqlite(self.file)
        self._loose.engine.dispose()
        event.listen(self._loose.engine, "connect", _unsynced)
        self._loosely = Sequencer(Ledger(self._loose, ORIGIN, [KEY]), self._loose, witnesses)

    @property
    def size(self) -> int:
        """Entries."""
        return self._ledger.head().frontier.size

    def grow(self, size: int) -> None:
        """Up to so many."""
        while (missing := size - self.size) > 0:
            self._sequencer.enter_all(list(islice(self._fresh, min(STEP, missing))))

    def appends(self) -> dict[str, object]:
        """Of several runs each."""
        told: dict[str, object] = {}
        for how, sequencer in (("", self._sequencer), (", not synced", self._loosely)):
            for name, batch, batches in (("one", 1, ONE), ("256", 256, TOGETHER)):
                runs = [self._spent(sequencer, batch, batches) for _ in range(RUNS)]
                if not how:
                    told[f"us, {name} at once"] = _figure([spent for spent, _ in runs])
                told[f"a second, {name} at once{how}"] = _figure([rate for _, rate in runs], 0)
        return told

    def _spent(self, sequencer: Sequencer, batch: int, batches: int) -> tuple[float, float]:
        """Microseconds of processor time for an entry, and entries in a second."""
        waiting = [list(islice(self._fresh, batch)) for _ in range(batches)]
        began, worked = time.perf_counter(), time.process_time()
        for entries in waiting:
            sequencer.enter_all(entries)
        worked, spent = time.process_time() - worked, time.perf_counter() - began
        return worked * 1e6 / (batch * batches), batch * batches / spent

    def proofs(self) -> dict[str, object]:
        """What stands in a response file: of an entry, and that the log only grew since a device saw it."""
        runs, sizes, end = list[float](), list[int](), self.size

        def prove() -> None:
            for _ in range(PROOFS):
                entry, seen = self._dice.randrange(end), self._dice.randrange(1, end)
                sizes.append(len(self._sequencer.proof(entry, seen)))

        runs += [_micros(prove) / PROOFS for _ in range(RUNS)]
        return {"us, both": _figure(runs), "bytes": round(statistics.median(sizes))}

    def read(self) -> dict[str, object]:
        """By the commands from outside, and as the desk itself does at its start."""
        seen, known = self._folder / "seen", ["--key", log_key(ORIGIN, signing_public(KEY)).text]
        self._publish()
        size = self.size
        verified, most = _ran("verify", str(self._copy), *known)
        seen.write_bytes(self._ledger.head().note)
        started = _micros(lambda: verify(self._ledger, Memory(self._folder / "memory")))
        self.grow(size + NEW)
        self._publish()
        watched, _ = _ran("watch", str(self._copy), *known, "--once", "--memory", str(seen))
        return {
            "us an entry, verify": round(verified * 1e6 / size, 1),
            "MiB, verify": round(most),
            f"ms, watch, {NEW:,} new": round(watched * 1000),
            "us an entry, desk's start": round(started / size, 1),
        }

    def _publish(self) -> None:
        """What the desk serves, as files."""
        size = self.size
        for bundle in new_bundles(self._served, size):
            self._put(bundle.path, self._ledger.bundle(bundle))
        for tile in new_tiles(self._served, size):
            self._put(tile.path, self._ledger.tile(tile))
        (self._copy / "checkpoint").write_bytes(self._ledger.head().note)
        self._served = size

    def _put(self, path: str, data: bytes | None) -> None:
        place = self._copy / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data or b"")


def _figure(runs: list[float], digits: int = 1) -> dict[str, object]:
    return {"median": round(statistics.median(runs), digits), "runs": [round(one, digits) for one in runs]}


def _micros(work: Callable[[], object]) -> float:
    """Microseconds on a processor."""
    began = time.process_time()
    work()
    return (time.process_time() - began) * 1e6


def _ran(*arguments: str) -> tuple[float, float]:
    """`sparekey log`: seconds on a processor, its start included, and the most memory, in MiB."""
    command = [sys.executable, "-c", _COMMAND, "log", *arguments]
    said = subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    spent, most = said.stderr.split()
    return float(spent), int(most) / 1024


def _peer(sizes: list[int]) -> dict[str, object]:
    with tempfile.TemporaryDirectory() as folder:
        command = [
            str(PEER),
            str(Path(__file__).with_name("_peer_log.py")),
            f"{folder}/tree",
            *map(str, sizes),
        ]
        said = subprocess.run(command, check=True, capture_output=True, text=True)
    told = json.loads(said.stdout)
    names = {
        "one at a time": "us, one",
        "256 at once": "us, 256",
        "root": "us, root",
        "proof": "us, both proofs",
    }
    return {
        f"{size:,}": {say: round(told[str(size)][name], 1) for name, say in names.items()} for size in sizes
    }


def _unsynced(connection: Any, _record: object) -> None:
    connection.execute("PRAGMA synchronous=OFF")


def _leaves() -> Iterator[tuple[str, Leaf]]:
    for number in count():
        request = sha256(number.to_bytes(8, "big"))
        leaf = Issued(
            1_790_000_000 + number,
            1,
            MethodName.MAIL_CODE,
            LeafAction.NEW_PASSWORD,
            request,
            sha256(request)[:16],
        )
        yield f"mail {number}", leaf

"""Searches, each a process of its own: ours, and other people's, with the words that they take by themselves.

`python -m bench._searches` prints what one search of ours found, how long it took, and what it cost.
"""

from __future__ import annotations

import asyncio
import json
import resource
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from bench import _network
from sparekey.finder.roster import Roster
from sparekey.host.clock import SystemClock
from sparekey.host.entropy import SystemEntropy
from sparekey.lan.discovery import wsdiscovery as wsd
from sparekey.lan.discovery.questions import QUESTIONS
from sparekey.lan.discovery.search import Search
from sparekey.lan.interfaces import interfaces

PEERS = Path(__file__).parents[1] / ".cache" / "peers"
WINDOW = max(question.window for question in QUESTIONS)
"""Seconds that the slowest protocol of a whole search gives its devices for answering."""

_PYTHON = """
import json, time
from wsdiscovery.discovery import ThreadedWSDiscovery
begun = time.monotonic()
search = ThreadedWSDiscovery()
search.start()
found = {service.getEPR() for service in search.searchServices()}
spent = time.monotonic() - begun
print(json.dumps({"found": len(found), "seconds": round(spent, 2)}), flush=True)
import os; os._exit(0)
"""
_NODE = """
const onvif = require("onvif"), begun = Date.now();
onvif.Discovery.on("error", () => {});
onvif.Discovery.probe({resolve: false}, (error, found) => {
  console.log(JSON.stringify({found: (found || []).length, seconds: (Date.now() - begun) / 1000}));
  process.exit(0);
});
"""
_PLAIN = ("setpriv", "--bounding-set=-net_admin", "--inh-caps=-all")
"""As somebody who may not have larger buffers than the system gives everybody."""


@dataclass(frozen=True)
class Searcher:
    """`needs`: the file without which it cannot run here."""

    name: str
    command: tuple[str, ...]
    needs: Path | None = None

    def run(self) -> dict[str, object] | str:
        """What one search found, or why not."""
        if self.needs is not None and not self.needs.exists():
            return "not installed here"
        environment = _network.environment() | {"NODE_PATH": str(PEERS / "node" / "node_modules")}
        if self.needs is not None:
            del environment["PYTHONPATH"]
        done = subprocess.run(
            self.command, capture_output=True, text=True, check=False, env=environment, timeout=120
        )
        if done.returncode:
            return f"broke: {done.stderr[-200:]}"
        told: dict[str, object] = json.loads(done.stdout)
        return told


_OURS = (sys.executable, "-m", "bench._searches")
OURS = Searcher("sparekey, every protocol", (*_PLAIN, *_OURS))
ALL = (
    OURS,
    Searcher("sparekey, ONVIF alone", (*_PLAIN, *_OURS, "onvif")),
    Searcher("sparekey, as root", _OURS),
    Searcher(
        "WSDiscovery",
        (str(PEERS / "peer-discovery" / "bin" / "python"), "-c", _PYTHON),
        PEERS / "peer-discovery" / "locked",
    ),
    Searcher("npm onvif", ("node", "-e", _NODE), PEERS / "node" / "locked"),
)


def main() -> None:
    """One search."""
    chosen = [
        question for question in QUESTIONS if sys.argv[1:] != ["onvif"] or question.read is wsd.read_answer
    ]
    clock, roster = SystemClock(), Roster()
    begun = clock.monotonic()
    here = [interface for interface in interfaces() if interface.name == _network.HERE]
    search = Search(SystemEntropy(), lambda found: roster.add(found, begun))
    tally = asyncio.run(search.run(here, chosen))
    spent = clock.monotonic() - begun
    found = len({listed.found.ident for listed in roster.devices})
    used = resource.getrusage(resource.RUSAGE_SELF)
    told = {
        "found": found,
        "seconds": round(spent, 2),
        "x window": round(spent / max(question.window for question in chosen), 2),
        "CPU seconds": round(used.ru_utime + used.ru_stime, 2),
        "peak MiB": round(used.ru_maxrss / 1024, 1),
        "datagrams": tally.heard,
    }
    print(json.dumps(told))


if __name__ == "__main__":
    main()

"""A desk that stays up: the leader of its database is killed again and again under load (docs/guide/ha.md).

Two nodes of the desk, three PostgreSQL under Patroni, three etcd and two haproxy on loopback addresses, with the files
of the guide. People ask for codes, programs open cases and redeem codes, somebody approves; whoever gets no answer asks
the other node. `BENCH_ROUNDS` is how often all that can die is killed (1), `BENCH_DEATHS` how much of it.
"""

from __future__ import annotations

import os
import shutil
import signal
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from itertools import pairwise
from pathlib import Path

from bench.failover import verdict
from bench.failover.asking import Line
from bench.failover.crowd import Crowd, office_at
from bench.failover.machines import Machines, missing, program, until
from bench.failover.mailbox import Mailbox
from bench.failover.nodes import Nodes
from bench.failover.probe import Probe
from bench.failover.recipe import DATABASES, Recipe
from sparekey.desk.api.scopes import Scope
from sparekey.desk.api.tokens import Tokens
from sparekey.desk.store.opening import connect
from sparekey.host.clock import SystemClock
from sparekey.host.entropy import SystemEntropy

DEVICES, TOKENS = 2000, 12
TTL, MARGIN = 30, 5
"""Seconds, as in the guide."""
SLACK = 5.0
"""Seconds by which the desk may come back later than its database."""
QUIET = 6.0
"""Seconds of load before somebody dies, and until who died is started again."""


def measure() -> dict[str, object]:
    """Set up, kill, look."""
    lacking = missing()
    if lacking:
        raise SystemExit(
            f"not here: {', '.join(lacking)}. Mend it with: sudo apt install {' '.join(lacking)}"
        )
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="sparekey-ha-")))
        folder.chmod(0o755)
        dice = SystemEntropy().bytes(34)
        net = f"127.{dice[0] or 1}.{dice[1]}"
        recipe = Recipe(folder, net, (dice[2:18].hex(), dice[18:].hex()))
        try:
            return Site(recipe, stack).run()
        except BaseException:
            kept = Path(tempfile.mkdtemp(prefix="sparekey-ha-kept-"))
            logs = shutil.ignore_patterns("postgresql", "etcd", "authority", "*.key", ".s.*", "keys")
            shutil.copytree(folder, kept, dirs_exist_ok=True, ignore=logs)
            print(f"what was there is kept in {kept}", flush=True)
            raise


class Site:
    """All of it, running."""

    def __init__(self, recipe: Recipe, stack: ExitStack) -> None:
        self.machines = Machines(recipe)
        stack.callback(self.machines.close)
        self.machines.start()
        print("the cluster runs", flush=True)
        password = SystemEntropy().bytes(16).hex()
        for command in recipe.database():
            self.machines.on_leader(*command.split())
        self.machines.on_leader("psql", "-q", typed=f"ALTER ROLE desk PASSWORD '{password}';\n")
        mailbox = Mailbox()
        stack.callback(mailbox.close)
        self.nodes = Nodes(recipe, mailbox.port, password)
        stack.callback(self.nodes.close)
        self.nodes.start()
        print("both nodes are ready", flush=True)
        config = self.nodes.config
        self.nodes.desk.enrol(DEVICES, DEVICES, DEVICES)
        self.probe = Probe(config.database, password)
        line = Line(self.nodes.addresses, config.public_host)
        stack.enter_context(_front(recipe, config.public_host, self.nodes.addresses))
        self.crowd = Crowd(
            line=line,
            desk=self.nodes.desk,
            mailbox=mailbox,
            office=office_at(self.nodes.desk, config.url),
            tokens=self._tokens(),
        )
        self._deaths: dict[str, dict[str, float]] = {}

    def run(self) -> dict[str, object]:
        """The whole run."""
        self.probe.start()
        self.crowd.start()
        began = time.perf_counter()
        try:
            for turn in range(int(os.environ.get("BENCH_ROUNDS", "1"))):
                for name, die in self._schedule()[: int(os.environ.get("BENCH_DEATHS", "10"))]:
                    self._death(f"{turn + 1}.{len(self._deaths) + 1} {name}", die)
            time.sleep(QUIET)
        finally:
            self.crowd.close()
            self.probe.close()
        seconds = round(time.perf_counter() - began)
        mails = len(self.crowd.mailed)
        until(lambda: verdict.lacking(self.crowd.mailbox, mails) == 0, "all mails", 200)
        config = self.nodes.config
        found = verdict.verdict(self.crowd, config, f"{config.url}/log")
        found["tracebacks in the desk's log"] = self.nodes.logs().count("Traceback")
        found["faults of the load itself"] = "; ".join(self.crowd.faults) or 0
        return {
            "cores": os.cpu_count(),
            "ttl, loop_wait, retry_timeout": "30, 10, 10",
            "seconds": seconds,
            "kills": len(self._deaths),
            **found,
            "outages, s": self._deaths | {"leader's machine, median": self._medians()},
            "not met": [
                *(f"{name}: {found[name]}" for name in verdict.NONE if found[name] not in (0, "whole")),
                *(f"{name}: {told}" for name, told in self._deaths.items() if _is_longer(told)),
            ],
        }

    def _schedule(self) -> Sequence[tuple[str, Callable[[], Callable[[], None]]]]:
        return [
            ("leader's machine, disk and all", lambda: self._machine("leader", burns=True)),
            ("leader's Patroni hangs, its watchdog resets the machine", self._frozen),
            ("leader's machine and one desk node", lambda: self._machine("leader", node="desk1")),
            ("leader's PostgreSQL alone", self._postgres),
            (
                "leader's machine, disk and all, and the other desk node",
                lambda: self._machine("leader", burns=True, node="desk2"),
            ),
            ("machine of the synchronous standby", lambda: self._machine("sync_standby")),
            ("leader's machine", lambda: self._machine("leader")),
            ("one desk node", self._node),
            ("switchover by patronictl", self._switchover),
            ("all of etcd, for longer than ttl", self._etcd),
        ]

    def _death(self, name: str, die: Callable[[], Callable[[], None]]) -> None:
        until(self.machines.is_whole, "a whole cluster")
        time.sleep(QUIET)
        at = time.perf_counter()
        mend = die()
        until(lambda: self._answered(time.perf_counter()), "answers")
        time.sleep(QUIET)
        mend()
        asked = [(one.began, one.ended) for one in list(self.crowd.line.acknowledged)]
        told = {"desk": _gap(asked, at), "bare INSERT": _gap(list(self.probe.worked), at)}
        self._deaths[name] = told
        print(f"{name}: {told}", flush=True)

    def _answered(self, since: float) -> bool:
        """Whether both are answered again, within three seconds."""
        end = since + 3
        while time.perf_counter() < end:
            asked = [one.began for one in list(self.crowd.line.acknowledged)]
            if max(asked) > since and max(began for began, _ in list(self.probe.worked)) > since:
                return True
            time.sleep(0.1)
        return False

    def _machine(self, role: str, *, burns: bool = False, node: str = "") -> Callable[[], None]:
        name = until(lambda: self.machines.named(role), role)
        mend = self._dead(name)
        if node:
            self.nodes.kill(node)
        if burns:
            self.machines.burn(name)
        return mend

    def _dead(self, name: str) -> Callable[[], None]:
        """Everything on a machine; what brings it back."""
        self.machines.kill(name, "patroni")
        self.machines.kill(name, "etcd")

        def mend() -> None:
            self.machines.run(name, "etcd")
            self.machines.run(name, "patroni")

        return mend

    def _postgres(self) -> Callable[[], None]:
        self.machines.kill_postgres(until(self.machines.leader, "a leader"))
        return lambda: None

    def _frozen(self) -> Callable[[], None]:
        """Patroni hangs, so nobody feeds the watchdog: that resets the machine five seconds before its lead ends."""
        name = until(self.machines.leader, "a leader")
        self.machines.signal(name, "patroni", signal.SIGSTOP)
        time.sleep(TTL - MARGIN)
        return self._dead(name)

    def _etcd(self) -> Callable[[], None]:
        for name in DATABASES:
            self.machines.kill(name, "etcd")
        time.sleep(45)

        def mend() -> None:
            for name in DATABASES:
                self.machines.run(name, "etcd")

        return mend

    def _node(self) -> Callable[[], None]:
        self.nodes.kill("desk1")
        return lambda: None

    def _switchover(self) -> Callable[[], None]:
        self.machines.patronictl("switchover", "--force", "desk")
        return lambda: None

    def _medians(self) -> dict[str, float]:
        """Of the deaths of a leader's whole machine."""
        died = [
            each
            for name, each in self._deaths.items()
            if name.split(" ", 1)[1].startswith("leader's machine")
        ]
        return {
            kind: statistics.median(float(str(each[kind])) for each in died)
            for kind in ("desk", "bare INSERT")
        }

    def _tokens(self) -> list[str]:
        database = connect(self.nodes.config)
        tokens = Tokens(database, SystemClock(), SystemEntropy())
        made = [tokens.make(f"program {number}", list(Scope), 2).secret for number in range(TOKENS)]
        database.close()
        return made


def _is_longer(told: dict[str, float]) -> bool:
    """Whether the desk was away for longer than its database."""
    return told["desk"] > told["bare INSERT"] + SLACK


def _gap(answered: Sequence[tuple[float, float]], at: float) -> float:
    """The longest time without an answer to what was asked after this moment."""
    ends = sorted(ended for began, ended in answered if began > at)
    return round(max(later - before for before, later in pairwise([at, *ends])), 1)


@contextmanager
def _front(recipe: Recipe, public: str, nodes: Sequence[tuple[str, int]]) -> Iterator[None]:
    """What stands before the nodes, for browsers: plain, because all of it is this machine."""
    lines = [
        "defaults",
        "  mode http",
        "  timeout connect 2s",
        "  timeout client 60s",
        "  timeout server 60s",
        "  retries 3",
        "  option redispatch",
        "listen front",
        f"  bind 127.0.0.1:{public.rpartition(':')[2]}",
        *(f"  server node{place} {host}:{port} check" for place, (host, port) in enumerate(nodes)),
    ]
    file = recipe.folder / "front.cfg"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    quiet = subprocess.DEVNULL
    with subprocess.Popen(
        [program("haproxy"), "-db", "-f", str(file)], stdout=quiet, stderr=quiet
    ) as process:
        try:
            yield
        finally:
            process.terminate()

"""The database's machines and the proxies as processes, each in a session of its own, so that all of one is killed."""

from __future__ import annotations

import json
import os
import pwd
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from http.client import HTTPException, HTTPSConnection
from pathlib import Path
from typing import Any, TypeVar

from bench.failover.recipe import DATABASES, DESKS, PORTS, Recipe
from sparekey.host import tls

T = TypeVar("T")
PROGRAMS = ("etcd", "patroni", "haproxy", "openssl")
LONG = 240
"""Seconds in which a machine has to be well again."""


def missing() -> list[str]:
    """Programs that are not here."""
    wanted = [name for name in PROGRAMS if not program(name)]
    return wanted if Path("/usr/lib/postgresql/15/bin/postgres").exists() else [*wanted, "postgresql-15"]


class Machines:
    """db1 to db3, and the haproxy of desk1 and desk2."""

    def __init__(self, recipe: Recipe) -> None:
        self.recipe = recipe
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        user = pwd.getpwnam("postgres")
        self._as: list[str] = []
        if os.geteuid() == 0:
            self._as = ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--init-groups"]
        for name in (*DATABASES, *DESKS):
            recipe.home(name).mkdir(mode=0o700)
        made = recipe.home("db1") / "authority"
        made.mkdir()
        subprocess.run(["sh", "-euc", recipe.certificates()], cwd=made, check=True, capture_output=True)
        for name in (*DATABASES, *DESKS):
            self._furnish(name, made)
        self._everything_to(user)

    def start(self) -> None:
        """All of it, in the guide's order."""
        for name in DATABASES:
            self.run(name, "etcd")
        for name in DATABASES:
            self.run(name, "patroni")
            until(self.leader, "a leader")
        for name in DESKS:
            self.run(name, "haproxy")
        until(self.is_whole, "a leader with two followers")

    def close(self) -> None:
        """End everything."""
        for name in list(self._running):
            machine, _, what = name.partition("/")
            self.kill(machine, what)

    # Processes

    def run(self, machine: str, what: str) -> None:
        """Start one program of a machine."""
        home = self.recipe.home(machine)
        flags = {"etcd": ["--config-file"], "patroni": [], "haproxy": ["-db", "-f"]}[what]
        file = {"etcd": "etcd.yml", "patroni": "config.yml", "haproxy": "haproxy.cfg"}[what]
        command = [*self._as, program(what), *flags, str(home / file)]
        with (home / f"{what}.log").open("ab") as log:
            self._running[f"{machine}/{what}"] = subprocess.Popen(
                command,
                cwd=home,
                env={**os.environ, "HOME": str(home)},
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def kill(self, machine: str, what: str, signum: int = signal.SIGKILL) -> None:
        """End one program, at once unless another signal says otherwise. With Patroni its PostgreSQL."""
        process = self._running.pop(f"{machine}/{what}", None)
        if process is None:
            return
        if what == "patroni":
            self.kill_postgres(machine)
        process.send_signal(signum)
        process.wait(60)
        if what == "patroni":
            self.kill_postgres(machine)

    def signal(self, machine: str, what: str, signum: int) -> None:
        """To one program alone."""
        self._running[f"{machine}/{what}"].send_signal(signum)

    def kill_postgres(self, machine: str) -> None:
        """PostgreSQL alone, all processes of it."""
        file = self.recipe.home(machine) / "postgresql/postmaster.pid"
        try:
            first = int(file.read_text().split()[0])
        except (FileNotFoundError, IndexError):
            return
        for number in [first, *_children(first)]:
            try:
                if b"postgres" in Path(f"/proc/{number}/cmdline").read_bytes():
                    os.kill(number, signal.SIGKILL)
            except (FileNotFoundError, ProcessLookupError):
                continue

    def burn(self, machine: str) -> None:
        """The disk of a machine is gone; call it when the machine is dead."""
        shutil.rmtree(self.recipe.home(machine) / "postgresql", ignore_errors=True)

    # What they say

    def cluster(self) -> list[dict[str, Any]]:
        """The members, as Patroni tells them; empty while nobody does."""
        for machine in DATABASES:
            context = tls.caller(self.recipe.home(machine) / "ca.pem")
            door = HTTPSConnection(self.recipe.address(machine), PORTS["patroni"], timeout=5, context=context)
            try:
                door.request("GET", "/cluster")
                found: list[dict[str, Any]] = json.loads(door.getresponse().read())["members"]
            except (OSError, HTTPException, ValueError, KeyError):
                continue
            else:
                return found
            finally:
                door.close()
        return []

    def named(self, role: str) -> str | None:
        """Who is it."""
        return next((str(one["name"]) for one in self.cluster() if one["role"] == role), None)

    def leader(self) -> str | None:
        """Who leads and runs."""
        for one in self.cluster():
            if one["role"] == "leader" and one["state"] == "running":
                return str(one["name"])
        return None

    def is_whole(self) -> bool:
        """A leader, and two that follow it closely, one of them synchronously."""
        told = self.cluster()
        well = [one for one in told if one["state"] in ("running", "streaming")]
        roles = sorted(str(one["role"]) for one in well)
        close = all(one.get("lag", 0) == 0 for one in well if one["role"] != "leader")
        return roles == ["leader", "replica", "sync_standby"] and close

    def patronictl(self, *command: str) -> str:
        """As an administrator types it on db1."""
        called = [*self._as, "patronictl", "-c", str(self.recipe.home("db1") / "config.yml"), *command]
        done = subprocess.run(called, capture_output=True, text=True, check=False, timeout=120)
        if done.returncode:
            raise RuntimeError(done.stdout + done.stderr)
        return done.stdout

    def on_leader(self, *command: str, typed: str = "") -> str:
        """A program of PostgreSQL on the leader, over its socket."""
        leader = until(self.leader, "a leader")
        place = ["-h", str(self.recipe.home(leader)), *command[1:]]
        called = [*self._as, f"/usr/lib/postgresql/15/bin/{command[0]}", *place]
        return subprocess.run(
            called, input=typed, capture_output=True, text=True, check=True, timeout=120
        ).stdout

    def _furnish(self, name: str, made: Path) -> None:
        home = self.recipe.home(name)
        shutil.copy(made / "ca.pem", home / "ca.pem")
        if name in DESKS:
            (home / "haproxy.cfg").write_text(self.recipe.haproxy(name), encoding="utf-8")
            return
        for kind in ("pem", "key"):
            shutil.copy(made / f"{name}.{kind}", home / f"db.{kind}")
        (home / "etcd.yml").write_text(self.recipe.etcd(name), encoding="utf-8")
        (home / "config.yml").write_text(self.recipe.patroni(name), encoding="utf-8")

    def _everything_to(self, user: pwd.struct_passwd) -> None:
        if self._as:
            for path in (self.recipe.folder, *self.recipe.folder.rglob("*")):
                os.chown(path, user.pw_uid, user.pw_gid)


def until(look: Callable[[], T | None], what: str, seconds: float = LONG) -> T:
    """What `look` finds, as soon as it finds something."""
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        found = look()
        if found:
            return found
        time.sleep(0.3)
    raise RuntimeError(f"not in {seconds} s: {what}")


def program(name: str) -> str:
    """Where a program is; empty where it is not."""
    return shutil.which(name) or shutil.which(name, path="/usr/sbin:/usr/bin") or ""


def _children(first: int) -> Sequence[int]:
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except (FileNotFoundError, ProcessLookupError):
                continue
            if parent == first:
                found.append(int(entry.name))
    return found

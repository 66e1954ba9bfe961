"""Two nodes of the desk, run as systemd runs them: whoever ends is started again after two seconds."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import threading
from pathlib import Path

from bench.failover.machines import until
from bench.failover.recipe import DESKS, PORTS, Recipe
from bench.load.desks import Desk
from bench.load.servers import Sink
from sparekey.desk.config import DeskConfig, load

AGAIN = 2.0
"""Seconds, as in packaging/sparekey-desk.service."""


class Nodes:
    """Both of them. `desk`: its keys and its devices. `config`: of the first one."""

    def __init__(self, recipe: Recipe, mail: int, password: str) -> None:
        self._recipe = recipe
        self.desk = Desk(recipe.home("desk1") / "desk", Sink(mail, 0))
        text = re.sub(r"(?m)^#? ?database = .*\n", "", self.desk.file.read_text("utf-8"))
        text = (
            text.replace("\n[limits]\n", "\n[limits]\nresend_after = 86400\n")
            + "\n[api]\non = true\nper_hour = 1000000\n"
        )
        listen = re.compile(r'(?m)^listen = ".*"$')
        for name in DESKS:
            folder = recipe.home(name) / "desk"
            if name != DESKS[0]:
                shutil.copytree(self.desk.file.parent, folder)
            here = listen.sub(f'listen = "{recipe.address(name)}:{PORTS["desk"]}"', text)
            (folder / "desk.toml").write_text(recipe.desk(name) + here, encoding="utf-8")
            secret = folder / "database-password"
            secret.touch(0o600)
            secret.write_text(password, encoding="utf-8")
        self.config: DeskConfig = load(self.desk.file)
        self.desk.config = self.config
        self._stopping = threading.Event()
        self._processes: dict[str, subprocess.Popen[str]] = {}
        self._keepers = [threading.Thread(target=self._keep, args=(name,)) for name in DESKS]

    @property
    def addresses(self) -> list[tuple[str, int]]:
        """Where they listen."""
        return [(self._recipe.address(name), PORTS["desk"]) for name in DESKS]

    def start(self) -> None:
        """Both, until both are ready."""
        for keeper in self._keepers:
            keeper.start()
        until(lambda: all("ready at" in self._log(name, "out") for name in DESKS), "both nodes are ready")

    def kill(self, name: str) -> None:
        """At once; it is started again."""
        self._processes[name].send_signal(signal.SIGKILL)

    def close(self) -> None:
        """End both as systemd does."""
        self._stopping.set()
        for process in self._processes.values():
            process.terminate()
        for keeper in self._keepers:
            if keeper.ident is not None:
                keeper.join(60)

    def logs(self) -> str:
        """What both wrote."""
        return self._log(DESKS[0], "err") + self._log(DESKS[1], "err")

    def _keep(self, name: str) -> None:
        folder = self._recipe.home(name)
        command = [
            sys.executable,
            "-m",
            "sparekey",
            "desk",
            "run",
            "--config",
            str(folder / "desk/desk.toml"),
        ]
        while not self._stopping.is_set():
            with (folder / "desk.out").open("a") as out, (folder / "desk.err").open("a") as err:
                self._processes[name] = subprocess.Popen(
                    command, stdout=out, stderr=err, env=dict(os.environ), text=True
                )
                self._processes[name].wait()
            self._stopping.wait(AGAIN)

    def _log(self, name: str, kind: str) -> str:
        file = Path(self._recipe.home(name) / f"desk.{kind}")
        return file.read_text("utf-8") if file.exists() else ""

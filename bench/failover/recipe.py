"""The files of docs/guide/ha.md as they stand there, with the addresses and folders of one run.

An address of the guide, 192.0.2.N, is 127.a.b.N here: every machine has an own loopback address, so the ports stay
as they are. Whoever calls is 127.0.0.1 there, so the certificates and pg_hba name that too. What lies in /etc and /var
lies in a folder for each machine. The watchdog of a machine would reset this one: the bench plays it instead.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

GUIDE = Path(__file__).parents[2] / "docs/guide/ha.md"
DATABASES = ("db1", "db2", "db3")
DESKS = ("desk1", "desk2")
PORTS = {"etcd": 2379, "postgres": 5432, "patroni": 8008, "haproxy": 5000, "desk": 8600}
PASSWORDS = ("the first password", "the second password")


@dataclass(frozen=True)
class Recipe:
    """One run. `folder`: where everything lies. `net`: the first three numbers of its addresses."""

    folder: Path
    net: str
    passwords: tuple[str, str]

    def address(self, machine: str) -> str:
        """Its address: db1 is .21, desk1 is .11."""
        return f"{self.net}.{(20 if machine.startswith('db') else 10) + int(machine[-1])}"

    def home(self, machine: str) -> Path:
        """Where a machine has its files."""
        return self.folder / machine

    def certificates(self) -> str:
        """The shell lines that make them."""
        return self._here(_block("## 1.", "sh"), "db1")

    def etcd(self, machine: str) -> str:
        """etcd.yml of this machine."""
        own = self._own(_block("## 2.", "yaml"), machine, ("listen-", "initial-advertise-", "advertise-"))
        return self._here(own, machine)

    def patroni(self, machine: str) -> str:
        """config.yml of this machine."""
        own = self._own(_block("## 3.", "yaml"), machine, ("  listen:", "  connect_address:"))
        for written, secret in zip(PASSWORDS, self.passwords, strict=True):
            own = own.replace(written, secret)
        return self._here(own, machine)

    def database(self) -> list[str]:
        """The shell lines that make the desk's user and database, without `runuser` and the prompt."""
        lines = re.findall(r"^runuser -u postgres -- (create.*)$", _section("## 3."), re.MULTILINE)
        return [str(line) for line in lines]

    def haproxy(self, machine: str) -> str:
        """haproxy.cfg of this machine."""
        return self._here(_block("## 4.", ""), machine)

    def desk(self, machine: str) -> str:
        """The lines of desk.toml."""
        return self._here(_block("## 5.", "toml"), machine)

    def _own(self, text: str, machine: str, starts: tuple[str, ...]) -> str:
        """The guide's file is that of db1: its name, and its own address where a line says so."""
        lines = []
        for line in text.replace("name: db1", f"name: {machine}").splitlines():
            own = line.startswith(starts)
            lines.append(line.replace("192.0.2.21", f"192.0.2.2{machine[-1]}") if own else line)
        return "\n".join(lines) + "\n"

    def _here(self, text: str, machine: str) -> str:
        home = self.home(machine)
        text = text.replace("127.0.0.1", self.address(machine)).replace("192.0.2.0/24", "127.0.0.0/8")
        text = text.replace("IP:192.0.2.2$n", "IP:192.0.2.2$n,IP:127.0.0.1").replace(
            "192.0.2.", f"{self.net}."
        )
        text = re.sub(r"/var/run/postgresql|/var/lib/postgresql(?=/patroni)", str(home), text)
        text = re.sub(r"/var/lib/(?:postgresql/15|etcd)/desk", f"{home}/data-\\g<0>", text)
        text = re.sub(r"data-/var/lib/(\w+)\S*", r"\1", text)
        text = text.replace("mode: required", "mode: 'off'")
        return text.replace("/etc/desk-db", str(home))


def _section(heading: str) -> str:
    found = re.search(
        rf"^{re.escape(heading)}.*?(?=^## |\Z)", GUIDE.read_text("utf-8"), re.MULTILINE | re.DOTALL
    )
    if found is None:
        raise RuntimeError(f"the guide has no {heading}")
    return found[0]


def _block(heading: str, kind: str) -> str:
    """The first block of its kind under a heading."""
    found = re.search(rf"^```{kind}\n(.*?)^```$", _section(heading), re.MULTILINE | re.DOTALL)
    if found is None:
        raise RuntimeError(f"the guide has no {kind} under {heading}")
    return found[1]

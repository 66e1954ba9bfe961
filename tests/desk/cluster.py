"""A PostgreSQL server of our own: a socket in a temporary folder, no network, gone when the tests end."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from itertools import count
from pathlib import Path

import psycopg

from sparekey.desk.store.postgres import open_postgres

FAST = (
    "fsync=off",
    "full_page_writes=off",
    "synchronous_commit=on",
    "max_connections=200",
    "shared_buffers=16MB",
)
TEMPLATE = "desk_template"
PROGRAMS = ("initdb", "postgres")


def programs() -> dict[str, str] | None:
    """Where the server's programs are, the newest first, or None where there are none."""
    folders = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: folder.parent.name, reverse=True
    )
    places = os.pathsep.join([*map(str, folders), os.environ.get("PATH", "")])
    found = {name: shutil.which(name, path=places) for name in PROGRAMS}
    return {name: path for name, path in found.items() if path} if all(found.values()) else None


class Cluster:
    """The server. It refuses to run as root, so it runs as somebody who may do nothing."""

    def __init__(self, found: dict[str, str], *settings: str) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="sparekey-pg-"))
        self._found = found
        self._settings = (*FAST, "listen_addresses=", f"unix_socket_directories={self.folder}", *settings)
        self._as = []
        if os.geteuid() == 0:
            user = _unprivileged()
            os.chown(self.folder, user.pw_uid, user.pw_gid)
            self._as = ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]
        self._names = count()
        self._log = (self.folder / "log").open("wb")
        data = str(self.folder / "data")
        made = ["-D", data, "-U", "desk", "--auth=trust", "--no-sync", "--encoding=UTF8", "--locale=C"]
        self._call(found["initdb"], *made)
        self._server: subprocess.Popen[bytes]
        self.start()
        self._admin(f"CREATE DATABASE {TEMPLATE}")
        open_postgres(self.address(TEMPLATE)).close()

    def start(self) -> None:
        """Start the server, and wait until it answers."""
        called = [*self._as, self._found["postgres"], "-D", str(self.folder / "data")]
        for setting in self._settings:
            called += ["-c", setting]
        self._server = subprocess.Popen(called, cwd=self.folder, stdout=self._log, stderr=self._log)
        while True:
            try:
                self._admin("SELECT 1")
            except psycopg.OperationalError:
                if self._server.poll() is not None:
                    raise
                time.sleep(0.02)
            else:
                return

    def stop(self, signal: int = 3) -> None:
        """Stop the server at once (SIGQUIT), as when its power goes."""
        self._server.send_signal(signal)
        self._server.wait(60)

    def close(self) -> None:
        """Stop, and leave nothing behind."""
        self.stop()
        self._log.close()
        shutil.rmtree(self.folder)

    @property
    def process(self) -> int:
        """The number of the server's first process."""
        return self._server.pid

    def address(self, database: str) -> str:
        """How a desk is told to connect."""
        return f"postgresql://desk@/{database}?host={self.folder}"

    def wants_standby(self, name: str) -> None:
        """From now on a commit waits for a standby of this name; for none where it is empty."""
        self._admin(f"ALTER SYSTEM SET synchronous_standby_names = '{name}'")
        self._admin("SELECT pg_reload_conf()")
        with psycopg.connect(self.address("postgres"), autocommit=True) as connection:
            while connection.execute("SHOW synchronous_standby_names").fetchone() != (name,):
                time.sleep(0.01)

    def end_waiting(self, how: str) -> None:
        """`pg_cancel_backend` or `pg_terminate_backend` for one commit that waits for the standby, once it does."""
        found = f"SELECT {how}(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep' LIMIT 1"
        with psycopg.connect(self.address("postgres"), autocommit=True) as connection:
            while connection.execute(found.encode()).fetchone() is None:
                time.sleep(0.01)

    def hang_up(self, address: str) -> None:
        """End all connections to a database."""
        self._admin(
            f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{_name(address)}'"
        )

    def configure(self, address: str, setting: str) -> None:
        """For connections to one database from now on."""
        self._admin(f"ALTER DATABASE {_name(address)} SET {setting}")

    def fresh(self) -> str:
        """The address of a new database whose tables are up to date."""
        name = f"desk_{next(self._names)}"
        self._admin(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
        return self.address(name)

    def empty(self) -> str:
        """The address of a new database without any table."""
        name = f"desk_{next(self._names)}"
        self._admin(f"CREATE DATABASE {name}")
        return self.address(name)

    def _admin(self, statement: str) -> None:
        with psycopg.connect(self.address("postgres"), autocommit=True) as connection:
            connection.execute(statement.encode())

    def _call(self, *called: str) -> None:
        subprocess.run([*self._as, *called], cwd=self.folder, check=True, stdout=self._log, stderr=self._log)


def to_server(path: Path) -> None:
    """Give a file to whom the server runs as, and to nobody else."""
    path.chmod(0o600)
    if os.geteuid() == 0:
        user = _unprivileged()
        os.chown(path, user.pw_uid, user.pw_gid)


def _name(address: str) -> str:
    return address.partition("@/")[2].partition("?")[0]


def _unprivileged() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam("postgres")
    except KeyError:
        return pwd.getpwnam("nobody")

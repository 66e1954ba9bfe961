"""Patroni's own outage: a bare INSERT through the desk's haproxy, by a program that shares nothing with the desk."""

from __future__ import annotations

import threading
import time

import psycopg

WAIT = 3000
"""Milliseconds that one INSERT may take: a commit that is cancelled then is no success."""


class Probe:
    """Inserts four times a second, each time over a new connection."""

    def __init__(self, address: str, password: str) -> None:
        self._address, self._password = address, password
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="probe")
        self.worked: list[tuple[float, float]] = []

    def start(self) -> None:
        """Make its table, and begin."""
        self._insert("CREATE TABLE IF NOT EXISTS bare_probe (at double precision)")
        self._thread.start()

    def close(self) -> None:
        """End, and take the table away."""
        self._stop.set()
        self._thread.join(60)
        self._insert("DROP TABLE bare_probe")

    def _run(self) -> None:
        while not self._stop.wait(0.25):
            began = time.perf_counter()
            try:
                self._insert("INSERT INTO bare_probe VALUES (extract(epoch FROM now()))")
            except psycopg.Error:
                continue
            self.worked.append((began, time.perf_counter()))

    def _insert(self, statement: str) -> None:
        warned: list[str] = []
        options = f"-c statement_timeout={WAIT}"
        with psycopg.connect(
            self._address, password=self._password, autocommit=True, connect_timeout=3, options=options
        ) as connection:
            connection.add_notice_handler(lambda notice: warned.append(str(notice.message_primary)))
            connection.execute(statement.encode())
        if warned and "exists" not in warned[0]:
            raise psycopg.OperationalError(warned[0])

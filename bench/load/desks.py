"""Our desk in a folder, on SQLite or PostgreSQL, with any number of enrolled devices."""

from __future__ import annotations

import json
import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import sqlalchemy as sa

from bench.load.people import address
from bench.load.servers import Sink, free_port
from sparekey.core import crypto, mailing
from sparekey.core.codes import code_from_bits
from sparekey.core.messages.enrol import EnrolBody
from sparekey.core.messages.link import link
from sparekey.core.messages.request import Header, Kind, MailBody, Request, seal_body, seal_mail
from sparekey.core.messages.support import SupportBody
from sparekey.core.messages.trust import Purpose
from sparekey.core.values import Identity
from sparekey.desk.config import load
from sparekey.desk.keyring import read_keys
from sparekey.desk.registry.tables import enrolled
from sparekey.desk.store.opening import open_database
from sparekey.desk.trust import load_trust

BLOB = 400
"""Bytes of a sealed enrolment in these rows."""


class Desk:
    """One desk. `database`: what stands in its settings, empty for SQLite in its folder."""

    def __init__(self, folder: Path, sink: Sink, database: str = "") -> None:
        self.port = free_port()
        self.file = folder / "desk.toml"
        where = ["--url", f"http://localhost:{self.port}", "--listen", f"127.0.0.1:{self.port}"]
        init = [sys.executable, "-m", "sparekey", "desk", "init", "--name", "Example", "--dir", str(folder)]
        subprocess.run([*init, *where], check=True, capture_output=True)
        text = self.file.read_text(encoding="utf-8")
        if database:
            text = re.sub(r"(?m)^#? ?database = .*\n", "", text)
            text = f"database = {json.dumps(database)}\n{text}"
        mail = f'\n[smtp]\nhost = "127.0.0.1"\nport = {sink.mail}\nstarttls = false\n'
        self.file.write_text(
            text + mail + f"\n[limits]\nticketed_hour = {10**8}\nticketless_hour = {10**8}\n",
            encoding="utf-8",
        )
        self.config = load(self.file)
        self.command = [sys.executable, "-m", "sparekey", "desk", "run", "--config", str(self.file)]
        self._trust = load_trust(self.config.trust, self.config.root)[0]
        self._keyring = read_keys(self.config.keys)

    @contextmanager
    def running(self) -> Iterator[int]:
        """The process, once it is ready."""
        with subprocess.Popen(
            self.command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        ) as process:
            try:
                if process.stdout is None or "ready" not in process.stdout.readline():
                    raise RuntimeError("the desk does not start")
                yield process.pid
            finally:
                process.terminate()
                process.wait(30)

    def paths(self, count: int, serials: int, first: int = 0, *, tickets: bool = True) -> list[str]:
        """Squares of enrolled devices, spread evenly over all of them, each with an owner of its own. Without
        `tickets` they are of devices that nobody knows.
        """
        return [self._path(first + number, number * serials // count, tickets) for number in range(count)]

    def support(self, device: int, made: int) -> Request:
        """What an enrolled device seals for people. `made`: Unix seconds by its clock."""
        public = self._trust.sealing_key(Purpose.SUPPORT)
        header = replace(self._header(Kind.SUPPORT, device, public, device), valid=14 * 86400, made=made)
        ticket = mailing.ticket(self._keyring.ticket, serial(device))
        return seal_body(header, SupportBody(crypto.sha256(b"%d" % device), None, ticket), public)

    def enrol(self, count: int, asking: int, addressed: int = 0) -> None:
        """Rows as enrolment leaves them, made by the database itself. What is sealed in them is real for those that
        will ask, spread evenly over all, and anything for the others. The first `addressed` of those have an address.
        """
        database = open_database(self.config)
        made = {"count": count, "size": BLOB}
        if database.engine.dialect.name == "sqlite":
            database.close()
            _fill(self.config.database, made)
            database = open_database(self.config)
        with database.writing() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(sa.delete(enrolled))
                connection.execute(sa.text(_POSTGRESQL), made)
            row = sa.update(enrolled).where(enrolled.c.serial == sa.bindparam("device"))
            real = [self._enrolment(number * count // asking, number < addressed) for number in range(asking)]
            connection.execute(row.values(request=sa.bindparam("sealed")), real)
        database.close()

    def _enrolment(self, device: int, addressed: bool) -> dict[str, object]:
        public = self._trust.sealing_key(Purpose.ENROL)
        addresses = (address(device),) if addressed else ()
        body = EnrolBody(bytes(32), device.to_bytes(16, "big"), 1, 1, "en", addresses, addressed)
        request = seal_body(self._header(Kind.ENROL, device, public, 0), body, public)
        return {"device": serial(device), "sealed": request.encoded}

    def _path(self, number: int, device: int, known: bool) -> str:
        public = self._trust.sealing_key(Purpose.MAIL)
        ticket = mailing.ticket(self._keyring.ticket, serial(device)) if known else None
        body = MailBody(code_from_bits(number + 1), (address(number),), "en", "admin", ticket=ticket)
        request = seal_mail(self._header(Kind.MAIL, device, public, number), body, public)
        return "/R/" + link(self._trust.prefix, request).rpartition("/")[2]

    def _header(self, kind: Kind, device: int, public: bytes, number: int) -> Header:
        return Header(
            kind=kind,
            desk=self._trust.desk,
            key=crypto.key_id(public),
            identity=Identity(serial(device), "PX-3216", "1.0.0"),
            number=f"{number:08d}",
            tls=bytes(32),
            valid=86400,
        )


def serial(device: int) -> str:
    """Of an invented device."""
    return f"PX-{device:09d}"


def _fill(file: str, made: dict[str, int]) -> None:
    """Without a journal: of ten millions it would be as large as they are."""
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        for pragma in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-200000"):
            connection.execute(f"PRAGMA {pragma}")
        connection.execute("DELETE FROM enrolled")
        connection.execute(_SQLITE, made)


_SQLITE = """
    WITH RECURSIVE devices(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM devices WHERE n + 1 < :count)
    INSERT INTO enrolled (serial, request, request_hash, sealed_to, epoch, source, confirmed, released, at)
    SELECT printf('PX-%09d', n), randomblob(:size), randomblob(32), x'0011223344556677', 1, 'factory', 1, 0, 0
    FROM devices"""
_POSTGRESQL = r"""
    INSERT INTO enrolled (serial, request, request_hash, sealed_to, epoch, source, confirmed, released, at)
    SELECT 'PX-' || lpad(n\:\:text, 9, '0'), decode(repeat(md5(n\:\:text), :size / 16), 'hex'),
           decode(md5(n\:\:text), 'hex'), decode('0011223344556677', 'hex'), 1, 'factory', true, false, 0
    FROM generate_series(0, :count - 1) AS n"""

"""The database in PostgreSQL: any number of processes on any number of machines.

The address is the one that PostgreSQL's own programs take, so several hosts, sockets and TLS are written as its
manual says ("Connection Strings"). Its password comes from a file of its own, or from what those programs know
(peer, ~/.pgpass), never from the address: that one may be seen.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any, ClassVar

import psycopg
from psycopg.conninfo import conninfo_to_dict
from psycopg.pq import Conninfo
from sqlalchemy import create_engine, event, text
from sqlalchemy.exc import DBAPIError, DisconnectionError

from sparekey.core.errors import InputError, UnavailableError
from sparekey.desk.store.connection import Connection
from sparekey.desk.store.database import PATIENCE, Database
from sparekey.desk.store.schema import bring_up_to_date

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import sqlalchemy
    from sqlalchemy import Engine
    from sqlalchemy.engine import ExceptionContext

POOL = 20
"""Connections of one process, at most."""

_ONE_BY_ONE = 0x7370_6172_656B  # the number of our advisory lock: "sparek"
_TURN = text(f"SELECT pg_advisory_xact_lock({_ONE_BY_ONE})")
_HERE = text("SELECT 1")
_PATIENT = text("SET LOCAL lock_timeout = 0")
_NAME_LIMIT = 40
_REASONS = (
    ("password authentication failed", "it does not take this password; see database_password_file"),
    ("no password supplied", "it asks for a password; name its file as database_password_file"),
    ("no pg_hba.conf entry", "its pg_hba.conf has no line that lets this user in from this machine"),
    ("authentication failed", "it does not take this user; see its pg_hba.conf"),
    ('role "" does not exist', "it has no such user; make it with createuser"),
    ('database "" does not exist', "it has no such database; make it with createdb"),
    ("certificate", "its certificate is not one that this machine trusts; see sslrootcert in the guide"),
    ("does not support SSL", "it speaks no TLS; switch ssl on there"),
    ("starting up", "it is starting; try again in a minute"),
    ("shutting down", "it is being stopped"),
    ("too many clients", "it has no connection left; raise max_connections there"),
    ("remaining connection slots", "it has no connection left; raise max_connections there"),
    ("read-only", "it is a standby; see target_session_attrs in the guide"),
    ("translate host name", "there is no machine of this name"),
    ("Name or service not known", "there is no machine of this name"),
    ("resolve host", "there is no machine of this name"),
    ("refused", "nothing listens there; is PostgreSQL running?"),
    ("No such file", "there is no such socket; is PostgreSQL running?"),
    ("wait timeout", "it waits for a standby that does not follow; see docs/guide/ha.md"),
    ("perhaps not on the standby", "its wait for a standby was cancelled"),
    ("timeout", "the machine does not answer; is something in between?"),
    ("No route", "the machine cannot be reached"),
)
"""What PostgreSQL and its library say when they let nobody in -> what to do. The first that fits."""
_OVER = ("25006", "25P03", "57P01", "57P02", "57P03")
"""SQLSTATE of what ends a connection: its server is a standby now, or it is being stopped."""


def open_postgres(address: str, password: str | None = None) -> Database:
    """Connect, and bring the tables up to date first. Raises InputError (`config`), UnavailableError."""
    engine = postgres_engine(address, password)
    bring_up_to_date(engine, "the PostgreSQL database", _PATIENT, _TURN)
    return PostgresDatabase(engine)


class PostgresDatabase(Database):
    """Transactions that must run alone take turns by an advisory lock, so none of them ever has to be repeated."""

    LOOKING: ClassVar = {"isolation_level": "AUTOCOMMIT"}

    @contextmanager
    def _begun(self, alone: bool) -> Iterator[sqlalchemy.Connection]:
        """The first statement finds out whether the connection still lives: a restart of the server ends them all."""
        for another in (True, False):
            with self.engine.connect() as connection:
                transaction = connection.begin()
                try:
                    connection.execute(_TURN if alone else _HERE)
                except DBAPIError as error:
                    if another and error.connection_invalidated:
                        continue
                    raise
                with transaction:
                    yield connection
                return


def postgres_engine(address: str, password: str | None = None) -> Engine:
    """Connections to the server. Raises InputError (`config`) for an address that is none, or not a safe one."""
    parameters = read_address(address)
    if password is not None:
        parameters["password"] = password

    def connect() -> Connection:
        try:
            return Connection.open(**parameters)
        except psycopg.Error as error:
            raise UnavailableError("store", _why(str(error))) from None

    engine = create_engine(
        "postgresql+psycopg://",
        creator=connect,
        pool_size=POOL,
        max_overflow=0,
        pool_timeout=PATIENCE,
        hide_parameters=True,
    )
    event.listen(engine, "checkout", _check)
    event.listen(engine, "handle_error", _look)
    return engine


def read_address(address: str) -> dict[str, Any]:
    """The parameters of a connection. Raises InputError (`config`).

    Over a network the server has to prove who it is, unless the address itself says `sslmode=require`.
    """
    try:
        parameters: dict[str, Any] = dict(conninfo_to_dict(address))
    except (psycopg.Error, UnicodeError):
        raise InputError("config", _what_is_wrong(address)) from None
    if parameters.get("password") is not None or parameters.get("sslpassword") is not None:
        raise InputError(
            "config", "the password of the database goes into a file: see database_password_file"
        )
    if not _is_here(parameters):
        mode = parameters.setdefault("sslmode", "verify-full")
        if mode not in ("require", "verify-ca", "verify-full"):
            raise InputError("config", f"database: sslmode={mode} lets others read along; leave it out")
        if mode == "verify-full":
            parameters.setdefault("sslrootcert", "system")
    usual = {
        "application_name": "sparekey desk",
        "connect_timeout": "5",
        "target_session_attrs": "read-write",
        "tcp_user_timeout": f"{PATIENCE}000",
        "keepalives_idle": "5",
        "keepalives_interval": "2",
        "keepalives_count": "3",
    }
    return usual | parameters


def _what_is_wrong(address: str) -> str:
    """In words that repeat nothing of the address but the name of a setting: a password may stand in it."""
    place, _, settings = address.partition("?")
    looks = "database looks like postgresql://desk@db.example.com/desk"
    if re.search(r"%(?![0-9a-fA-F]{2})", address):
        return f"{looks}; a percent sign in it is written %25"
    known = {default.keyword.decode() for default in Conninfo.get_defaults()}
    for name in (setting.partition("=")[0] for setting in settings.split("&") if settings):
        if name not in known and name.isidentifier() and len(name) <= _NAME_LIMIT:
            return f"{looks}; PostgreSQL knows no setting {name!r}"
    if not place.partition(":")[2].startswith("//"):
        return f"{looks}, with two slashes"
    return f"{looks}; this one cannot be read"


def _why(told: str) -> str:
    """What to mend when PostgreSQL lets us not in, by what it said: without names and addresses."""
    bare = re.sub(r'"[^"]*"', '""', told)
    for needle, words in _REASONS:
        if needle in bare:
            return f"the database does not answer: {words}"
    return "the database does not answer (OperationalError); PostgreSQL's own log says why"


def _is_here(parameters: Mapping[str, Any]) -> bool:
    """Whether every host is a socket of this machine or its loopback. Where `hostaddr` is its loopback and `host` is
    not, something in between leads on to that host.
    """
    named = [parameters.get(name) for name in ("host", "hostaddr")]
    return all(_is_own(host) for hosts in named if hosts for host in str(hosts).split(","))


def _is_own(host: str) -> bool:
    if host.startswith(("/", "@")) or host in ("", "localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _check(connection: Any, _record: object, _proxy: object) -> None:
    """Before a connection of the pool is used: costs one call of the system, and nothing of the server."""
    if connection.is_spoken_to():
        raise DisconnectionError("the server, or what is in front of it, hung up")


def _look(context: ExceptionContext) -> None:
    """After an error: some end the connection, and all others that were made before."""
    if getattr(context.original_exception, "sqlstate", None) in _OVER:
        context.is_disconnect = True

"""The desk's settings: `desk.toml`, read once at start."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sparekey import profiles
from sparekey.core.errors import InputError
from sparekey.core.mailing import MailLimits
from sparekey.core.messages.link import check_prefix
from sparekey.core.messages.trust import NAME_LIMIT
from sparekey.core.values import mail_address
from sparekey.desk.api.limits import ApiConfig
from sparekey.desk.orders.shop import ShopConfig, check_shop
from sparekey.desk.proxies import networks
from sparekey.desk.registry.rules import RegistryRules
from sparekey.desk.staff.company import CompanyConfig, check_company
from sparekey.desk.staff.limits import SessionLimits
from sparekey.desk.store.opening import POSTGRES, check_address
from sparekey.desklink.address import is_loopback
from sparekey.host import config

_PORTS = {"http": 80, "https": 443}
_URL = re.compile(r"(?P<scheme>https?)://(?P<host>[a-z0-9.-]+)(?::(?P<port>[0-9]{1,5}))?")


@dataclass(frozen=True)
class SmtpConfig:
    """How mail leaves.

    `sender`: the address in From; else `desk@` the desk's own host. `starttls`: off only for a mail server
    on this very machine. `user` and `password_file` go together. `ca_file`: trusted instead of the system's
    authorities. `timeout`: seconds for each step of the conversation.
    """

    host: str
    port: int
    sender: str = ""
    starttls: bool = True
    user: str = ""
    password_file: Path | None = None
    ca_file: Path | None = None
    timeout: int = 20


@dataclass(frozen=True)
class WitnessConfig:
    """Where a witness of the recovery log is. `name`: that of its key in the trust file. `url`: what its
    `add-checkpoint` stands below.
    """

    name: str
    url: str


@dataclass(frozen=True)
class DeskConfig:
    """Everything that `sparekey desk run` needs to know. Paths are absolute once read.

    `url`: the public address, `https://desk.example.com`. `listen`: where the process itself answers, which
    differs behind a proxy. `database`: the path of an SQLite file, or the address of a PostgreSQL database.
    `timezone`: the one that times in mails are told in, such as `Europe/Prague`. `log_memory`: where this node
    keeps the newest checkpoint of the recovery log that it saw. `policy`: the evidence policy, instead of the one that
    ships. `profiles`: those of the devices that ask here. `trusted_proxies`: whose word about who asks is believed.
    `metrics`: where a monitor reads, empty for nowhere. `company`: the company's own sign-in, where it opens sessions.
    `api`: the interface for other programs.
    """

    name: str
    url: str
    smtp: SmtpConfig = field(default_factory=lambda: SmtpConfig("localhost", 25, starttls=False))
    listen: str = "127.0.0.1:8600"
    database: str = "desk.sqlite"
    database_password_file: Path | None = None
    keys: Path = Path("keys")
    trust: Path = Path("trust.sparekey-trust")
    root: Path = Path("maker-root.pub")
    timezone: str = "UTC"
    tls_certificate: Path | None = None
    tls_key: Path | None = None
    limits: MailLimits = field(default_factory=MailLimits)
    registry: RegistryRules = field(default_factory=RegistryRules)
    sessions: SessionLimits = field(default_factory=SessionLimits)
    company: CompanyConfig | None = None
    trusted_proxies: tuple[str, ...] = ()
    metrics: str = ""
    api: ApiConfig = field(default_factory=ApiConfig)
    policy: Path | None = None
    profiles: tuple[str, ...] = field(default_factory=lambda: tuple(profiles.names()))
    witnesses: tuple[WitnessConfig, ...] = ()
    shop: ShopConfig | None = None
    log_memory: Path = Path("log-checkpoint")

    @property
    def prefix(self) -> str:
        """What stands before every request in a QR code: `HTTPS://DESK.EXAMPLE.COM/R/`."""
        return url_prefix(self.url)

    @property
    def scheme(self) -> str:
        """`https`, or `http` on this machine."""
        return urlsplit(self.url).scheme

    @property
    def public_host(self) -> str:
        """Host and port by which browsers know us."""
        parts = urlsplit(self.url)
        return f"{parts.hostname}:{parts.port or _PORTS[parts.scheme]}"

    @property
    def listening(self) -> tuple[str, int]:
        """Host and port where the process answers."""
        return host_and_port(self.listen)

    @property
    def zone(self) -> tzinfo:
        """The time zone of the mails."""
        return _zone(self.timezone)


def load(path: Path) -> DeskConfig:
    """Read and check the file. Raises UnavailableError or InputError (`config`) that says what to change."""
    read = config.load(path, DeskConfig)
    folder = path.resolve().parent
    url = check_url(read.url)
    smtp = replace(
        read.smtp,
        sender=read.smtp.sender or _sender(url),
        password_file=_beside(folder, read.smtp.password_file),
        ca_file=_beside(folder, read.smtp.ca_file),
    )
    made = replace(
        read,
        url=url,
        smtp=smtp,
        database=_database(folder, read.database),
        database_password_file=_beside(folder, read.database_password_file),
        keys=folder / read.keys,
        policy=_beside(folder, read.policy),
        trust=folder / read.trust,
        root=folder / read.root,
        log_memory=folder / read.log_memory,
        tls_certificate=_beside(folder, read.tls_certificate),
        tls_key=_beside(folder, read.tls_key),
        company=read.company
        and replace(
            read.company,
            client_secret_file=_beside(folder, read.company.client_secret_file),
            ca_file=_beside(folder, read.company.ca_file),
        ),
    )
    _check(made, str(path))
    return made


def check_name(name: str) -> str:
    """The desk's name as people read it. Raises InputError (`config`)."""
    if not 0 < len(name.encode()) <= NAME_LIMIT or not name.isprintable():
        raise InputError("config", f"a desk's name has 1 to {NAME_LIMIT} bytes of plain text")
    return name


def check_url(url: str) -> str:
    """The public address without a slash at its end. Raises InputError (`config`).

    Plain http only on this machine: what is typed and shown there must not be read or changed on the way.
    """
    trimmed = url.strip().rstrip("/").lower()
    matched = _URL.fullmatch(trimmed)
    if not matched or int(matched["port"] or 1) not in range(1, 65536):
        raise InputError("config", "the desk's url looks like https://desk.example.com, without a path")
    if matched["scheme"] == "http" and not is_loopback(matched["host"]):
        raise InputError("config", "the desk's url starts with https://; http:// is for localhost only")
    url_prefix(trimmed)
    return trimmed


def url_prefix(url: str) -> str:
    """The prefix of every request's text. Raises InputError (`bad-prefix`)."""
    return check_prefix(f"{url.upper()}/R/")


def host_and_port(listen: str) -> tuple[str, int]:
    """`127.0.0.1:8600` or `[::1]:8600` in its parts. Raises InputError (`config`)."""
    host, _, port = listen.rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    if not host or not port.isdecimal() or not 0 < int(port[:6]) < 65536:
        raise InputError("config", "listen looks like 127.0.0.1:8600")
    return host, int(port)


def text(name: str, url: str, listen: str, database: str, password: Path | None) -> str:
    """The first `desk.toml`, with what is still to be filled in. `password`: the file with the database's."""
    beside = '# database_password_file = "database-password"'
    if password is not None:
        beside = f"database_password_file = {_quoted(str(password))}"
    return _TEXT.format(
        name=_quoted(name),
        url=_quoted(url),
        listen=_quoted(listen),
        database=_quoted(database),
        password=beside,
    )


_TEXT = """\
# Settings of this support desk. Paths are relative to this file.
name = {name}
url = {url}
listen = {listen}
# An SQLite file, or a PostgreSQL database such as "postgresql://desk@db.example.com/desk".
database = {database}
{password}
keys = "keys"
trust = "trust.sparekey-trust"
root = "maker-root.pub"
timezone = "UTC"
# What proves that a device is somebody's, and which profiles the devices have that ask here.
# policy = "policy.toml"
# profiles = ["sparekey"]
# Behind a proxy: its addresses. Only then X-Forwarded-For is believed, and only from there.
# trusted_proxies = ["127.0.0.1"]
# A door of its own for a monitor: /metrics, /health and /ready. Let no proxy lead there.
# metrics = "127.0.0.1:9600"
# Without a proxy in front: the desk's own certificate and key, PEM.
# tls_certificate = "tls.pem"
# tls_key = "tls.key"

# How mail leaves. Without this block it goes to a mail server on this very machine, port 25.
# [smtp]
# host = "mail.example.com"
# port = 587
# sender = "desk@example.com"
# user = "desk"
# password_file = "smtp-password"

# How many mails may go out; these are the defaults.
# [limits]
# resend_after = 60
# per_request = 6
# per_address_hour = 6
# per_address_day = 20
# ticketed_hour = 20000
# ticketless_hour = 60
# first_use_hour = 600

# Which devices may register by themselves: "first-use", or "factory" for those of an imported list alone.
# [registry]
# admission = "first-use"
# unproved_hour = 600

# Seconds after which the staff signs in again: without a click, and in all; these are the defaults.
# [sessions]
# idle = 1800
# longest = 28800

# The company's own sign-in (OpenID Connect) may open the staff's sessions. What is approved, a passkey signs.
# There, register the address https://<this desk>/console/company/back.
# [company]
# name = "Example login"
# issuer = "https://login.example.com"
# client_id = "support-desk"
# client_secret_file = "company-secret"

# The interface for a help desk's own system, at /api/v1. An admin makes its tokens in the console.
# [api]
# on = true
# per_hour = 6000

# The technician's unlock, for those who have no other way left. Without this block it is not sold.
# [shop]
# price = "1990.00"
# currency = "CZK"
# iban = "CZ65 0800 0000 1920 0014 5399"
# bic = "GIBACZPX"
# holder = "Example Service"
# workshop = ["Example Service", "Dlouha 1", "110 00 Praha 1", "Czechia"]
# country = "CZ"
# returns_to = ["CZ", "SK"]

# Who cosigns the recovery log, one block for each witness that the trust file names.
# [[witnesses]]
# name = "witness.example.com/north"
# url = "https://witness.example.com/north"
"""


def _check(read: DeskConfig, source: str) -> None:
    check_name(read.name)
    host_and_port(read.listen)
    if not read.profiles or not set(read.profiles) <= set(profiles.names()):
        known = ", ".join(profiles.names())
        raise InputError("config", f"{source}: profiles is a list of some of {known}")
    _zone(read.timezone)
    smtp = read.smtp
    try:
        mail_address(smtp.sender)
    except InputError as error:
        raise InputError("config", f"{source}: smtp.sender: {error.hint}") from None
    if not smtp.host or not 0 < smtp.port < 65536 or smtp.timeout < 1:
        raise InputError("config", f"{source}: smtp needs a host, a port and a timeout of 1 s or more")
    if not smtp.starttls and not is_loopback(smtp.host):
        raise InputError("config", f"{source}: smtp.starttls may be off only on this machine")
    if bool(smtp.user) != bool(smtp.password_file):
        raise InputError("config", f"{source}: smtp.user and smtp.password_file go together")
    if bool(read.tls_certificate) != bool(read.tls_key):
        raise InputError("config", f"{source}: tls_certificate and tls_key go together")
    if read.scheme == "http" and read.tls_key:
        raise InputError("config", f"{source}: with tls_certificate the url starts with https://")
    _check_witnesses(read, source)
    if read.shop is not None:
        check_shop(read.shop, source)
    if read.company is not None:
        check_company(read.company, source)
    networks(read.trusted_proxies)
    if read.metrics:
        host_and_port(read.metrics)
    if not 1 <= read.api.per_hour <= 1_000_000:
        raise InputError("config", f"{source}: api.per_hour is 1 to 1000000 calls")
    if not 60 <= read.sessions.idle <= read.sessions.longest <= 86400:
        raise InputError("config", f"{source}: sessions last from 60 s without a click to a day in all")


def _check_witnesses(read: DeskConfig, source: str) -> None:
    for witness in read.witnesses:
        parts = urlsplit(witness.url)
        here = parts.scheme == "http" and is_loopback(parts.hostname or "")
        if not here and (parts.scheme != "https" or not parts.hostname):
            raise InputError("config", f"{source}: a witness's url starts with https://")


def _zone(name: str) -> tzinfo:
    if name == "UTC":
        return UTC
    try:
        zone = ZoneInfo(name)
        datetime.fromtimestamp(0, zone).utcoffset()
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise InputError("config", f"timezone: this system knows no {name!r}; try UTC") from None
    return zone


def _beside(folder: Path, path: Path | None) -> Path | None:
    return None if path is None else folder / path


def _database(folder: Path, written: str) -> str:
    return written if check_address(written).startswith(POSTGRES) else str(folder / written)


def _sender(url: str) -> str:
    host = urlsplit(url).hostname or ""
    return f"desk@{host}" if host.strip("0123456789.") and not is_loopback(host) else "desk@desk.localhost"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)

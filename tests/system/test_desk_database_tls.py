"""The desk and a PostgreSQL that speaks TLS, straight and through something on loopback that leads on to it."""

from __future__ import annotations

import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from sparekey.core.errors import UnavailableError
from sparekey.desk.store.postgres import open_postgres
from tests.desk.cluster import Cluster, programs, to_server
from tests.system.desk_office import Authority

SECURE = text("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()")


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder that the server reads too."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@pytest.fixture
def port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


@pytest.fixture
def authority(place: Path) -> Authority:
    return Authority(place)


@pytest.fixture
def address(authority: Authority, port: int, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """How a desk reaches the server, from `host=` on."""
    found = programs()
    if found is None:
        pytest.skip("PostgreSQL's server is not installed here")
    pair = authority.server()
    to_server(pair)
    monkeypatch.setenv("PGPORT", str(port))
    tls = ("ssl=on", f"ssl_cert_file={pair}", f"ssl_key_file={pair}")
    made = Cluster(found, *tls, "listen_addresses=127.0.0.1", f"port={port}")
    yield f"postgresql://desk@/postgres?port={port}&sslrootcert={authority.file}"
    made.close()


@pytest.mark.meets("asvs-12.3.4")
def test_T02_the_desk_speaks_tls_with_its_database_and_knows_it_by_its_certificate(address: str) -> None:
    database = open_postgres(f"{address}&host=localhost&sslmode=verify-full")
    with database.reading() as looking:
        assert looking.execute(SECURE).scalar_one() is True
    database.close()
    with pytest.raises(UnavailableError, match="its certificate is not one that this machine trusts"):
        open_postgres(f"{address}&host=db.example.com&hostaddr=127.0.0.1")

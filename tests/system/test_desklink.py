"""The link's client over real TLS on loopback: our desk is known by its certificate, and nobody else passes for it."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from sparekey.core.crypto import certificate_authority, issue_certificate
from sparekey.core.errors import UnavailableError
from sparekey.desklink.client import DeskLink
from sparekey.host.clock import SystemClock

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\na trust file"


def authority(folder: Path, seed: bytes) -> tuple[Path, bytes]:
    """An authority's certificate as a file, and its private bytes."""
    starts = SystemClock().wall() - 3600
    pem = certificate_authority(seed, "an authority", ("192.0.2.1",), 7, starts, 2)
    path = folder / f"{seed.hex()[:4]}.pem"
    path.write_bytes(pem)
    return path, seed


@contextmanager
def desk(folder: Path, ca: tuple[Path, bytes]) -> Iterator[int]:
    """Answers one call after the other with a trust file. Gives its port."""
    path, private = ca
    starts = SystemClock().wall() - 3600
    certificate, key = issue_certificate(
        path.read_bytes(), private, bytes([9]) * 32, ("localhost",), 8, starts, 2
    )
    (folder / "desk.crt").write_bytes(certificate)
    (folder / "desk.key").write_bytes(key)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "desk.crt", folder / "desk.key")
    with socket.create_server(("127.0.0.1", 0)) as door:
        ends = threading.Event()

        def serve() -> None:
            while not ends.is_set():
                plain, _ = door.accept()
                with plain:
                    try:
                        with context.wrap_socket(plain, server_side=True) as covered:
                            covered.recv(4096)
                            covered.sendall(ANSWER)
                    except OSError:
                        continue

        thread = threading.Thread(target=serve)
        thread.start()
        port = int(door.getsockname()[1])
        try:
            yield port
        finally:
            ends.set()
            socket.create_connection(("127.0.0.1", port), 5).close()
            thread.join(5)


@pytest.mark.meets("asvs-12.3.2")
def test_T35_another_authority_or_name_is_not_our_desk(tmp_path: Path) -> None:
    ours, other = authority(tmp_path, bytes([1]) * 32), authority(tmp_path, bytes([2]) * 32)
    with desk(tmp_path, ours) as port:
        clock = SystemClock()
        assert DeskLink.at(f"HTTPS://LOCALHOST:{port}/R/", clock, ours[0]).trust() == b"a trust file"
        for prefix, ca in (
            (f"HTTPS://LOCALHOST:{port}/R/", other[0]),
            (f"HTTPS://127.0.0.1:{port}/R/", ours[0]),
            (f"HTTPS://LOCALHOST:{port}/R/", None),
        ):
            with pytest.raises(UnavailableError) as caught:
                DeskLink.at(prefix, clock, ca).trust()
            assert caught.value.slug == "desk-certificate"

"""The real doors under a crowd: many connections, and connections that say nothing."""

from __future__ import annotations

import contextlib
import socket
import ssl
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from sparekey.device import crowd
from tests.host.old_tls import refusals
from tests.system.test_device_process import Device


@pytest.fixture
def device(tmp_path: Path) -> Iterator[Device]:
    made = Device(tmp_path)
    made.start()
    yield made
    made.cut_power()


@pytest.mark.meets("asvs-15.4.4")
def test_T38_somebody_else_still_gets_in(device: Device) -> None:
    port = urlsplit(device.urls[1]).port or 0
    with contextlib.ExitStack() as open_ones:
        crowded = [
            open_ones.enter_context(
                socket.create_connection(("127.0.0.1", port), source_address=("127.0.0.66", 0))
            )
            for _ in range(crowd.EACH + 5)
        ]
        for turned_away in crowded[crowd.EACH :]:
            turned_away.settimeout(10)
            with contextlib.suppress(ConnectionResetError):
                assert turned_away.recv(1) == b""
        assert device.browser(1).get("/").status == 200
    assert device.browser(1).get("/").status == 200


def shaken(port: int) -> str | None:
    """The TLS version of a new connection, as soon as the device has seen that the others are gone."""
    context = ssl._create_unverified_context()
    for _ in range(50):
        with (
            contextlib.suppress(ConnectionResetError),
            socket.create_connection(("127.0.0.1", port)) as plain,
            context.wrap_socket(plain) as secure,
        ):
            return secure.version()
        time.sleep(0.1)
    return None


def test_tls_is_there_after_a_crowd_of_handshakes_that_never_begin(device: Device) -> None:
    port = urlsplit(device.urls[1]).port or 0
    with contextlib.ExitStack() as open_ones:
        for number in range(3 * crowd.MOST):
            silent = socket.create_connection(
                ("127.0.0.1", port), source_address=(f"127.0.1.{number // 16 + 1}", 0)
            )
            open_ones.enter_context(silent)
        assert isinstance(device.browser(0).get("/").status, int), "the other door has places of its own"
    assert shaken(port) in ("TLSv1.2", "TLSv1.3")


@pytest.mark.meets("asvs-12.1.1", "asvs-12.1.2")
def test_old_versions_and_suites_of_tls_are_refused(device: Device) -> None:
    assert [bool(why) for why in refusals(urlsplit(device.urls[1]).port or 0)] == [True, True, False]

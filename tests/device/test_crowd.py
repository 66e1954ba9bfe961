"""Who stands at the doors: counted from the first packet, each source a share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import h11
import pytest

from sparekey.device.crowd import HURRY, Crowd, HurriedProtocol, source_of


def test_T38_no_source_takes_every_place() -> None:
    crowd = Crowd(most=4, each=2)
    assert [crowd.enters("192.0.2.66") for _ in range(3)] == [True, True, False]
    assert [crowd.enters(f"192.0.2.{number}") for number in (7, 8, 9)] == [True, True, False]
    crowd.leaves("192.0.2.66")
    assert crowd.enters("192.0.2.9")
    assert not crowd.enters("192.0.2.66"), "there is no room in all"


@pytest.mark.parametrize(
    ("host", "source"),
    [
        ("192.0.2.66", "192.0.2.66"),
        ("2001:db8::66", "2001:db8::/64"),
        ("fe80::66%eth0", "fe80::/64"),
        ("somewhere", "somewhere"),
    ],
)
def test_T38_one_network_of_ipv6_is_one_source(host: str, source: str) -> None:
    assert source_of(host) == source


class Connection:
    """What a protocol needs of a connection, and of a loop."""

    def __init__(self) -> None:
        self.unsent = 0
        self.aborted = False
        self.later: list[tuple[float, Callable[[], None]]] = []

    def get_write_buffer_size(self) -> int:
        return self.unsent

    def abort(self) -> None:
        self.aborted = True

    def call_later(self, seconds: float, call: Callable[[], None]) -> None:
        self.later.append((seconds, call))


def protocol(state: type[h11.Request] | object) -> tuple[HurriedProtocol, Connection]:
    made, connection = HurriedProtocol.__new__(HurriedProtocol), Connection()
    made.transport = cast("Any", connection)
    made.loop = cast("Any", connection)
    made.conn = cast("Any", type("Conn", (), {"their_state": state}))
    return made, connection


@pytest.mark.parametrize("state", [h11.IDLE, h11.SEND_BODY])
def test_T38_who_stops_in_the_middle_of_a_request_is_let_go(state: object) -> None:
    made, connection = protocol(state)
    made._look()
    assert connection.aborted


def test_T38_who_waits_for_us_may_wait_and_who_takes_no_answer_is_let_go() -> None:
    made, connection = protocol(h11.DONE)
    made._look()
    connection.unsent = 5000
    made._look()
    connection.unsent = 4000
    made._look()
    assert not connection.aborted
    made._look()
    assert connection.aborted
    assert [seconds for seconds, _ in connection.later] == [HURRY] * 3

from __future__ import annotations

import pytest

from sparekey.core.throttle import FREE, LONGEST, SOURCES_LIMIT, Throttle


def after(wrong: int, source: str = "192.0.2.1", uptime: int = 0) -> Throttle:
    throttle = Throttle()
    for _ in range(wrong):
        throttle = throttle.wrong(source, uptime)
    return throttle


@pytest.mark.meets("nist-guessing", "asvs-6.3.1", "etsi-5.1-5")
def test_T08_a_source_waits_longer_and_longer_and_never_more_than_a_minute() -> None:
    waits = [after(wrong).waits("192.0.2.1", 0) for wrong in range(FREE + 8)]
    assert waits == [0, 0, 0, 1, 2, 4, 8, 16, 32, 60, 60]
    assert after(5000).waits("192.0.2.1", 0) == LONGEST
    assert after(5000, uptime=100).waits("192.0.2.1", 159) == 1
    assert after(5000, uptime=100).waits("192.0.2.1", 160) == 0


def test_T08_one_source_does_not_slow_another() -> None:
    throttle = after(50)
    assert throttle.waits("192.0.2.2", 0) == 0
    throttle = throttle.wrong("192.0.2.2", 0)
    assert throttle.waits("192.0.2.2", 0) == 0
    assert throttle.waits("192.0.2.1", 0) == LONGEST


def test_the_right_password_clears_its_own_source() -> None:
    throttle = after(50).wrong("192.0.2.2", 0).right("192.0.2.1")
    assert throttle.waits("192.0.2.1", 0) == 0
    assert [name for name, _, _ in throttle.seen] == ["192.0.2.2"]
    assert throttle.right("192.0.2.3") == throttle


def test_T08_many_sources_do_not_fill_the_memory() -> None:
    throttle = Throttle()
    for number in range(SOURCES_LIMIT + 10):
        throttle = throttle.wrong(str(number), number)
    assert len(throttle.seen) == SOURCES_LIMIT
    assert throttle.seen[0][0] == "10"

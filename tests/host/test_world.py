"""The two files that touch the real world, and that the fakes behave as they do."""

from __future__ import annotations

import pytest

from sparekey.host.clock import Clock, SystemClock
from sparekey.host.entropy import Entropy, SystemEntropy
from sparekey.testing.clock import FixedClock
from sparekey.testing.entropy import FixedEntropy


@pytest.mark.parametrize("clock", [SystemClock(), FixedClock()])
def test_clocks_tell_whole_seconds_and_never_go_back(clock: Clock) -> None:
    assert isinstance(clock.wall(), int)
    assert clock.wall() > 1_700_000_000
    before = clock.monotonic()
    clock.sleep(0.001)
    assert clock.monotonic() > before


def test_without_a_boot_clock_the_monotonic_one_serves(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr("time.CLOCK_BOOTTIME", raising=False)
    clock = SystemClock()
    assert clock.monotonic() <= clock.monotonic()


@pytest.mark.meets("nist-random", "asvs-6.5.3")
@pytest.mark.parametrize("entropy", [SystemEntropy(), FixedEntropy()])
def test_dice_give_as_many_bytes_as_asked_and_others_each_time(entropy: Entropy) -> None:
    assert [len(entropy.bytes(count)) for count in (0, 1, 32, 100)] == [0, 1, 32, 100]
    assert entropy.bytes(16) != entropy.bytes(16)


def test_fixed_dice_repeat() -> None:
    assert FixedEntropy("a").bytes(40) == FixedEntropy("a").bytes(40) != FixedEntropy("b").bytes(40)

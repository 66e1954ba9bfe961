"""Inputs by hypothesis: good ones changed a little, put together, cut, and any bytes."""

from __future__ import annotations

import time

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from fuzz.target import Target

AT_ONCE = 2000
"""Inputs between two looks at the clock."""


def inputs(good: list[bytes]) -> st.SearchStrategy[bytes]:
    """Any bytes, and what is nearly good."""
    return st.binary(max_size=200) | changed(good) if good else st.binary(max_size=200)


@st.composite
def changed(draw: st.DrawFn, good: list[bytes]) -> bytes:
    """A good input with up to four places replaced, doubled, swapped or cut off."""
    data = bytearray(draw(st.sampled_from(good)))
    for _ in range(draw(st.integers(1, 4))):
        at, end = sorted((draw(st.integers(0, len(data))), draw(st.integers(0, min(len(data), 64)))))
        piece = draw(st.sampled_from(good)) if draw(st.integers(0, 9)) == 0 else draw(st.binary(max_size=8))
        match draw(st.integers(0, 3)):
            case 0:
                data[at : at + len(piece)] = piece
            case 1:
                data[at:at] = piece
            case 2:
                data[at:end] = data[at:end] * 2
            case _:
                del data[at:end]
    return bytes(data)


def run(target: Target, seconds: int) -> tuple[int, bytes | None]:
    """How many inputs went in, and the smallest that broke the reader."""
    count, broke = 0, b""

    @settings(
        max_examples=AT_ONCE, database=None, deadline=None, phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(inputs(target.inputs))
    def holds(data: bytes) -> None:
        nonlocal count, broke
        count += 1
        try:
            target.holds(data)
        except BaseException:
            broke = data
            raise

    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            holds()
        except Exception:  # noqa: BLE001 - whatever it is, it is what we look for
            return count, broke
    return count, None

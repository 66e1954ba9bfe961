"""How long a session of the staff lives."""

from __future__ import annotations

from dataclasses import dataclass

AHEAD = 600
"""Seconds by which the clocks of two nodes may differ: a session that was used later than that ends."""


@dataclass(frozen=True)
class SessionLimits:
    """In seconds: `idle` without use, `longest` in all."""

    idle: int = 1800
    longest: int = 8 * 3600

"""Whether programs may call, and how often."""

from __future__ import annotations

from dataclasses import dataclass

ROOT = "/api/v1"
"""Where the calls are."""


@dataclass(frozen=True)
class ApiConfig:
    """`on`: the calls answer. `per_hour`: calls of one token in a clock hour."""

    on: bool = False
    per_hour: int = 6000

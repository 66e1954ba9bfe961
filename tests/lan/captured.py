"""Answers of the shapes that real devices give, with every identity invented."""

from __future__ import annotations

from pathlib import Path

CAPTURES = Path(__file__).parent / "captures"


def captured(name: str) -> bytes:
    return (CAPTURES / name).read_bytes()

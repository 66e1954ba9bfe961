"""docs/ref/faults.md: what was true after each failure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
TABLES = (
    (
        "Nodes that are killed",
        {"killed-sqlite": "SQLite, the only node", "killed-postgresql": "PostgreSQL, one of two"},
    ),
    ("The desk's disk", {"disk-full": "disk full", "read-only": "read-only", "disk-broken": "disk broken"}),
    ("Two hundred at once", {"crowd-sqlite": "SQLite", "crowd-postgresql": "PostgreSQL, two nodes"}),
)
"""Headings, and the parts that stand side by side below them."""


def page(device: Mapping[str, Any], desk: Mapping[str, Any]) -> str:
    """All of it, as Markdown."""
    return "\n".join(
        [_text("introduction.txt"), *_of_device(device), "", _text("desk/introduction.txt"), *_of_desk(desk)]
    )


def _of_device(found: Mapping[str, Any]) -> list[str]:
    failures = list(dict.fromkeys(failure for _, after in found.values() for failure in after))
    lines = [f"| reset | calls | {' | '.join(failures)} |", "|---" * (2 + len(failures)) + "|"]
    for name, (calls, after) in found.items():
        cells = (
            ", ".join(f"{count} {standing}" for standing, count in sorted(after[failure].items()))
            for failure in failures
        )
        lines.append(f"| {name} | {calls} | {' | '.join(cells)} |")
    total = sum(sum(counts.values()) for _, after in found.values() for counts in after.values())
    return [f"{total:,} failures, and what was true after each. None left anything else.", "", *lines]


def _of_desk(found: Mapping[str, Any]) -> list[str]:
    lines: list[str] = []
    for heading, parts in TABLES:
        there = {name: told for name, told in parts.items() if name in found}
        if there:
            rows = list(dict.fromkeys(row for name in there for row in found[name]))
            cells = [[row, *(str(found[name].get(row, "")) for name in there)] for row in rows]
            lines += [f"### {heading}", "", *_table(["", *there.values()], cells), ""]
    if "mail-server" in found:
        manners = found["mail-server"]
        columns = list(next(iter(manners.values())))
        cells = [[manner, *(str(counts[column]) for column in columns)] for manner, counts in manners.items()]
        lines += ["### A mail server that behaves badly", "", *_table(["", *columns], cells), ""]
    return lines


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    return [f"| {' | '.join(head)} |", "|---" * len(head) + "|", *(f"| {' | '.join(row)} |" for row in rows)]


def _text(name: str) -> str:
    return (HERE / name).read_text(encoding="utf-8")

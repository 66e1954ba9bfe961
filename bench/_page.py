"""docs/ref/performance.md: every kept result as a table, and the desk's as bars."""

from __future__ import annotations

import json
from html import escape
from pathlib import Path
from typing import Any

PAGE = Path(__file__).parents[1] / "docs/ref/performance.md"
NOTES = Path(__file__).with_name("notes.txt")
BAR, LINE, LEFT, WIDE = 16, 26, 260, 760


def write(results: Path) -> None:
    """The page and its picture, from the JSON files."""
    told = {
        path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(results.glob("*.json"))
    }
    lines = [NOTES.read_text(encoding="utf-8")]
    for name, found in told.items():
        lines += [f"## {name.capitalize()}", ""]
        if name == "desk":
            PAGE.with_name("performance-desk.svg").write_text(bars(found), encoding="utf-8")
            lines += ["![Processor time for one code by mail](performance-desk.svg)", ""]
        lines += section(found)
    PAGE.write_text("\n".join(lines).rstrip() + "\n", encoding="utf-8")


def section(found: dict[str, Any]) -> list[str]:
    """Single figures in one table, then a table for each group."""
    single = {key: value for key, value in found.items() if not _is_group(value)}
    lines = table(["", "figure"], [[key, cell(value)] for key, value in single.items()])
    for key, group in found.items():
        if _is_group(group):
            lines += [f"**{key}**", "", *grouped(group)]
    return lines


def grouped(group: dict[str, Any]) -> list[str]:
    """Rows of figures where every row has several, else a list of figures."""
    if not all(isinstance(row, dict) for row in group.values()):
        return table(["", "figure"], [[key, cell(value)] for key, value in group.items()])
    columns = list(dict.fromkeys(column for row in group.values() for column in row))
    return table(
        ["", *columns], [[key, *(cell(row.get(name, "")) for name in columns)] for key, row in group.items()]
    )


def table(head: list[str], rows: list[list[str]]) -> list[str]:
    """Markdown."""
    if not rows:
        return []
    lines = [head, ["---"] * len(head), *rows]
    return [*(f"| {' | '.join(line)} |" for line in lines), ""]


def cell(value: Any) -> str:
    """A figure; of several runs the median, and how far they lie apart."""
    if isinstance(value, dict):
        runs = value["runs"]
        return f"{value['median']:g} ({min(runs):g} to {max(runs):g})"
    return f"{value:,}" if isinstance(value, int) else str(value)


def bars(found: dict[str, Any]) -> str:
    """Milliseconds of processor time for a cycle."""
    rows = [
        (f"{who} ({store})", figure["cpu ms"]["median"])
        for store in ("sqlite", "postgresql")
        for who, figure in found.get(store, {}).items()
        if "cpu ms" in figure
    ]
    most = max((value for _, value in rows), default=1.0)
    height = LINE * len(rows) + 10
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE} {height}"',
        ' font-family="sans-serif" font-size="13">',
    ]
    for place, (label, value) in enumerate(rows):
        top, width = 8 + place * LINE, (WIDE - LEFT - 90) * value / most
        colour = "#0b5f5a" if label.startswith("sparekey") else "#9aa5a4"
        parts += [
            f'<text x="{LEFT - 8}" y="{top + 12}" text-anchor="end">{escape(label)}</text>',
            f'<rect x="{LEFT}" y="{top}" width="{max(width, 1):.0f}" height="{BAR}" fill="{colour}"/>',
            f'<text x="{LEFT + width + 6:.0f}" y="{top + 12}">{value:g} ms</text>',
        ]
    return "\n".join([*parts, "</svg>"]) + "\n"


def _is_group(value: Any) -> bool:
    return isinstance(value, dict) and "median" not in value

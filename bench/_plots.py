"""Pictures of kept results: bars, and lines over sizes; readable on a light page and on a dark one."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from html import escape

WIDE, LEFT, BAR, LINE = 860, 380, 16, 26
"""Of bars."""
HIGH, AXIS, RIGHT = 300, 60, 190
"""Of lines."""
COLOURS = ("ours", "second", "third", "fourth")
_STYLE = """<style>
text { fill: #333; } .axis { stroke: #999; } .ours { fill: #0b6e6e; stroke: #0b6e6e; }
.others { fill: #9aa5a4; stroke: #9aa5a4; } .second { fill: #b5651d; stroke: #b5651d; }
.third { fill: #5b6abf; stroke: #5b6abf; } .fourth { fill: #8a4f7d; stroke: #8a4f7d; }
path { fill: none !important; } text { stroke: none !important; }
@media (prefers-color-scheme: dark) {
text { fill: #ddd; } .ours { fill: #3fb5ae; stroke: #3fb5ae; } .second { fill: #e39a5c; stroke: #e39a5c; }
.third { fill: #98a4ee; stroke: #98a4ee; } .fourth { fill: #d08fc0; stroke: #d08fc0; }
}
</style>"""


def bars(title: str, rows: Sequence[tuple[str, float]], unit: str, ours: str = "sparekey") -> str:
    """Horizontal bars, with the figure behind each. Those whose label starts with `ours` stand out."""
    most = max((value for _, value in rows), default=0.0) or 1.0
    parts = [_head(title, LINE * len(rows) + 10)]
    for place, (label, value) in enumerate(rows):
        top, width = 8 + place * LINE, (WIDE - LEFT - 100) * value / most
        kind = "ours" if label.startswith(ours) else "others"
        parts += [
            f'<text x="{LEFT - 8}" y="{top + 12}" text-anchor="end">{escape(label)}</text>',
            f'<rect class="{kind}" x="{LEFT}" y="{top}" width="{max(width, 1):.0f}" height="{BAR}"/>',
            f'<text x="{LEFT + width + 6:.0f}" y="{top + 12}">{value:,g} {unit}</text>',
        ]
    return "\n".join([*parts, "</svg>"]) + "\n"


def lines(title: str, drawn: Mapping[str, Mapping[int, float]], unit: str) -> str:
    """One line for each name: a value at each size. Both axes in powers of ten."""
    sizes = sorted({size for points in drawn.values() for size in points})
    values = [value for points in drawn.values() for value in points.values()]
    low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
    first, last = math.log10(sizes[0]), max(math.log10(sizes[-1]), math.log10(sizes[0]) + 1)

    def across(size: float) -> float:
        return AXIS + (WIDE - AXIS - RIGHT) * (math.log10(size) - first) / (last - first)

    def up(value: float) -> float:
        return HIGH - 40 - (HIGH - 60) * (math.log10(value) - low) / max(high - low, 1)

    parts = [_head(title, HIGH + 6)]
    for power in range(low, high + 1):
        y = up(10**power)
        parts.append(
            f'<line class="axis" x1="{AXIS}" x2="{WIDE - RIGHT}" y1="{y:.0f}" y2="{y:.0f}" stroke-width="0.5"/>'
        )
        parts.append(f'<text x="{AXIS - 6}" y="{y + 4:.0f}" text-anchor="end">{10**power:,g}</text>')
    parts += [
        f'<text x="{across(size):.0f}" y="{HIGH - 18}" text-anchor="middle">{size:,}</text>' for size in sizes
    ]
    parts.append(f'<text x="{AXIS}" y="{HIGH - 2}">{escape(unit)}</text>')
    ends = sorted((up(points[max(points)]), name) for name, points in drawn.items())
    labels, floor = dict[str, float](), 0.0
    for y, name in ends:
        floor = labels[name] = max(y, floor + 16)
    for (name, points), colour in zip(drawn.items(), COLOURS, strict=False):
        way = " L".join(f"{across(size):.0f} {up(value):.0f}" for size, value in sorted(points.items()))
        parts.append(f'<path class="{colour}" d="M{way}" stroke-width="2"/>')
        parts += [
            f'<circle class="{colour}" cx="{across(size):.0f}" cy="{up(value):.0f}" r="3"/>'
            for size, value in sorted(points.items())
        ]
        parts.append(
            f'<text class="{colour}" x="{WIDE - RIGHT + 10}" y="{labels[name] + 4:.0f}">{escape(name)}</text>'
        )
    return "\n".join([*parts, "</svg>"]) + "\n"


def _head(title: str, height: int) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE} {height}" role="img"'
        f' font-family="sans-serif" font-size="13"><title>{escape(title)}</title>\n{_STYLE}'
    )

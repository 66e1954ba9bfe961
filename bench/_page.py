"""docs/ref/performance.md: every kept result as pictures and tables."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench._plots import bars, lines

PAGE = Path(__file__).parents[1] / "docs/ref/performance.md"
NOTES = Path(__file__).with_name("notes.txt")
TITLES = {"ha": "High availability"}
"""What a part is called where its name is short."""
WHERE = ("date", "machine", "processor", "python", "load", "minutes")
"""What a run was, not what it found."""


def write(results: Path) -> None:
    """The page and its pictures, from the JSON files."""
    for path, text in pages(results).items():
        path.write_text(text, encoding="utf-8")


def pages(results: Path) -> dict[Path, str]:
    """Path -> content."""
    lines_, made = [NOTES.read_text(encoding="utf-8")], dict[Path, str]()
    for path in sorted(results.glob("*.json")):
        name, found = path.stem, json.loads(path.read_text(encoding="utf-8"))
        lines_ += [f"## {TITLES.get(name, name.capitalize())}", "", _from(name, found), ""]
        for file, title, picture in pictures(name, found):
            made[PAGE.with_name(file)] = picture
            lines_ += [f"![{title}]({file})", ""]
        lines_ += section({key: value for key, value in found.items() if key not in WHERE})
    return {PAGE: "\n".join(lines_).rstrip() + "\n", **made}


def _from(name: str, found: dict[str, Any]) -> str:
    machine = found.get("processor") or found["machine"]
    parts = [f"[{name}.json](../../bench/results/{name}.json)", found.get("date", ""), machine]
    parts += [f"Python {found['python']}", f"load {found['load']}" if "load" in found else ""]
    return "From " + ", ".join(part for part in parts if part) + "."


def pictures(name: str, found: dict[str, Any]) -> list[tuple[str, str, str]]:
    """File, title and SVG of what a part has to show."""
    drawn = PICTURES[name](found) if name in PICTURES else []
    return [(f"performance-{name}{more}.svg", title, picture) for more, title, picture in drawn if picture]


def _desk(found: dict[str, Any]) -> list[tuple[str, str, str]]:
    title, grown = (
        "Processor time for one code by mail",
        "One code by mail, with more and more devices enrolled",
    )
    rows = [
        (f"{who} ({store})", figure["cpu ms"]["median"])
        for store in ("sqlite", "postgresql")
        for who, figure in found.get(store, {}).items()
        if "cpu ms" in figure
    ]
    points = {_size(size): figure["cpu ms"]["median"] for size, figure in found.get("enrolled", {}).items()}
    made = [("", title, bars(title, rows, "ms") if rows else "")]
    return [
        *made,
        ("-enrolled", grown, lines(grown, {"sparekey": points}, "ms, by devices") if points else ""),
    ]


def _device(found: dict[str, Any]) -> list[tuple[str, str, str]]:
    title = "Memory of one device with 16 cameras"
    named = {
        "at rest": "at rest MB (16 cameras)",
        "after a recovery": "after QR and recovery MB",
        "at most": "peak MB",
    }
    rows = [(label, found[key]) for label, key in named.items() if key in found]
    return [("", title, bars(title, [*rows, ("target at rest", 45)], "MB", "a"))]


def _finder(found: dict[str, Any]) -> list[tuple[str, str, str]]:
    title, calls = "Found of a thousand that answer at once", "Processor time of one ONVIF SetUser call"
    of = found.get("search, 1000 answering at once", {})
    spent = {"sparekey": "SetUser ms, ours", "onvif-zeep": "SetUser ms, peer-zeep"}
    spent["onvif-zeep-async"] = "SetUser ms, peer-zeep-async"
    rows = [(who, found[key]) for who, key in spent.items() if key in found]
    return [
        ("", title, bars(title, [(who, row["found"]) for who, row in of.items()], "") if of else ""),
        ("-calls", calls, bars(calls, rows, "ms")),
    ]


def _log(found: dict[str, Any]) -> list[tuple[str, str, str]]:
    title = "Processor time in a log that grows"
    drawn = {
        "an entry, one at once": ("append", "us, one at once"),
        "a proof of both kinds": ("proofs", "us, both"),
        "an entry, 256 at once": ("append", "us, 256 at once"),
        "an entry, verified": ("from outside", "us an entry, verify"),
    }
    points = {
        name: {_size(size): _median(row[key]) for size, row in found[group].items()}
        for name, (group, key) in drawn.items()
    }
    return [("", title, lines(title, points, "microseconds, by entries"))]


def _timing(found: dict[str, Any]) -> list[tuple[str, str, str]]:
    title = (
        "How far the most different pair of kinds is from even, in percent (a desk without the beat: grey)"
    )
    rows = list[tuple[str, float]]()
    for name in ("sqlite", "postgresql"):
        for how in ("", ", no beat"):
            rows += [
                (f"{'beat' if not how else 'none'}: {door} ({name})", round(abs(row["later"] - 0.5) * 100, 1))
                for door, row in found.get(name + how, {}).items()
            ]
    return [("", title, bars(title, rows, "%", "beat"))]


PICTURES: dict[str, Callable[[dict[str, Any]], list[tuple[str, str, str]]]] = {
    "desk": _desk,
    "device": _device,
    "finder": _finder,
    "log": _log,
    "timing": _timing,
}


def _size(text: str) -> int:
    return int(text.replace(",", ""))


def _median(value: Any) -> float:
    return float(value["median"] if isinstance(value, dict) else value)


def section(found: dict[str, Any]) -> list[str]:
    """Single figures in one table, then a table for each group."""
    single = {key: value for key, value in found.items() if not _is_group(value)}
    made = table(["", "figure"], [[key, cell(value)] for key, value in single.items()])
    for key, group in found.items():
        if _is_group(group):
            made += [f"**{key}**", "", *grouped(group)]
    return made


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
    made = [head, ["---"] * len(head), *rows]
    return [*(f"| {' | '.join(line)} |" for line in made), ""]


def cell(value: Any) -> str:
    """A figure; of several runs the median, and how far they lie apart."""
    if isinstance(value, dict):
        runs = value["runs"]
        return f"{value['median']:g} ({min(runs):g} to {max(runs):g})"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:,}" if isinstance(value, int) else str(value)


def _is_group(value: Any) -> bool:
    return isinstance(value, dict) and "median" not in value


if __name__ == "__main__":
    write(Path(__file__).with_name("results"))

"""`./dev bench NAME`: measure one part, print a table, write `bench/results/NAME.json` and the page of all."""

from __future__ import annotations

import importlib
import json
import os
import platform
import sys
import traceback
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from bench import _page
from sparekey.host.clock import SystemClock

CLOCK = SystemClock()
RESULTS = Path(__file__).with_name("results")
PARTS = {
    "device": ("memory, start and pages of one device", 2),
    "desk": ("a mailed code beside Django, allauth and fastapi-users", 10),
    "finder": ("searches and new passwords beside others", 10),
    "log": ("the recovery log up to ten million entries", 30),
    "ha": ("two nodes whose database's leader is killed again and again", 20),
    "timing": ("whether the time of an answer tells a stranger anything", 30),
}
"""What each measures, and about how many minutes that takes on a quiet machine."""
USAGE = "\n".join(
    [
        "./dev bench NAME...    or: ./dev bench all",
        *(f"  {name:8} {what}; about {minutes} min" for name, (what, minutes) in PARTS.items()),
        "  all      one after the other, past what fails",
    ]
)


def main(arguments: Sequence[str]) -> int:
    """Run the parts that are named; 1 where one fails or does not reach its law, 2 for a wrong name. Each module has
    `measure() -> dict` and prints what it does.
    """
    if {"-h", "--help"} & set(arguments):
        print(USAGE)
        return 0
    wanted = [name for name in PARTS if "all" in arguments or name in arguments]
    unknown = [name for name in arguments if name not in PARTS and name != "all"]
    if unknown or not wanted:
        print(
            f"there is no part {' and no part '.join(unknown)}" if unknown else "say which part",
            file=sys.stderr,
        )
        print(USAGE, file=sys.stderr)
        return 2
    failed = [name for name in wanted if not _measured(name)]
    _page.write(RESULTS)
    if failed:
        print(f"not in order: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


def _measured(name: str) -> bool:
    """Whether it ran to its end, and reached what it must; what was measured is kept either way."""
    what, minutes = PARTS[name]
    print(f"{name}: {what}; about {minutes} min", flush=True)
    began = CLOCK.monotonic()
    try:
        found = importlib.import_module(f"bench.{name}").measure()
    except Exception:  # noqa: BLE001 - the other parts are measured all the same
        traceback.print_exc()
        return False
    unmet = found.pop("not met", [])
    told = {**_where(), "load": _load(), "minutes": round((CLOCK.monotonic() - began) / 60, 1), **found}
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"{name}.json").write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")
    _print(told)
    for sentence in unmet:
        print(f"{name}: {sentence}", file=sys.stderr)
    return not unmet


def _where() -> dict[str, object]:
    """When and on what."""
    return {
        "date": f"{datetime.fromtimestamp(CLOCK.wall(), UTC):%Y-%m-%d}",
        "machine": platform.machine(),
        "processor": _processor(),
        "python": platform.python_version(),
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    names = [line.partition(": ")[2] for line in lines if line.startswith("model name")]
    return f"{len(names)} x {names[0]}" if names else platform.processor()


def _load() -> float:
    """How many processes wanted a core in the last fifteen minutes, the bench's own too."""
    return round(os.getloadavg()[2], 1)


def _print(told: dict[str, object]) -> None:
    width = max(map(len, told))
    for key, value in told.items():
        print(f"{key:{width}}  {'' if isinstance(value, dict) else value}".rstrip())
        for part, said in value.items() if isinstance(value, dict) else ():
            print(f"  {part:{width}}{_line(said)}")


def _line(told: object) -> str:
    """What stands behind one name: figures by name, or a sentence."""
    return ", ".join(f"{key} {value}" for key, value in told.items()) if isinstance(told, dict) else str(told)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

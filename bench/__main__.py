"""`./dev bench NAME`: measure one part, print a table, write `bench/results/NAME.json` and the page of all."""

from __future__ import annotations

import importlib
import json
import platform
import sys
from pathlib import Path

from bench._page import write

RESULTS = Path(__file__).with_name("results")
PARTS = sorted(path.stem for path in Path(__file__).parent.glob("*.py") if not path.stem.startswith("_"))


def main() -> int:
    """Run the parts that are named. Each module has `measure() -> dict` and prints what it does."""
    wanted = sys.argv[1:]
    if not wanted or not set(wanted) <= set(PARTS):
        print(f"./dev bench {'|'.join(PARTS)}", file=sys.stderr)
        return 2
    for name in wanted:
        found = importlib.import_module(f"bench.{name}").measure()
        told = {"machine": platform.machine(), "python": platform.python_version(), **found}
        RESULTS.mkdir(exist_ok=True)
        (RESULTS / f"{name}.json").write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")
        width = max(map(len, told))
        for key, value in told.items():
            print(f"{key:{width}}  {'' if isinstance(value, dict) else value}".rstrip())
            for part, said in value.items() if isinstance(value, dict) else ():
                print(f"  {part:{width}}{_line(said)}")
    write(RESULTS)
    return 0


def _line(told: object) -> str:
    """What stands behind one name: figures by name, or a sentence."""
    return ", ".join(f"{key} {value}" for key, value in told.items()) if isinstance(told, dict) else str(told)


if __name__ == "__main__":
    sys.exit(main())

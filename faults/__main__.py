"""`./dev faults`: every reset, failed at every call that writes. Writes docs/ref/faults.md and faults/results."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path

from faults import shim
from faults.failures import Found, LeftBrokenError, run
from faults.resets import RESETS

HERE = Path(__file__).parent
PAGE = HERE.parent / "docs/ref/faults.md"


def page(found: dict[str, tuple[int, Found]]) -> str:
    """What was true afterwards, for each reset and failure."""
    failures = list(dict.fromkeys(failure for _, after in found.values() for failure in after))
    lines = [f"| reset | calls | {' | '.join(failures)} |", "|---" * (2 + len(failures)) + "|"]
    for name, (calls, after) in found.items():
        cells = (
            ", ".join(f"{count} {standing}" for standing, count in sorted(after[failure].items()))
            for failure in failures
        )
        lines.append(f"| {name} | {calls} | {' | '.join(cells)} |")
    total = sum(sum(counts.values()) for _, after in found.values() for counts in after.values())
    said = f"{total:,} failures, and what was true after each. None left anything else."
    introduction = (HERE / "introduction.txt").read_text(encoding="utf-8")
    return "\n".join([introduction, said, "", *lines]) + "\n"


def main() -> int:
    """Play them. A part of them, or not every call, writes no page."""
    asking = argparse.ArgumentParser(prog="./dev faults", description="Power and disk fail in every reset.")
    asking.add_argument("reset", nargs="*", choices=[[], *RESETS], help="only these (all)")
    asking.add_argument("--step", type=int, default=1, help="at every how-manieth call (1)")
    told = asking.parse_args()
    found: dict[str, tuple[int, Found]] = {}
    with tempfile.TemporaryDirectory() as folder:
        library = shim.compiled(Path(folder))
        if library is None:
            print(
                "./dev faults: it needs Linux and a C compiler: sudo apt install gcc libc6-dev",
                file=sys.stderr,
            )
            return 1
        for name in told.reset or RESETS:
            work = Path(folder) / name
            work.mkdir()
            try:
                found[name] = run(name, work, library, told.step)
            except LeftBrokenError as broken:
                print(broken, file=sys.stderr)
                return 1
            print(f"{name}: {found[name][0]} calls", flush=True)
    if not told.reset and told.step == 1:
        (HERE / "results").mkdir(exist_ok=True)
        (HERE / "results/faults.json").write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
        PAGE.write_text(page(found), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())

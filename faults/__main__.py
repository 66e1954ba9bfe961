"""`./dev faults`: what is left when things fail under a device and under a desk. Writes docs/ref/faults.md and
faults/results.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path

from faults import shim
from faults.desk import parts
from faults.desk.site import LeftBrokenError as DeskLeftBrokenError
from faults.failures import Found, LeftBrokenError, run
from faults.page import page
from faults.resets import RESETS

HERE = Path(__file__).parent
PAGE, DEVICE, DESK = (
    HERE.parent / "docs/ref/faults.md",
    HERE / "results/faults.json",
    HERE / "results/desk.json",
)


def main() -> int:
    """Play them. A part of the device's, or not every call, writes no page; a part of the desk's replaces its own."""
    asking = argparse.ArgumentParser(
        prog="./dev faults", description="Power, disks, processes and mail servers fail."
    )
    asking.add_argument("where", nargs="?", choices=["device", "desk", "all"], default="all", help="(all)")
    asking.add_argument("what", nargs="*", help=f"only these: {', '.join([*RESETS, *parts.PARTS])}")
    asking.add_argument("--step", type=int, default=1, help="a device: at every how-manieth call (1)")
    told = asking.parse_args()
    known = {"device": list(RESETS), "desk": list(parts.PARTS), "all": []}[told.where]
    if strange := [name for name in told.what if name not in known]:
        asking.error(f"{', '.join(strange)}: only {', '.join(known) or 'with device or desk'}")
    try:
        if told.where != "desk":
            _device(told.what or list(RESETS), told.step, whole=not told.what and told.step == 1)
        if told.where != "device":
            _desk(told.what or list(parts.PARTS))
    except (LeftBrokenError, DeskLeftBrokenError) as broken:
        print(broken, file=sys.stderr)
        return 1
    PAGE.write_text(page(_read(DEVICE), _read(DESK)), encoding="utf-8")
    return 0


def _device(names: list[str], step: int, *, whole: bool) -> None:
    found: dict[str, tuple[int, Found]] = {}
    with tempfile.TemporaryDirectory() as folder:
        library = shim.compiled(Path(folder))
        if library is None:
            raise LeftBrokenError(
                "./dev faults: it needs Linux and a C compiler: sudo apt install gcc libc6-dev"
            )
        for name in names:
            work = Path(folder) / name
            work.mkdir()
            found[name] = run(name, work, library, step)
            print(f"{name}: {found[name][0]} calls", flush=True)
    if whole:
        DEVICE.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")


def _desk(names: list[str]) -> None:
    for name in names:
        with tempfile.TemporaryDirectory() as folder:
            found = parts.PARTS[name](Path(folder))
        print(f"{name}: {'this machine cannot do that' if found is None else json.dumps(found)}", flush=True)
        if found is not None:
            kept = _read(DESK) | {name: found}
            ordered = {part: kept[part] for part in parts.PARTS if part in kept}
            DESK.write_text(json.dumps(ordered, indent=2) + "\n", encoding="utf-8")


def _read(file: Path) -> dict[str, object]:
    kept: dict[str, object] = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    return kept


if __name__ == "__main__":
    sys.exit(main())

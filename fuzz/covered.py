"""One target under atheris, with the Python of .cache/fuzz: `-m fuzz.covered NAME CORPUS [libFuzzer's options]`."""

from __future__ import annotations

import importlib
import sys

import atheris  # type: ignore[import-untyped, unused-ignore]

from fuzz.target import Target

PARTS = ("messages", "log", "web", "lan", "device", "desk")


def find(name: str) -> Target:
    """The target, with as little loaded as it needs: what is loaded is rewritten for its coverage first."""
    for part in PARTS:
        with atheris.instrument_imports(include=["sparekey", "h11", "python_multipart"]):
            module = importlib.import_module(f"fuzz.targets.{part}")
        targets: list[Target] = module.TARGETS
        for target in targets:
            if target.name == name:
                return target
    raise SystemExit(f"there is no {name}")


def main() -> None:
    """Until the time is over, or something breaks."""
    target = find(sys.argv[1])
    atheris.Setup([sys.argv[0], *sys.argv[2:]], target.holds)
    atheris.Fuzz()


if __name__ == "__main__":
    main()

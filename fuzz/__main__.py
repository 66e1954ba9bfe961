"""`./dev fuzz [--seconds N] [NAME ...]`: throws inputs at the readers, and says how many and what broke.

With atheris (coverage tells it where to go on), where it is installed; with hypothesis where it is not, or on wish.
What breaks a reader is written to fuzz/found/ and is a test from then on (`tests/properties/test_fuzz.py`).
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from fuzz.catalogue import TARGETS
from fuzz.changes import run as run_hypothesis
from fuzz.target import HERE, Target, store, stored

ATHERIS = HERE.parent / ".cache" / "fuzz" / "bin" / "python"
DONE = re.compile(r"^stat::number_of_executed_units:\s+(\d+)$", re.MULTILINE)
LENGTH = 4096
"""Bytes of an input, at most: what is longer is refused by its length, and tests say so."""
KEPT = 24
"""Inputs that stay in the corpus of one target, and their length at most."""
KEPT_LENGTH = 512


@dataclass(frozen=True)
class Run:
    """`inputs`: how many. `broke`: those that brought something else than a value or an error of ours."""

    inputs: int
    broke: tuple[bytes, ...]


def main() -> int:
    """Exit codes: 0 all held, 1 something broke, 2 there is no such target."""
    parser = argparse.ArgumentParser(prog="./dev fuzz", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="which readers; all without a name")
    parser.add_argument("--seconds", type=int, default=60, help="for each of them (default: 60)")
    parser.add_argument(
        "--engine", choices=("atheris", "hypothesis"), help="which of the two; default: what is there"
    )
    parser.add_argument("--keep", action="store_true", help="write what reached new code to fuzz/corpus/")
    parser.add_argument("--list", action="store_true", help="say which there are, and do nothing")
    given = parser.parse_args()
    if given.list:
        print("\n".join(TARGETS))
        return 0
    unknown = set(given.names) - set(TARGETS)
    if unknown:
        print(
            f"there is no {', '.join(sorted(unknown))}; ./dev fuzz --list tells which there are",
            file=sys.stderr,
        )
        return 2
    engine = given.engine or ("atheris" if ATHERIS.exists() else "hypothesis")
    print(f"{engine}, {given.seconds} s each")
    broken = 0
    for target in [TARGETS[name] for name in given.names or TARGETS]:
        run = (
            _atheris(target, given.seconds, keep=given.keep)
            if engine == "atheris"
            else _hypothesis(target, given.seconds)
        )
        broken += len(run.broke)
        if run.broke:
            found = HERE / "found" / f"{target.name}.hex"
            store(found, [*stored(found), *run.broke])
        print(
            f"{target.name:<22}{run.inputs:>12,} {'BROKE: see fuzz/found/' if run.broke else 'ok'}",
            flush=True,
        )
    return 1 if broken else 0


def _hypothesis(target: Target, seconds: int) -> Run:
    count, broke = run_hypothesis(target, seconds)
    return Run(count, (broke,) if broke is not None else ())


def _atheris(target: Target, seconds: int, *, keep: bool) -> Run:
    with tempfile.TemporaryDirectory() as place:
        corpus, found = Path(place, "corpus"), Path(place, "found")
        corpus.mkdir()
        found.mkdir()
        for number, data in enumerate(target.inputs):
            (corpus / str(number)).write_bytes(data)
        seen = {path.name for path in corpus.iterdir()}
        command = [str(ATHERIS), "-m", "fuzz.covered", target.name, str(corpus)]
        options = [
            f"-max_total_time={seconds}",
            f"-max_len={LENGTH}",
            f"-artifact_prefix={found}/",
            "-timeout=20",
        ]
        done = subprocess.run(
            [*command, *options, "-print_final_stats=1", "-rss_limit_mb=4096"],
            cwd=HERE.parent,
            env=os.environ | {"PYTHONPATH": f"{HERE.parent}{os.pathsep}{HERE.parent / 'src'}"},
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
        )
        broke = tuple(path.read_bytes() for path in sorted(found.iterdir()))
        counted = DONE.search(done.stderr)
        if done.returncode and not broke:
            print(done.stderr[-2000:], file=sys.stderr)
            raise SystemExit(f"atheris itself broke on {target.name}")
        if broke:
            print(done.stderr[-3000:], file=sys.stderr)
        if keep:
            fresh = [path.read_bytes() for path in corpus.iterdir() if path.name not in seen]
            _keep(target, fresh)
        return Run(int(counted[1]) if counted else 0, broke)


def _keep(target: Target, fresh: list[bytes]) -> None:
    file = HERE / "corpus" / f"{target.name}.hex"
    small = sorted({data for data in [*stored(file), *fresh] if len(data) <= KEPT_LENGTH}, key=len)
    step = max(1, len(small) // KEPT)
    store(file, small[::step][:KEPT])


if __name__ == "__main__":
    sys.exit(main())

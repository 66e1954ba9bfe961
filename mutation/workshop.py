"""The copy of the project in which mutmut changes `core/`, and what it found there."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
CORE = ROOT / "src/sparekey/core"
WORK = ROOT / ".cache/mutation"
COPIED = ("src", "tests", "spec", "vectors", "docs", "formal", "fuzz", "attack", "faults")
SURVIVED, KILLED, TIMED_OUT = 0, (1, 3), (-24, 24, 36, 152, 255)


class UntriedError(Exception):
    """A run was stopped: there is no result yet."""


@dataclass(frozen=True, slots=True)
class Survivor:
    """A change that no test noticed: in which function, the lines as they are, and as they were made."""

    function: str
    was: str
    now: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one module's mutants, and of which text of the module."""

    digest: str
    killed: int
    timed_out: int
    survivors: tuple[Survivor, ...]


def modules(patterns: list[str]) -> list[str]:
    """The modules of `core/` whose dotted name is one of these, or below it; all of them for none."""
    names = sorted(
        ".".join(path.relative_to(CORE).with_suffix("").parts)
        for path in CORE.rglob("*.py")
        if path.name != "__init__.py"
    )
    return [name for name in names if not patterns or any(f"{name}.".startswith(f"{p}.") for p in patterns)]


def digest(module: str) -> str:
    """Of the text of a module; a result is of this text alone."""
    return hashlib.sha256((CORE / f"{module.replace('.', '/')}.py").read_bytes()).hexdigest()[:16]


def prepare(may_live: Callable[[Survivor], bool]) -> None:
    """Copy the project afresh. What mutmut remembers in `mutants/` stays, so that a run goes on where it was; what
    survived and may not is tried again, since a test may have come.
    """
    WORK.mkdir(parents=True, exist_ok=True)
    for name in COPIED:
        shutil.rmtree(WORK / name, ignore_errors=True)
        shutil.copytree(ROOT / name, WORK / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(Path(__file__).parent / "mutmut.toml", WORK / "pyproject.toml")
    for path in (WORK / "mutants").rglob("*.py.meta"):
        told = json.loads(path.read_text())
        codes: dict[str, int | None] = told["exit_code_by_key"]
        left = {name for name, code in codes.items() if code not in (*KILLED, *TIMED_OUT, None)}
        again = {name for name in left if codes[name] != SURVIVED or not may_live(_survivor(name))}
        told["exit_code_by_key"] = {name: None if name in again else code for name, code in codes.items()}
        path.write_text(json.dumps(told))


def run(names: list[str], children: int) -> None:
    """Try every mutant of these modules; mutmut says how far it is. Raises `subprocess.CalledProcessError` where the
    tests fail unchanged.
    """
    patterns = [f"sparekey.core.{name}.*" for name in names]
    subprocess.run(
        [sys.executable, "-m", "mutmut", "run", "--max-children", str(children), *patterns],
        cwd=WORK,
        check=True,
    )


def read(module: str) -> Outcome:
    """What mutmut wrote down of a module. Raises UntriedError."""
    path = WORK / f"mutants/src/sparekey/core/{module.replace('.', '/')}.py.meta"
    codes: dict[str, int | None] = json.loads(path.read_text())["exit_code_by_key"] if path.is_file() else {}
    killed = sum(code in KILLED for code in codes.values())
    timed_out = sum(code in TIMED_OUT for code in codes.values())
    left = {name: code for name, code in codes.items() if code not in (*KILLED, *TIMED_OUT)}
    if any(code != SURVIVED for code in left.values()):
        raise UntriedError(f"not all mutants of {module} were tried")
    return Outcome(digest(module), killed, timed_out, tuple(map(_survivor, left)))


def _survivor(name: str) -> Survivor:
    shown = subprocess.run(
        [sys.executable, "-m", "mutmut", "show", name], cwd=WORK, capture_output=True, check=True
    ).stdout.decode()
    lines = [line for line in shown.splitlines() if line[:1] in "+-" and line[:3] not in ("+++", "---")]
    was, now = (" ".join(line[1:].strip() for line in lines if line[0] == sign) for sign in "-+")
    return Survivor(_function(name), was, now)


def _function(mutant: str) -> str:
    """`sparekey.core.codes.check.x__times__mutmut_11` is of `codes.check._times`; a class stands between ǁ."""
    module, name = mutant.removeprefix("sparekey.core.").rpartition("__mutmut_")[0].rsplit(".", 1)
    return f"{module}.{name.replace('xǁ', '').replace('ǁ', '.') if 'ǁ' in name else name.removeprefix('x_')}"


def as_json(outcomes: dict[str, Outcome]) -> dict[str, Any]:
    """For `mutation/results`."""
    return {
        name: {
            "digest": found.digest,
            "killed": found.killed,
            "timed out": found.timed_out,
            "survivors": [[one.function, one.was, one.now] for one in found.survivors],
        }
        for name, found in sorted(outcomes.items())
    }


def from_json(told: dict[str, Any]) -> dict[str, Outcome]:
    """What `as_json` wrote."""
    return {
        name: Outcome(
            found["digest"],
            found["killed"],
            found["timed out"],
            tuple(Survivor(*one) for one in found["survivors"]),
        )
        for name, found in told.items()
    }

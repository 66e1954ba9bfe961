"""The shim of `shim.c`: compiled where a C compiler is, loaded before a process starts, switched on from inside."""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

SOURCE = Path(__file__).with_name("shim.c")
VARIABLE = "LD_PRELOAD"


@dataclass(frozen=True)
class Call:
    """One call that changes what is on the disk. `name`: create, write, cut, sync, unlink or rename. `where`: the
    offset of a write, the length after a cut. `data`: what is written, or the new name.
    """

    name: str
    path: str
    where: int
    data: bytes


def compiled(folder: Path) -> Path | None:
    """The library, or None where it cannot be made: there is no C compiler, or this is not Linux."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None or not hasattr(os, "sched_getaffinity"):
        return None
    library = folder / "shim.so"
    made = [compiler, "-O2", "-shared", "-fPIC", "-o", str(library), str(SOURCE), "-ldl", "-lpthread"]
    return library if subprocess.run(made, check=False, capture_output=True).returncode == 0 else None


def begin(below: Path, *, at: int = 0, error: int = 0, log: Path | None = None) -> None:
    """From now on: log what is written below a folder; and from the call of that number on let all fail with this
    error, or end before it where there is none.
    """
    told = os.fsencode(log) if log is not None else b""
    _loaded().shim_begin(os.fsencode(below), ctypes.c_long(at), error, told)


def end() -> int:
    """How many calls there were."""
    return int(_loaded().shim_end())


def read_log(log: Path) -> list[Call]:
    """What a run wrote, in order."""
    calls = []
    for line in log.read_text(encoding="ascii").splitlines():
        name, path, where, data = line.split("\t")
        calls.append(Call(name, path, int(where), bytes.fromhex(data)))
    return calls


def _loaded() -> ctypes.CDLL:
    library = ctypes.CDLL(os.environ[VARIABLE])
    library.shim_end.restype = ctypes.c_long
    return library

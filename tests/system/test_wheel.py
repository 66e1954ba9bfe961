"""The wheel as people get it: always the same bytes, and each extra works by itself in a clean environment."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.shape.tree import ROOT, SOURCE, files

COMMANDS = {
    "device": ("device", "--help"),
    "desk": ("desk", "--help"),
    "finder": ("find", "--help"),
    "vault": ("profile", "show", "sparekey"),
    "gpio": ("inspect", "--help"),
}
"""What has to work once the extra is there."""


def build(place: Path, made: int) -> Path:
    """The wheel of a copy of this tree whose files are from `made` (Unix seconds)."""
    tree = place / "tree"
    for path in files():
        if path.parent == ROOT or SOURCE in path.parents or path == ROOT / "docs/ref/cli.md":
            copy = tree / path.relative_to(ROOT)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, copy)
            os.utime(copy, (made, made))
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(place)]
    built = subprocess.run(command, cwd=tree, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stderr
    (wheel,) = place.glob("*.whl")
    return wheel


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("wheel"), 1_700_000_000)


def test_two_builds_of_one_tree_are_the_same_bytes(wheel: Path, tmp_path: Path) -> None:
    again = build(tmp_path, 1_000_000_000)
    assert again.name == wheel.name
    assert again.read_bytes() == wheel.read_bytes()


@pytest.mark.parametrize("extra", COMMANDS)
def test_each_extra_works_in_a_clean_environment(wheel: Path, tmp_path: Path, extra: str) -> None:
    python = tmp_path / "bin" / "python"
    cache = os.environ.get("PIP_CACHE_DIR", str(ROOT / ".cache" / "pip"))
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL"))}
    clean |= {"PIP_CACHE_DIR": cache, "PIP_DISABLE_PIP_VERSION_CHECK": "1"}

    def run(*command: str | Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(word) for word in command],
            cwd=tmp_path,
            env=clean,
            capture_output=True,
            text=True,
            check=False,
        )

    assert run(sys.executable, "-m", "venv", tmp_path).returncode == 0
    pip = (python, "-m", "pip", "install", "--quiet", "--no-input")
    locked = run(*pip, "--require-hashes", "--requirement", ROOT / "locks" / f"{extra}.txt")
    if locked.returncode:
        pytest.skip(f"pip cannot get what the lock names: {locked.stderr[-200:]}")
    installed = run(*pip, "--no-index", f"{wheel}[{extra}]")
    assert installed.returncode == 0, "the lock has all that the extra asks for\n" + installed.stderr
    assert run(python, "-m", "pip", "check").returncode == 0
    shown = run(tmp_path / "bin" / "sparekey", *COMMANDS[extra])
    assert shown.returncode == 0, shown.stderr
    assert shown.stdout

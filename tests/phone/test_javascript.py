"""The phone's own scripts: their types hold, and they read what the vectors hold as the core does.

They run on Node, laid out as the desk serves them: `phone/` beside `web/`.
"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).parent
LAID_OUT = ROOT / ".cache" / "phone"
SCRIPTS = {"phone": "desk/phone/static", "web": "web/static"}
NODE = ["node", "--preserve-symlinks", "--preserve-symlinks-main", "--test"]


@pytest.fixture(scope="module", autouse=True)
def laid_out() -> None:
    if shutil.which("node") is None:
        pytest.skip("Node is not installed: apt install nodejs npm")
    LAID_OUT.mkdir(parents=True, exist_ok=True)
    (LAID_OUT / "package.json").write_bytes((HERE / "package.json").read_bytes())
    for name, folder in SCRIPTS.items():
        place = LAID_OUT / name
        if not place.is_symlink():
            place.symlink_to(ROOT / "src" / "sparekey" / folder, target_is_directory=True)


def run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)


@pytest.mark.meets("asvs-1.5.3")
def test_the_readers_agree_with_the_vectors() -> None:
    suites = sorted(path.relative_to(ROOT).as_posix() for path in HERE.glob("*.test.js"))
    done = run(*NODE, *suites)
    assert done.returncode == 0, done.stdout
    assert "# pass 0\n" not in done.stdout


@pytest.mark.meets("asvs-3.2.3", "asvs-15.3.6")
def test_the_types_hold() -> None:
    compiler = LAID_OUT / "node_modules" / "typescript" / "bin" / "tsc"
    if not compiler.is_file():
        pytest.skip("TypeScript is not installed; ./dev test installs it where npm is")
    done = run("node", str(compiler), "-p", str(HERE / "tsconfig.json"))
    assert done.returncode == 0, done.stdout

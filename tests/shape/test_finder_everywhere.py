"""The tool runs on Linux, macOS and Windows: it imports without the modules that only some of them have."""

from __future__ import annotations

import subprocess
import sys

from tests.shape.tree import SOURCE

BLOCKED = ("fcntl", "pwd", "grp", "termios", "resource", "syslog")
SCRIPT = """
import importlib, sys
import textual.app, textual.widgets, click, asyncio, logging.handlers, webbrowser  # their own affair
for name in {blocked!r}:
    sys.modules[name] = None
for name in {modules!r}:
    importlib.import_module(name)
"""


def test_the_finder_imports_where_there_is_no_posix() -> None:
    modules = [
        ".".join(path.relative_to(SOURCE.parent).with_suffix("").parts).removesuffix(".__init__")
        for folder in ("finder", "lan", "desklink")
        for path in sorted((SOURCE / folder).rglob("*.py"))
    ]
    assert "sparekey.finder.tui.app" in modules
    script = SCRIPT.format(blocked=BLOCKED, modules=modules)
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr

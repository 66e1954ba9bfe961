"""The checkout as the shape tests see it: its own files, without what tools leave behind."""

from __future__ import annotations

import ast
import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "sparekey"

GENERATED = {"build", "compiled", "dist", "htmlcov", "__pycache__"}
TEXT = {".css", ".html", ".js", ".json", ".md", ".po", ".py", ".pv", ".sh", ".toml", ".txt", ".xml", ""}


@cache
def files() -> tuple[Path, ...]:
    """Every file of the project, sorted."""
    found = []
    for folder, below, names in os.walk(ROOT):
        below[:] = [
            name for name in below if name == ".ci" or not (name.startswith(".") or name in GENERATED)
        ]
        found += [Path(folder, name) for name in names]
    return tuple(sorted(found))


def texts() -> Iterator[tuple[str, str]]:
    """The name (relative to the root) and content of every text file."""
    for path in files():
        if path.suffix in TEXT:
            yield name(path), path.read_text(encoding="utf-8")


def pages() -> Iterator[tuple[Path, str]]:
    """Every Markdown page and its content."""
    for path in files():
        if path.suffix == ".md":
            yield path, path.read_text(encoding="utf-8")


def name(path: Path) -> str:
    """How a file is called in a message: relative to the root, with slashes."""
    return path.relative_to(ROOT).as_posix()


def imports(path: Path) -> set[str]:
    """The modules a Python file imports, wherever in the file it does so, as full dotted names."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found

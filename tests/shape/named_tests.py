"""Every test function of the project by its name, without running or importing any."""

from __future__ import annotations

import ast
from functools import cache

from tests.shape.tree import files, name


@cache
def named_tests() -> dict[str, tuple[str, ...]]:
    """Test name -> the files that hold a test of this name."""
    found: dict[str, list[str]] = {}
    for path in files():
        where = name(path)
        if not (where.startswith("tests/") and path.name.startswith("test_") and path.suffix == ".py"):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_"):
                found.setdefault(node.name, []).append(where)
    return {test: tuple(where) for test, where in found.items()}

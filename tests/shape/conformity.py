"""Writes docs/ref/conformity.md from the standards and the marks of tests: `python -m tests.shape.conformity`.

The marks (`@pytest.mark.meets("asvs-6.2.1")`) are read from the source: no test is imported or run.
"""

from __future__ import annotations

import ast
from collections import Counter
from functools import cache

from sparekey.profiles import names
from sparekey.profiles.standards import Requirement, Standard, departures, standards
from tests.shape.tree import ROOT, files, name

PAGE = ROOT / "docs" / "ref" / "conformity.md"
INTRODUCTION = """# Conformity

What standards ask for, in our own short words, and the tests that prove it. Where something is *not met* or *not
applicable*, the reason stands there. Written from `src/sparekey/profiles/standards/` and from the marks of the tests by
`.venv/bin/python -m tests.shape.conformity`; a test holds the three to each other.

It holds for the recommended profile, `sparekey`. Where another profile departs, that stands below, and
`sparekey profile show NAME` says the same. Nobody else has looked at it: it is our own reading, and no certificate.
"""


@cache
def marks() -> dict[str, tuple[str, ...]]:
    """Mark -> the tests that carry it, as `file::name`, in the order of the files."""
    found: dict[str, list[str]] = {}
    for path in files():
        where = name(path)
        if where.startswith("tests/") and path.name.startswith("test_") and path.suffix == ".py":
            for test, mark in _marked(ast.parse(path.read_text(encoding="utf-8"))):
                found.setdefault(mark, []).append(f"{where}::{test}")
    return {mark: tuple(tests) for mark, tests in found.items()}


def _marked(tree: ast.Module) -> list[tuple[str, str]]:
    return [
        (node.name, argument.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        for decorator in node.decorator_list
        if isinstance(decorator, ast.Call) and ast.unparse(decorator.func) == "pytest.mark.meets"
        for argument in decorator.args
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
    ]


def page() -> str:
    """The whole page."""
    return "\n".join([INTRODUCTION, *_profiles(), *(line for one in standards() for line in _standard(one))])


def _profiles() -> list[str]:
    rows = [f"| `{one}` | {where} | {what} |" for one in names() for where, what in departures(one)]
    kept = [f"`{one}`" for one in names() if not departures(one)]
    return [
        "## Where profiles depart\n",
        "| profile | from | what |",
        "|---|---|---|",
        *rows,
        f"\nWithout any departure: {', '.join(kept)}.\n",
    ]


def _standard(standard: Standard) -> list[str]:
    kinds = Counter(_kind(requirement) for requirement in standard.requirements)
    counted = ", ".join(f"{kinds[kind]} {kind}" for kind in ("met", "not met", "not applicable"))
    levels = any(requirement.level > 1 for requirement in standard.requirements)
    return [
        f"## {standard.title}\n",
        f"{standard.about} Of {len(standard.requirements)}: {counted}.\n",
        f"| | {'level | ' if levels else ''}asks | proof |",
        "|---|---|---|---|" if levels else "|---|---|---|",
        *(
            f"| {requirement.id} | {f'{requirement.level} | ' if levels else ''}"
            f"{requirement.says}{f' ({requirement.section})' * bool(requirement.section)} | "
            f"{_proof(standard, requirement)} |"
            for requirement in standard.requirements
        ),
        "",
    ]


def _kind(requirement: Requirement) -> str:
    return "not met" if requirement.lacks else "not applicable" if requirement.outside else "met"


def _proof(standard: Standard, requirement: Requirement) -> str:
    if requirement.claimed:
        told = [test.split("::") for test in marks().get(standard.mark(requirement), ())]
        shown = [f"[`{test}`](../../{where})" for where, test in told]
        return "<br>".join([*shown, *(f"not in `{one.profile}`" for one in requirement.departures)])
    return f"*{_kind(requirement)}*: {requirement.lacks or requirement.outside}"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")

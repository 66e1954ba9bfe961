"""The pages of the spec as a test reads them: worked examples, tables, headings."""

from __future__ import annotations

import re

from tests.vectors.blocks import Block, read
from tests.vectors.vector import ROOT

SPEC = ROOT / "spec"
_EXAMPLE = re.compile(r"^```example\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def page(name: str) -> str:
    """The text of a page."""
    return (SPEC / f"{name}.md").read_text(encoding="utf-8")


def examples(name: str) -> dict[str, Block]:
    """The worked examples of a page by their names."""
    found = [block for text in _EXAMPLE.findall(page(name)) for block in read(text)]
    return {block["name"]: block for block in found}


def table(name: str, head: str, place: int = 0) -> list[list[str]]:
    """The rows of the table of a page whose head begins with `head`, of several the one at `place`; back-ticks are
    dropped.
    """
    lines = page(name).splitlines()
    found = [at for at, line in enumerate(lines) if line.startswith(f"| {head} |".replace("  ", " "))]
    start = found[place]
    rows = []
    for line in lines[start + 2 :]:
        if not line.startswith("|"):
            break
        rows.append([cell.strip().replace("`", "") for cell in line.strip("|").split("|")])
    return rows

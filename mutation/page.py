"""What the mutants say, as docs/ref/mutation.md; and the reasons why some may live."""

from __future__ import annotations

import json
import re
import tomllib
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from mutation import workshop
from mutation.workshop import Outcome, Survivor

HERE = Path(__file__).parent
PAGE = HERE.parent / "docs/ref/mutation.md"
RESULTS = HERE / "results/mutation.json"
EXPLAINED = HERE / "explained.toml"


@dataclass(frozen=True, slots=True)
class Reasons:
    """Why a survivor changes nothing: for one change, or for every change of one kind."""

    changes: dict[Survivor, str]
    kinds: tuple[tuple[re.Pattern[str], re.Pattern[str], str], ...]

    def why(self, survivor: Survivor) -> str | None:
        """The reason; None where there is none, and a test is missing."""
        if survivor in self.changes:
            return self.changes[survivor]
        for was, now, why in self.kinds:
            if was.search(survivor.was) and now.search(survivor.now):
                return why
        return None


def reasons() -> Reasons:
    """Those of `explained.toml`."""
    told = tomllib.loads(EXPLAINED.read_text(encoding="utf-8"))
    return Reasons(
        {Survivor(one["function"], one["was"], one["now"]): one["why"] for one in told["change"]},
        tuple((re.compile(one["was"]), re.compile(one["now"]), one["why"]) for one in told["kind"]),
    )


def kept() -> dict[str, Outcome]:
    """What earlier runs found, of the modules that are still there."""
    if not RESULTS.is_file():
        return {}
    found = workshop.from_json(json.loads(RESULTS.read_text(encoding="utf-8")))
    return {name: found[name] for name in workshop.modules([]) if name in found}


def text(outcomes: dict[str, Outcome]) -> str:
    """The whole page."""
    known = reasons()
    total = [0, 0, 0, 0]
    lines = ["| module | mutants | noticed | explained | survived |", "|---|---|---|---|---|"]
    explained: dict[str, list[Survivor]] = defaultdict(list)
    for name in workshop.modules([]):
        if (found := outcomes.get(name)) is None:
            lines.append(f"| {name} | not tried | | | |")
            continue
        bare = 0
        for one in found.survivors:
            if (why := known.why(one)) is None:
                bare += 1
            else:
                explained[why].append(one)
        noticed, left = found.killed + found.timed_out, len(found.survivors)
        row = (noticed + left, noticed, left - bare, bare)
        total = [a + b for a, b in zip(total, row, strict=True)]
        changed = "" if found.digest == workshop.digest(name) else " (changed since)"
        lines.append(f"| {name}{changed} | {' | '.join(map(str, row))} |")
    lines.append(f"| **all** | {' | '.join(f'**{number:,}**' for number in total)} |")
    lines += ["", "## Those that may live", ""]
    for why, ones in sorted(explained.items()):
        lines.append(f"{why}")
        lines.append("")
        lines += [f"- {one.function}: `{one.was}` as `{one.now}`" for one in ones]
        lines.append("")
    introduction = (HERE / "introduction.txt").read_text(encoding="utf-8")
    return introduction + "\n" + "\n".join(lines).rstrip() + "\n"

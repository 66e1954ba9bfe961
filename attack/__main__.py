"""`./dev attack`: the simulated attacker against the device, at its machine and at its real doors, and against a desk.

Prints what was tried and the most that any face ever let through, and writes it to attack/results/attack.json. The
first broken promise ends it, with the seed that shows it again.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from attack.desk import Desk
from attack.doors import Doors
from attack.judge import Judge
from attack.machine import Machine
from attack.referee import TYPED_LIMIT, PromiseBrokenError, Referee
from attack.site import in_turn
from sparekey.core.values import Face
from sparekey.profiles import names
from tests.device.recorder import Recorder

RESULTS = Path(__file__).with_name("results")
PAGE = Path(__file__).parent.parent / "docs/ref/attacker.md"
INTRODUCTION = Path(__file__).with_name("introduction.txt")
EPISODE = {"machine": 5_000, "doors": 500, "desk": 500}
"""Steps of one device's life, and of one desk's."""


def machine(seed: int, steps: int) -> Referee:
    """One episode at the machine. Raises PromiseBrokenError."""
    name, at_screen = _of(seed)
    played = Machine(name, random.Random(seed), at_screen=at_screen)
    played.play(steps)
    return played.referee


def doors(seed: int, steps: int) -> Referee:
    """One episode at the doors. Raises PromiseBrokenError."""
    name, at_screen = _of(seed)
    with tempfile.TemporaryDirectory() as folder:
        played = Doors(Recorder(Path(folder), name), random.Random(seed), at_screen=at_screen)
        played.play(steps)
    return played.referee


def run(play: Callable[[int, int], Referee], steps: int, each: int, seed: int) -> dict[str, object]:
    """Episodes with seeds that follow one another, until so many steps are made."""
    judged: Counter[str] = Counter()
    refused: Counter[str] = Counter()
    most: Counter[Face] = Counter()
    for number in range(max(1, steps // each)):
        try:
            referee = play(seed + number, min(steps, each))
        except PromiseBrokenError as broken:
            raise SystemExit(f"seed {seed + number}: {broken}") from None
        judged += referee.judged
        refused += referee.refused
        most = most | referee.most
    return {
        "devices": max(1, steps // each),
        "steps": max(1, steps // each) * min(steps, each),
        "compared with a secret": sum(judged.values()),
        "refused": sum(refused.values()),
        "most typed tries on one face": {face.value: most[face] for face in Face},
        "allowed": TYPED_LIMIT,
        "compared, by method and face": dict(sorted(judged.items())),
        "refused, by reason": dict(refused.most_common()),
    }


def desk(seed: int, steps: int) -> tuple[Judge, Referee, int]:
    """One episode at a desk and its recorder. Returns the judges, and how many honest matters came to their end. Raises
    PromiseBrokenError.
    """
    name, at_screen = _of(seed)
    with tempfile.TemporaryDirectory() as folder, in_turn():
        played = Desk(Path(folder), name, random.Random(seed), at_screen=at_screen)
        played.play(steps)
        return played.judge, played.doors.referee, played.people.done


def run_desk(steps: int, each: int, seed: int) -> dict[str, object]:
    """Likewise at desks."""
    parts = []
    for number in range(max(1, steps // each)):
        try:
            parts.append(figures(*desk(seed + number, min(steps, each)), min(steps, each)))
        except PromiseBrokenError as broken:
            raise SystemExit(f"seed {seed + number}: {broken}") from None
    return together(parts, f"{seed} to {seed + len(parts) - 1}")


def figures(judge: Judge, referee: Referee, matters: int, steps: int) -> dict[str, Any]:
    """Of one episode at a desk."""
    return {
        "desks": 1,
        "steps": steps,
        "exchanges over the wire": judge.exchanges,
        "matters of honest people that came to their end": matters,
        "mails": sum(judge.mails.values()),
        "compared with a secret at the recorder": sum(referee.judged.values()),
        "compared, by kind": dict(judge.tried),
        "most in an hour": {kind: count for kind, count in judge.most.items() if kind.endswith("code")},
        "issued": dict(judge.issued),
    }


def together(parts: Sequence[dict[str, Any]], seeds: str) -> dict[str, object]:
    """Of several."""
    found: dict[str, Any] = {"seeds": seeds}
    for name, value in parts[0].items():
        if isinstance(value, int):
            found[name] = sum(part[name] for part in parts)
            continue
        counted: Counter[str] = Counter()
        for each in (Counter[str](part[name]) for part in parts):
            counted = counted | each if name.startswith("most") else counted + each
        found[name] = dict(sorted(counted.items()))
    return found


def page(found: dict[str, Any]) -> str:
    """The page with the figures."""
    arenas = {"machine": found["machine"], "doors": found["doors"]}
    lines = [INTRODUCTION.read_text(encoding="utf-8"), "| | at the machine | at the doors |", "|---|---|---|"]
    lines += [
        f"| {name} | {arenas['machine'][name]:,} | {arenas['doors'][name]:,} |"
        for name in ("devices", "steps", "compared with a secret", "refused")
    ]
    for face in ("network", "screen"):
        most = [arena["most typed tries on one face"][face] for arena in arenas.values()]
        lines.append(
            f"| most typed tries of the {face} between two sign-ins (100 allowed) | {most[0]} | {most[1]} |"
        )
    lines += ["", "| compared with a secret | at the machine | at the doors |", "|---|---|---|"]
    ways = [arena["compared, by method and face"] for arena in arenas.values()]
    lines += [
        f"| {way} | {ways[0].get(way, 0):,} | {ways[1].get(way, 0):,} |"
        for way in sorted({*ways[0], *ways[1]})
    ]
    at_desk = found["desk"]
    lines += ["", "| at desk and recorder | |", "|---|---|"]
    lines += [f"| {name} | {value:,} |" for name, value in at_desk.items() if isinstance(value, int)]
    lines += [f"| {kind} compared | {count:,} |" for kind, count in at_desk["compared, by kind"].items()]
    lines += [
        f"| most of one {kind} in an hour | {most} |" for kind, most in at_desk["most in an hour"].items()
    ]
    lines += [f"| issued: {method} | {count:,} |" for method, count in at_desk["issued"].items()]
    seeds = f"First seed {found['seed']}, at desk and recorder {at_desk['seeds']}. No promise was broken."
    return "\n".join([*lines, "", seeds]) + "\n"


def main() -> int:
    """Run all arenas. `--steps` counts those at the machine; the doors get one for each twenty of them, desks one for
    each fifty.
    """
    asking = argparse.ArgumentParser(prog="./dev attack", description="The simulated attacker.")
    asking.add_argument("--steps", type=int, default=1_000_000, help="at the machine (1,000,000)")
    asking.add_argument("--seed", type=int, default=1, help="of the first episode (1)")
    asking.add_argument(
        "--only", choices=sorted(EPISODE), help="run one of them; the page keeps the others' figures"
    )
    told = asking.parse_args()
    file = RESULTS / "attack.json"
    found = json.loads(file.read_text(encoding="utf-8")) if told.only else {}
    found["seed"] = told.seed
    runs: dict[str, Callable[[], dict[str, object]]] = {
        "machine": lambda: run(machine, told.steps, EPISODE["machine"], told.seed),
        "doors": lambda: run(doors, told.steps // 20, EPISODE["doors"], told.seed),
        "desk": lambda: run_desk(told.steps // 50, EPISODE["desk"], told.seed),
    }
    for name in [told.only] if told.only else runs:
        found[name] = runs[name]()
    RESULTS.mkdir(exist_ok=True)
    file.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    PAGE.write_text(page(found), encoding="utf-8")
    print(page(found))
    return 0


def _of(seed: int) -> tuple[str, bool]:
    """The profile of an episode, and whether a stranger stands at the screen in it."""
    profiles = sorted(names())
    return profiles[seed % len(profiles)], seed // len(profiles) % 2 == 1


if __name__ == "__main__":
    sys.exit(main())

"""`./dev mutate`: change `core/` in every small way and see whether a test notices. Writes docs/ref/mutation.md and
mutation/results.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys

from mutation import workshop
from mutation.page import PAGE, RESULTS, kept, reasons, text


def main() -> int:
    """Try them. What survived without a reason is printed, and is a failure."""
    asking = argparse.ArgumentParser(
        prog="./dev mutate", description="Change core/ and see whether a test notices."
    )
    asking.add_argument(
        "module", nargs="*", help="only these below core/, such as policy or device.life (all)"
    )
    asking.add_argument(
        "--children", type=int, default=os.cpu_count() or 1, help="how many at a time (the cores)"
    )
    asking.add_argument("--again", action="store_true", help="read what was found before, try nothing")
    told = asking.parse_args()
    names = workshop.modules(told.module)
    if not names:
        print(f"./dev mutate: core/ has no module {' or '.join(told.module)}", file=sys.stderr)
        return 2
    known = reasons()
    if not told.again:
        workshop.prepare(lambda survivor: known.why(survivor) is not None)
        try:
            workshop.run(names, told.children)
        except subprocess.CalledProcessError:
            print("./dev mutate: mutmut stopped, for the reason above", file=sys.stderr)
            return 1
    try:
        outcomes = {**kept(), **{name: workshop.read(name) for name in names}}
    except workshop.UntriedError as untried:
        print(f"./dev mutate: {untried}", file=sys.stderr)
        return 1
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(
        json.dumps(workshop.as_json(outcomes), indent=1, ensure_ascii=False) + "\n", encoding="utf-8"
    )
    PAGE.write_text(text(outcomes), encoding="utf-8")
    unexplained = [one for name in names for one in outcomes[name].survivors if known.why(one) is None]
    for one in unexplained:
        print(f"{one.function}\n  - {one.was}\n  + {one.now}")
    print(f"{len(unexplained)} survived without a reason (mutation/explained.toml)")
    return 1 if unexplained else 0


if __name__ == "__main__":
    sys.exit(main())

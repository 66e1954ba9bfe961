"""Who finds how many of how many, in one run: `unshare -n python -m bench._discovery` prints it as JSON."""

from __future__ import annotations

import json

from bench import _network
from bench._searches import ALL, OURS

CROWDS = (200, 1000)
LARGEST = 5000
LOSSES = (0.0, 0.05)


def main() -> None:
    """Every searcher on every crowd, one after the other."""
    told: dict[str, object] = {}
    with _network.cable() as cable:
        for count in CROWDS:
            for loss in LOSSES:
                with cable.there("bench._crowd", str(count), str(loss), _network.THERE):
                    about = f"{count} answering at once" + (f", {loss:.0%} lost each way" if loss else "")
                    told[about] = {searcher.name: searcher.run() for searcher in ALL}
        with cable.there("bench._crowd", str(LARGEST), "0", _network.THERE):
            told[f"{LARGEST} answering at once"] = {OURS.name: OURS.run()}
    print(json.dumps(told))


if __name__ == "__main__":
    main()

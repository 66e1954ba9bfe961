"""pymerkle, in its own environment: `python _peer_log.py FILE SIZE...`. A Merkle tree in SQLite, its entries synced as
its author left them. Prints one line of JSON: by size, microseconds of processor time.
"""

from __future__ import annotations

import json
import random
import sys
import time
from itertools import count, islice

from pymerkle import SqliteTree  # type: ignore[import-not-found,unused-ignore]

ENTRY = 120
"""Bytes."""
ONE, TOGETHER, PROOFS = 40, 2560, 20


def main() -> None:
    """Grow the tree, and measure at each size."""
    dice, numbers, told = random.Random(1), count(), {}
    tree = SqliteTree(sys.argv[1])
    entries = (number.to_bytes(ENTRY, "big") for number in numbers)
    for size in map(int, sys.argv[2:]):
        tree.append_entries(islice(entries, size - tree.get_size()), 10_000)

        def one() -> None:
            for entry in islice(entries, ONE):
                tree.append_entry(entry)

        def proofs() -> None:
            end = tree.get_size()
            for _ in range(PROOFS):
                tree.prove_inclusion(dice.randrange(1, end), end)
                tree.prove_consistency(dice.randrange(1, end), end)

        told[str(size)] = {
            "one at a time": spent(one) / ONE,
            "256 at once": spent(lambda: tree.append_entries(islice(entries, TOGETHER), 256)) / TOGETHER,
            "root": spent(tree.get_root),
            "proof": spent(proofs) / PROOFS,
        }
    print(json.dumps(told))


def spent(work: object) -> float:
    """Microseconds on a processor."""
    began = time.process_time()
    work()  # type: ignore[operator]
    return (time.process_time() - began) * 1e6


if __name__ == "__main__":
    main()

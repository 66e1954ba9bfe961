"""Writes vectors/log: `PYTHONPATH=src python -m tests.vectors.make_log`. The README there explains them.

Known answers of others carry their source. The rest is made with the slow definitions in
tests/core/tlog/reference.py, and each refused vector is a good one with one thing changed.
"""

from __future__ import annotations

from pathlib import Path

from tests.vectors.log.entry import leaves, proofs
from tests.vectors.log.text import checkpoints, cosignatures, keys, notes
from tests.vectors.log.tree import consistency, inclusion, roots, tiles

FOLDER = Path(__file__).parents[2] / "vectors" / "log"


def files() -> dict[str, str]:
    """Every file of vectors/log but the README, by name."""
    made = {
        "roots": (roots, "Roots of trees."),
        "inclusion": (inclusion, "Is the leaf hash at this index of the tree with this root?"),
        "consistency": (consistency, "Does the new tree begin with the old one?"),
        "tiles": (tiles, "Paths of tiles and bundles, which are new at a size, and bundles' content."),
        "keys": (keys, "Verifier keys as text."),
        "notes": (notes, "Signed notes, and who of the trusted keys signed."),
        "checkpoints": (checkpoints, "Texts of checkpoints."),
        "cosignatures": (cosignatures, "Witnesses' signatures under a checkpoint."),
        "leaves": (leaves, "Entries of the log."),
        "proofs": (proofs, "The proof that a response file carries."),
    }
    return {
        f"{name}.txt": f"# {title} Written by tests/vectors/make_log.py.\n\n" + "\n".join(make())
        for name, (make, title) in made.items()
    }


if __name__ == "__main__":
    for name, text in files().items():
        (FOLDER / name).write_text(text, encoding="utf-8")

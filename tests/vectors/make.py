"""Write the vector files anew: `PYTHONPATH=src python -m tests.vectors.make`. A test compares them with `vectors/`.

Each refused vector is a good one with one thing changed. Sealed parts come from tests/vectors/hpke.py with a fixed
sender's key, so that the files come out the same each time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tests.vectors import (
    make_armour,
    make_calls,
    make_cbor,
    make_codes,
    make_links,
    make_requests,
    make_trust,
)
from tests.vectors.log import entry, tree
from tests.vectors.log import text as notes
from tests.vectors.messages import sealed, signed
from tests.vectors.messages import text as pasted
from tests.vectors.vector import VECTORS, text

TOPICS: dict[str, tuple[str, Callable[[], Iterator[str]]]] = {
    "cbor": (make_cbor.ABOUT, make_cbor.vectors),
    "codes": (make_codes.ABOUT, make_codes.vectors),
    "requests": (make_requests.ABOUT, make_requests.vectors),
    "links": (make_links.ABOUT, make_links.vectors),
    "armour": (make_armour.ABOUT, make_armour.vectors),
    "trust": (make_trust.ABOUT, make_trust.vectors),
    "enrolments": (
        "Does whoever sealed this know the K of before? spec/enrolment.md section 4.",
        sealed.enrolments,
    ),
    "replies": (
        "Does the device take this answer to its enrolment? spec/enrolment.md section 3.",
        sealed.replies,
    ),
    "responses": ("Does the device take this file from support? spec/files.md section 4.", signed.responses),
    "texts": ("What is it that somebody pasted? spec/files.md sections 5 to 8.", pasted.texts),
    "calls": (make_calls.ABOUT, make_calls.vectors),
    "log/roots": ("Is this the root over these entries?", tree.roots),
    "log/inclusion": ("Is the leaf hash at this index of the tree with this root?", tree.inclusion),
    "log/consistency": ("Does the new tree begin with the old one?", tree.consistency),
    "log/tiles": ("Paths of tiles and bundles, which are new at a size, and bundles' content.", tree.tiles),
    "log/keys": ("Verifier keys as text.", notes.keys),
    "log/notes": ("Signed notes, and who of the trusted keys signed.", notes.notes),
    "log/checkpoints": ("Texts of checkpoints.", notes.checkpoints),
    "log/cosignatures": ("Witnesses' signatures under a checkpoint.", notes.cosignatures),
    "log/leaves": ("Entries of the log.", entry.leaves),
    "log/proofs": ("The proof that a response file carries.", entry.proofs),
}
"""Each file's comment and its vectors."""


def made(topic: str) -> str:
    """A whole file."""
    about, vectors = TOPICS[topic]
    return text(about, vectors())


if __name__ == "__main__":
    for topic in TOPICS:
        (VECTORS / f"{topic}.txt").write_text(made(topic), encoding="utf-8")

"""Write the vector files anew: `python -m tests.vectors.make`. A test compares them with `vectors/`."""

from __future__ import annotations

from types import ModuleType

from tests.vectors import make_armour, make_cbor, make_codes, make_links, make_requests, make_trust
from tests.vectors.blocks import VECTORS, write

TOPICS: dict[str, ModuleType] = {
    "cbor": make_cbor,
    "codes": make_codes,
    "requests": make_requests,
    "links": make_links,
    "armour": make_armour,
    "trust": make_trust,
}


def text(topic: str) -> str:
    """A whole file."""
    maker = TOPICS[topic]
    return write(maker.ABOUT, maker.blocks())


if __name__ == "__main__":
    for topic in TOPICS:
        (VECTORS / f"{topic}.txt").write_text(text(topic), encoding="utf-8")

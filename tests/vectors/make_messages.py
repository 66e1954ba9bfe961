"""Writes vectors/messages: `PYTHONPATH=src python -m tests.vectors.make_messages`. The README there says
what the fields mean.

Each refused vector is a good one with one thing changed. Sealed parts come from tests/vectors/hpke.py with
a fixed sender's key, so that the files come out the same each time.
"""

from __future__ import annotations

from pathlib import Path

from tests.vectors.messages.sealed import enrolments, replies, requests
from tests.vectors.messages.signed import responses, trust_files
from tests.vectors.messages.text import codes, texts

FOLDER = Path(__file__).parents[2] / "vectors" / "messages"


def files() -> dict[str, str]:
    """Every file of vectors/messages but the README, by name."""
    made = {
        "codes": (codes, "What people type."),
        "requests": (requests, "What a desk reads and opens."),
        "enrolments": (enrolments, "What a desk checks when a device that it knows enrols again."),
        "replies": (replies, "What a device takes as the answer to its enrolment."),
        "responses": (responses, "What a device takes from support."),
        "trust": (trust_files, "What a device takes from its maker."),
        "texts": (texts, "What anybody may paste, open or scan."),
    }
    return {
        f"{name}.txt": f"# {title} Written by tests/vectors/make_messages.py.\n\n" + "\n".join(make())
        for name, (make, title) in made.items()
    }


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, text in files().items():
        (FOLDER / name).write_text(text, encoding="utf-8")

"""The text form of vectors (vectors/README.md): one is written here, and a file of them is read here."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
VECTORS = ROOT / "vectors"

Fields = dict[str, object]
Vector = dict[str, Any]

_BARE = ("name", "expect", "slug")


def vector(name: str, expect: str, fields: Fields, **changes: object) -> str:
    """One vector as text. `expect`: `ok`, or a failure class and the slug behind a space. None is left out."""
    verdict, _, slug = expect.partition(" ")
    head = [f"name: {name}", f"expect: {verdict}", *([f"slug: {slug}"] if slug else [])]
    body = {key: value for key, value in (fields | changes).items() if value is not None}
    return "\n".join([*head, *(f"{key}: {written(value)}" for key, value in body.items())]) + "\n"


def written(value: object) -> str:
    """A field's value as JSON; bytes as hex. What an editor could not show is escaped."""
    plain = json.dumps(value, default=bytes.hex, ensure_ascii=False)
    return plain if plain.isprintable() else json.dumps(value, default=bytes.hex)


def flipped(data: bytes, place: int = 0, bit: int = 1) -> bytes:
    """The same bytes with one bit changed."""
    changed = bytearray(data)
    changed[place] ^= bit
    return bytes(changed)


def text(about: str, vectors: Iterable[str]) -> str:
    """A whole file. `about`: its comment, one or more lines."""
    return "".join(f"# {line}\n" for line in about.splitlines()) + "\n" + "\n".join(vectors)


def read(content: str) -> list[Vector]:
    """The vectors of a file."""
    found = []
    for block in content.split("\n\n"):
        lines = [line for line in block.split("\n") if line and not line.startswith("#")]
        pairs = [line.split(": ", 1) for line in lines]
        if pairs:
            assert len(dict(pairs)) == len(pairs), f"twice in one vector: {pairs[0]}"
            found.append({key: value if key in _BARE else json.loads(value) for key, value in pairs})
    return found


def load(topic: str) -> list[Vector]:
    """The vectors of one file."""
    return read((VECTORS / f"{topic}.txt").read_text(encoding="utf-8"))

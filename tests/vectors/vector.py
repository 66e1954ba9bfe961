"""One vector as text."""

from __future__ import annotations

import json

Fields = dict[str, object]


def vector(name: str, expect: str, fields: Fields, **changes: object) -> str:
    """One vector as text. `expect`: `ok`, or a failure class and the slug behind a space."""
    verdict, _, slug = expect.partition(" ")
    head = [f"name: {name}", f"expect: {verdict}", *([f"slug: {slug}"] if slug else [])]
    body = {key: value for key, value in (fields | changes).items() if value is not None}
    return "\n".join([*head, *(f"{key}: {written(value)}" for key, value in body.items())]) + "\n"


def written(value: object) -> str:
    """A field's value as JSON; bytes as hex."""
    return json.dumps(value, default=bytes.hex, ensure_ascii=False)


def flipped(data: bytes, place: int = 0) -> bytes:
    """The same bytes with one bit changed."""
    return data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]

"""The text form of the worked examples in the spec: blocks of `key: value` lines (spec/README.md)."""

from __future__ import annotations

import json

from sparekey.core.codec import Value

Block = dict[str, str]


def read(text: str) -> list[Block]:
    """The blocks of a text. A line that begins with two spaces goes on."""
    blocks: list[Block] = [{}]
    last = ""
    for line in text.splitlines():
        if not line:
            blocks.append({})
        elif line.startswith("  "):
            blocks[-1][last] += line.strip()
        else:
            last, found, value = line.partition(": ")
            assert found, f"not a line of an example: {line}"
            assert last not in blocks[-1], f"twice in one block: {last}"
            blocks[-1][last] = value
    return [block for block in blocks if block]


def unquoted(value: str) -> str:
    """The text of a JSON string. What has no quotes is the text itself."""
    text: str = json.loads(value) if value.startswith('"') else value
    return text


def octets(value: str) -> bytes:
    """The bytes of a hexadecimal value."""
    return bytes.fromhex(unquoted(value))


def diagnostic(value: Value) -> str:
    """A decoded value in CBOR's diagnostic notation (RFC 8949 section 8)."""
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, bytes):
        return f"h'{value.hex()}'"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, list):
        return "[" + ", ".join(diagnostic(item) for item in value) + "]"
    if isinstance(value, dict):
        pairs = (f"{diagnostic(key)}: {diagnostic(item)}" for key, item in value.items())
        return "{" + ", ".join(pairs) + "}"
    return str(value)

"""The text form of vectors and of the spec's examples: blocks of `key: value` lines (vectors/README.md)."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from sparekey.core.codec import Value
from sparekey.core.errors import InputError, UntrustedError

ROOT = Path(__file__).resolve().parents[2]
VECTORS = ROOT / "vectors"
FAMILIES: dict[str, type[Exception]] = {"malformed": InputError, "untrusted": UntrustedError}
"""What `expect` says, as the error that the readers raise."""

Block = dict[str, str]


def read(text: str) -> list[Block]:
    """The blocks of a text. Comments begin with `#`, a line that begins with two spaces goes on."""
    blocks: list[Block] = [{}]
    last = ""
    for line in text.splitlines():
        if not line:
            blocks.append({})
        elif line.startswith("  "):
            blocks[-1][last] += line.strip()
        elif not line.startswith("#"):
            last, found, value = line.partition(": ")
            assert found, f"not a line of a vector: {line}"
            assert last not in blocks[-1], f"twice in one block: {last}"
            blocks[-1][last] = value
    return [block for block in blocks if block]


def write(about: str, blocks: Iterable[Block]) -> str:
    """The text of a vector file. `about`: its comment, one or more lines."""
    parts = ["\n".join(f"# {line}" for line in about.splitlines())]
    parts += ["\n".join(f"{key}: {value}" for key, value in block.items()) for block in blocks]
    return "\n\n".join(parts) + "\n"


def load(topic: str) -> list[Block]:
    """The blocks of one vector file."""
    return read((VECTORS / f"{topic}.txt").read_text(encoding="utf-8"))


def given(topic: str) -> Block:
    """The block of a file that holds keys and expects nothing."""
    (block,) = [block for block in load(topic) if "expect" not in block]
    return block


def cases(topic: str, **wanted: str) -> list[Block]:
    """The vectors of one file whose keys say this."""
    return [
        block
        for block in load(topic)
        if "expect" in block and all(block.get(key) == value for key, value in wanted.items())
    ]


def quoted(text: str) -> str:
    """A text with spaces, line ends or strange characters, as a JSON string."""
    return json.dumps(text)


def unquoted(value: str) -> str:
    """The text again. What has no quotes is the text itself."""
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

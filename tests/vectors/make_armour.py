"""Vectors of armoured files (spec/files.md section 1)."""

from __future__ import annotations

import base64
from collections.abc import Iterator

from sparekey.core.messages.armour import FileKind, wrap
from tests.vectors.vector import Fields, vector

ABOUT = """Armoured files: spec/files.md section 1.
file: the kind that is wanted. text: the whole file. bytes: hexadecimal, what is inside."""

DATA = bytes(range(94))
TOLD = {"Device": "PX-3216 PX-3216-0001", "Desk": "Example support"}


def vectors() -> Iterator[str]:
    """All of them."""
    text = wrap(FileKind.REQUEST, DATA, TOLD)
    body = text.split("\n")[4:6]
    assert base64.b64decode("".join(body)) == DATA
    again = "\n".join("".join(body)[at : at + 20] for at in range(0, 128, 20))
    for name, changed in {
        "as it is written": text,
        "without a head": wrap(FileKind.REQUEST, DATA, {}),
        "with the line ends of Windows": text.replace("\n", "\r\n"),
        "with the line ends of old Macs": text.replace("\n", "\r"),
        "with a byte order mark": "\ufeff" + text,
        "without an end to its last line": text[:-1],
        "with spaces and tabs around its lines": text.replace("\n", " \t\n  "),
        "inside a mail": f"Hello,\n\nhere is my file.\n\n{text}\nRegards\n",
        "wrapped anew": text.replace("\n".join(body), again),
        "with empty lines in its content": text.replace(body[1], f"\n{body[1]}\n"),
        "beside a file of another kind": text + wrap(FileKind.TRUST, b"trust", {}),
    }.items():
        yield vector(name, "ok", wanted(changed, DATA))
    yield vector("nothing inside", "ok", wanted(wrap(FileKind.REQUEST, b"", {}), b""))
    for kind in FileKind:
        yield vector(
            f"a file of the kind {kind.value}", "ok", wanted(wrap(kind, DATA, TOLD), DATA), file=kind.value
        )
    for name, changed in damaged(text).items():
        yield vector(name, "malformed armour", wanted(changed))


def wanted(text: str, data: bytes | None = None) -> Fields:
    return {"file": "SPAREKEY REQUEST", "text": text, "bytes": data}


def damaged(text: str) -> dict[str, str]:
    """One thing wrong in each."""
    lines = text.split("\n")
    body = lines[4:6]
    return {
        "nothing": "",
        "no armour": base64.b64encode(DATA).decode(),
        "another kind": wrap(FileKind.TRUST, DATA, TOLD),
        "the kind for many devices": wrap(FileKind.REQUESTS, DATA, TOLD),
        "two of them": text + text,
        "its end is missing": "\n".join(lines[:-2]),
        "its beginning is missing": "\n".join(lines[1:]),
        "its end stands first": "-----END SPAREKEY REQUEST-----\n\n-----BEGIN SPAREKEY REQUEST-----\n",
        "no line between head and content": text.replace("\n\n", "\n"),
        "quoted in an answer": text.replace("\n", "\n> "),
        "a character missing": text.replace(body[1], body[1][:-3] + body[1][-2:]),
        "a line missing": text.replace(body[1] + "\n", body[1][:10] + "\n"),
        "a character that is none of base 64": text.replace(body[0], "!" + body[0][1:]),
        "the characters of URLs": text.replace(body[0], "-" + body[0][1:]),
        "a letter of another alphabet": text.replace(body[0], "\u00e9" + body[0][1:]),
        "a space inside a line": text.replace(body[0], body[0][:8] + " " + body[0][8:]),
        "a separator that is no line end": text.replace(body[0], body[0][:8] + "\u2028" + body[0][8:]),
        "bits left over that are not zero": text.replace(
            body[1], body[1][:-3] + chr(ord(body[1][-3]) + 1) + "=="
        ),
        "padding in the middle": text.replace(body[0], "AA==" + body[0][4:]),
    }

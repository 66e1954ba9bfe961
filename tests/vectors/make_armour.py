"""Vectors of armoured files (spec/files.md section 1)."""

from __future__ import annotations

import base64

from sparekey.core.messages.armour import FileKind, wrap
from tests.vectors.blocks import Block, quoted

ABOUT = """Armoured files: spec/files.md section 1.
file: the kind that is wanted. text: the whole file. bytes: hexadecimal, what is inside."""

DATA = bytes(range(94))
TOLD = {"Device": "PX-3216 PX-3216-0001", "Desk": "Example support"}


def blocks() -> list[Block]:
    """The vectors."""
    text = wrap(FileKind.REQUEST, DATA, TOLD)
    lines = text.split("\n")
    body = lines[4:6]
    assert base64.b64decode("".join(body)) == DATA
    good = {
        "as it is written": text,
        "without a head": wrap(FileKind.REQUEST, DATA, {}),
        "with the line ends of Windows": text.replace("\n", "\r\n"),
        "with the line ends of old Macs": text.replace("\n", "\r"),
        "with a byte order mark": "\ufeff" + text,
        "without an end to its last line": text[:-1],
        "with spaces and tabs around its lines": text.replace("\n", " \t\n  "),
        "inside a mail": f"Hello,\n\nhere is my file.\n\n{text}\nRegards\n",
        "wrapped anew": text.replace(
            "\n".join(body), "\n".join("".join(body)[at : at + 20] for at in range(0, 128, 20))
        ),
        "with empty lines in its content": text.replace(body[1], f"\n{body[1]}\n"),
        "beside a file of another kind": text + wrap(FileKind.TRUST, b"trust", {}),
    }
    bad = {
        "nothing": "",
        "no armour": base64.b64encode(DATA).decode(),
        "another kind": wrap(FileKind.TRUST, DATA, TOLD),
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
    found = [
        {"name": name, "file": "SPAREKEY REQUEST", "text": quoted(file), "expect": "ok", "bytes": DATA.hex()}
        for name, file in good.items()
    ]
    empty = wrap(FileKind.REQUEST, b"", {})
    found.append(
        {
            "name": "nothing inside",
            "file": "SPAREKEY REQUEST",
            "text": quoted(empty),
            "expect": "ok",
            "bytes": '""',
        }
    )
    found += [
        {
            "name": name,
            "file": "SPAREKEY REQUEST",
            "text": quoted(file),
            "expect": "malformed",
            "slug": "armour",
        }
        for name, file in bad.items()
    ]
    return found

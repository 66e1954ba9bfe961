"""`sparekey inspect FILE|TEXT`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from sparekey.core.errors import InputError, UnavailableError
from sparekey.core.messages.armour import BATCH_ARMOUR_LIMIT
from sparekey.core.messages.text import as_text, read_any
from sparekey.core.methods.spoken import is_spoken, read_spoken
from sparekey.explain.telling import tell, told_of_numbers


def main(arguments: list[str]) -> int:
    """Explain one file or text. Exit codes: 0 explained, 2 not one of ours, 4 cannot be opened."""
    parser = argparse.ArgumentParser(
        prog="sparekey inspect",
        description="Says what a request, response, key file or trust file is, without its secrets.",
    )
    parser.add_argument(
        "what", metavar="FILE|TEXT", help="a file, the text of a QR code, or - for standard input"
    )
    text = as_text(_given(parser.parse_args(arguments).what))
    for name, told in told_of_numbers(*read_spoken(text)) if is_spoken(text) else tell(read_any(text)):
        print(f"{name + ':':<22}{told}")
    return 0


def _given(what: str) -> str | bytes:
    if what == "-":
        return sys.stdin.buffer.read(BATCH_ARMOUR_LIMIT + 1)
    path = Path(what)
    try:
        is_file = path.is_file()
    except (OSError, ValueError):
        is_file = False
    if not is_file:
        if "/" not in what[1:] and "." in what:
            raise InputError("no-file", f"there is no file {what}")
        return what
    try:
        with path.open("rb") as file:
            return file.read(BATCH_ARMOUR_LIMIT + 1)
    except OSError as error:
        raise UnavailableError("unreadable", f"cannot open {what}: {error.strerror}") from None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

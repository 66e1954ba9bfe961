"""`sparekey`: one command, a word for each part. The parts are loaded only when they are called."""

from __future__ import annotations

import os
import sys
from importlib import import_module

from sparekey.commands import COMMANDS, COMPLETING
from sparekey.core.errors import SparekeyError
from sparekey.host.problems import of_error


def main(arguments: list[str] | None = None) -> int:
    """Run a command. Exit codes: 0 done, 1 refused or failed, 2 wrong input, 3 not genuine, 4 no answer, 70 our bug."""
    given = sys.argv[1:] if arguments is None else arguments
    if COMPLETING in os.environ and arguments is None:
        given = ["completion"]
    if not given or given[0] in ("-h", "--help"):
        print(_help())
        return 0 if given else 2
    if given[0] == "--version":
        from sparekey import __version__

        print(f"sparekey {__version__}")
        return 0
    if given[0] not in COMMANDS:
        print(
            f"sparekey: there is no command {given[0]!r}\nChoose one of: {', '.join(COMMANDS)}",
            file=sys.stderr,
        )
        return 2
    try:
        return int(import_module(COMMANDS[given[0]][0]).main(given[1:]))
    except SparekeyError as error:
        print(f"sparekey: {error.slug}\n{error.hint or of_error(error).mend}", file=sys.stderr)
        return of_error(error).exit
    except KeyboardInterrupt:
        return 130


def _help() -> str:
    lines = [
        "usage: sparekey COMMAND ...",
        "",
        "Gets people back into their own cameras and recorders.",
        "",
        "commands:",
    ]
    lines += [f"  {name:<10} {what}" for name, (_, what) in COMMANDS.items()]
    return "\n".join(
        [*lines, "", "sparekey COMMAND --help tells more; sparekey --version tells the version."]
    )


if __name__ == "__main__":
    sys.exit(main())

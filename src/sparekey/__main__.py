"""`sparekey`: one command, a word for each part. The parts are loaded only when they are called."""

from __future__ import annotations

import os
import sys
from importlib import import_module

from sparekey.core.errors import SparekeyError
from sparekey.host.problems import of_error

COMMANDS = {
    "device": ("sparekey.device.__main__", "the agent that runs on a camera or recorder"),
    "desk": ("sparekey.desk.__main__", "the recovery service"),
    "finder": ("sparekey.finder.commands.finder", "the same as screens, for installers"),
    "find": ("sparekey.finder.commands.find", "every camera and recorder on the network"),
    "log": ("sparekey.monitor.__main__", "check a desk's recovery log from outside, or be its witness"),
    "ways": ("sparekey.finder.commands.ways", "which ways back into a device are open"),
    "request": ("sparekey.finder.commands.request", "have devices seal what support needs"),
    "apply": ("sparekey.finder.commands.apply", "hand in an answer or a code, set the new password"),
    "send": ("sparekey.finder.commands.send", "send requests to support"),
    "fetch": ("sparekey.finder.commands.fetch", "how cases stand at support, and their answers"),
    "activate": ("sparekey.finder.commands.activate", "the first password of new devices"),
    "rotate": ("sparekey.finder.commands.rotate", "new passwords for many devices of any make"),
    "network": ("sparekey.finder.commands.network", "give a device another network address"),
    "mailbox": ("sparekey.finder.commands.mailbox", "reserve the e-mail address for lost passwords"),
    "forget": ("sparekey.finder.commands.forget", "meet a device anew whose key changed"),
    "inspect": ("sparekey.explain.__main__", "what a file or a scanned text is, without its secrets"),
    "completion": ("sparekey.finder.commands.completion", "what makes your shell complete these words"),
    "profile": ("sparekey.profiles.__main__", "what a profile decides"),
    "demo": ("sparekey.demo.__main__", "a whole site on this machine"),
}
"""Every command: the module whose `main(arguments)` runs it, and what it is."""
COMPLETING = "_SPAREKEY_COMPLETE"
"""Set by a shell that asks how a line may go on (`sparekey completion`)."""


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

"""`sparekey demo`: a whole site on this machine, to click through or to be checked by itself."""

from __future__ import annotations

import argparse
import signal
import sys
import tempfile
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from sparekey import profiles
from sparekey.core.errors import InputError, UnavailableError
from sparekey.demo.doors import FIRST_PORT, check_address, lan_address
from sparekey.host.clock import SystemClock
from sparekey.host.entropy import SystemEntropy

if TYPE_CHECKING:
    from collections.abc import Iterator

NEEDS = {"aiosmtpd": "the mailbox", "starlette": "pages", "uvicorn": "pages"}
CHECK_NEEDS = {"httpx2": "a browser", "PIL": "a camera", "zxingcpp": "a camera"}
"""Packages beside those of the recorder and the desk, and what they are for."""

_ENDS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_LOOK = 0.2
_WHERE_TO = """
sparekey demo: everything runs.

  1 Read the story          {start}
  2 Open the recorder       {screen}
  3 Read the mail           {mailbox}
  4 See the support desk    {desk}

The recorder from another computer: {network}
"""
_LAN = """
Phones in this network can take part. The certificate that they may install has this SHA-256 fingerprint:
  {fingerprint}
"""


def main(arguments: list[str]) -> int:
    """Exit code: 0 ended by the person, or no check failed; 1 a check failed; 130 a check was interrupted."""
    options = _parser().parse_args(arguments)
    _require(NEEDS | CHECK_NEEDS if options.check else NEEDS)
    if options.json and not options.check:
        raise InputError("json", "--json belongs to --check")
    for number in _ENDS:
        signal.signal(number, _interrupt)
    with _folder(options.keep) as folder:
        return _check(options, folder) if options.check else _run(options, folder)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="sparekey demo",
        description="Starts a recorder, its support desk and a mailbox on this machine, and a page that "
        "tells what to do. Ctrl-C ends all of it.",
    )
    parser.add_argument(
        "--profile", choices=profiles.names(), metavar="NAME", help=f"rules: {', '.join(profiles.names())}"
    )
    parser.add_argument("--keep", type=Path, metavar="DIR", help="keep everything there for the next time")
    parser.add_argument(
        "--lan",
        nargs="?",
        const="",
        metavar="ADDRESS",
        help="let phones in this network take part, over https; ADDRESS: this machine's, if it has several",
    )
    parser.add_argument(
        "--port", type=int, default=FIRST_PORT, metavar="N", help=f"first of the ports to try ({FIRST_PORT})"
    )
    parser.add_argument(
        "--check", action="store_true", help="play the procedures without a person and report"
    )
    parser.add_argument(
        "--row",
        action="append",
        default=[],
        help="with --check: only this row, such as P05.device, or P05 with all its parts; may be repeated",
    )
    parser.add_argument("--json", action="store_true", help="with --check: one JSON object, nothing else")
    return parser


def _run(options: argparse.Namespace, folder: Path) -> int:
    from sparekey.demo import certificates, plan
    from sparekey.demo.site import Site

    lan = "" if options.lan is None else check_address(options.lan) if options.lan else lan_address()
    chosen = plan.kept(folder, options.profile, lan)
    chosen = chosen or plan.make(options.profile or profiles.RECOMMENDED, lan, _port(options.port))
    try:
        with Site(folder, chosen, clock=SystemClock(), entropy=SystemEntropy(), say=_say) as site:
            site.start()
            doors = ("start", "mailbox", "desk", "network")
            where = {door: getattr(chosen, door) for door in doors}
            print(_WHERE_TO.format(screen=chosen.start + plan.LAUNCH, **where))
            if lan:
                authority = certificates.identity(site.folders.tls).authority.read_bytes()
                print(_LAN.format(fingerprint=certificates.fingerprint(authority)))
            print("Ctrl-C ends it.", flush=True)
            while True:
                SystemClock().sleep(_LOOK)
                site.watch()
    except KeyboardInterrupt:
        _say("Ended.")
        return 0


def _check(options: argparse.Namespace, folder: Path) -> int:
    import json

    from sparekey.demo.check import play
    from sparekey.demo.procedures import TITLES
    from sparekey.demo.verdicts import FAILED, OK, UNBUILT

    if options.profile or options.lan is not None:
        raise InputError(
            "check", "--check chooses the profile that each procedure belongs to, and stays on this machine"
        )
    if folder.exists() and any(folder.iterdir()):
        raise InputError("keep", f"{folder} is not empty; name a new folder")
    unknown = [row for row in options.row if row not in TITLES]
    if unknown:
        raise InputError("row", f"there is no row {unknown[0]}; rows look like P05.device or B01")
    verdicts = play(
        folder,
        _port(options.port),
        clock=SystemClock(),
        entropy=SystemEntropy(),
        say=_say,
        rows=frozenset(options.row),
    )
    if options.json:
        print(json.dumps(verdicts))
    else:
        for row, verdict in verdicts.items():
            print(
                f"{row:<13}{verdict:<6}{TITLES[row]}" if verdict in (OK, UNBUILT) else f"{row:<13}{verdict}"
            )
    return 1 if any(verdict.startswith(FAILED) for verdict in verdicts.values()) else 0


@contextmanager
def _folder(keep: Path | None) -> Iterator[Path]:
    """The folder to work in: one that stays, or one that goes away."""
    if keep is not None:
        keep.mkdir(parents=True, exist_ok=True)
        yield keep.absolute()
        return
    with tempfile.TemporaryDirectory(prefix="sparekey-demo-") as name:
        yield Path(name)


def _interrupt(_number: int, _frame: object) -> None:
    """One way to end, whatever the signal; whoever asks twice does not stop the ending half-way."""
    for number in _ENDS:
        signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt


def _port(number: int) -> int:
    if not 0 < number < 65000:
        raise InputError("port", "a port is a number from 1 to 65000 here")
    return number


def _require(needed: dict[str, str]) -> None:
    missing = [name for name in needed if find_spec(name) is None]
    if missing:
        raise UnavailableError(
            "demo-packages",
            f"the demo needs more packages: {', '.join(missing)}; ./dev demo installs them by itself",
        )


def _say(sentence: str) -> None:
    print(f"sparekey demo: {sentence}", file=sys.stderr, flush=True)

"""`sparekey device`: make a device's folder, run the agent, ask how it is."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from sparekey.device import config

if TYPE_CHECKING:
    import argparse

LISTEN = ("http://127.0.0.1:8500", "https://0.0.0.0:8543", "https://[::]:8543")


def main(arguments: list[str] | None = None) -> int:
    """Run one of the three. Raises SparekeyError for what `sparekey` tells in two lines."""
    words = sys.argv[1:] if arguments is None else arguments
    if words[:2] == ["run", "--config"] and len(words) == 3 and not words[2].startswith("-"):
        return _run(Path(words[2]))  # what runs for years does not carry the reader of other commands about
    given = _parser().parse_args(words)
    if given.command == "init":
        return _init(given)
    if given.command == "run":
        return _run(given.config)
    from sparekey.device import status
    from sparekey.host.clock import SystemClock

    for line in status.lines(config.read(given.config), SystemClock()):
        print(line)
    return 0


def _init(given: argparse.Namespace) -> int:
    from sparekey.device import install

    settings = config.Settings(
        name=given.name,
        serial=given.serial,
        model=given.model,
        firmware=given.firmware,
        kind=config.Kind(given.kind) if given.kind else None,
        sheet=str(Path(given.sheet).absolute()) if given.sheet.endswith(".toml") else given.sheet,
        mac=given.mac,
        profile=given.profile,
        trust=given.trust,
        root=given.root,
        listen=tuple(given.listen or LISTEN),
        screen=given.screen,
        clock_trusted=True,
    )
    path = install.install(given.dir, settings)
    print(f"sparekey device: wrote {path}\nStart it with: sparekey device run --config {path}")
    return 0


def _run(path: Path) -> int:
    read = config.read(path)
    from sparekey.device.running import run

    run(read, _say_ready)
    return 0


def _say_ready(urls: list[str]) -> None:
    for url in urls:
        print(f"sparekey device: ready at {url}", flush=True)


def _parser() -> argparse.ArgumentParser:
    import argparse

    from sparekey.profiles import RECOMMENDED, names

    parser = argparse.ArgumentParser(
        prog="sparekey device", description="The agent that runs on a camera or recorder.", allow_abbrev=False
    )
    commands = parser.add_subparsers(dest="command", required=True, title="commands", metavar="COMMAND")
    init = commands.add_parser("init", help="make the folder of a new device", allow_abbrev=False)
    init.add_argument(
        "--dir", type=Path, required=True, metavar="DIR", help="the folder; made if it is not there"
    )
    init.add_argument("--serial", required=True, help="serial number, as on the label")
    init.add_argument("--model", required=True, help="model, as on the label")
    init.add_argument(
        "--kind",
        choices=[kind.value for kind in config.Kind],
        help="what it is (default: what the model sheet says, else recorder)",
    )
    init.add_argument(
        "--sheet", default="", help="model sheet: a name, or a .toml file (default: the model's own)"
    )
    init.add_argument("--mac", default="", metavar="ADDRESS", help="network address, as on the label")
    init.add_argument("--name", required=True, help="the name on top of every page")
    init.add_argument(
        "--profile", default=RECOMMENDED, help=f"one of {', '.join(names())} (default: %(default)s)"
    )
    init.add_argument(
        "--trust",
        type=Path,
        required=True,
        metavar="FILE",
        help="trust file of the support desk; it is copied",
    )
    init.add_argument(
        "--root", type=Path, required=True, metavar="FILE", help="the maker's public root key; it is copied"
    )
    init.add_argument("--firmware", default="1.0.0", help="firmware version (default: %(default)s)")
    init.add_argument(
        "--listen",
        action="append",
        metavar="URL",
        help=f"where the pages are, may be repeated (default: {' '.join(LISTEN)})",
    )
    init.add_argument(
        "--screen", default="", metavar="URL", help="which of them the recorder's own screen shows"
    )
    for name, told in (("run", "run the agent"), ("status", "say how the device is, also while it runs")):
        command = commands.add_parser(name, help=told, allow_abbrev=False)
        command.add_argument("--config", type=Path, required=True, help="path of device.toml")
    return parser


if __name__ == "__main__":
    sys.exit(main())

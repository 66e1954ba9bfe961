"""`python -m sparekey.demo.switch`: a device with the demo's switch on its body."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from sparekey.demo.finger import SWITCH
from sparekey.demo.switch import SocketButton
from sparekey.device import config
from sparekey.device.running import run


def main() -> int:
    """Run it until it is told to end."""
    parser = argparse.ArgumentParser(prog="sparekey.demo.switch", allow_abbrev=False)
    parser.add_argument("--config", type=Path, required=True)
    path = parser.parse_args().config
    run(config.read(path), _say_ready, button=SocketButton(path.parent / SWITCH))
    return 0


def _say_ready(urls: list[str]) -> None:
    for url in urls:
        print(f"sparekey camera with a switch: ready at {url}", flush=True)


if __name__ == "__main__":
    sys.exit(main())

"""`python -m sparekey.demo.start --config FILE`: the start page as a process of its own."""

from __future__ import annotations

import argparse
import asyncio
import sys
from pathlib import Path

from sparekey.core.errors import SparekeyError
from sparekey.demo.serving import serve
from sparekey.demo.start.config import Config
from sparekey.demo.start.pages import start_page
from sparekey.host.config import load
from sparekey.host.entropy import SystemEntropy


def main() -> int:
    """Exit code: 0 ended, 1 with two lines of why."""
    parser = argparse.ArgumentParser(prog="python -m sparekey.demo.start")
    parser.add_argument("--config", type=Path, required=True)
    try:
        config = load(parser.parse_args().config, Config)
        app = start_page(config, SystemEntropy())
        ready = f"sparekey start page: ready at http://{config.name}:{config.port}"
        asyncio.run(serve(app, config.host, config.port, lambda: print(ready, flush=True)))
    except SparekeyError as error:
        print(f"sparekey: {error.slug}\n{error.hint}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())

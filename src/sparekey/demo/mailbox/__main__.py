"""`python -m sparekey.demo.mailbox --config FILE`: the mailbox as a process of its own."""

from __future__ import annotations

import argparse
import asyncio
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from sparekey.core.errors import SparekeyError, UnavailableError
from sparekey.demo.doors import LOOPBACK
from sparekey.demo.mailbox.config import read
from sparekey.demo.mailbox.letters import Letters
from sparekey.demo.mailbox.pages import mailbox
from sparekey.demo.mailbox.post_office import PostOffice
from sparekey.demo.serving import serve
from sparekey.host.clock import SystemClock
from sparekey.host.entropy import SystemEntropy

if TYPE_CHECKING:
    from sparekey.demo.mailbox.config import Config


async def run(config: Config) -> None:
    """Both sides, until the process is told to end."""
    letters, clock = Letters(config.letters), SystemClock()
    office = PostOffice(config, letters, clock)
    try:
        smtp = await asyncio.get_running_loop().create_server(office.connection, LOOPBACK, config.smtp_port)
    except OSError:
        raise UnavailableError("listen", f"cannot listen at {LOOPBACK}:{config.smtp_port}") from None
    async with smtp:
        await serve(
            mailbox(letters, config.web_port, clock, SystemEntropy()),
            LOOPBACK,
            config.web_port,
            lambda: print(f"sparekey mailbox: ready at http://localhost:{config.web_port}", flush=True),
        )


def main() -> int:
    """Exit code: 0 ended, else as `sparekey` has them."""
    parser = argparse.ArgumentParser(prog="python -m sparekey.demo.mailbox")
    parser.add_argument("--config", type=Path, required=True)
    try:
        asyncio.run(run(read(parser.parse_args().config)))
    except SparekeyError as error:
        print(f"sparekey: {error.slug}\n{error.hint}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())

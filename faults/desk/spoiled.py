"""A desk whose disk fails on a signal: `python -m faults.desk.spoiled FOLDER ERROR desk run ...`, with the shim loaded.
SIGUSR1: from now on every write below the folder fails with this error. SIGUSR2: the disk works again.
"""

from __future__ import annotations

import signal
import sys
from pathlib import Path

from faults import shim
from sparekey.__main__ import main

if __name__ == "__main__":
    folder, error, *arguments = sys.argv[1:]
    signal.signal(signal.SIGUSR1, lambda *_: shim.begin(Path(folder), at=1, error=int(error)))
    signal.signal(signal.SIGUSR2, lambda *_: shim.end())
    sys.argv[1:] = arguments
    sys.exit(main())

"""The process that is killed: `python -m faults.play RESET FOLDER STEP`, with the shim loaded."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from faults.failures import play
from faults.resets import RESETS

if __name__ == "__main__":
    name, work, step = sys.argv[1:]
    json.dump(play(RESETS[name], Path(work), int(step)), sys.stdout)

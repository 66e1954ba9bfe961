"""`sparekey find` in a network of its own, with two cameras of another maker: what it says, as JSON.

`python -m tests.system.find_site`, started by test_finder_find.py in a network namespace.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys

PATIENCE = 60
PLACES = ("127.0.1.51:8080", "127.0.1.52:8080")
FIND = (sys.executable, "-m", "sparekey", "find")


def find(*words: str) -> dict[str, object]:
    done = subprocess.run([*FIND, *words], capture_output=True, text=True, check=False, timeout=PATIENCE)
    return {"code": done.returncode, "out": done.stdout, "err": done.stderr}


def watch() -> dict[str, object]:
    """Until it has listed them once, then Ctrl-C."""
    with subprocess.Popen(
        [*FIND, "--interface", "lo", "--watch", "--csv"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        lines = [process.stdout.readline() for _ in range(3)]
        process.send_signal(signal.SIGINT)
        rest = process.communicate(timeout=PATIENCE)
    return {"code": process.returncode, "out": "".join(lines), "err": rest[1]}


def main() -> None:
    told = {"no network": find(), "nobody": find("--interface", "lo")}
    command = [
        sys.executable,
        "-m",
        "sparekey.demo.foreign",
        *(word for place in PLACES for word in ("--at", place)),
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as cameras:
        try:
            assert cameras.stdout is not None
            assert "ready" in cameras.stdout.readline()
            told["json"] = find("--interface", "lo", "--json")
            told["table"] = find("--interface", "lo")
            told["watch"] = watch()
        finally:
            cameras.terminate()
            cameras.wait(PATIENCE)
    print(json.dumps(told))


if __name__ == "__main__":
    os.environ["LC_ALL"] = "C.UTF-8"
    main()

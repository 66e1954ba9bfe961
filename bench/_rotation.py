"""New passwords for many cameras by the command itself: `unshare -n python -m bench._rotation` prints it as JSON."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from bench import _network
from bench._crowd import address_of
from sparekey.demo.foreign.camera import PASSWORD, USER
from sparekey.host.clock import SystemClock

FEW, MANY = 100, 1000


def rotated(folder: Path, *words: str) -> dict[str, object]:
    """What one run of the command did, and what it cost."""
    command = [
        sys.executable,
        "-m",
        "sparekey",
        "rotate",
        "--cleartext",
        "--journal",
        str(folder / "journal"),
    ]
    begun, saved = SystemClock().monotonic(), folder / "saved.csv"
    with subprocess.Popen(
        [*command, "--yes", "--save", str(saved), *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=_network.environment(),
    ) as process:
        said = process.stdout.read().decode() if process.stdout else ""
        used = os.wait4(process.pid, 0)[2]
        process.returncode = 0
    spent = SystemClock().monotonic() - begun
    with saved.open(newline="", encoding="utf-8") as file:
        passwords = {row["password"] for row in csv.DictReader(file) if not row["notes"]}
    saved.unlink()
    return {
        "verified": said.count("the old one does not"),
        "broke off, listed": said.count("--resume"),
        "different passwords saved": len(passwords),
        "seconds": round(spent, 2),
        "CPU ms each": round((used.ru_utime + used.ru_stime) * 1000 / max(1, said.count("\n")), 2),
        "peak MiB": round(used.ru_maxrss / 1024, 1),
    }


def main() -> None:
    """A few, for what the memory begins with; many; and those of the many that broke off, once more."""
    told: dict[str, object] = {}
    for count in (FEW, MANY):
        # Each crowd anew: what was changed stays changed.
        with (
            _network.cable() as cable,
            cable.there("bench._cameras"),
            tempfile.TemporaryDirectory() as name,
        ):
            folder = Path(name)
            logins = folder / "logins.csv"
            places = [f"http://{address_of(number)}/onvif/device_service" for number in range(count)]
            logins.write_text("".join(f"{place},{USER},{PASSWORD}\n" for place in places), encoding="utf-8")
            logins.chmod(0o600)
            told[f"{count} cameras"] = rotated(folder, "--logins", str(logins))
            told[f"{count} cameras, --resume"] = rotated(folder, "--resume")
    print(json.dumps(told))


if __name__ == "__main__":
    main()

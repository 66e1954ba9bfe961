"""An installer at a terminal, as the checks play them: the tool's commands as processes, with an own journal."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

from sparekey.demo.verdicts import UnlikeError, expect

if TYPE_CHECKING:
    from pathlib import Path

    from sparekey.demo.stage import Stage

_LIMIT = 150
_SECRET = 0o600


class Installer:
    """One person. `place`: the recorder, as it is named on the command line."""

    def __init__(self, stage: Stage, name: str = "installer") -> None:
        self.folder: Path = stage.site.folders.root / name
        self.folder.mkdir(exist_ok=True)
        self.place = stage.site.plan.network.removeprefix("https://")

    def run(self, *words: str, code: int = 0, typed: str = "") -> str:
        """What a command says. Raises UnlikeError when it ends with another code, or breaks."""
        journal = () if words[0] in ("find", "inspect") else ("--journal", str(self.folder / "journal"))
        done = subprocess.run(
            [sys.executable, "-m", "sparekey", *words, *journal],
            input=typed,
            capture_output=True,
            text=True,
            timeout=_LIMIT,
            check=False,
            cwd=self.folder,
            env=os.environ | {"LC_ALL": "C.UTF-8", "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        )
        said = done.stdout + done.stderr
        expect("Traceback" not in said, f"sparekey {words[0]} breaks: {said[-400:]}")
        expect(done.returncode == code, f"sparekey {words[0]} ends with {done.returncode}: {said[-400:]}")
        return said

    def meets(self) -> None:
        """Compare the fingerprint once; here, the tool is told that it is right."""
        told = self.run("request", self.place, "--by", "file", code=4)
        expect("nothing was sent" in told, "the tool sends something to a device that nobody vouched for")
        self.run("request", self.place, "--by", "file", "--trust-first")

    def secret(self, name: str, text: str) -> str:
        """A file that only its owner can read."""
        path = self.folder / name
        path.touch(mode=_SECRET)
        path.write_text(text, encoding="utf-8")
        return str(path)

    def file(self, name: str, data: bytes) -> str:
        """A file that somebody gave."""
        path = self.folder / name
        path.write_bytes(data)
        return str(path)

    def read(self, name: str) -> bytes:
        """What a command saved."""
        try:
            return (self.folder / name).read_bytes()
        except OSError:
            raise UnlikeError(f"there is no {name}") from None

"""What a disk holds after power failed: everything that was synced, and of the rest whatever the disk liked.

The model: a write is sure once its own file was synced after it. A file that was made, renamed or removed is so for
sure once anything was synced after that, as journalling file systems keep it. Until then it may be there or not; an
unsynced write may be there in part, sector by sector, whatever came before or after it.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from faults.shim import Call

SECTOR = 512


@dataclass
class File:
    """One file by its number, whatever it is called. `sure`: as of its last sync. `late`: what was done since."""

    sure: bytearray
    late: list[Call] = field(default_factory=list)


class Disk:
    """A folder as it was, and what was done to it since."""

    def __init__(self, folder: Path) -> None:
        self._files: dict[str, File] = {
            str(path.relative_to(folder)): File(bytearray(path.read_bytes()))
            for path in folder.rglob("*")
            if path.is_file()
        }
        self._sure_names = dict(self._files)

    def apply(self, call: Call) -> None:
        """One more call."""
        if call.name == "rename":
            self._files[call.data.decode()] = self._files.pop(call.path)
        elif call.name == "unlink":
            self._files.pop(call.path, None)
        elif call.name == "sync":
            self._sync(call.path)
        else:
            made = self._files.setdefault(call.path, File(bytearray()))
            if call.name != "create":
                made.late.append(call)

    def killed(self) -> dict[str, bytes]:
        """The process is gone, the machine goes on: everything is there."""
        return {name: bytes(_with(file.sure, file.late)) for name, file in self._files.items()}

    def lost(self) -> dict[str, bytes]:
        """Power failed, and nothing is there that was not synced."""
        return {name: bytes(file.sure) for name, file in self._sure_names.items()}

    def torn(self, dice: random.Random) -> dict[str, bytes]:
        """Power failed, and of what was not synced some sectors are there."""
        names = dice.choice((self._files, self._sure_names))
        return {name: bytes(_torn(file, dice)) for name, file in names.items()}

    def _sync(self, path: str) -> None:
        file = self._files.get(path)
        if file is not None:
            file.sure = _with(file.sure, file.late)
            file.late = []
        self._sure_names = dict(self._files)


def write(image: dict[str, bytes], folder: Path) -> None:
    """Lay an image out as a folder."""
    for name, content in image.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        path.chmod(0o600)


def _with(content: bytearray, calls: Sequence[Call]) -> bytearray:
    made = bytearray(content)
    for call in calls:
        _do(made, call.name, call.where, call.data)
    return made


def _torn(file: File, dice: random.Random) -> bytearray:
    made = bytearray(file.sure)
    for call in file.late:
        if call.name == "cut":
            if dice.random() < 0.5:
                _do(made, call.name, call.where, b"")
            continue
        for place in range(0, len(call.data), SECTOR):
            if dice.random() < 0.5:
                _do(made, call.name, call.where + place, call.data[place : place + SECTOR])
    return made


def _do(content: bytearray, name: str, where: int, data: bytes) -> None:
    if name == "cut":
        del content[where:]
        content.extend(bytes(where - len(content)))
        return
    content.extend(bytes(max(0, where + len(data) - len(content))))
    content[where : where + len(data)] = data

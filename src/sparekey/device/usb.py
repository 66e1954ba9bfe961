"""The folder where a USB stick shows: files to hand in at the screen, and where the screen saves what leaves it.

Whoever plugged the stick in chose every name and every byte on it.
"""

from __future__ import annotations

import os
import stat
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from sparekey.core.errors import InputError, UnavailableError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FILE_LIMIT = 256 * 1024
"""Bytes of a file that is read: nothing that is handed in is bigger."""
SHOWN_LIMIT = 20
"""Files that are offered, by name."""
LOOK_LIMIT = 2000
"""Entries of the folder that are looked at."""
NAME_LIMIT = 100


class UsbFolder:
    """One folder, or none. It comes and goes as sticks do; what is not there has no files."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder

    @property
    def is_expected(self) -> bool:
        """Whether a stick may show here: now, or once somebody plugs it in."""
        return self._folder is not None

    def files(self, ending: str) -> list[str]:
        """The names of plain files with this ending, in order. Links, folders and devices are not offered."""
        found: list[str] = []
        if self._folder is None:
            return found
        try:
            with os.scandir(self._folder) as entries:
                for _, entry in zip(range(LOOK_LIMIT), entries, strict=False):
                    good = entry.name.lower().endswith(ending) and _is_name(entry.name)
                    if good and entry.is_file(follow_symlinks=False):
                        found.append(entry.name)
        except OSError:
            return []
        return sorted(found)[:SHOWN_LIMIT]

    def read(self, name: str) -> bytes:
        """The content of one. Raises InputError: `usb-gone`, `usb-kind` (a link, folder or device), `usb-size`."""
        if not _is_name(name):
            raise InputError("usb-gone")
        with self._opened() as folder:
            try:
                # Not blocking: a pipe or a device must keep nobody waiting. No link is followed.
                flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
                file = os.open(name, flags, dir_fd=folder)
            except FileNotFoundError:
                raise InputError("usb-gone") from None
            except OSError:
                raise InputError("usb-kind") from None
        try:
            found = os.fstat(file)
            if not stat.S_ISREG(found.st_mode):
                raise InputError("usb-kind")
            data = os.read(file, FILE_LIMIT + 1)
        except OSError:
            raise InputError("usb-gone") from None
        finally:
            os.close(file)
        if len(data) > FILE_LIMIT:
            raise InputError("usb-size")
        return data

    def save(self, name: str, data: bytes) -> None:
        """The whole file or none of it, on the stick when this returns. Raises UnavailableError (`usb-save`)."""
        if not _is_name(name):
            raise UnavailableError("usb-save", "this name cannot stand on a stick")
        half = f"{name}.part"
        try:
            with self._opened() as folder:
                with suppress(FileNotFoundError):
                    os.unlink(half, dir_fd=folder)
                flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
                file = os.open(half, flags, 0o600, dir_fd=folder)
                with os.fdopen(file, "wb") as stream:
                    stream.write(data)
                    stream.flush()
                    os.fsync(stream.fileno())
                os.replace(half, name, src_dir_fd=folder, dst_dir_fd=folder)
                os.fsync(folder)
        except (OSError, InputError) as error:
            raise UnavailableError("usb-save", f"nothing was saved ({type(error).__name__})") from None

    @contextmanager
    def _opened(self) -> Iterator[int]:
        try:
            folder = os.open(self._folder or "", os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        except OSError:
            raise InputError("usb-gone") from None
        try:
            yield folder
        finally:
            os.close(folder)


def _is_name(name: str) -> bool:
    return 0 < len(name) <= NAME_LIMIT and name.isprintable() and "/" not in name and not name.startswith(".")

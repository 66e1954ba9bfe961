"""Where a log's parts come from: an address, or a folder with a copy."""

from __future__ import annotations

import http.client
import urllib.error
import urllib.request
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit

from sparekey.core.errors import InputError, UnavailableError
from sparekey.core.tlog.leaf import LEAF_LIMIT
from sparekey.core.tlog.note import NOTE_LIMIT
from sparekey.core.tlog.tiles import TILE_WIDTH
from sparekey.host import tls

if TYPE_CHECKING:
    from email.message import Message
    from typing import IO

CHECKPOINT = "checkpoint"
PART_LIMIT = max(NOTE_LIMIT, TILE_WIDTH * (LEAF_LIMIT + 2))
"""Bytes of any part."""
TIMEOUT = 20
"""Seconds for each step with a server."""


class Source(Protocol):
    """Parts by their path below the log's prefix."""

    def get(self, path: str) -> bytes:
        """The part. Raises UnavailableError where it is not there, InputError where it is too large."""


class Folder:
    """A copy on the disk."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def get(self, path: str) -> bytes:
        """Read a file."""
        try:
            with (self._folder / path).open("rb") as file:
                return _bounded(path, file.read(PART_LIMIT + 1))
        except OSError as error:
            raise UnavailableError(
                "log-part", f"{path} is not in the copy of the log: {error.strerror}"
            ) from None


class Web:
    """A log as its desk serves it. Nobody is followed elsewhere."""

    def __init__(self, address: str) -> None:
        self._address = address.rstrip("/")
        self._opener = urllib.request.build_opener(_Stay(), urllib.request.HTTPSHandler(context=tls.caller()))

    def get(self, path: str) -> bytes:
        """Fetch a part."""
        url, told = f"{self._address}/{path}", {"user-agent": "sparekey-log"}
        asked = urllib.request.Request(url, headers=told)  # noqa: S310 - `open_source` looked at the scheme
        try:
            with self._opener.open(asked, timeout=TIMEOUT) as answer:
                return _bounded(path, answer.read(PART_LIMIT + 1))
        except urllib.error.HTTPError as error:
            error.close()
            raise UnavailableError(
                "log-part", f"the desk does not give {path}: status {error.code}"
            ) from None
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise UnavailableError(
                "log-part", f"the desk does not give {path} ({type(error).__name__})"
            ) from None


class Copying:
    """Keeps what it gets from another source in a folder, as that source serves it."""

    def __init__(self, source: Source, folder: Path) -> None:
        self._source = source
        self._folder = folder

    def get(self, path: str) -> bytes:
        """Get a part, and keep it. Raises UnavailableError (`disk`) too."""
        data = self._source.get(path)
        place = self._folder / path
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(data)
        except OSError as error:
            raise UnavailableError("disk", f"cannot write {place}: {error.strerror}") from None
        return data


def open_source(where: str) -> Source:
    """By an address or a folder. Raises InputError: what is read over a network comes over https."""
    if "://" not in where:
        return Folder(Path(where))
    parts = urlsplit(where)
    if parts.scheme == "https" or (parts.scheme == "http" and _is_here(parts.hostname or "")):
        return Web(where)
    raise InputError("log-address", "a log's address starts with https://; http:// is for localhost only")


def _is_here(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _bounded(path: str, data: bytes) -> bytes:
    if len(data) > PART_LIMIT:
        raise InputError("oversize", f"{path} is larger than any part of a log")
    return data


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: Message, newurl: str
    ) -> None:
        """Follow nobody."""

"""Who is the recorder's own screen: whoever could read the launch file on this machine (spec/state.md section 7)."""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING

from sparekey.core.crypto import equal, sha256
from sparekey.core.errors import UnavailableError
from sparekey.device import secret_file

if TYPE_CHECKING:
    from pathlib import Path

    from sparekey.host.entropy import Entropy
    from sparekey.host.sqlite_store import SqliteFile

COOKIE = "screen"
"""The cookie by which the kiosk is known again."""
PATH = "/screen"
"""The page that the launch file leads to."""
SCREENS_LIMIT = 4
"""Kiosks that are known at the same time; beyond that the oldest is none any more."""

SCHEMA = "CREATE TABLE screens (id INTEGER PRIMARY KEY, token BLOB NOT NULL UNIQUE) STRICT"

_PAGE = """<!doctype html>
<meta charset="utf-8">
<meta name="referrer" content="no-referrer">
<title>Screen</title>
<meta http-equiv="refresh" content="0; url={link}">
<p><a href="{link}">Open the screen</a></p>
"""


def _mode(folder: Path) -> int:
    """Of the launch file: in a folder that hands its group on and is closed to others, that group is the kiosk's."""
    found = folder.stat().st_mode
    return 0o640 if found & stat.S_ISGID and not found & stat.S_IRWXO else 0o600


class Screens:
    """The launch token, good for one launch, and the kiosks that came by it."""

    def __init__(self, file: SqliteFile, entropy: Entropy, path: Path) -> None:
        self._file = file
        self._entropy = entropy
        self._path = path
        self._url = ""
        self._token = b""
        self._known = self._stored()

    def offer(self, url: str) -> None:
        """Write the launch file for the screen's listener at this address. Raises UnavailableError (`screen`)."""
        self._url = url
        token = self._entropy.bytes(32).hex()
        link = f"{url}{PATH}#{token}"
        try:
            secret_file.write(self._path, _PAGE.format(link=link).encode(), _mode(self._path.parent))
        except OSError as error:
            raise UnavailableError("screen", f"cannot write {self._path}: {error.strerror}") from None
        self._token = sha256(token.encode())

    def launch(self, token: str) -> str | None:
        """The cookie of a new kiosk, and a fresh launch file; None when this is not what the file says."""
        if not self._token or not equal(sha256(token.encode()), self._token):
            return None
        self.offer(self._url)
        cookie = self._entropy.bytes(32).hex()
        with self._file.writing() as connection:
            connection.execute("INSERT INTO screens (token) VALUES (?)", (sha256(cookie.encode()),))
            connection.execute(
                "DELETE FROM screens WHERE id NOT IN (SELECT id FROM screens ORDER BY id DESC LIMIT ?)",
                (SCREENS_LIMIT,),
            )
        self._known = self._stored()
        return cookie

    def knows(self, cookie: str | None) -> bool:
        """Whether this is the cookie of a kiosk."""
        return bool(cookie) and sha256((cookie or "").encode()) in self._known

    def _stored(self) -> frozenset[bytes]:
        """By their hashes, so that one who looks for a cookie in it learns nothing from how long that takes."""
        rows = self._file.rows("SELECT token FROM screens")
        return frozenset(token for (token,) in rows if isinstance(token, bytes))

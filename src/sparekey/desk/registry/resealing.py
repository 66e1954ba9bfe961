"""Seals every stored enrolment to the newest key, so that the older ones can be put away. It goes on where it ended."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sparekey.core import crypto
from sparekey.core.messages.enrol import EnrolBody
from sparekey.core.messages.header import Purpose
from sparekey.core.messages.request import read_request, seal_body
from sparekey.desk.registry import rows

if TYPE_CHECKING:
    from sparekey.desk.keyring import Keyring
    from sparekey.desk.registry.rows import Row
    from sparekey.desk.store.database import Database

AT_ONCE = 200
"""Rows of one transaction."""


class Resealing:
    """`work` until it says 0. Several may work at the same time."""

    def __init__(self, database: Database, keyring: Keyring) -> None:
        self._database = database
        self._keyring = keyring
        newest = next(iter(keyring.opening[Purpose.ENROL].values()))
        self._public = crypto.sealing_public(newest)

    def work(self) -> int:
        """Seal some anew; how many. Raises UntrustedError when one does not open: put its key back."""
        key = crypto.key_id(self._public)
        with self._database.writing() as connection:
            found = rows.sealed_to_others(connection, key, "", AT_ONCE)
            for row in found:
                rows.put_row(connection, self._anew(row, key), key)
        return len(found)

    def _anew(self, row: Row, key: bytes) -> Row:
        request = read_request(row.request)
        body = self._keyring.open(request)
        assert isinstance(body, EnrolBody)  # noqa: S101 - no other kind is in the table
        sealed = seal_body(replace(request.header, key=key), body, self._public)
        return replace(row, request=sealed.encoded)

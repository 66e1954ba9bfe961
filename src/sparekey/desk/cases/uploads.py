"""What people hand in to prove something: a photo or a PDF, sealed in the database, opened by nobody but an
agent's own viewer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, insert, select

from sparekey.core.errors import InputError
from sparekey.desk.cases.repository import note, was_once
from sparekey.desk.cases.tables import case_uploads
from sparekey.desk.cases.view import Upload

if TYPE_CHECKING:
    from sparekey.core.evidence import EvidenceKind
    from sparekey.desk.cases.asking import Past
    from sparekey.desk.cases.vault import Vault
    from sparekey.desk.store.database import Database

UPLOAD_LIMIT = 6 * 1024 * 1024
"""Bytes of one file."""
UPLOADS_MOST = 6
"""Files of one case."""

_MEDIA = (
    (0, b"%PDF-", "application/pdf"),
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (8, b"WEBP", "image/webp"),
    (4, b"ftyphei", "image/heic"),
    (4, b"ftypmif1", "image/heic"),
)
ENDINGS = {
    "application/pdf": "pdf",
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/webp": "webp",
    "image/heic": "heic",
}
"""What a file is called by what it is: never by what its sender called it."""


class Uploads:
    """Keeps files. Every method raises UnavailableError when the database fails."""

    def __init__(self, database: Database, vault: Vault) -> None:
        self._database = database
        self._vault = vault

    def add(self, number: str, kind: EvidenceKind, data: bytes, past: Past) -> None:
        """Keep a file, and its line in the case's history. Raises InputError: `upload-size`, `upload-kind` for what is
        no photo and no PDF, `upload-many`.
        """
        if not 0 < len(data) <= UPLOAD_LIMIT:
            raise InputError("upload-size", "a file has 6 MB at most")
        media = media_of(data)
        sealed = self._vault.seal(number, data)
        with self._database.writing() as connection:
            if was_once(connection, number, past.once):
                return
            query = select(func.count()).select_from(case_uploads).where(case_uploads.c.number == number)
            if connection.execute(query).scalar_one() >= UPLOADS_MOST:
                raise InputError("upload-many", f"a case holds {UPLOADS_MOST} files")
            connection.execute(
                insert(case_uploads).values(
                    number=number, at=past.at, kind=kind.value, media=media, size=len(data), content=sealed
                )
            )
            note(connection, number, past)

    def all(self, number: str) -> tuple[Upload, ...]:
        """What was handed in for a case, oldest first."""
        some = (
            case_uploads.c.id,
            case_uploads.c.at,
            case_uploads.c.kind,
            case_uploads.c.media,
            case_uploads.c.size,
        )
        query = select(*some).where(case_uploads.c.number == number).order_by(case_uploads.c.id)
        with self._database.reading() as connection:
            return tuple(
                Upload(row.id, row.at, row.kind, row.media, row.size) for row in connection.execute(query)
            )

    def content(self, number: str, upload: int) -> tuple[str, bytes] | None:
        """Media type and bytes of one file. Serve it as an attachment, under a name of our own."""
        query = select(case_uploads).where(case_uploads.c.number == number, case_uploads.c.id == upload)
        with self._database.reading() as connection:
            row = connection.execute(query).first()
        return None if row is None else (row.media, self._vault.open(number, row.content))


def media_of(data: bytes) -> str:
    """What a file is by its first bytes. Raises InputError (`upload-kind`)."""
    for at, mark, media in _MEDIA:
        if data[at : at + len(mark)] == mark:
            return media
    raise InputError("upload-kind", "send a photo (JPEG, PNG, WebP, HEIC) or a PDF")

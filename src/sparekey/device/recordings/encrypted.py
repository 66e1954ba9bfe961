"""Recordings as encrypted files in one folder (spec/state.md section 6): without their key they are noise."""

from __future__ import annotations

import os
import re
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sparekey.core.codec import decode, encode
from sparekey.core.crypto import KEY_LENGTH, NONCE_LENGTH, lock, unlock
from sparekey.core.errors import InputError, SparekeyError, UnavailableError, UntrustedError
from sparekey.device import secret_file
from sparekey.device.recordings.port import Media, Segment

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import BinaryIO

    from sparekey.host.entropy import Entropy

SEGMENT_LIMIT = 16 * 1024 * 1024
"""Bytes of one segment's content."""
SEGMENTS_LIMIT = 512
"""Segments that are kept; beyond that the oldest goes."""
FRAME = 64 * 1024
"""Bytes of content in one encrypted frame."""
_TAG = 16
_WRAPPED = NONCE_LENGTH + KEY_LENGTH + _TAG
_HEAD_LIMIT = 512
_NAME = re.compile(r"[0-9a-f]{16}")
_ENDING = ".segment"


class EncryptedRecordings:
    """`Recordings` in a folder. The key lies in a file of its own and is read whenever it is needed."""

    def __init__(self, folder: Path, key: Path, entropy: Entropy) -> None:
        self._folder = folder
        self._key = key
        self._entropy = entropy
        self._lock = threading.Lock()
        self._heads: dict[str, Segment] = {}

    def segments(self) -> list[Segment]:
        """What is there, the newest first."""
        with self._lock, _translated():
            return self._listed()

    def write(self, camera: str, started: int, seconds: int, media: Media, content: bytes) -> Segment:
        """Keep a segment, under a key of its own."""
        if len(content) > SEGMENT_LIMIT:
            raise InputError("segment", f"a segment has at most {SEGMENT_LIMIT} bytes")
        segment = Segment(self._entropy.bytes(8).hex(), camera, started, seconds, len(content), media)
        key = self._entropy.bytes(KEY_LENGTH)
        with self._lock, _translated():
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            wrapped = lock(self._made_key(), self._entropy.bytes(NONCE_LENGTH), _bound(segment.name), key)
            pieces = [_head(segment), *(content[at : at + FRAME] for at in range(0, len(content), FRAME))]
            frames = [_frame(key, number, piece) for number, piece in enumerate(pieces)]
            secret_file.write(self._path(segment.name), b"".join([wrapped, *frames]))
            self._heads[segment.name] = segment
            for old in self._listed()[SEGMENTS_LIMIT:]:
                self._path(old.name).unlink(missing_ok=True)
        return segment

    def play(self, name: str) -> Iterator[bytes] | None:
        """The content, frame by frame, as it is asked for."""
        if not _NAME.fullmatch(name):
            return None
        with _translated():
            try:
                with self._path(name).open("rb") as file:
                    key, segment = self._open(name, file)
                    begins = file.tell()
            except FileNotFoundError:
                return None
        return self._frames(segment, key, begins)

    def erase(self) -> None:
        """First the key: from then on the rest is noise, whenever power fails."""
        with self._lock, _translated():
            secret_file.destroy(self._key)
            self._heads.clear()
            for path in self._files():
                path.unlink()

    def is_empty(self) -> bool:
        """Look at the disk."""
        with self._lock, _translated():
            return secret_file.is_gone(self._key) and not self._files()

    def _frames(self, segment: Segment, key: bytes, begins: int) -> Iterator[bytes]:
        with _translated(), self._path(segment.name).open("rb") as file:
            file.seek(begins)
            left, number = segment.size, 0
            while left > 0:
                number += 1
                wanted = min(FRAME, left)
                yield unlock(key, b"", _nonce(number) + file.read(wanted + _TAG))
                left -= wanted

    def _open(self, name: str, file: BinaryIO) -> tuple[bytes, Segment]:
        """The segment's own key, and what it says of itself. Raises UntrustedError."""
        key = unlock(self._read_key(), _bound(name), file.read(_WRAPPED))
        length = int.from_bytes(file.read(2), "big")
        if length > _HEAD_LIMIT:
            raise UntrustedError("locked", "its head is too long")
        return key, _read_head(name, unlock(key, b"", _nonce(0) + file.read(length)))

    def _listed(self) -> list[Segment]:
        names = [path.name.removesuffix(_ENDING) for path in self._files() if path.suffix == _ENDING]
        self._heads = {name: head for name in names if (head := self._heads.get(name) or self._look(name))}
        return sorted(self._heads.values(), key=lambda head: (head.started, head.name), reverse=True)

    def _look(self, name: str) -> Segment | None:
        try:
            with self._path(name).open("rb") as file:
                return self._open(name, file)[1]
        except (SparekeyError, FileNotFoundError):
            return None

    def _files(self) -> list[Path]:
        """Segments, whole and half-written ones."""
        if not self._folder.is_dir():
            return []
        with os.scandir(self._folder) as entries:
            names = [entry.name for entry in entries]
        whole = (_ENDING, f"{_ENDING}.new")
        return [self._folder / name for name in names if name.endswith(whole)]

    def _path(self, name: str) -> Path:
        return self._folder / f"{name}{_ENDING}"

    def _made_key(self) -> bytes:
        if secret_file.is_gone(self._key):
            secret_file.write(self._key, self._entropy.bytes(KEY_LENGTH))
        return self._read_key()

    def _read_key(self) -> bytes:
        secret_file.private(self._key)
        return self._key.read_bytes()


def _bound(name: str) -> bytes:
    return f"recording\n{name}".encode()


def _nonce(number: int) -> bytes:
    """A segment's key encrypts each number once."""
    return number.to_bytes(NONCE_LENGTH, "big")


def _frame(key: bytes, number: int, piece: bytes) -> bytes:
    sealed = lock(key, _nonce(number), b"", piece)[NONCE_LENGTH:]
    return sealed if number else len(sealed).to_bytes(2, "big") + sealed


def _head(segment: Segment) -> bytes:
    fields = (segment.camera, segment.started, segment.seconds, segment.size, segment.media.value)
    return encode(dict(enumerate(fields, 1)))


def _read_head(name: str, data: bytes) -> Segment:
    """What `_head` wrote: nobody else has the key."""
    fields = decode(data)
    if not isinstance(fields, dict) or sorted(map(str, fields)) != ["1", "2", "3", "4", "5"]:
        raise UntrustedError("locked", "its head was written by another version")
    camera, started, seconds, size, media = (fields[number] for number in range(1, 6))
    return Segment(name, str(camera), _whole(started), _whole(seconds), _whole(size), Media(media))


def _whole(value: object) -> int:
    return value if isinstance(value, int) else 0


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise UnavailableError(
            "recordings", f"the recordings do not answer ({error.strerror}); look whether the disk is full"
        ) from error

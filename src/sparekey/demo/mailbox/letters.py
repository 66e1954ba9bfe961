"""The letters that arrived: one file each, as it came over the wire."""

from __future__ import annotations

from dataclasses import dataclass
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_ARRIVED = "X-Arrived"
_DELIVERED = "Delivered-To"


@dataclass(frozen=True)
class Letter:
    """One mail as a mail program shows it. `arrived`: Unix seconds. `text`, `html`: "" for none."""

    number: int
    sender: str
    to: tuple[str, ...]
    subject: str
    arrived: int
    text: str
    html: str


class Letters:
    """A folder of numbered files."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)

    def add(self, content: bytes, to: list[str], arrived: int) -> int:
        """Keep a letter, whole or not at all. Returns its number."""
        number = max(self._numbers(), default=0) + 1
        marks = [f"{_ARRIVED}: {arrived}", *(f"{_DELIVERED}: {_line(address)}" for address in to)]
        half = self._folder / "half-written"
        half.write_bytes("".join(f"{mark}\r\n" for mark in marks).encode() + content)
        half.rename(self._path(number))
        return number

    def newest_first(self) -> list[Letter]:
        """All of them."""
        return [self._read(number) for number in sorted(self._numbers(), reverse=True)]

    def letter(self, number: int) -> Letter | None:
        """One of them, or None."""
        return self._read(number) if number in self._numbers() else None

    def _numbers(self) -> list[int]:
        return [int(file.stem) for file in self._folder.glob("*.eml") if file.stem.isdecimal()]

    def _path(self, number: int) -> Path:
        return self._folder / f"{number:05}.eml"

    def _read(self, number: int) -> Letter:
        with self._path(number).open("rb") as file:
            message = BytesParser(EmailMessage, policy=policy.default).parse(file)
        arrived = str(message.get(_ARRIVED, "0"))
        return Letter(
            number=number,
            sender=str(message.get("From", "")),
            to=tuple(str(value) for value in message.get_all(_DELIVERED, [])),
            subject=str(message.get("Subject", "")),
            arrived=int(arrived) if arrived.isdecimal() else 0,
            text=_part(message, "plain"),
            html=_part(message, "html"),
        )


def _part(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    if part is None:
        return ""
    content = part.get_content()
    return content if isinstance(content, str) else ""


def _line(address: str) -> str:
    return "".join(character for character in address if character.isprintable())

"""What is fuzzed, and what has to hold: our error or a value."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sparekey.core.errors import InputError, UnavailableError, UntrustedError

HERE = Path(__file__).resolve().parent
OURS: tuple[type[Exception], ...] = (InputError, UntrustedError)
"""What a reader may raise on bytes from outside."""


@dataclass(frozen=True)
class Target:
    """One reader. `read`: takes any bytes. `seeds`: good inputs to begin with, and some that are nearly good.
    `may`: further errors of ours that belong to its port.
    """

    name: str
    read: Callable[[bytes], object]
    seeds: Callable[[], list[bytes]]
    may: tuple[type[Exception], ...] = ()

    def holds(self, data: bytes) -> bool:
        """Whether the reader gave a value; False when it raised an error of ours. Whatever else it raises comes out."""
        try:
            self.read(data)
        except OURS + self.may:
            return False
        return True

    @property
    def kept(self) -> list[bytes]:
        """What fuzzing found worth keeping, and every input that once broke the reader."""
        return [data for folder in ("corpus", "found") for data in stored(HERE / folder / f"{self.name}.hex")]

    @property
    def inputs(self) -> list[bytes]:
        """The seeds and all that was kept."""
        return list(dict.fromkeys([*self.seeds(), *self.kept]))


def of_text(read: Callable[[str], object]) -> Callable[[bytes], object]:
    """A reader of text, fed with bytes: those that are no UTF-8 come as lone surrogates."""
    return lambda data: read(data.decode("utf-8", "surrogateescape"))


def stored(file: Path) -> list[bytes]:
    """The inputs in a file, one a line in hexadecimal digits."""
    return [bytes.fromhex(line) for line in file.read_text("ascii").splitlines()] if file.is_file() else []


def store(file: Path, inputs: list[bytes]) -> None:
    """Write such a file: each input once, the shortest first."""
    lines = sorted({data.hex() for data in inputs}, key=lambda line: (len(line), line))
    file.parent.mkdir(exist_ok=True)
    file.write_text("".join(f"{line}\n" for line in lines), encoding="ascii")


PORT = (UnavailableError,)
"""For a reader of answers of something that may as well be away."""

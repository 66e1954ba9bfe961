"""`mailbox.toml`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from sparekey.core.errors import UnavailableError
from sparekey.host.config import load


@dataclass(frozen=True)
class Config:
    """`smtp_port` and `web_port` are both on loopback. `letters`: the folder of what arrived.

    `user` and the content of `password_file`: who may hand in mail. Relative paths start at the folder.
    """

    smtp_port: int
    web_port: int
    user: str
    password_file: Path
    tls_certificate: Path
    tls_key: Path
    letters: Path = Path("letters")

    @property
    def password(self) -> str:
        """The password for handing in mail. Raises UnavailableError when the file cannot be read."""
        try:
            return self.password_file.read_text("utf-8").strip()
        except OSError as error:
            raise UnavailableError("mailbox", f"cannot read {self.password_file}: {error.strerror}") from None


def read(path: Path) -> Config:
    """Read the file. Raises InputError or UnavailableError."""
    config = load(path, Config)
    folder = path.absolute().parent
    return replace(
        config,
        password_file=folder / config.password_file,
        tls_certificate=folder / config.tls_certificate,
        tls_key=folder / config.tls_key,
        letters=folder / config.letters,
    )

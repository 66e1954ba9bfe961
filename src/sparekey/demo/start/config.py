"""`start.toml`: where the other parts are."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Config:
    """`host`, `port`: where the page listens. `name`: the host as people write it. Then: other pages, the
    last two those of the camera behind the recorder and of the one beside it.

    `launch`: the file that opens the recorder's own screen. `desk_settings`: the desk's own file.
    `authority`: with --lan, the certificate (PEM) that phones may install.
    """

    host: str
    name: str
    port: int
    profile: str
    recorder: str
    network: str
    desk: str
    mailbox: str
    camera: str
    beside: str
    launch: Path
    desk_settings: Path
    authority: Path | None = None

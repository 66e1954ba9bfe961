"""What lies on the disk: settings, modes, keys, trust file, room. Each look raises a SparekeyError that says what to
mend, or returns what was found.
"""

from __future__ import annotations

import shutil
import stat
from pathlib import Path
from typing import TYPE_CHECKING

from sparekey.core.errors import InputError, UnavailableError
from sparekey.desk.keyring import read_keys, read_secret
from sparekey.desk.keys.drafts import DRAFT
from sparekey.desk.trust import check_trust, load_trust

if TYPE_CHECKING:
    from sparekey.desk.config import DeskConfig

ROOM = 1024**3
"""Bytes that should be free on the disk."""


def settings(config: DeskConfig, toml: Path) -> str:
    """What desk.toml names is there."""
    if stat.S_IMODE(toml.stat().st_mode) & 0o022:
        raise InputError("mode", f"others can change {toml}; mend it with: chmod go-w {toml}")
    for path in (config.smtp.password_file, config.database_password_file):
        if path is not None:
            read_secret(path)
    return f"{config.name} at {config.url}"


def modes(config: DeskConfig, toml: Path) -> str:
    """Nobody else reads what is private, and all of it belongs to one user: the desk runs as that one."""
    private = [path for path in (config.tls_key, config.smtp.password_file) if path is not None]
    if "://" not in config.database:
        place = Path(config.database)
        private += [place, place.with_name(f"{place.name}-wal"), place.with_name(f"{place.name}-shm")]
    there = [path for path in private if path.exists()]
    if open_ones := [str(path) for path in there if stat.S_IMODE(path.stat().st_mode) & 0o077]:
        told = " ".join(open_ones)
        raise InputError("mode", f"others can read {told}; mend it with: chmod 600 {told}")
    folder = toml.resolve().parent
    kept = [folder, toml, config.keys, *config.keys.glob("*.key"), *there]
    owner = folder.stat().st_uid
    if strange := [path for path in kept if path.is_relative_to(folder) and path.stat().st_uid != owner]:
        raise InputError(
            "owner",
            f"{strange[0]} belongs to another user than {folder}: chown -R it to the one that the desk runs as,"
            " and run every command as that user",
        )
    return "private, and of one user"


def keys(config: DeskConfig) -> str:
    """One for each purpose; the root is elsewhere."""
    read_keys(config.keys)
    for path in config.trust.parent.glob("*root*.key"):
        raise InputError("root", f"{path} lies here; move it to a place without network")
    return "one for each purpose, for this user alone"


def trust(config: DeskConfig) -> str:
    """The trust file leads here."""
    content, _ = load_trust(config.trust, config.root)
    check_trust(content, prefix=config.prefix, keyring=read_keys(config.keys))
    waits = f"; a draft of the next one waits in {DRAFT}" if config.trust.with_name(DRAFT).exists() else ""
    return f"version {content.version}, leads here, and names our keys{waits}"


def witnesses(config: DeskConfig) -> str:
    """As many as devices ask for."""
    policy = load_trust(config.trust, config.root)[0].witnesses
    doors, names = {witness.name for witness in config.witnesses}, {key.name for key in policy.witnesses}
    if stray := doors - names:
        raise InputError("witness", f"the trust file names no witness {min(stray)}; take it out of desk.toml")
    if len(doors) < policy.needed:
        raise InputError("witness", f"devices ask for {policy.needed} witnesses, desk.toml has {len(doors)}")
    return f"devices ask for {policy.needed} of {len(names)}"


def disk(config: DeskConfig) -> str:
    """Room to go on."""
    folder = config.trust.parent if "://" in config.database else Path(config.database).parent
    free = shutil.disk_usage(folder).free
    if free < ROOM:
        raise UnavailableError("disk", f"only {free // 1024**2} MB are free at {folder}")
    return f"{free // 1024**3} GB free"

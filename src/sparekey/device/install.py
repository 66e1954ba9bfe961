"""Makes the folder of a new device: its configuration, the trust file and the maker's root."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from sparekey.core.errors import InputError, UnavailableError
from sparekey.device import trust
from sparekey.device.config import Settings, check

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sparekey.device.config import Kind

CONFIG = "device.toml"
TRUST = "trust.sparekey-trust"
ROOT = "maker-root.pub"
SHEET = "model.toml"


def install(folder: Path, settings: Settings) -> Path:
    """Check everything, then write it. `settings.trust` and `settings.root` are the files to copy; a
    model sheet of one's own is copied too.

    Returns the path of the configuration. Raises InputError (`exists`) rather than overwrite one, and
    whatever a configuration or a trust file may raise.
    """
    path = folder / CONFIG
    if path.exists():
        raise InputError("exists", f"{path} is already there; remove it yourself if you mean to start anew")
    found = check(settings, path.absolute())
    root = trust.read_root(settings.root)
    trust.read_file(settings.trust, root)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        copied = [(settings.trust, TRUST), (settings.root, ROOT)]
        if found.settings.sheet.endswith(".toml"):
            copied.append((folder / settings.sheet, SHEET))
            settings = replace(settings, sheet=SHEET)
        for source, name in copied:
            if source.absolute() != (folder / name).absolute():
                (folder / name).write_bytes(source.read_bytes())
        with path.open("x", encoding="utf-8") as file:
            file.write(_toml(settings, found.kind))
    except OSError as error:
        raise UnavailableError("install", f"cannot write {error.filename}: {error.strerror}") from None
    return path


def _toml(settings: Settings, kind: Kind) -> str:
    lines = [
        f"name = {_text(settings.name)}",
        f"serial = {_text(settings.serial)}",
        f"model = {_text(settings.model)}",
        f"firmware = {_text(settings.firmware)}",
        "# recorder or camera; sheet names the model sheet, or its file, where it is not called like the model.",
        f"kind = {_text(kind.value)}",
        f"sheet = {_text(settings.sheet)}",
        "# The network address; behind_recorder is true for a camera on a recorder's own network.",
        f"mac = {_text(settings.mac)}",
        f"behind_recorder = {'true' if settings.behind_recorder else 'false'}",
        f"profile = {_text(settings.profile)}",
        f"language = {_text(settings.language)}",
        "",
        "# Where the pages are. http:// is for this machine only; the network gets https://.",
        f"listen = {_list(settings.listen)}",
        "# Which of them the recorder's own screen shows, if any; who uses it stands in front of it.",
        f"screen = {_text(settings.screen)}",
        "# Further names by which people open the pages, such as recorder.local.",
        f"names = {_list(settings.names)}",
        "",
        "# true where NTP or the owner sets the clock; otherwise only switched-on time counts.",
        f"clock_trusted = {'true' if settings.clock_trusted else 'false'}",
        "",
        "# Registration and notices go to the support desk by themselves where there is Internet. desk_ca names a file",
        "# with the authority of the desk's certificate, where the system does not know it.",
        f"desk_online = {'true' if settings.desk_online else 'false'}",
        f"trust = {_text(TRUST)}",
        f"root = {_text(ROOT)}",
        f"storage = {_text(str(settings.storage))}",
        f"key = {_text(str(settings.key))}",
    ]
    return "\n".join(lines) + "\n"


def _text(value: str) -> str:
    """A TOML basic string; JSON writes the same escapes (TOML 1.0, "String")."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _list(values: Sequence[str]) -> str:
    return "[" + ", ".join(_text(value) for value in values) + "]"

"""Writes the settings files of the site: what `init` made, with the site's own doors filled in."""

from __future__ import annotations

import json
import tomllib
from typing import TYPE_CHECKING

from sparekey.core.errors import MisuseError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path
    from typing import Any

    Settings = Mapping[str, Any]


def write(path: Path, settings: Settings) -> None:
    """A TOML file of these settings, readable by its owner alone; whole or not at all."""
    half = path.with_name(f"{path.name}.new")
    half.touch(mode=0o600)
    half.write_text(text(settings), encoding="utf-8")
    half.replace(path)


def amend(path: Path, settings: Settings) -> None:
    """Set some settings of a file and leave the others."""
    write(path, tomllib.loads(path.read_text(encoding="utf-8")) | dict(settings))


def text(settings: Settings) -> str:
    """TOML: plain settings first, then the tables."""
    plain = [f"{name} = {_value(value)}" for name, value in settings.items() if not isinstance(value, dict)]
    tables = [
        f"\n[{name}]\n{text(value)}".rstrip() for name, value in settings.items() if isinstance(value, dict)
    ]
    return "\n".join([*plain, *tables]) + "\n"


def _value(value: object) -> str:
    if not isinstance(value, str | int | list):
        raise MisuseError("setting", f"a setting cannot be a {type(value).__name__}")
    return json.dumps(
        value, ensure_ascii=False
    )  # JSON's texts, numbers, true, false and lists are TOML's too

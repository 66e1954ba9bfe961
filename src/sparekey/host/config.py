"""TOML files as frozen dataclasses, by their type hints, with an error that names the line's own key."""

from __future__ import annotations

import tomllib
import types
from dataclasses import MISSING, Field, fields, is_dataclass
from enum import Enum
from pathlib import Path
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from sparekey.core.errors import InputError, UnavailableError

T = TypeVar("T")
CONFIG_LIMIT = 256 * 1024
"""Bytes of a configuration file, at most."""


def load(path: Path, kind: type[T]) -> T:
    """Read a file into a dataclass. Raises UnavailableError when it cannot be read, InputError when it does not fit."""
    try:
        with path.open("rb") as file:
            data = file.read(CONFIG_LIMIT + 1)
    except OSError as error:
        raise UnavailableError("no-config", f"cannot read {path}: {error.strerror}") from None
    if len(data) > CONFIG_LIMIT:
        raise InputError("config", f"{path} is too large for a configuration")
    try:
        text = data.decode()
    except UnicodeDecodeError:
        raise InputError("config", f"{path} is not a text in UTF-8") from None
    return parse(text, kind, str(path))


def parse(text: str, kind: type[T], source: str) -> T:
    """Read a text into a dataclass. Raises InputError (`config`) naming the source and the key."""
    try:
        table = tomllib.loads(text)
    except ValueError as error:
        raise InputError("config", f"{source}: {error}") from None
    except RecursionError:
        raise InputError("config", f"{source}: lists or tables nested too deeply") from None
    made: T = _build(table, kind, source, "")
    return made


def _build(value: Any, kind: Any, source: str, where: str) -> Any:
    if get_origin(kind) in (Union, types.UnionType):
        (kind,) = [choice for choice in get_args(kind) if choice is not type(None)]
    if isinstance(kind, type) and is_dataclass(kind):
        return _dataclass(value, kind, source, where)
    if get_origin(kind) is tuple:
        if not isinstance(value, list):
            raise _unfit(source, where, "a list")
        inner = get_args(kind)[0]
        return tuple(_build(item, inner, source, f"{where}[{place}]") for place, item in enumerate(value))
    if isinstance(kind, type) and issubclass(kind, Enum):
        try:
            return kind(value)
        except ValueError:
            raise _unfit(source, where, "one of " + ", ".join(str(item.value) for item in kind)) from None
    if kind is Path and isinstance(value, str):
        return Path(value)
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise _unfit(source, where, _SPOKEN.get(kind, kind.__name__))
    return value


def _dataclass(value: Any, kind: type[Any], source: str, where: str) -> Any:
    if not isinstance(value, dict):
        raise _unfit(source, where, "a table")
    hints = get_type_hints(kind)
    known = {item.name: item for item in fields(kind)}
    dotted = f"{where}." if where else ""
    for name in value:
        if name not in known:
            raise InputError(
                "config", f"{source}: there is no setting {dotted}{name}; known are {', '.join(known)}"
            )
    for name, item in known.items():
        if name not in value and not _has_default(item):
            raise InputError("config", f"{source}: the setting {dotted}{name} is missing")
    return kind(**{name: _build(item, hints[name], source, dotted + name) for name, item in value.items()})


_SPOKEN: dict[Any, str] = {
    str: "a text",
    int: "a whole number",
    bool: "true or false",
    Path: "a path",
    float: "a number",
}


def _has_default(item: Field[Any]) -> bool:
    return item.default is not MISSING or item.default_factory is not MISSING


def _unfit(source: str, where: str, wanted: str) -> InputError:
    return InputError("config", f"{source}: {where or 'the file'} must be {wanted}")

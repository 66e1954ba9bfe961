"""Frozen dataclasses as bytes and back, by their type hints (spec/state.md).

A dataclass is a CBOR map of its field names, with its class name under the empty key. A field that is missing takes its
default, so that newer firmware reads older state; a field or class that is not known is refused, so that older firmware
never guesses at newer state.
"""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from enum import Enum
from functools import cache
from typing import Any, Union, cast, get_args, get_origin, get_type_hints

from sparekey.core.codec import Value, decode, encode
from sparekey.core.errors import InputError, MisuseError


def freeze(value: object) -> bytes:
    """The bytes of a dataclass made of dataclasses, enums, tuples, integers, texts, bytes, booleans and None."""
    return encode(_pack(value))


def thaw(data: bytes, kind: Any) -> Any:
    """The value of a type, which may be a union of dataclasses. Raises InputError when it does not fit."""
    return _unpack(decode(data), kind)


def _pack(value: object) -> Value:
    if is_dataclass(value) and not isinstance(value, type):
        packed: dict[str, Value] = {"": type(value).__name__}
        for item in fields(value):
            packed[item.name] = _pack(getattr(value, item.name))
        return packed
    if isinstance(value, Enum):
        return cast("Value", value.value)
    if isinstance(value, tuple):
        return [_pack(item) for item in value]
    if value is None or isinstance(value, bool | int | bytes | str):
        return value
    raise MisuseError("snapshot", f"a state cannot hold {type(value).__name__}")


def _unpack(value: Value, kind: Any) -> Any:
    if get_origin(kind) in (Union, types.UnionType):
        return _unpack_union(value, get_args(kind))
    if get_origin(kind) is tuple:
        if not isinstance(value, list):
            raise _unfit(kind)
        inner = get_args(kind)
        each = [inner[0]] * len(value) if inner[1:] == (...,) else list(inner)
        if len(each) != len(value):
            raise _unfit(kind)
        return tuple(_unpack(item, form) for item, form in zip(value, each, strict=True))
    if isinstance(kind, type) and is_dataclass(kind):
        return _unpack_dataclass(value, kind)
    if isinstance(kind, type) and issubclass(kind, Enum):
        try:
            return kind(value)
        except ValueError:
            raise _unfit(kind) from None
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise _unfit(kind)
    return value


def _unpack_union(value: Value, kinds: tuple[Any, ...]) -> Any:
    if value is None and type(None) in kinds:
        return None
    others = [kind for kind in kinds if kind is not type(None)]
    if len(others) == 1:
        return _unpack(value, others[0])
    named = value.get("") if isinstance(value, dict) else None
    for kind in others:
        if getattr(kind, "__name__", None) == named:
            return _unpack(value, kind)
    raise InputError("state", "the stored state names something that this version does not know")


def _unpack_dataclass(value: Value, kind: Any) -> Any:
    if not isinstance(value, Mapping):
        raise _unfit(kind)
    given = {str(name): item for name, item in value.items()}
    if given.pop("", None) != kind.__name__:
        raise _unfit(kind)
    hints = _hints(kind)
    ready: dict[str, Any] = {}
    for item in fields(kind):
        if item.name in given:
            ready[item.name] = _unpack(given.pop(item.name), hints[item.name])
        elif not _has_default(item):
            raise InputError("state", f"the stored state lacks {kind.__name__}.{item.name}")
    if given:
        raise InputError("state", f"the stored state is newer than this version: {kind.__name__}")
    return kind(**ready)


@cache
def _hints(kind: Any) -> dict[str, Any]:
    return get_type_hints(kind)


def _has_default(item: Field[Any]) -> bool:
    return item.default is not MISSING or item.default_factory is not MISSING


def _unfit(kind: Any) -> InputError:
    return InputError("state", f"the stored state does not fit {getattr(kind, '__name__', kind)}")

from __future__ import annotations

from dataclasses import dataclass, field, make_dataclass
from enum import Enum
from typing import Any

import pytest

from sparekey.core.codec import decode, encode
from sparekey.core.errors import InputError, MisuseError
from sparekey.host.snapshot import freeze, thaw


class Colour(Enum):
    RED = "red"


@dataclass(frozen=True)
class Wheel:
    size: int
    colour: Colour = Colour.RED


@dataclass(frozen=True)
class Bell:
    loud: bool


@dataclass(frozen=True)
class Bicycle:
    name: str
    frame: bytes
    wheels: tuple[Wheel, ...]
    place: tuple[int, str]
    extra: Wheel | Bell | None = None
    owner: str | None = None
    tags: tuple[str, ...] = field(default_factory=lambda: ("new",))


@dataclass(frozen=True)
class Unicycle:
    wheel: Wheel


FULL = Bicycle("b", b"\x00\xff", (Wheel(28), Wheel(26)), (7, "x"), Bell(loud=True), "me", ())


@pytest.mark.parametrize(
    "value",
    [FULL, Bicycle("", b"", (), (-1, "")), Bicycle("č", b"", (), (0, ""), Wheel(1)), Unicycle(Wheel(1))],
)
def test_what_is_frozen_is_thawed(value: object) -> None:
    assert thaw(freeze(value), Bicycle | Unicycle) == value
    assert thaw(freeze(value), type(value)) == value


def stored(**changes: Any) -> bytes:
    """The full bicycle with other content; `...` takes a field away."""
    packed: Any = decode(freeze(FULL))
    packed |= changes
    return encode({name: item for name, item in packed.items() if item is not ...})


def test_newer_firmware_reads_older_state() -> None:
    read = thaw(stored(extra=..., owner=..., tags=...), Bicycle)
    assert (read.extra, read.owner, read.tags) == (None, None, ("new",))


@pytest.mark.parametrize("name", ["name", "frame", "wheels", "place"])
def test_a_field_without_a_default_must_be_there(name: str) -> None:
    with pytest.raises(InputError, match=f"lacks Bicycle.{name}"):
        thaw(stored(**{name: ...}), Bicycle)


def test_older_firmware_does_not_guess_at_newer_state() -> None:
    with pytest.raises(InputError, match="newer than this version: Bicycle"):
        thaw(stored(motor=1), Bicycle)
    with pytest.raises(InputError, match="does not know"):
        thaw(encode({"": "Tricycle"}), Bicycle | Unicycle)
    with pytest.raises(InputError, match="does not know"):
        thaw(stored(extra={"": "Lamp"}), Bicycle)
    with pytest.raises(InputError, match="does not fit Colour"):
        thaw(encode({"": "Wheel", "size": 1, "colour": "green"}), Wheel)


@pytest.mark.parametrize(
    "changes",
    [
        {"name": 1}, {"name": b"b"}, {"name": None}, {"frame": "f"}, {"wheels": None}, {"wheels": {}},
        {"wheels": [None]}, {"wheels": [[1]]}, {"wheels": [{"": "Bell", "loud": True}]}, {"place": [1]},
        {"place": [1, "x", 1]}, {"place": ["x", 1]}, {"place": [True, "x"]}, {"extra": 1}, {"extra": []},
        {"extra": {"": "Bell", "loud": 1}}, {"extra": {"": 7}}, {"extra": {}}, {"owner": 1},
        {"tags": "new"}, {"": "Unicycle"}, {"": ...},
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(InputError) as error:
        thaw(stored(**changes), Bicycle)
    assert error.value.slug == "state"


@pytest.mark.meets("asvs-1.5.2")
@pytest.mark.parametrize(
    "value", [None, 1, [], {}, {0: 1}, {"": None}, {"": "Bicycle"}, "Bicycle", b"Bicycle"]
)
def test_what_is_no_state_is_refused(value: Any) -> None:
    for kind in (Bicycle, Bicycle | Unicycle):
        with pytest.raises(InputError):
            thaw(encode(value), kind)


@pytest.mark.meets("asvs-1.3.2", "asvs-1.5.2")
@pytest.mark.parametrize("value", [1.5, [1], {"a": 1}, {1}, object(), Wheel])
def test_only_plain_things_are_state(value: object) -> None:
    holder = make_dataclass("holder", ["value"], frozen=True)
    with pytest.raises(MisuseError, match="a state cannot hold"):
        freeze(holder(value))

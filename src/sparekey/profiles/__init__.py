"""The profiles and the model sheets: TOML files that hold every number and switch, and their reader."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from sparekey.core.errors import InputError
from sparekey.core.model import Model
from sparekey.core.policy import Policy
from sparekey.host.config import parse

_HERE = Path(__file__).parent
RECOMMENDED = "sparekey"
"""The profile for whoever has no reason for another."""


def names() -> list[str]:
    """All profiles, the recommended one first."""
    files = _HERE.iterdir()
    found = sorted(file.name.removesuffix(".toml") for file in files if file.name.endswith(".toml"))
    return sorted(found, key=lambda name: (name != RECOMMENDED, name))


@cache
def profile(name: str) -> Policy:
    """One profile. Raises InputError (`no-profile`) for a name that is not there."""
    if name not in names():
        raise InputError("no-profile", f"there is no profile of this name; known are {', '.join(names())}")
    source = _HERE.joinpath(f"{name}.toml")
    return parse(source.read_text("utf-8"), Policy, f"{name}.toml")


def model_names() -> list[str]:
    """The models whose sheets come with the program."""
    files = _HERE.joinpath("models").iterdir()
    return sorted(file.name.removesuffix(".toml") for file in files if file.name.endswith(".toml"))


@cache
def model(name: str) -> Model:
    """The sheet of one model. Raises InputError (`no-model`) for a name that is not there."""
    if name not in model_names():
        raise InputError("no-model", f"there is no model sheet {name}; known are {', '.join(model_names())}")
    source = _HERE.joinpath("models", f"{name}.toml")
    return parse(source.read_text("utf-8"), Model, f"{name}.toml")

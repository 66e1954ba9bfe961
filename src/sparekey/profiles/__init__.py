"""The profiles: TOML files that hold every number and switch, and their reader."""

from __future__ import annotations

from functools import cache
from importlib import resources

from sparekey.core.errors import InputError
from sparekey.core.policy import Policy
from sparekey.host.config import parse

RECOMMENDED = "sparekey"
"""The profile for whoever has no reason for another."""


def names() -> list[str]:
    """All profiles, the recommended one first."""
    files = resources.files(__name__).iterdir()
    found = sorted(file.name.removesuffix(".toml") for file in files if file.name.endswith(".toml"))
    return sorted(found, key=lambda name: (name != RECOMMENDED, name))


@cache
def profile(name: str) -> Policy:
    """One profile. Raises InputError (`no-profile`) for a name that is not there."""
    if name not in names():
        raise InputError("no-profile", f"there is no profile of this name; known are {', '.join(names())}")
    source = resources.files(__name__).joinpath(f"{name}.toml")
    return parse(source.read_text("utf-8"), Policy, f"{name}.toml")


@cache
def common_passwords() -> frozenset[str]:
    """Passwords that everybody tries first, in lower case."""
    lines = resources.files(__name__).joinpath("common-passwords.txt").read_text("utf-8").split()
    return frozenset(line.casefold() for line in lines)

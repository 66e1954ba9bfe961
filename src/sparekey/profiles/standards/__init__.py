"""The standards that sparekey is held against: one TOML file each, with every requirement in our own short words.

A requirement is proved by the tests that are marked with its name (`@pytest.mark.meets("asvs-6.2.1")`), or it says in
`lacks` why it is not met, or in `outside` why it does not apply. `departures`: the profiles that do not meet what the
recommended one meets. `docs/ref/conformity.md` is made of these files and the marks.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import resources

from sparekey.core.errors import InputError
from sparekey.host.config import parse


@dataclass(frozen=True)
class Departure:
    """One profile does not meet a requirement that the recommended profile meets, and `what` it does instead."""

    profile: str
    what: str


@dataclass(frozen=True)
class Requirement:
    """`id`: as the standard numbers it, else a name of ours. `section`: where it stands, if the id does not say it.
    `level`: of ASVS, else 1. At most one of `lacks` and `outside` says something; from what is lacking nobody departs.
    """

    id: str
    says: str
    section: str = ""
    level: int = 1
    lacks: str = ""
    outside: str = ""
    departures: tuple[Departure, ...] = ()

    def __post_init__(self) -> None:
        if self.lacks and (self.outside or self.departures):
            raise InputError(
                "bad-standard", f"{self.id} is not met: then it is not inapplicable, and nobody departs"
            )

    @property
    def claimed(self) -> bool:
        """Whether tests have to prove it."""
        return not self.lacks and not self.outside


@dataclass(frozen=True)
class Standard:
    """`name`: what its marks begin with. `about`: which edition, what was left out, in a sentence or two."""

    name: str
    title: str
    about: str
    requirements: tuple[Requirement, ...]

    def mark(self, requirement: Requirement) -> str:
        """How tests name it: `asvs-6.2.1`."""
        return f"{self.name}-{requirement.id}"


FILES = ("nist", "asvs", "etsi")
"""In the order of the page."""


@cache
def standards() -> tuple[Standard, ...]:
    """All standards, as their files have them."""
    folder = resources.files(__name__)
    return tuple(
        parse(folder.joinpath(f"{name}.toml").read_text("utf-8"), Standard, f"{name}.toml") for name in FILES
    )


def departures(profile: str) -> list[tuple[str, str]]:
    """Where a profile departs: the requirement with its standard, and what it does instead."""
    return [
        (" ".join(filter(None, (standard.title, requirement.section or requirement.id))), departure.what)
        for standard in standards()
        for requirement in standard.requirements
        for departure in requirement.departures
        if departure.profile == profile
    ]

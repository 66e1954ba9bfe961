"""Writes the hashes of common passwords from the list in zxcvbn: `python -m tests.profiles.blocklist`."""

from __future__ import annotations

from zxcvbn.frequency_lists import FREQUENCY_LISTS  # type: ignore[import-untyped]

from sparekey.core.guessable import SHORTEST
from sparekey.profiles.blocklist import HASHES, entry

FIRST = {"passwords": 3_000, "female_names": 1_000, "male_names": 500}
"""How many of each list others are made of."""
ANY = {"passwords": 30_000, "female_names": 4_000, "male_names": 1_000, "surnames": 5_000} | {
    "us_tv_and_film": 10_000,
    "english_wikipedia": 10_000,
}
"""How many of each are refused as they are. A word or a name is in one list alone: many passwords are only there."""


def listed(most: dict[str, int]) -> set[str]:
    """The first ones of each list, the commonest first."""
    found = (text.casefold() for name, count in most.items() for text in [*FREQUENCY_LISTS[name]][:count])
    return {text for text in found if len(text) >= SHORTEST}


def words() -> set[str]:
    """What others are made of. Numbers are not: their digits are counted."""
    return {text for text in listed(FIRST) if not text.isdigit()}


def hashes() -> bytes:
    """The file."""
    return b"".join(
        sorted(
            {entry(text, first=True) for text in words()} | {entry(text, first=False) for text in listed(ANY)}
        )
    )


if __name__ == "__main__":
    HASHES.write_bytes(hashes())

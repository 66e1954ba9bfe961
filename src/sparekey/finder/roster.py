"""The devices that were heard of so far, each once, and since when nobody heard of them any more."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sparekey.lan.discovery.merge import merge

if TYPE_CHECKING:
    from sparekey.lan.discovery.found import Found

ANSWERS_LIMIT = 20_000
"""Different answers that are kept: what a network of five thousand devices says, by four protocols."""
GONE_AFTER = 60.0
"""Seconds without an answer after which a device is taken off the list."""


@dataclass(frozen=True)
class Listed:
    """One device. `heard`: when its last answer came, by the caller's clock, in seconds."""

    found: Found
    heard: float


@dataclass
class Roster:
    """Answers go in, devices come out. `full`: more was said than is kept."""

    full: bool = False
    _heard: dict[Found, float] = field(default_factory=dict)
    _listed: tuple[Listed, ...] | None = None

    def add(self, answer: Found, now: float) -> None:
        """Somebody answered."""
        if answer not in self._heard:
            if len(self._heard) >= ANSWERS_LIMIT:
                self.full = True
                return
            self._listed = None
        elif self._listed is not None:
            self._listed = None
        self._heard[answer] = now

    def forget(self, now: float) -> None:
        """Take off the list whoever has been silent for too long."""
        kept = {answer: heard for answer, heard in self._heard.items() if now - heard <= GONE_AFTER}
        if len(kept) != len(self._heard):
            self._heard, self._listed, self.full = kept, None, False

    @property
    def devices(self) -> tuple[Listed, ...]:
        """All of them, sorted by MAC and address."""
        if self._listed is None:
            heard = {sender_of(answer): 0.0 for answer in self._heard}
            for answer, at in self._heard.items():
                heard[sender_of(answer)] = max(at, heard[sender_of(answer)])
            self._listed = tuple(
                Listed(found, max(heard.get(address, 0.0) for address in (found.sender, *found.addresses)))
                for found in merge(self._heard)
            )
        return self._listed


def sender_of(answer: Found) -> str:
    """By which address an answer came."""
    return answer.sender

"""How long a source waits between wrong passwords at the login. Kept in memory: it slows, it never locks anybody out,
and it has nothing to do with the budgets of recovery (spec/security.md, threat T08).
"""

from __future__ import annotations

from dataclasses import dataclass

FREE = 3
"""Wrong passwords before a source has to wait."""
LONGEST = 60
"""Seconds that it waits at most."""
SOURCES_LIMIT = 1024
"""Sources remembered; beyond that the oldest is forgotten."""


@dataclass(frozen=True)
class Throttle:
    """Wrong passwords by source. `seen`: (source, how many, uptime of the last), oldest first."""

    seen: tuple[tuple[str, int, int], ...] = ()

    def waits(self, source: str, uptime: int) -> int:
        """Seconds until this source may try again, 0 when it may now."""
        for name, wrong, last in self.seen:
            if name == source and wrong >= FREE:
                return max(0, last + min(1 << min(wrong - FREE, 10), LONGEST) - uptime)
        return 0

    def wrong(self, source: str, uptime: int) -> Throttle:
        """After one more wrong password."""
        before = next((wrong for name, wrong, _ in self.seen if name == source), 0)
        return Throttle((*self.right(source).seen, (source, before + 1, uptime))[-SOURCES_LIMIT:])

    def right(self, source: str) -> Throttle:
        """After the right one."""
        return Throttle(tuple(entry for entry in self.seen if entry[0] != source))

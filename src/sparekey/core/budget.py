"""How often a stranger may guess. Counters go up before the compare and come down at three events only
(spec/security.md, threat T03).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from sparekey.core.values import Face, MethodName

TRIES = 5
"""Wrong entries before a pause."""
FAILURES_LIMIT = 100
"""Typed entries of all methods together that failed on one face before typed entries stop there."""
FIRST_DELAY = 30
"""Seconds of the first pause; each further one doubles."""
LONGEST_DELAY = 3600
"""Seconds of the longest pause."""
_DOUBLINGS = 16


@dataclass(frozen=True)
class Budget:
    """The tries of one method on one face. `paused_at`: uptime in seconds at which the current pause began. `strong`:
    the proof has 64 bits or more, so that entries are slowed and never stopped.
    """

    method: MethodName
    face: Face
    strong: bool = False
    counted: int = 0
    paused_at: int = 0

    def waits(self, uptime: int) -> int:
        """Seconds until the next entry is taken, 0 when it is taken now."""
        pauses, within = divmod(self.counted, TRIES)
        if within or not pauses:
            return 0
        delay = min(FIRST_DELAY << min(pauses - 1, _DOUBLINGS), LONGEST_DELAY)
        return max(0, self.paused_at + delay - uptime)

    def count(self, uptime: int) -> Budget:
        """One more entry, counted before it is looked at."""
        return replace(self, counted=self.counted + 1, paused_at=uptime)

    def reboot(self) -> Budget:
        """The clock of a pause starts again in full."""
        return replace(self, paused_at=0)


def find(budgets: tuple[Budget, ...], method: MethodName, face: Face, strong: bool = False) -> Budget:
    """The budget of a method on a face; an untouched one when nothing was ever counted."""
    for budget in budgets:
        if budget.method is method and budget.face is face:
            return budget
    return Budget(method, face, strong)


def stopped(budgets: tuple[Budget, ...], budget: Budget) -> bool:
    """Whether entries are over for this method on this face: all typed ones there share one limit."""
    typed = sum(kept.counted for kept in budgets if kept.face is budget.face and not kept.strong)
    return not budget.strong and typed >= FAILURES_LIMIT


def tries_left(budgets: tuple[Budget, ...], budget: Budget) -> int:
    """Entries until the next pause, or 0 when stopped."""
    return 0 if stopped(budgets, budget) else TRIES - budget.counted % TRIES


def put(budgets: tuple[Budget, ...], budget: Budget) -> tuple[Budget, ...]:
    """The budgets with this one in its place."""
    others = (kept for kept in budgets if (kept.method, kept.face) != (budget.method, budget.face))
    return (*others, budget)

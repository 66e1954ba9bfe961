"""The referee: counts for itself what was compared with a secret, and says when a promise was broken.

It trusts no counter of the device. Its own figures come from the odds of spec/security.md section 4: 100 typed
tries on each face between two events that lower a counter, five before each pause, pauses of 30 s to 1 h.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from sparekey.core import device
from sparekey.core.device import Erasing, MustSet, State, events
from sparekey.core.errors import Refusal
from sparekey.core.methods import METHODS
from sparekey.core.methods.method import Method
from sparekey.core.record import Ask, Record, Situation
from sparekey.core.table import Step
from sparekey.core.values import Face, MethodName

TYPED_LIMIT = 100
"""Typed tries of one face, all methods together."""
FREE = 5
"""Tries before a pause."""


class PromiseBrokenError(AssertionError):
    """The attacker got what spec/security.md says that nobody gets."""


def least_seconds(tries: int) -> int:
    """What the pauses between so many tries of one method take at least."""
    pauses = max(0, (tries - 1) // FREE)
    return sum(min(30 * 2**number, 3600) for number in range(pauses))


@dataclass
class Tries:
    """Of one method on one face, since a counter was lowered. `first`: the true time of the first, in seconds."""

    first: int
    count: int = 0


@dataclass
class Referee:
    """Watches one device. `elapsed`: true seconds, which no attacker moves back. `actor`: who acts now."""

    elapsed: Callable[[], int]
    owner: bool = True
    screen: bool = True
    tries: dict[tuple[MethodName, Face], Tries] = field(default_factory=dict)
    most: Counter[Face] = field(default_factory=Counter)
    judged: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    _looked: bool = False

    @contextmanager
    def watching(self) -> Iterator[None]:
        """While this lasts, every comparison of every method tells the referee."""
        before = dict(METHODS)
        for name, method in before.items():
            METHODS[name] = replace(method, judge=self._seen(method))
        try:
            yield
        finally:
            METHODS.update(before)

    @contextmanager
    def strangers(self, *, at_screen: bool = False) -> Iterator[None]:
        """What happens now is done by somebody who may do nothing."""
        self.owner, self.screen = False, at_screen
        try:
            yield
        finally:
            self.owner = self.screen = True

    def step(self, state: Any, event: object, now: Situation) -> Step[State]:
        """The machine's own step, looked at."""
        self._looked = False
        stepped: Step[State] = device.step(state, event, now)
        if stepped.refusal is not None:
            self.refused[stepped.refusal.value] += 1
        if self._looked and isinstance(event, events.ProofShown):
            self._count(event)
            if not self.owner and stepped.refusal is None:
                raise PromiseBrokenError(f"a stranger's proof was right: {event.method.value}")
        if not self.owner:
            self._stranger_did(state, stepped.state, event)
        if _lowers(state.record, stepped, event):
            self.tries.clear()
        return stepped

    def _seen(self, method: Method) -> Callable[[Record, Ask | None, object, Situation], Refusal | None]:
        def judge(record: Record, ask: Ask | None, proof: object, now: Situation) -> Refusal | None:
            self._looked = True
            return method.judge(record, ask, proof, now)

        return judge

    def _count(self, event: events.ProofShown) -> None:
        now = self.elapsed()
        kept = self.tries.setdefault((event.method, event.face), Tries(now))
        kept.count += 1
        self.judged[f"{event.method.value} at {event.face.value}"] += 1
        if now - kept.first < least_seconds(kept.count):
            raise PromiseBrokenError(
                f"try {kept.count} of {event.method.value} came before its pause was over"
            )
        typed = sum(
            tries.count
            for (method, face), tries in self.tries.items()
            if face is event.face and not METHODS[method].strong
        )
        self.most[event.face] = max(self.most[event.face], typed)
        if typed > TYPED_LIMIT:
            raise PromiseBrokenError(f"{typed} typed tries on the {event.face.value}")

    def _stranger_did(self, before: State, after: State, event: object) -> None:
        old, new = before.record, after.record
        if new.generation != old.generation or new.accounts != old.accounts or new.factors != old.factors:
            raise PromiseBrokenError(f"a stranger changed who owns the device: {type(event).__name__}")
        if isinstance(after, Erasing | MustSet) and type(after) is not type(before):
            raise PromiseBrokenError("a stranger began an erase")
        if new.reserved != old.reserved or new.former != old.former:
            raise PromiseBrokenError("a stranger changed an address")
        counted = {(kept.method, kept.face): kept for kept in new.budgets}
        for kept in old.budgets:
            now = counted.get((kept.method, kept.face))
            if now is None or now.counted < kept.counted:
                raise PromiseBrokenError(f"a stranger lowered a counter: {type(event).__name__}")
            boot = isinstance(event, events.Booted)
            if kept.face is Face.SCREEN and not self.screen and now != kept and not boot:
                raise PromiseBrokenError("the network touched a counter of the screen")


def _lowers(before: Record, stepped: Step[State], event: object) -> bool:
    """A sign-in of the account under recovery, a completed recovery, an erase: nothing else sets a counter back."""
    after = stepped.state
    if isinstance(after, MustSet) or after.record.generation != before.generation:
        return True
    admin = before.admin
    if not isinstance(event, events.SignedIn) or stepped.refusal is not None:
        return False
    return admin is not None and event.account == admin.name

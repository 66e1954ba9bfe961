"""Many devices of one file: how each stands, and what is the same for many, decided for each on its own.

A file may bring ten thousand. What is done to all of them is done part by part: each part says how far it came and what
was refused, and the next one goes on from there; nothing is kept in between.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sparekey.core.case import Opened, Proposed
from sparekey.core.evidence import Remedy
from sparekey.desk.cases.asking import Which

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from sparekey.core.evidence import EvidenceKind
    from sparekey.desk.cases.asking import Bundle, Line
    from sparekey.desk.cases.giving import Giving
    from sparekey.desk.cases.repository import CaseRepository
    from sparekey.desk.cases.service import Cases, Verdict
    from sparekey.desk.cases.view import CaseView

PART = 200
"""Cases of one step."""
SIGNED = 500
"""Cases that one touch signs for."""
Place = tuple[int, str]
START: Place = (0, "")
"""Before the first case."""


@dataclass(frozen=True)
class Batch:
    """The cases that one file opened. `number`: the first. `waiting`: how many wait for whom, by slug; the closed ones
    under the empty one.
    """

    number: str
    waiting: Mapping[str, int]

    @property
    def total(self) -> int:
        """How many cases."""
        return sum(self.waiting.values())

    @property
    def parts(self) -> list[tuple[int, int]]:
        """The first and the last of the answers in each part, as people count."""
        issued = self.waiting.get("owner", 0)
        return [(first + 1, min(first + PART, issued)) for first in range(0, issued, PART)]


@dataclass(frozen=True)
class Step:
    """One part that was dealt with. `refused`: each with why. `after`: where the next begins, None at the end."""

    done: int
    refused: tuple[Verdict, ...]
    after: Place | None


@dataclass(frozen=True)
class Answers:
    """One file of answers. `left`: cases whose answer is not in it, though it was issued. `after`: as in `Step`."""

    file: str
    count: int
    left: tuple[Line, ...]
    after: Place | None


class Batches:
    """Every method raises UnavailableError as those of `Cases` do."""

    def __init__(self, repository: CaseRepository, cases: Cases, giving: Giving) -> None:
        self._repository = repository
        self._cases = cases
        self._giving = giving

    def look(self, number: str) -> Batch | None:
        """The batch that a case belongs to; None where the case came alone, or is not there."""
        kept = self._repository.get(number)
        if kept is None or not kept.dossier.asker.batch:
            return None
        batch = Batch(kept.dossier.asker.batch, self._repository.waiting(kept.dossier.asker.batch))
        return batch if batch.total > 1 else None

    def to_approve(self, after: Place, most: int) -> list[Bundle]:
        """What waits for approvals, the cases of one file as one; the oldest first."""
        return self._repository.bundles("proposed", after=after, most=most)

    def lines(self, batch: Batch, waits: str | None, after: Place, most: int) -> list[Line]:
        """Some of its cases, in the order in which they were opened. `waits`: only those that wait for this one."""
        return self._repository.lines(Which(batch=batch.number, waits=waits), after=after, most=most)

    def evidence(
        self, batch: Batch, kind: EvidenceKind, by: str, after: Place, chosen: Collection[str] | None = None
    ) -> Step:
        """Somebody looked at a paper that names the devices. `chosen`: only these of them."""

        def enter(line: Line) -> Verdict | None:
            if chosen is not None and line.number not in chosen:
                return None
            kept = self._repository.get(line.number)
            if kept is None or not isinstance(kept.state, Opened) or kind in kept.state.file.kinds:
                return None
            return self._cases.add_evidence(line.number, kind, by)

        return self._each(batch, None, after, enter)

    def propose(self, batch: Batch, by: str, options: int, after: Place) -> Step:
        """The response file, for all that are ready for it."""

        def propose(line: Line) -> Verdict | None:
            return self._cases.propose(line.number, Remedy.RESPONSE_FILE, by, options)

        return self._each(batch, "agent", after, propose)

    def proposed(self, batch: Batch, person: str) -> list[CaseView]:
        """Those that this person may approve now, the first `SIGNED` of them."""
        found: list[CaseView] = []
        after: Place | None = START
        while after is not None and len(found) < SIGNED:
            lines = self.lines(batch, "approval", after, PART)
            views = [self._cases.show(line.number) for line in lines if not self._approved(line, person)]
            found += [view for view in views if view is not None and view.waits_for_approval_of(person)]
            after = _next(lines)
        return found[:SIGNED]

    def _approved(self, line: Line, person: str) -> bool:
        """Whether they did already: asked of the case alone, for where two have to, one of them did so ten thousand
        times.
        """
        kept = self._repository.get(line.number)
        state = None if kept is None else kept.state
        return isinstance(state, Proposed) and any(one.by == person for one in state.approvals)

    def answers(self, batch: Batch, after: Place) -> Answers:
        """The answers of one part, in one file; a case whose answer cannot be made now hurts no other."""
        lines = self.lines(batch, "owner", after, PART)
        made, left = self._giving.many([line.number for line in lines])
        return Answers(
            made, len(lines) - len(left), tuple(line for line in lines if line.number in left), _next(lines)
        )

    def part(self, batch: Batch, part: int) -> str:
        """The answers of this part, counted from 0, in one file; empty where there is none."""
        after = START
        for _ in range(part):
            further = _next(self.lines(batch, "owner", after, PART))
            if further is None:
                return ""
            after = further
        return self.answers(batch, after).file

    def _each(
        self, batch: Batch, waits: str | None, after: Place, act: Callable[[Line], Verdict | None]
    ) -> Step:
        lines = self.lines(batch, waits, after, PART)
        verdicts = [verdict for verdict in map(act, lines) if verdict is not None]
        refused = tuple(verdict for verdict in verdicts if verdict.refusal is not None)
        return Step(len(verdicts) - len(refused), refused, _next(lines))


def _next(lines: Sequence[Line]) -> Place | None:
    return (lines[-1].opened, lines[-1].number) if len(lines) == PART else None

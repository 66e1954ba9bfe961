"""The evidence policy of this desk: a file of its own, or the one that ships (spec/support.md section 3)."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING

from sparekey.core.errors import InputError
from sparekey.core.evidence import Bar, EvidencePolicy, Weight
from sparekey.core.messages.header import VALID_LIMIT
from sparekey.host import config

if TYPE_CHECKING:
    from pathlib import Path

_HOURS = VALID_LIMIT // 3600


@dataclass(frozen=True)
class CasePolicy:
    """The file. `lasts`: hours for which an answer is good once a hold is over. `waits`, `keeps`: days until an
    idle case is closed and a closed one is forgotten. `paired`: hours for which a
    phone must have been paired before a case, so that it counts in it. The rest as in `EvidencePolicy`.
    """

    version: int
    weights: tuple[Weight, ...]
    bars: tuple[Bar, ...]
    unconfirmed_approvals: int = 2
    unconfirmed_hold: int = 72
    lasts: int = 48
    waits: int = 30
    keeps: int = 365
    paired: int = 72

    @property
    def evidence(self) -> EvidencePolicy:
        """What the machine decides by."""
        return EvidencePolicy(
            self.version, self.weights, self.bars, self.unconfirmed_approvals, self.unconfirmed_hold
        )

    def counts(self, paired: int, opened: int) -> bool:
        """Whether a phone that was paired then counts in a case that was opened then."""
        return opened - paired >= self.paired * 3600


def load_policy(path: Path | None) -> CasePolicy:
    """The file, or the one that ships. Raises UnavailableError, InputError (`config`) that says what to change."""
    if path is not None:
        return _checked(config.load(path, CasePolicy), str(path))
    text = files("sparekey.desk.cases").joinpath("policy.toml").read_text(encoding="utf-8")
    return _checked(config.parse(text, CasePolicy, "policy.toml"), "policy.toml")


def _checked(read: CasePolicy, source: str) -> CasePolicy:
    if not 1 <= read.version <= 1 << 32:
        raise InputError("config", f"{source}: version counts from 1")
    if any(entry.weight < 0 for entry in read.weights) or any(bar.weight < 1 for bar in read.bars):
        raise InputError("config", f"{source}: a weight is 0 or more, a bar's weight 1 or more")
    if len({entry.kind for entry in read.weights}) != len(read.weights):
        raise InputError("config", f"{source}: a kind of evidence has one weight")
    approvals = [read.unconfirmed_approvals, *(bar.approvals for bar in read.bars)]
    if not all(1 <= count <= 8 for count in approvals):
        raise InputError("config", f"{source}: approvals are 1 to 8 people")
    holds = [read.unconfirmed_hold, *(bar.hold for bar in read.bars)]
    if min(holds) < 0 or read.lasts < 1 or max(holds) + read.lasts > _HOURS:
        raise InputError("config", f"{source}: a hold and the hours after it are {_HOURS} at most together")
    if read.paired < 0:
        raise InputError("config", f"{source}: paired is hours, 0 or more")
    if read.waits < 1 or read.keeps < 1:
        raise InputError("config", f"{source}: waits and keeps are days, 1 or more")
    return read

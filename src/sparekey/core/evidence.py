"""What proves to a support desk that somebody owns a device, and what that allows (spec/support.md section 3)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class EvidenceKind(Enum):
    """Kinds of evidence by their stable names."""

    MAILBOX_CODE = "mailbox-code"
    REQUEST_FILE = "request-file"
    PAIRED_PHONE = "paired-phone"
    INVOICE = "invoice"
    INSTALLER = "installer"
    LABEL_PHOTO = "label-photo"


class Remedy(Enum):
    """What support can give, in order of what may go wrong with it."""

    SECURITY_CODE = "security-code"
    RESPONSE_KEY = "response-key"
    RESPONSE_FILE = "response-file"
    ERASE_FILE = "erase-file"


@dataclass(frozen=True)
class Weight:
    """How much one kind counts. A kind that is not listed counts nothing."""

    kind: EvidenceKind
    weight: int


@dataclass(frozen=True)
class Bar:
    """What one remedy needs: evidence of this weight, this many approvals, at least this hold in hours. A
    remedy may have several, for evidence of different weight.
    """

    remedy: Remedy
    weight: int
    approvals: int = 1
    hold: int = 0


@dataclass(frozen=True)
class EvidencePolicy:
    """The desk's policy. `version` stands in every log leaf. `unconfirmed_*`: for a device without a confirmed
    address.
    """

    version: int
    weights: tuple[Weight, ...]
    bars: tuple[Bar, ...]
    unconfirmed_approvals: int = 2
    unconfirmed_hold: int = 72

    def weight_of(self, kinds: frozenset[EvidenceKind]) -> int:
        """All kinds together, each counted once."""
        return sum(entry.weight for entry in self.weights if entry.kind in kinds)

    def bar(self, remedy: Remedy) -> Bar | None:
        """The least that the remedy needs, or None when this desk does not give it."""
        bars = [bar for bar in self.bars if bar.remedy is remedy]
        return min(bars, key=lambda bar: bar.weight, default=None)

    def reached(self, remedy: Remedy, weight: int) -> Bar | None:
        """The highest bar of the remedy that this weight reaches: stronger evidence may ask for fewer people or a
        shorter hold.
        """
        bars = [bar for bar in self.bars if bar.remedy is remedy and bar.weight <= weight]
        return max(bars, key=lambda bar: bar.weight, default=None)

    def still_helpful(self, kinds: frozenset[EvidenceKind]) -> tuple[EvidenceKind, ...]:
        """What would add weight and is not there, the heaviest first."""
        missing = [entry for entry in self.weights if entry.weight > 0 and entry.kind not in kinds]
        return tuple(entry.kind for entry in sorted(missing, key=lambda entry: -entry.weight))

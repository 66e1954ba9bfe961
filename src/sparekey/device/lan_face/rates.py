"""How often calls are answered: each source for itself, and all together (spec/lan.md section 5.3)."""

from __future__ import annotations

import math
import threading
from collections import OrderedDict
from dataclasses import dataclass
from enum import Enum

from sparekey.lan.gate import SOURCES_LIMIT, Bucket, Rate


@dataclass(frozen=True)
class Rates:
    """Of one sort of call."""

    each: Rate
    all: Rate


class Sort(Enum):
    """Calls that are counted together."""

    LOOK = Rates(Rate(20, 4), Rate(100, 40))
    BEGIN = Rates(Rate(4, 1 / 20), Rate(12, 1 / 5))
    ACT = Rates(Rate(10, 1), Rate(40, 10))


class Counter:
    """Counts one sort. Safe to call from several threads."""

    def __init__(self, sort: Sort) -> None:
        self._rates = sort.value
        self._lock = threading.Lock()
        self._all = Bucket(self._rates.all, self._rates.all.burst, 0)
        self._each: OrderedDict[str, Bucket] = OrderedDict()

    def take(self, source: str, now: float) -> int:
        """Count a call; 0 when it may be answered, else the seconds until one may. `now`: seconds of uptime."""
        with self._lock:
            everybody = self._all.at(now)
            own = self._each.pop(source, Bucket(self._rates.each, self._rates.each.burst, now)).at(now)
            waits = max(_waits(own), _waits(everybody))
            if not waits:
                own, everybody = own.less(), everybody.less()
            self._all = everybody
            self._each[source] = own
            if len(self._each) > SOURCES_LIMIT:
                self._each.popitem(last=False)
            return waits


def _waits(bucket: Bucket) -> int:
    return 0 if bucket.left >= 1 else max(1, math.ceil((1 - bucket.left) / bucket.rate.per_second))

"""Technician: the last way. A paid order, two approvals at the desk, a signed file, and the recordings are gone.

Start and finish: at the screen or its USB port only, within five minutes after power-on or a press of the button.
Challenge: the sealed request. Proof: an `erase-and-default` file. Grant: the erase (spec/requests.md section 14).
"""

from __future__ import annotations

from sparekey.core.methods.method import Closed, Method, Recordings, ten_minutes
from sparekey.core.methods.response import judge, learns
from sparekey.core.record import Action, Record, Situation
from sparekey.core.values import Face, MethodName

BENCH_LASTS = 5 * 60
"""Seconds after power-on or a button press in which it may be started and finished."""


def _closed(_record: Record, situation: Situation) -> Closed | None:
    return None if situation.present(BENCH_LASTS) else Closed.NEEDS_POWER_ON


def _action(_situation: Situation) -> Action:
    return Action.ERASE


METHOD = Method(
    name=MethodName.TECHNICIAN,
    faces=frozenset({Face.SCREEN}),
    asks=MethodName.TECHNICIAN,
    strong=True,
    needs_desk=True,
    recordings=Recordings.ERASED,
    lasts=ten_minutes,
    closed=_closed,
    action=_action,
    judge=judge,
    learns=learns,
)

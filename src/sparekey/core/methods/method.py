"""The shape that every recovery method has (spec/requests.md section 6)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from sparekey.core.codes import Code
from sparekey.core.policy import Policy
from sparekey.core.record import Ask, Record, Situation
from sparekey.core.values import Face, MethodName

Proof = Code
"""What a person shows to prove that they may recover."""


class Closed(Enum):
    """Why a method is greyed; the value is the stable slug that pages turn into a sentence."""

    NO_ADDRESS = "no-address"


@dataclass(frozen=True)
class Method:
    """One way back in.

    `faces`: where it may be started. `needs_desk`: whether somebody outside must act. `keeps_recordings`: what is lost.
    `closed`: why it is greyed now, or None. `valid`: seconds that a request lives. `memory_only`: whether a reboot
    voids it. `holds`: whether the proof is right; constant time.
    """

    name: MethodName
    faces: frozenset[Face]
    needs_desk: bool
    keeps_recordings: bool
    closed: Callable[[Record, Situation], Closed | None]
    valid: Callable[[Policy], int]
    memory_only: Callable[[Policy], bool]
    holds: Callable[[Ask, Proof, Situation], bool]

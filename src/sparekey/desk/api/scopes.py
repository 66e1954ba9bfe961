"""What a token may be for. No token approves anything: that is a person's touch."""

from __future__ import annotations

from enum import Enum

from sparekey.language.catalogue import N_


class Scope(Enum):
    """By its stable name."""

    OPEN = "cases:open"
    READ = "cases:read"
    EVIDENCE = "cases:evidence"
    NOTE = "cases:note"
    DECIDE = "cases:decide"
    ANSWERS = "answers:read"
    ORDERS = "orders:read"
    STATEMENTS = "orders:statements"


ALONE = frozenset({Scope.OPEN, Scope.READ, Scope.NOTE, Scope.ORDERS})
"""What one admin may let a program do. The rest is what people need a role for, and roles need two admins."""
TASKS = {
    Scope.OPEN: N_("opens cases"),
    Scope.READ: N_("reads cases and lists them, without who asks"),
    Scope.EVIDENCE: N_("enters evidence that somebody there has checked, and hands in papers"),
    Scope.NOTE: N_("writes notes"),
    Scope.DECIDE: N_(
        "sees what the desk knows of the device, proposes, takes back, refuses, closes; never approves"
    ),
    Scope.ANSWERS: N_("READS CODES AND FILES of cases that people approved"),
    Scope.ORDERS: N_("reads orders of the technician’s unlock, without who ordered"),
    Scope.STATEMENTS: N_("takes in bank statements"),
}
"""As an admin reads it."""

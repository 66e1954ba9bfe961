"""Argon2id on a small machine: one at a time, since each takes 19 MB for its moment."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from sparekey.core import crypto
from sparekey.core.methods import questions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sparekey.host.entropy import Entropy


class Passwords:
    """Makes and compares password hashes. Safe to call from several threads; they queue."""

    def __init__(self, entropy: Entropy, cost: crypto.Argon2Cost) -> None:
        self._entropy = entropy
        self.cost = cost
        self._lock = threading.Lock()
        self._nobody = crypto.PasswordHash(cost, entropy.bytes(16), entropy.bytes(32))

    def hash(self, password: str) -> crypto.PasswordHash:
        """The hash to keep, under a fresh salt."""
        with self._lock:
            return crypto.hash_password(password, self._entropy.bytes(16), self.cost)

    def hash_answers(
        self, answers: Sequence[str], like: crypto.PasswordHash | None = None
    ) -> crypto.PasswordHash:
        """One hash over the answers to security questions; under the salt and cost of `like` to be compared with it."""
        with self._lock:
            salt, cost = (like.salt, like.cost) if like else (self._entropy.bytes(16), self.cost)
            return questions.hash_answers(answers, salt, cost)

    def matches(self, password: str, kept: crypto.PasswordHash | None) -> bool:
        """Whether this is the password. Without a kept hash the same work is done, and the answer is no."""
        with self._lock:
            same = crypto.password_matches(password, kept or self._nobody)
            return same and kept is not None

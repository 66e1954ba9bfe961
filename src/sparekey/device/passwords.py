"""Argon2id on a small machine: one at a time, and the memory goes back at once."""

from __future__ import annotations

import ctypes
import threading
from typing import TYPE_CHECKING

from sparekey.core import crypto
from sparekey.core.methods import questions

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sparekey.host.entropy import Entropy


class Passwords:
    """Makes and compares password hashes. Safe to call from several threads; they queue."""

    def __init__(self, entropy: Entropy, cost: crypto.Argon2Cost) -> None:
        self._entropy = entropy
        self._cost = cost
        self._lock = threading.Lock()
        self._trim = _trimmer()
        self._nobody = crypto.PasswordHash(cost, entropy.bytes(16), entropy.bytes(32))

    def hash(self, password: str) -> crypto.PasswordHash:
        """The hash to keep, under a fresh salt."""
        with self._lock:
            made = crypto.hash_password(password, self._entropy.bytes(16), self._cost)
            self._trim(0)
            return made

    def hash_answers(self, answers: Sequence[str], like: crypto.PasswordHash | None = None) -> crypto.PasswordHash:
        """One hash over the answers to security questions; under the salt and cost of `like` to be compared with it."""
        with self._lock:
            salt, cost = (like.salt, like.cost) if like else (self._entropy.bytes(16), self._cost)
            made = questions.hash_answers(answers, salt, cost)
            self._trim(0)
            return made

    def matches(self, password: str, kept: crypto.PasswordHash | None) -> bool:
        """Whether this is the password. Without a kept hash the same work is done, and the answer is no."""
        with self._lock:
            same = crypto.password_matches(password, kept or self._nobody)
            self._trim(0)
            return same and kept is not None


def _trimmer() -> Callable[[int], object]:
    """`malloc_trim` of glibc: without it a hash leaves its 19 MB with the process."""
    try:
        trim: Callable[[int], object] = ctypes.CDLL(None).malloc_trim
    except (OSError, AttributeError, TypeError):
        return lambda _: 0
    return trim

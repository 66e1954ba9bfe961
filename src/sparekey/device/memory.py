"""Keeps the process small on a machine that has little: what was borrowed for a moment goes back.

glibc only (`mallopt(3)`, `malloc_trim(3)`); elsewhere these do nothing.
"""

from __future__ import annotations

import ctypes
import gc

_MMAP_THRESHOLD = -3
_ARENA_MAX = -8
_LARGE = 1 << 20
"""Bytes from which a block comes from the system and returns there when it is freed."""


def borrow_little() -> None:
    """Call once, before any thread starts.

    By itself glibc raises its threshold at the first large block that is freed: each thread that ever hashed
    a password would then keep those 19 MB.
    """
    libc = _libc()
    if libc is not None:
        libc.mallopt(_MMAP_THRESHOLD, _LARGE)
        libc.mallopt(_ARENA_MAX, 1)


def give_back() -> None:
    """Return what is free to the system. Takes some milliseconds."""
    gc.collect()
    libc = _libc()
    if libc is not None:
        libc.malloc_trim(0)


def _libc() -> ctypes.CDLL | None:
    try:
        libc = ctypes.CDLL(None)
    except (OSError, TypeError):
        return None
    return libc if hasattr(libc, "mallopt") and hasattr(libc, "malloc_trim") else None

"""What keeps the process small must never be what stops it."""

from __future__ import annotations

import ctypes

import pytest

from sparekey.device import memory


@pytest.mark.meets("asvs-1.4.3")
def test_giving_back_works_here() -> None:
    memory.give_back()


@pytest.mark.parametrize("error", [OSError, TypeError])
def test_without_glibc_nothing_happens(monkeypatch: pytest.MonkeyPatch, error: type[Exception]) -> None:
    def missing(_name: object) -> None:
        raise error

    monkeypatch.setattr(ctypes, "CDLL", missing)
    memory.borrow_little()
    memory.give_back()


def test_another_c_library_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ctypes, "CDLL", lambda _name: object())
    memory.borrow_little()
    memory.give_back()

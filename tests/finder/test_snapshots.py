"""Every screen looks as it did when somebody looked at it, in two sizes and both languages."""

from __future__ import annotations

import asyncio

import pytest

from tests.finder.scenes import LANGUAGES, SIZES, path_of, read, taken

AGAIN = "look at the difference; when it is right: python -m tests.finder.scenes"


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_screen_looks_as_it_did(language: str, size: tuple[int, int]) -> None:
    kept, now = read(path_of(language, size).read_text(encoding="utf-8")), asyncio.run(taken(language, size))
    assert list(kept) == list(now), AGAIN
    assert {name: text for name, text in now.items() if text != kept[name]} == {}, AGAIN
    for name, text in now.items():
        lines = text.splitlines()
        assert max(map(len, lines)) <= size[0], name
        assert len(lines) <= size[1], name


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_next_step_is_in_sight_without_scrolling(language: str, size: tuple[int, int]) -> None:
    confirm = {"en": "Confirm", "cs": "Potvrdit"}[language]
    kept = read(path_of(language, size).read_text(encoding="utf-8"))
    for name in (
        "security-code",
        "response-file",
        "response-key",
        "mail-code",
        "key-file",
        "activate",
        "answers",
    ):
        assert confirm in kept[name], name
        assert "Esc" in kept[name].splitlines()[-1], name

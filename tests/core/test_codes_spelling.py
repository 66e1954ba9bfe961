"""Codes in words, over the phone."""

from __future__ import annotations

import pytest

from sparekey.core.codes import ALPHABET, code_from_bits, saved_from_bits, spell
from sparekey.core.errors import MisuseError


def test_a_code_has_a_word_for_each_character() -> None:
    code = code_from_bits(12_345_678_901)
    assert spell(code, "en") == ["Bravo", "Foxtrot", "X-ray", "Romeo", "Seven", "One", "November", "X-ray"]
    assert spell(code, "cs") == ["Božena", "František", "Xaver", "Rudolf", "sedm", "jedna", "Neruda", "Xaver"]
    assert spell(code.shown_digits, "en")[:4] == ["One", "Two", "Three", "Four"]
    assert len(spell(saved_from_bits(7), "cs")) == 14


@pytest.mark.parametrize("locale", ["en", "cs"])
def test_no_two_characters_share_a_word_and_each_begins_with_its_letter(locale: str) -> None:
    words = spell(ALPHABET, locale)
    assert len(set(words)) == 32
    letters = [(c, word) for c, word in zip(ALPHABET, words, strict=True) if c.isalpha() and c != "W"]
    assert all(word.startswith(character) for character, word in letters)


def test_another_language_is_told_in_english() -> None:
    assert spell("4F7Q 0001", "de") == spell("4F7Q-0001", "en") == spell("4F7Q0001", "en")


def test_what_is_no_code_has_no_words() -> None:
    with pytest.raises(MisuseError) as caught:
        spell("4f7q", "en")
    assert "4f7q" not in str(caught.value)

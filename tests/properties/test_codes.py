from __future__ import annotations

from hypothesis import assume, given
from hypothesis import strategies as st

from sparekey.core.codes import ALPHABET, Code, from_base32, read_code, to_base32
from sparekey.core.errors import InputError
from tests.properties.strategies import CODES

FILLERS = " -\t\r\n\u00a0\u2010\u2011\u2012\u2013\u2014\u2212"
ALIKE = {"0": "0oO", "1": "1iIlL"}


def taken(text: str) -> bool:
    """Whether it passes; everything else about it is right."""
    try:
        return read_code(text).text == text
    except InputError:
        return False


@given(CODES, st.integers(0, 7), st.sampled_from(ALPHABET))
def test_any_single_wrong_character_is_caught(code: Code, place: int, character: str) -> None:
    assume(code.text[place] != character)
    assert not taken(code.text[:place] + character + code.text[place + 1 :])


@given(CODES, st.integers(0, 7), st.integers(0, 7))
def test_any_two_swapped_characters_are_caught(code: Code, left: int, right: int) -> None:
    assume(code.text[left] != code.text[right])
    swapped = list(code.text)
    swapped[left], swapped[right] = swapped[right], swapped[left]
    assert not taken("".join(swapped))


@given(CODES, st.data())
def test_every_way_of_typing_a_code_is_that_code(code: Code, data: st.DataObject) -> None:
    typed = ""
    for character in code.text:
        typed += data.draw(st.text(FILLERS, max_size=2))
        typed += data.draw(st.sampled_from(ALIKE.get(character, character + character.lower())))
    assert read_code(typed) == code
    assert read_code(code.shown) == code


@given(st.binary(max_size=1500))
def test_base_32_round_trip(data: bytes) -> None:
    text = to_base32(data)
    assert from_base32(text) == data
    assert len(text) == (len(data) * 8 + 4) // 5


@given(st.text(ALPHABET, max_size=40))
def test_T14_base_32_has_one_form_only(text: str) -> None:
    try:
        data = from_base32(text)
    except InputError:
        return
    assert to_base32(data) == text

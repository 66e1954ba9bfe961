from __future__ import annotations

from itertools import combinations

import pytest

from sparekey.core.codes import (
    ALPHABET,
    CODE_BITS,
    Code,
    check_character,
    code_from_bits,
    code_from_entropy,
    fold,
    from_base32,
    number_from_entropy,
    read_code,
    read_number,
    to_base32,
)
from sparekey.core.errors import InputError, MisuseError

SAMPLES = [
    code_from_bits(bits) for bits in (0, 1, 0x1_2345_6789, 0x5_5555_5555, (1 << 35) - 1, 0x7_0F0F_0F0F)
]


def is_right(text: str) -> bool:
    return check_character(text[:-1]) == text[-1]


def test_the_alphabet_has_no_look_alikes() -> None:
    assert len(set(ALPHABET)) == 32
    assert not set("ILOU") & set(ALPHABET)
    assert list(ALPHABET) == sorted(ALPHABET)


def test_bits_and_entropy_become_codes() -> None:
    assert code_from_entropy(bytes.fromhex("ffffffffe0")).bits == (1 << CODE_BITS) - 1
    assert code_from_entropy(bytes.fromhex("000000003f")).bits == 1
    assert number_from_entropy(bytes(5)) == "00000000"
    assert read_number(number_from_entropy(b"\xff" * 5)) == "ZZZZZZZZ"


@pytest.mark.parametrize("bits", [-1, 1 << 35])
def test_other_bits_are_our_own_mistake(bits: int) -> None:
    with pytest.raises(MisuseError, match="code-range"):
        code_from_bits(bits)


@pytest.mark.parametrize("length", [0, 4, 6])
def test_other_entropy_is_our_own_mistake(length: int) -> None:
    with pytest.raises(MisuseError, match="code-entropy"):
        code_from_entropy(bytes(length))
    with pytest.raises(MisuseError, match="number-entropy"):
        number_from_entropy(bytes(length))


def test_T02_a_code_does_not_show_in_a_repr() -> None:
    assert repr(SAMPLES[2]) == "Code(...)"
    assert SAMPLES[2].shown == "4HMA-SW9Q"


@pytest.mark.parametrize("code", SAMPLES, ids=lambda code: code.text)
def test_every_single_wrong_character_is_caught(code: Code) -> None:
    for place in range(8):
        for character in ALPHABET.replace(code.text[place], ""):
            assert not is_right(code.text[:place] + character + code.text[place + 1 :])


def test_every_swap_of_any_two_different_characters_is_caught() -> None:
    """The sum is linear, so it is enough to look at each pair of places and each pair of characters once."""
    for left, right in combinations(range(7), 2):
        for first, second in combinations(ALPHABET, 2):
            body = ["0"] * 7
            body[left], body[right] = first, second
            swapped = list(body)
            swapped[left], swapped[right] = second, first
            assert check_character("".join(body)) != check_character("".join(swapped))


def test_every_swap_with_the_check_character_is_caught() -> None:
    for place in range(7):
        for character in ALPHABET[1:]:
            body = ["0"] * 7
            body[place] = character
            check = check_character("".join(body))
            if check != character:
                body[place] = check
                assert check_character("".join(body)) != character


def test_the_same_slip_twice_is_caught() -> None:
    for left, right in combinations(range(7), 2):
        for first, second in combinations(ALPHABET, 2):
            body = ["0"] * 7
            body[left] = body[right] = first
            slipped = list(body)
            slipped[left] = slipped[right] = second
            assert check_character("".join(body)) != check_character("".join(slipped))


def test_fillers_may_stand_anywhere() -> None:
    for filler in " -\t\r\n\u00a0\u2010\u2011\u2012\u2013\u2014\u2212":
        assert read_code(filler.join("4HMASW9Q")).text == "4HMASW9Q"


def test_only_ascii_is_folded() -> None:
    assert fold("oOiIlL-abc") == "001111ABC"
    for character in map(chr, range(0x80, 0x3000)):
        if character not in "\u00a0\u2010\u2011\u2012\u2013\u2014\u2212":
            with pytest.raises(InputError, match="code-character"):
                fold(character)


def test_T06_no_error_repeats_what_was_typed() -> None:
    for typed in ("4HMASW90", "4HMASW9!", "4HMASW9", "4HMASW9QQ" * 9):
        with pytest.raises(InputError) as error:
            read_code(typed)
        assert typed[:4] not in str(error.value)


def test_long_texts_go_through_base_32_in_pieces() -> None:
    for length in (639, 640, 641, 1024, 5000):
        data = bytes(place % 251 for place in range(length))
        assert from_base32(to_base32(data)) == data

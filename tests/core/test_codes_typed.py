"""Typed and saved codes, in every spelling a person may use."""

from __future__ import annotations

import pytest

from sparekey.core.codes import (
    ALPHABET,
    Code,
    check_character,
    check_digit,
    code_from_bits,
    code_from_entropy,
    fold,
    number_from_entropy,
    read_code,
    read_number,
    read_saved,
    saved_from_bits,
    saved_from_entropy,
)
from sparekey.core.errors import InputError, MisuseError

CODE = code_from_bits(12_345_678_901)
SAVED = saved_from_bits((1 << 64) + 12_345)


def slug(read: object, typed: str) -> str:
    assert callable(read)
    with pytest.raises(InputError) as caught:
        read(typed)
    return caught.value.slug


def swaps(text: str) -> list[str]:
    """Every text with two different characters exchanged."""
    places = [(i, j) for i in range(len(text)) for j in range(i) if text[i] != text[j]]
    return [text[:j] + text[i] + text[j + 1 : i] + text[j] + text[i + 1 :] for i, j in places]


def slips(text: str, alphabet: str) -> list[str]:
    """Every text with one wrong character."""
    return [
        text[:place] + other + text[place + 1 :]
        for place in range(len(text))
        for other in alphabet
        if other != text[place]
    ]


def test_a_code_is_shown_in_two_spellings_that_read_back_to_the_same() -> None:
    assert CODE.shown == "BFXR-71NX"
    assert CODE.shown_digits == "1234-5678-9018"
    assert CODE.bits == 12_345_678_901
    for typed in (
        "BFXR71NX",
        "bfxr 71nx",
        " BFXR-7InX\t",
        "bfxr\u20137lnx",
        "123456789018",
        "l234 5678-9O18",
    ):
        assert read_code(typed) == CODE


@pytest.mark.meets("nist-recovery-issued-random", "asvs-6.5.4")
@pytest.mark.parametrize("bits", [0, 1, (1 << 35) - 1])
def test_the_ends_of_the_range_have_both_spellings(bits: int) -> None:
    code = code_from_bits(bits)
    assert code.bits == bits
    assert read_code(code.shown) == read_code(code.shown_digits) == code
    assert len(code.shown_digits) == 14


def test_every_slip_and_swap_of_characters_is_told() -> None:
    for text in swaps(CODE.text) + slips(CODE.text, ALPHABET):
        assert slug(read_code, text) == "code-check"
    for text in swaps(SAVED.text) + slips(SAVED.text, ALPHABET):
        assert slug(read_saved, text) == "code-check"


def test_every_slip_and_every_swap_of_neighbours_is_told_in_digits() -> None:
    text = "123456789018"
    neighbours = [text[:at] + text[at + 1] + text[at] + text[at + 2 :] for at in range(11)]
    for wrong in neighbours + slips(text, "0123456789"):
        assert slug(read_code, wrong) == "code-check"


def test_twelve_digits_beyond_35_bits_are_no_code() -> None:
    body = str(1 << 35)
    assert slug(read_code, body + check_digit(body)) == "code-check"


def test_the_check_digit_is_damms() -> None:
    assert check_digit("572") == "4"
    assert check_digit("5724") == "0"


def test_twelve_characters_that_are_not_all_digits_are_no_code() -> None:
    assert slug(read_code, "12345678901A") == "code-length"


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("", "code-length"),
        ("BFXR71N", "code-length"),
        ("BFXR71NXX", "code-length"),
        ("BFXR71UX", "code-character"),
        ("BFXR71N!", "code-character"),
        ("BFXR71N\u00df", "code-character"),
        ("BFXR7\u0131NX", "code-character"),
        ("BFXR71N\uff38", "code-character"),
        ("\ud800", "code-character"),
        (" " * 65, "code-length"),
    ],
)
def test_what_is_no_code_is_told_and_never_corrected(typed: str, why: str) -> None:
    assert slug(read_code, typed) == why


def test_a_saved_code_is_read_from_paper_and_from_its_qr() -> None:
    assert SAVED.shown == "G0000-00000-C1SY"
    assert read_saved(SAVED.shown) == read_saved(SAVED.text.lower()) == SAVED
    assert SAVED.bits == (1 << 64) + 12_345
    assert slug(read_saved, CODE.text) == "code-length"
    assert slug(read_saved, "U" * 14) == "code-character"


@pytest.mark.meets(
    "nist-oob-random",
    "nist-recovery-saved",
    "nist-recovery-issued-random",
    "asvs-6.5.3",
    "asvs-6.5.4",
    "asvs-11.2.3",
)
def test_codes_come_from_entropy_of_one_length() -> None:
    assert code_from_entropy(b"\xff" * 5) == code_from_bits((1 << 35) - 1)
    assert saved_from_entropy(b"\xff" * 9) == saved_from_bits((1 << 65) - 1)
    assert number_from_entropy(bytes(5)) == "00000000"
    for make in (code_from_entropy, saved_from_entropy, number_from_entropy):
        with pytest.raises(MisuseError):
            make(bytes(4))
    for build, bits in ((code_from_bits, 1 << 35), (code_from_bits, -1), (saved_from_bits, 1 << 65)):
        with pytest.raises(MisuseError):
            build(bits)


def test_codes_never_show_in_repr() -> None:
    assert "BFXR" not in repr(CODE)
    assert SAVED.text[:4] not in repr(SAVED)


@pytest.mark.meets("asvs-1.1.1")
def test_fold_is_what_the_edge_does() -> None:
    assert fold("o-i l\u00a0\u2212") == "011"


def test_request_numbers_are_read_as_they_are_written() -> None:
    assert read_number("4F7Q0001") == "4F7Q0001"
    for text in ("4f7q0001", "4F7Q000", "4F7QO001"):
        assert slug(read_number, text) == "bad-number"


def test_the_check_character_weighs_each_place_differently() -> None:
    assert {check_character("0" * place + "1") for place in range(30)} == set(ALPHABET) - {"0", "1"}
    assert isinstance(CODE, Code)

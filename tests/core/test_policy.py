from __future__ import annotations

from collections.abc import Callable

import pytest

from sparekey.core.errors import InputError
from sparekey.core.policy import (
    VALID_LIMIT,
    MailCode,
    PasswordFault,
    PasswordRules,
    Policy,
    QuestionRules,
    ResetButton,
    ResponseRules,
    SecurityCode,
    Setup,
    password_fault,
)

RULES = PasswordRules(least=8, most=20)
ABOUT = ("admin", "PX-3216-0001", "nvr")


class People:
    """What many people have in this file, and make others of."""

    def holds(self, text: str) -> bool:
        return text in {"letmein1", "pa$$word"}

    def begins(self, word: str) -> bool:
        return word in {"letmein", "dragon", "dragonfly"}


COMMON = People()


def fault(password: str) -> PasswordFault | None:
    return password_fault(password, RULES, ABOUT, COMMON)


@pytest.mark.meets("nist-blocklist", "asvs-6.2.11")
@pytest.mark.parametrize(
    ("password", "found"),
    [
        ("7 chars", PasswordFault.TOO_SHORT),
        ("", PasswordFault.TOO_SHORT),
        ("x" * 21, PasswordFault.TOO_LONG),
        ("qwertyuiop", PasswordFault.TOO_COMMON),
        ("QWERTYuiop", PasswordFault.TOO_COMMON),
        ("LetMeIn12026!", PasswordFault.TOO_COMMON),
        ("PA$$word1", PasswordFault.TOO_COMMON),
        ("dragonletmein", PasswordFault.TOO_COMMON),
        ("Dragon-Dragon-Dragon", PasswordFault.TOO_COMMON),
        ("24.12.2025 dragonfly", PasswordFault.TOO_COMMON),
        ("dragon1qaz2wsx3edc", PasswordFault.TOO_COMMON),
        ("4321rewqfdsavcxz", PasswordFault.TOO_COMMON),
        ("a7!xq a7!xq a7!xq ", PasswordFault.TOO_PLAIN),
        ("aaaabbbb", PasswordFault.TOO_PLAIN),
        ("aAaAaAaA", PasswordFault.TOO_PLAIN),
        ("abababab", PasswordFault.TOO_PLAIN),
        ("αβγδεζηθικ", PasswordFault.TOO_PLAIN),
        ("κιθηζεδγβα", PasswordFault.TOO_PLAIN),
        ("abcdefghijkl", PasswordFault.TOO_COMMON),
        ("98765432", PasswordFault.TOO_COMMON),
        ("my Admin pass", PasswordFault.NAMES_THE_DEVICE),
        ("for px-3216-0001", PasswordFault.NAMES_THE_DEVICE),
    ],
)
def test_T08_what_everybody_tries_is_no_password(password: str, found: PasswordFault) -> None:
    assert fault(password) is found


@pytest.mark.meets("nist-characters", "nist-composition", "asvs-6.2.5")
@pytest.mark.parametrize(
    "password",
    [
        "8 chars!",
        "x" * 15 + "abcde",
        "an nvr of mine",
        "horse battery",
        "šest slov",
        "🔑🚪🏠🔓🛎🧱🪟🧰",
        "40719938",
        "dragon 407199382",
        "dragon letmein qwert",
        "dragonflies",
        "my letmein",
        "letmein1zebra",
        "horse7!xhorse7!x",
        "qwe.rty.asd",
    ],
)
def test_others_are_taken_whatever_they_are_made_of(password: str) -> None:
    assert fault(password) is None


@pytest.mark.meets("nist-characters")
def test_a_length_is_counted_in_characters() -> None:
    assert fault("žluťouč") is PasswordFault.TOO_SHORT
    assert fault("žluťoučk") is None


@pytest.mark.meets("nist-length", "nist-length-most", "asvs-6.2.1", "asvs-6.2.9")
@pytest.mark.parametrize(("least", "most"), [(7, 64), (0, 64), (-1, 64), (20, 19), (8, 257)])
def test_no_profile_has_other_lengths(least: int, most: int) -> None:
    with pytest.raises(InputError, match="bad-policy"):
        PasswordRules(least, most)


@pytest.mark.meets("nist-recovery-issued-life")
@pytest.mark.parametrize("valid", [0, -1, VALID_LIMIT + 1])
def test_no_profile_lets_a_code_live_for_another_time(valid: int) -> None:
    for rules in (MailCode, SecurityCode, ResponseRules):
        with pytest.raises(InputError, match="bad-policy"):
            rules(valid=valid)


@pytest.mark.meets("nist-length", "nist-length-most", "nist-recovery-issued-life", "asvs-6.2.1", "asvs-6.2.9")
def test_the_defaults_are_the_recommended_ones() -> None:
    policy = Policy("name", "title", ())
    assert (policy.password.least, policy.mail_code.valid, policy.mail_code.reboot_voids) == (
        15,
        86_400,
        False,
    )
    assert policy.factory_login is None
    assert PasswordRules(8, 8).least == 8
    assert MailCode(VALID_LIMIT).valid == VALID_LIMIT
    assert MailCode(1).valid == 1


@pytest.mark.meets("asvs-1.4.2")
@pytest.mark.parametrize("number", [-1, 10**6])
def test_no_profile_has_a_number_that_makes_no_sense(number: int) -> None:
    for rules in (
        lambda: Setup(wanted=number),
        lambda: QuestionRules(count=number),
        lambda: QuestionRules(least=number),
        lambda: ResetButton(hold=number),
        lambda: Policy("name", "title", (), hold=number),
    ):
        with pytest.raises(InputError, match="bad-policy"):
            rules()


@pytest.mark.meets("asvs-1.4.2")
@pytest.mark.parametrize(
    ("what", "rules", "least", "most"),
    [
        ("ways back in that are wanted", lambda number: Setup(wanted=number), 0, 4),
        ("security questions", lambda number: QuestionRules(count=number), 2, 10),
        ("letters and digits in all answers", lambda number: QuestionRules(least=number), 8, 200),
        ("seconds to hold the button", lambda number: ResetButton(hold=number), 3, 60),
        ("hours that support's answers are held", lambda number: Policy("n", "t", (), hold=number), 0, 336),
        ("password lengths", lambda number: PasswordRules(8, number), 8, 256),
    ],
)
def test_a_profile_has_the_numbers_up_to_both_ends_and_is_told_which_is_wrong(
    what: str, rules: Callable[[int], object], least: int, most: int
) -> None:
    assert rules(least) != rules(most)
    for number in (least - 1, most + 1):
        with pytest.raises(InputError, match=rf"\b{what}\b"):
            rules(number)


@pytest.mark.parametrize(
    ("what", "rules"),
    [
        ("a mailed code is", lambda valid: MailCode(valid=valid)),
        ("a security code is", lambda valid: SecurityCode(valid=valid)),
        ("a request to support is", lambda valid: ResponseRules(valid=valid)),
        ("a file from support is", lambda valid: ResponseRules(file_valid=valid)),
        ("a file from support without a clock is", lambda valid: ResponseRules(file_age=valid)),
    ],
)
def test_a_profile_is_told_what_lives_too_long(what: str, rules: Callable[[int], object]) -> None:
    with pytest.raises(InputError, match=what):
        rules(VALID_LIMIT + 1)


@pytest.mark.parametrize(
    ("password", "found"),
    [
        ("abcdabcda", PasswordFault.TOO_PLAIN),
        ("aebdcade", None),
        ("aebdbade", PasswordFault.TOO_PLAIN),
        ("abxyz-ab", None),
        ("acegikmo", None),
        ("my cam4 password", None),
        ("my code password", PasswordFault.NAMES_THE_DEVICE),
        ("the cod password", None),
    ],
)
def test_T08_what_is_plain_and_what_names_the_device_has_an_edge(
    password: str, found: PasswordFault | None
) -> None:
    assert password_fault(password, RULES, ("code", "cod", "cam"), COMMON) is found

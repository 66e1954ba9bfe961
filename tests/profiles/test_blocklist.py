"""The list of common passwords is as it was made, and refuses what it should with every profile."""

from __future__ import annotations

import pytest

from sparekey.core.guessable import is_common
from sparekey.core.policy import PasswordFault, password_fault
from sparekey.profiles import names, profile
from sparekey.profiles.blocklist import HASHES, WORDS, CommonPasswords
from tests.profiles.blocklist import ANY, hashes, listed, words

COMMON = CommonPasswords()


def test_the_file_is_what_the_list_makes_of_it() -> None:
    assert HASHES.read_bytes() == hashes()


@pytest.mark.meets("nist-blocklist", "asvs-6.2.4", "asvs-6.2.12")
@pytest.mark.parametrize("name", names())
def test_T08_more_than_three_thousand_common_ones_that_fit_are_refused(name: str) -> None:
    rules = profile(name).password
    fitting = {text for text in listed(ANY) if rules.least <= len(text) <= rules.most}
    least = rules.least
    again = {text * -(-least // len(text)) for text in words()}
    counted = {f"{text}{'1234567890'[: least - len(text)]}" for text in words() if len(text) >= least - 10}
    tried = fitting | again | counted
    assert len(tried) > 3_000
    refused = {PasswordFault.TOO_COMMON, PasswordFault.TOO_PLAIN}
    assert [text for text in tried if password_fault(text, rules, (), COMMON) not in refused] == []


@pytest.mark.parametrize(
    "password",
    ["heslo-kamera-2025", "prahapraha12345", "jana1q2w3e4r5t6y", "zahrada.chalupa"],
)
def test_T08_words_that_our_users_take_are_common_too(password: str) -> None:
    assert is_common(password, COMMON)


@pytest.mark.parametrize(
    "password",
    ["correct horse battery staple", "seven quiet harbours", "4071993827541234", "mrkev zpívá v dešti"],
)
def test_sentences_and_random_numbers_are_taken(password: str) -> None:
    assert not is_common(password, COMMON)


def test_every_word_of_ours_stands_there_once() -> None:
    words = WORDS.read_text("utf-8").split()
    assert sorted(words) == sorted(set(words))
    assert all(len(word) >= 3 for word in words)

"""Passwords that strangers try first: the common ones, and what people put together of them (spec/profiles.md 3)."""

from __future__ import annotations

from itertools import takewhile
from typing import Protocol

WORDS = 2
"""Different common words that a password may not consist of; all walks count as one."""
_WALK = ""
DIGITS = 8
"""Digits that may stand between them, as in a date, without making it better."""
SHORTEST = 4
"""Characters that a word or a walk has at least; fewer are found in everything."""
LONGEST = 20
"""Characters of the longest word or walk that is looked for."""
_ROWS = (
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890",
    "qwertyuiopasdfghjklzxcvbnm",
    "qwertzuiopasdfghjklyxcvbnm",
    "azertyuiopqsdfghjklmwxcvbn",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p",
    "1qay2wsx3edc4rfv5tgb6zhn7ujm8ik9ol0p",
    "qazwsxedcrfvtgbyhnujmikolp",
    "1q2w3e4r5t6y7u8i9o0p",
    "1q2w3e4r5t6z7u8i9o0p",
    "q1w2e3r4t5y6u7i8o9p0",
    "q1w2e3r4t5z6u7i8o9p0",
    "a1b2c3d4e5f6g7h8i9j0",
    "ěščřžýáíé",
)
_WALKS = tuple(way for row in _ROWS for way in (row, row[::-1]))


class Common(Protocol):
    """The passwords of many people, in lower case."""

    def holds(self, text: str) -> bool:
        """Whether it is one of them."""

    def begins(self, word: str) -> bool:
        """Whether it is one of the first few thousand, or a word that people make passwords of."""


def is_common(password: str, common: Common) -> bool:
    """Whether a password, in lower case, is what everybody tries: a common one, also with digits, `!` or `.` behind
    it, or nothing but up to two common words and walks over the keyboard, as often as one likes, with up to eight
    digits and any signs between them.
    """
    bare = len(password.rstrip("0123456789!."))
    least = bare if bare >= SHORTEST else len(password)
    if any(common.holds(password[:length]) for length in range(least, len(password) + 1)):
        return True
    pieces = [_pieces(password, start, common) for start in range(len(password))]
    reached: dict[int, dict[frozenset[str], int]] = {0: {frozenset(): 0}}
    for start, char in enumerate(password):
        for words, digits in reached.pop(start, {}).items():
            steps = {char: (words, digits)} if not char.isalnum() else {}
            if char.isdigit() and digits < DIGITS:
                steps[char] = (words, digits + 1)
            steps |= {piece: (words | {word}, digits) for piece, word in pieces[start].items()}
            for step, (used, count) in steps.items():
                if len(used) <= WORDS:
                    there = reached.setdefault(start + len(step), {})
                    there[used] = min(count, there.get(used, count))
    return any(words for states in reached.values() for words in states)


def _pieces(password: str, start: int, common: Common) -> dict[str, str]:
    """The longest walk that begins here, and the common words, each with the word that it counts as."""
    rest = [password[start:end] for end in range(start + SHORTEST, min(start + LONGEST, len(password)) + 1)]
    walks = takewhile(lambda part: any(part in way for way in _WALKS), rest)
    return dict.fromkeys([*walks][-1:], _WALK) | {part: part for part in rest if common.begins(part)}

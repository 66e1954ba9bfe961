"""Security questions: all answers at once, one hash over all, never a word about which one was wrong.

Start: anyone, when the owner set them. Challenge: the questions. Proof: every answer. Grant: a new password for the
admin (spec/requests.md section 9).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from sparekey.core.crypto import Argon2Cost, PasswordHash, equal, hash_password
from sparekey.core.errors import Refusal
from sparekey.core.methods.method import (
    EVERYWHERE,
    Closed,
    Method,
    Recordings,
    new_password,
    right_or_wrong,
    ten_minutes,
)
from sparekey.core.record import Ask, Record, Situation
from sparekey.core.values import MethodName


@dataclass(frozen=True)
class Answers:
    """The proof: the hash over the normalised answers, made with the salt and cost of the questions."""

    hashed: PasswordHash


def normalise(answer: str) -> str:
    """An answer as it is hashed: NFKD, accents and case gone, every run of white space one space, none at the ends."""
    decomposed = unicodedata.normalize("NFKD", answer)
    bare = "".join(character for character in decomposed if not unicodedata.combining(character))
    return " ".join(bare.casefold().split())


def substance(answers: Sequence[str]) -> int:
    """Letters and digits in all answers together: what a profile asks a minimum of."""
    return sum(character.isalnum() for answer in answers for character in normalise(answer))


def hash_answers(answers: Sequence[str], salt: bytes, cost: Argon2Cost) -> PasswordHash:
    """One Argon2id hash over all answers in order; each is preceded by its length, so that none runs into the next."""
    parts = [normalise(answer) for answer in answers]
    return hash_password("".join(f"{len(part)}:{part}" for part in parts), salt, cost)


def _closed(record: Record, _situation: Situation) -> Closed | None:
    return None if record.factors.questions else Closed.NO_QUESTIONS


def _judge(record: Record, _ask: Ask | None, proof: object, _situation: Situation) -> Refusal | None:
    questions = record.factors.questions
    if questions is None or not isinstance(proof, Answers):
        return Refusal.WRONG_CODE
    kept = questions.answers
    same_kind = (kept.salt, kept.cost) == (proof.hashed.salt, proof.hashed.cost)
    return right_or_wrong(equal(kept.result, proof.hashed.result) and same_kind)


METHOD = Method(
    name=MethodName.QUESTIONS,
    faces=EVERYWHERE,
    asks=None,
    strong=False,
    needs_desk=False,
    recordings=Recordings.KEPT,
    lasts=ten_minutes,
    closed=_closed,
    action=new_password,
    judge=_judge,
)

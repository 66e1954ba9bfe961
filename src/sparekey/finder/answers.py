"""What came back from support, matched with the recoveries that were begun here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sparekey.core.crypto import sha256
from sparekey.core.errors import InputError
from sparekey.core.messages.key_file import KeyFile
from sparekey.core.messages.response import Response
from sparekey.core.messages.text import Responses, read_any
from sparekey.core.values import MethodName
from sparekey.language.catalogue import N_

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sparekey.finder.journal import Begun
    from sparekey.language.catalogue import Translator


OVER = N_("The time of this file is over. Ask support for a new one: the request is still open.")


@dataclass(frozen=True)
class Matched:
    """An answer and the recovery that it is for. `expired`: by this machine's own clock."""

    begun: Begun
    file: bytes
    expired: bool


@dataclass(frozen=True)
class Read:
    """A file from support, or an owner's key file. `foreign`: answers to requests that were not begun here.
    `broken`: answers that cannot be read.
    """

    matched: tuple[Matched, ...] = ()
    foreign: int = 0
    broken: int = 0
    key_file: KeyFile | None = None

    def rest(self, words: Translator) -> list[str]:
        """What is said of the answers that are for nobody here."""
        told = (
            (self.foreign, words.text("%(count)s answers are for requests that were not made here.")),
            (self.broken, words.text("%(count)s answers cannot be read.")),
        )
        return [sentence % {"count": count} for count, sentence in told if count]


def read_answers(data: bytes, begun: Sequence[Begun], now: int) -> Read:
    """What is in the file. Raises InputError (`not-an-answer`) when it is something else."""
    found = read_any(data)
    if isinstance(found, KeyFile):
        return Read(key_file=found)
    items = found.items if isinstance(found, Responses) else (found,)
    answers = [item for item in items if isinstance(item, Response)]
    broken = sum(isinstance(item, InputError) for item in items)
    if not answers and not broken:
        raise InputError(
            "not-an-answer", "this is no answer from support; look for a file that ends in .sparekey-response"
        )
    waiting = {
        sha256(one.request): one for one in begun if one.request and one.method is MethodName.RESPONSE_FILE
    }
    matched = tuple(
        Matched(waiting[answer.answer.request], answer.encoded, now >= answer.answer.expires)
        for answer in answers
        if answer.answer.request in waiting
    )
    return Read(matched, len(answers) - len(matched), broken)

"""What every command works with: clock, dice, journal, words, and the person at the terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from sparekey.finder.journal import FILE, Journal
from sparekey.finder.places import data_folder
from sparekey.finder.trusting import know
from sparekey.finder.words import spoken
from sparekey.host.clock import Clock, SystemClock
from sparekey.host.entropy import Entropy, SystemEntropy

if TYPE_CHECKING:
    from sparekey.finder.trusting import Known
    from sparekey.lan.link.frame import Refused
    from sparekey.lan.target import Target
    from sparekey.language.catalogue import Translator

Command = TypeVar("Command", bound=Callable[..., Any])


@dataclass(frozen=True)
class Kit:
    """Use `opened` for one. `trusts`: the person said beforehand that first contacts are taken as they come."""

    journal: Journal
    clock: Clock
    entropy: Entropy
    words: Translator
    trusts: bool = False

    async def know(self, target: Target) -> Known | Refused:
        """Meet a device; a person is asked at first contact."""
        return await know(target, self.journal, self.agree, clock=self.clock, entropy=self.entropy)

    def agree(self, place: str, shown: str) -> bool:
        """First contact. Without a terminal, and without `--trust-first`, nobody agrees."""
        words = self.words
        told = words.text(
            "First contact with %(place)s. The page Info on its own screen shows its fingerprint:"
        )
        self.say(told % {"place": place})
        self.say(f"  {shown}")
        if self.trusts:
            self.say(words.text("It is trusted from now on, because of --trust-first."))
            return True
        if not sys.stdin.isatty():
            self.say(
                words.text("Nobody is here to compare it. Compare it yourself, then use --trust-first once.")
            )
            return False
        return click.confirm(words.text("Is it the same?"), default=False, err=True)

    @staticmethod
    def say(sentence: str) -> None:
        """To the person; what programs read goes to standard output."""
        click.echo(sentence, err=True)


def opened(journal: Path | None, *, trusts: bool = False) -> Kit:
    """With this machine's own clock and dice. Close its journal. Raises SparekeyError."""
    path = journal or data_folder() / FILE
    return Kit(Journal(path), SystemClock(), SystemEntropy(), spoken(), trusts)


def options(command: Command) -> Command:
    """What every command that calls devices takes."""
    journal = click.option(
        "--journal", type=click.Path(dir_okay=False, path_type=Path), help="the file that remembers"
    )
    trusts = click.option(
        "--trust-first", "trusts", is_flag=True, help="take a device as it is met first, unseen"
    )
    return journal(trusts(command))

"""In which language the tool speaks: the one that the terminal's user has."""

from __future__ import annotations

import os

from sparekey.language.catalogue import LANGUAGES, SOURCE, Translator, translator

_VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")


def spoken() -> Translator:
    """By the first of the usual variables that is set (POSIX.1-2017 section 8.2)."""
    wish = next(filter(None, (os.environ.get(name) for name in _VARIABLES)), "")
    code = wish.partition(".")[0].partition("_")[0].lower()
    return translator(code if code in LANGUAGES else SOURCE)

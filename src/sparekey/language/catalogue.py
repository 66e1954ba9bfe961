"""Catalogues: the words of every page and mail in the language of the reader (gettext)."""

from __future__ import annotations

from functools import cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from sparekey.core.errors import MisuseError
from sparekey.language.things import of_camera, of_recorder

if TYPE_CHECKING:
    from collections.abc import Mapping

LANGUAGES: Mapping[str, str] = MappingProxyType({"en": "English", "cs": "Čeština"})
"""The languages by code, each with the name that its own speakers use. The first one is the source text."""
SOURCE = "en"
"""The language that the messages in the source are written in; it has no catalogue."""
DOMAIN = "sparekey"
"""The name of the catalogue files: `locale/<code>/LC_MESSAGES/sparekey.mo`."""

_HEADER_LIMIT = 256
_RANGES_LIMIT = 16


class Translator:
    """Says a message in one language, as a recorder (or anything that is no device) or as a camera.

    In Python take `_ = words.text` and write `_("Sign in")`. `sparekey.language.check` collects the literal
    strings of `_`, `N_`, `.plural`, and of `.text` on something called `words` or `translator`. Where a
    sentence names the thing, write both names: `"This [recorder|camera] is ready"` (`language/things.py`).
    """

    def __init__(self, code: str, catalogue: NullTranslations, *, camera: bool = False) -> None:
        self.code = code
        """The language, one of `LANGUAGES`."""
        self._catalogue = catalogue
        self._said = of_camera if camera else of_recorder

    def text(self, message: str) -> str:
        """The message in this language; the message itself where the catalogue lacks it."""
        return self._catalogue.gettext(self._said(message)) if message else ""

    def plural(self, one: str, many: str, n: int) -> str:
        """The form that fits `n`, with it filled in: `plural("%(n)s try left", "%(n)s tries left", 3)`."""
        return self.forms(one, many, n) % {"n": n}

    def forms(self, one: str, many: str, n: int) -> str:
        """The form that fits `n`, with nothing filled in. Templates use it; Python code uses `plural`."""
        return self._catalogue.ngettext(self._said(one), self._said(many), n)


def N_(message: str) -> str:
    """Marks a message that is translated later, where the reader is known. Gives it back unchanged."""
    return message


@cache
def translator(code: str, *, camera: bool = False) -> Translator:
    """The translator for one of `LANGUAGES`; loaded once. Raises MisuseError for any other code.

    A language whose compiled catalogue is not installed speaks English: a missing word must never lock
    anybody out. `sparekey.language.check` fails loudly on that.
    """
    if code not in LANGUAGES:
        raise MisuseError("unknown-language", f"the languages are {', '.join(LANGUAGES)}")
    if code == SOURCE:
        return Translator(code, NullTranslations(), camera=camera)
    compiled = Path(__file__).parent.joinpath("locale", code, "LC_MESSAGES", f"{DOMAIN}.mo")
    if not compiled.is_file():
        return Translator(code, NullTranslations(), camera=camera)
    with compiled.open("rb") as stream:
        return Translator(code, GNUTranslations(stream), camera=camera)


def choose(accept_language: str | None, cookie: str | None) -> str:
    """The language of a reader: what they chose before, else what their browser asks for, else English.

    `accept_language` is the header of RFC 9110 section 12.5.4 as it came. Anything strange in it is skipped,
    and only its first 256 characters and 16 ranges are read. Never raises.
    """
    if cookie is not None and cookie in LANGUAGES:
        return cookie
    best, best_quality = SOURCE, 0.0
    for part in (accept_language or "")[:_HEADER_LIMIT].split(",")[:_RANGES_LIMIT]:
        tag, _, parameters = part.partition(";")
        code = tag.strip().lower().partition("-")[0]
        quality = _quality(parameters)
        if code in LANGUAGES and quality > best_quality:
            best, best_quality = code, quality
    return best


def _quality(parameters: str) -> float:
    name, _, value = parameters.strip().partition("=")
    if not parameters.strip():
        return 1.0
    digits = value.strip()
    if name.strip().lower() != "q" or len(digits) > 5 or not digits.replace(".", "", 1).isdecimal():
        return 0.0
    return min(float(digits), 1.0)

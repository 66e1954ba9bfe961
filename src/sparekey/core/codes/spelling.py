"""Words for characters, for codes that are read over the phone (spec/codes.md section 8).

English is ICAO Annex 10, Volume II, section 5.2.1.3; Czech is the table of the Czech telephone service.
"""

from __future__ import annotations

from sparekey.core.codes.base32 import ALPHABET
from sparekey.core.codes.saved import SavedCode
from sparekey.core.codes.typed import Code
from sparekey.core.errors import MisuseError

_ENGLISH = (
    "Zero One Two Three Four Five Six Seven Eight Nine "
    "Alfa Bravo Charlie Delta Echo Foxtrot Golf Hotel Juliett Kilo Mike November Papa Quebec Romeo Sierra "
    "Tango Victor Whiskey X-ray Yankee Zulu"
)
_CZECH = (
    "nula jedna dva tři čtyři pět šest sedm osm devět "
    "Adam Božena Cyril David Emil František Gustav Helena Josef Karel Marie Neruda Petr Quido Rudolf "
    "Svatopluk Tomáš Václav dvojité\u00a0V Xaver Ypsilon Zuzana"
)
_WORDS = {
    "en": dict(zip(ALPHABET, _ENGLISH.split(" "), strict=True)),
    "cs": dict(zip(ALPHABET, _CZECH.split(" "), strict=True)),
}


def spell(code: Code | SavedCode | str, locale: str) -> list[str]:
    """One word for each character, in order.

    `code`: a code, or any text of Crockford characters such as a request number or `shown_digits`; dashes
    and spaces have no word. `locale`: `en` or `cs`; any other is told in English. Raises MisuseError for
    other characters.
    """
    text = code if isinstance(code, str) else code.text
    words = _WORDS.get(locale, _WORDS["en"])
    spoken = text.replace("-", "").replace(" ", "")
    if any(character not in words for character in spoken):
        raise MisuseError("spelling", "only normal codes and numbers can be spelled")
    return [words[character] for character in spoken]

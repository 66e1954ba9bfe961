from __future__ import annotations

from gettext import NullTranslations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sparekey.core.errors import MisuseError
from sparekey.language.catalogue import LANGUAGES, N_, Translator, choose, translator


@pytest.mark.parametrize(
    ("wish", "cookie", "expected"),
    [
        (None, None, "en"),
        ("", None, "en"),
        ("cs", None, "cs"),
        ("cs-CZ,cs;q=0.9,en;q=0.8", None, "cs"),
        ("CS-cz", None, "cs"),
        ("en-GB,en;q=0.9,cs;q=0.8", None, "en"),
        ("de,sk;q=0.9,cs;q=0.8,en;q=0.7", None, "cs"),
        ("de, fr", None, "en"),
        ("en;q=0.5,cs;q=0.6", None, "cs"),
        ("cs;q=0", None, "en"),
        ("cs;q=0.000,en", None, "en"),
        ("cs ; q = 0.5", None, "cs"),
        ("cs;q=1e9,en;q=0.1", None, "en"),
        ("cs;q=nan", None, "en"),
        ("cs;q=-1", None, "en"),
        ("cs;level=1", None, "en"),
        (";;;,,,=q", None, "en"),
        ("x," * 16 + "cs", None, "en"),
        ("x" * 300 + ",cs", None, "en"),
        ("cs", "en", "en"),
        ("en", "cs", "cs"),
        ("cs", "de", "cs"),
        ("cs", "", "cs"),
    ],
)
def test_the_reader_gets_the_language_they_chose_or_wish(
    wish: str | None, cookie: str | None, expected: str
) -> None:
    assert choose(wish, cookie) == expected


@given(st.none() | st.text(), st.none() | st.text())
def test_any_wish_gives_a_language(wish: str | None, cookie: str | None) -> None:
    assert choose(wish, cookie) in LANGUAGES


def test_english_is_the_source_text() -> None:
    words = translator("en")
    assert words.code == "en"
    assert words.text("Serial number") == "Serial number"
    assert words.plural("%(n)s hour", "%(n)s hours", 1) == "1 hour"
    assert words.plural("%(n)s hour", "%(n)s hours", 2) == "2 hours"


@pytest.mark.parametrize(
    ("n", "expected"), [(1, "1 hodina"), (2, "2 hodiny"), (4, "4 hodiny"), (5, "5 hodin")]
)
def test_czech_counts_in_three_forms(n: int, expected: str) -> None:
    assert translator("cs").plural("%(n)s hour", "%(n)s hours", n) == expected


def test_an_empty_text_stays_empty() -> None:
    assert translator("cs").text("") == ""  # gettext would give the catalogue's header


def test_an_unknown_message_is_said_as_it_stands() -> None:
    assert translator("cs").text("No catalogue has this") == "No catalogue has this"


def test_translators_are_loaded_once() -> None:
    assert translator("cs") is translator("cs")


def test_an_unknown_language_is_our_mistake() -> None:
    with pytest.raises(MisuseError):
        translator("de")


def test_a_language_without_a_catalogue_speaks_english() -> None:
    assert Translator("cs", NullTranslations()).text("Show") == "Show"


def test_a_mark_changes_nothing() -> None:
    assert N_("Show") == "Show"


def test_a_sentence_names_the_thing_that_it_stands_on() -> None:
    message = "This [recorder|camera] has no reset button."
    assert translator("en").text(message) == "This recorder has no reset button."
    assert translator("en", camera=True).text(message) == "This camera has no reset button."
    assert translator("cs", camera=True).text(message) == "Tato kamera nemá resetovací tlačítko."
    assert translator("en", camera=True).text("a | b [c] [d") == "a | b [c] [d"

from __future__ import annotations

from pathlib import Path

import pytest

from sparekey.language.check import LOCALE, ROOT, main, problems, update
from sparekey.language.collect import Message, collect

PYTHON = """
_ = words.text
_("One")
N_("Two" " joined")
words.text("Three")
pages.words(request).text("Four")
words.plural("%(n)s cat", "%(n)s cats", n)
form.text("field")
_(variable)
_("The [recorder|camera] is on[, here|]")
_("")
text("SELECT 1")
"""
PAGE = """
{{ _("Five") }}{% trans %}
  Six
  lines
{% endtrans %}{{ ngettext("%(num)s dog", "%(num)s dogs", n) }}
{% trans count=n %}One bird{% pluralize %}{{ count }} birds{% endtrans %}
"""


@pytest.fixture
def source(tmp_path: Path) -> Path:
    (tmp_path / "pages").mkdir()
    (tmp_path / "a.py").write_text(PYTHON, "utf-8")
    (tmp_path / "pages" / "b.html").write_text(PAGE, "utf-8")
    (tmp_path / "pages" / "mail.txt").write_text('{{ _("Seven") }}', "utf-8")
    (tmp_path / "words.txt").write_text("password\n{ nothing } % here\n", "utf-8")
    return tmp_path


def test_every_message_in_our_own_source_is_said_in_czech() -> None:
    messages = collect(ROOT)
    assert len(messages) > 50
    assert problems("cs", messages, LOCALE) == []


def test_messages_are_collected_from_code_pages_and_mails(source: Path) -> None:
    found = collect(source)
    assert [(message.one, message.many) for message in found] == [
        ("%(n)s cat", "%(n)s cats"),
        ("%(num)s dog", "%(num)s dogs"),
        ("Five", ""),
        ("Four", ""),
        ("One", ""),
        ("One bird", "%(count)s birds"),
        ("Seven", ""),
        ("Six lines", ""),
        ("The camera is on", ""),
        ("The recorder is on, here", ""),
        ("Three", ""),
        ("Two joined", ""),
    ]
    assert {message.file for message in found} == {"a.py", "pages/b.html", "pages/mail.txt"}


def test_an_f_string_cannot_be_translated(source: Path) -> None:
    (source / "a.py").write_text('_(f"{n} cats")', "utf-8")
    with pytest.raises(SyntaxError, match=r"a\.py:1"):
        collect(source)


def catalogue(folder: Path, text: str) -> None:
    header = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n\n'
    path = folder / "cs" / "LC_MESSAGES" / "sparekey.po"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(header + text, "utf-8")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "missing: 'Hello %(name)s'"),
        ('msgid "Hello %(name)s"\nmsgstr ""\n', "empty: 'Hello %(name)s'"),
        ('#, fuzzy\nmsgid "Hello %(name)s"\nmsgstr "Ahoj %(name)s"\n', "fuzzy: 'Hello %(name)s'"),
        ('msgid "Hello %(name)s"\nmsgstr "Ahoj"\n', "placeholders differ: 'Hello %(name)s'"),
        ('msgid "Hello %(name)s"\nmsgstr "Ahoj %(jmeno)s"\n', "placeholders differ: 'Hello %(name)s'"),
        (
            'msgid "Hello %(name)s"\nmsgstr "Ahoj %(name)s"\n\nmsgid "Old"\nmsgstr "Staré"\n',
            "obsolete: 'Old'",
        ),
        (
            'msgid "Hello %(name)s"\nmsgstr "Ahoj %(name)s"\n\n#~ msgid "Old"\n#~ msgstr "Staré"\n',
            "obsolete: 'Old'",
        ),
        ('msgid "Hello %(name)s"\nmsgstr "Ahoj %(name)s"\n', "sparekey.mo is missing"),
    ],
)
def test_whatever_is_wrong_is_named(tmp_path: Path, text: str, expected: str) -> None:
    catalogue(tmp_path, text)
    assert any(expected in line for line in problems("cs", [Message("Hello %(name)s", "", "a.py")], tmp_path))


def test_a_missing_catalogue_is_not_silent(tmp_path: Path) -> None:
    assert problems("cs", [], tmp_path) == ["cs: no catalogue sparekey.po"]


def test_an_old_compiled_catalogue_is_not_silent(tmp_path: Path) -> None:
    update("cs", [Message("One", "", "a.py")], tmp_path)
    path = tmp_path / "cs" / "LC_MESSAGES" / "sparekey.po"
    path.write_text(
        path.read_text("utf-8").replace('msgid "One"\nmsgstr ""', 'msgid "One"\nmsgstr "Jedna"'), "utf-8"
    )
    assert problems("cs", [Message("One", "", "a.py")], tmp_path) == [
        "cs: sparekey.mo is older than sparekey.po"
    ]


def test_a_plural_needs_all_its_forms(tmp_path: Path) -> None:
    cats = Message("%(n)s cat", "%(n)s cats", "a.py")
    plural = 'msgid "%(n)s cat"\nmsgid_plural "%(n)s cats"\nmsgstr[0] "kočka"\nmsgstr[1] "%(n)s kočky"\n'
    catalogue(tmp_path, plural + 'msgstr[2] "%(n)s koček"\n')
    assert [line for line in problems("cs", [cats], tmp_path) if "cat'" in line] == []
    catalogue(tmp_path, plural + 'msgstr[2] ""\n')
    assert "cs: empty: '%(n)s cat'" in problems("cs", [cats], tmp_path)


def test_an_update_keeps_what_is_translated_and_drops_what_is_gone(tmp_path: Path, source: Path) -> None:
    locale = tmp_path / "locale"
    catalogue(locale, 'msgid "One"\nmsgstr "Jedna"\n\nmsgid "Gone"\nmsgstr "Pryč"\n')
    update("cs", collect(source), locale)
    text = (locale / "cs" / "LC_MESSAGES" / "sparekey.po").read_text("utf-8")
    assert 'msgid "One"\nmsgstr "Jedna"' in text
    assert "Gone" not in text
    assert "nplurals=3" in text
    update("cs", collect(source), locale)
    assert (locale / "cs" / "LC_MESSAGES" / "sparekey.po").read_text("utf-8") == text


def test_the_command_says_what_is_wrong(
    source: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sparekey.language.check.ROOT", source)
    assert main([]) == 1
    said = capsys.readouterr().err
    assert "cs: missing: 'Seven' (pages/mail.txt)" in said
    assert "to mend: run with --update" in said

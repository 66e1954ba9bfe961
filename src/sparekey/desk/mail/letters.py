"""The words of a mail: one folder for each kind, with subject, text and HTML, in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from sparekey.language.catalogue import LANGUAGES, SOURCE, translator
from sparekey.language.moments import date

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import tzinfo

    from sparekey.core.codes import Code
    from sparekey.core.values import Identity
    from sparekey.language.catalogue import Translator


@dataclass(frozen=True)
class Letter:
    """A mail's words. `language`: its code."""

    language: str
    subject: str
    text: str = field(repr=False)
    html: str = field(repr=False)


@dataclass(frozen=True)
class CodeLetter:
    """What a mail with a code says.

    `device` and `account` only for requests with a ticket: they are the requester's own words, and nobody
    may have words of their choice mailed to strangers. `confirms`: the code only confirms the mailbox.
    """

    code: Code
    locale: str
    good_until: int
    device: Identity | None = None
    account: str = ""
    confirms: bool = False


class Letters:
    """Writes letters. `name`: the desk. `zone`: the time zone in which times are told."""

    def __init__(self, name: str, zone: tzinfo) -> None:
        self._name = name
        self._zone = zone
        self._environments = {code: _environment(translator(code)) for code in LANGUAGES}

    def code(self, letter: CodeLetter, now: int) -> Letter:
        """The mail with a code."""
        values = {
            "code": letter.code.shown,
            "until": self.moment(letter.good_until, now, letter.locale),
            "device": letter.device,
            "account": letter.account,
        }
        return self.write("confirm" if letter.confirms else "code", letter.locale, values)

    def write(self, kind: str, locale: str, values: Mapping[str, object]) -> Letter:
        """The letter of a folder. What its templates name must be among the values."""
        language = _language(locale)
        named = {**values, "desk": self._name, "language": language}
        subject, text, html = (
            self._environments[language].get_template(f"{kind}/{part}").render(named)
            for part in ("subject.txt", "body.txt", "body.html")
        )
        return Letter(language, " ".join(subject.split()), text, html)

    def moment(self, at: int, now: int, locale: str) -> str:
        """A time that is still true when the mail is read later, in the reader's language."""
        return self._moment(at, now, translator(_language(locale)))

    def say(self, sentence: str, locale: str) -> str:
        """A sentence of the catalogue in the reader's language."""
        return translator(_language(locale)).text(sentence)

    def _moment(self, at: int, now: int, words: Translator) -> str:
        """A time that is still true when the mail is read later: with its date and distance from UTC."""
        local = datetime.fromtimestamp(at, self._zone)
        offset = local.utcoffset()
        seconds = int(offset.total_seconds()) if offset else 0
        told = {"time": f"{local.hour}:{local.minute:02d}", "date": date(at, now, seconds, words)}
        return words.text("%(time)s on %(date)s") % told + f" ({_zone_name(seconds)})"


def _language(locale: str) -> str:
    return locale if locale in LANGUAGES else SOURCE


def _zone_name(seconds: int) -> str:
    if seconds == 0:
        return "UTC"
    hours, minutes = divmod(abs(seconds) // 60, 60)
    return f"UTC{'-' if seconds < 0 else '+'}{hours:02d}:{minutes:02d}"


def _environment(words: Translator) -> Environment:
    environment = Environment(
        loader=PackageLoader("sparekey.desk.mail", ""),
        autoescape=select_autoescape(("html",)),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
        extensions=["jinja2.ext.i18n"],
    )
    environment.policies["ext.i18n.trimmed"] = True
    environment.install_gettext_callables(words.text, words.forms, newstyle=True)  # type: ignore[attr-defined]  # added by the extension
    return environment

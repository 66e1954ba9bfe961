"""The words of a mail: one folder for each kind, with subject, text and HTML, in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

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
        folder = "confirm" if letter.confirms else "code"
        language = letter.locale if letter.locale in LANGUAGES else SOURCE
        values = {
            "desk": self._name,
            "code": letter.code.shown,
            "until": self._moment(letter.good_until, now, translator(language)),
            "device": letter.device,
            "account": letter.account,
            "language": language,
        }
        subject, text, html = (
            self._environments[language].get_template(f"{folder}/{part}").render(values)
            for part in ("subject.txt", "body.txt", "body.html")
        )
        return Letter(language, " ".join(subject.split()), text, html)

    def news(self, kind: str, locale: str, told: Mapping[str, Any], now: int) -> Letter:
        """A mail that tells an owner what happened. `kind`: its folder. `told`: `at` and `until_at` are moments in Unix
        seconds or None; the rest stands as it is.
        """
        language = locale if locale in LANGUAGES else SOURCE
        words = translator(language)
        values = {**told, "desk": self._name, "language": language}
        for name in ("at", "until_at"):
            values[name] = "" if told[name] is None else self._moment(told[name], now, words)
        subject, text, html = (
            self._environments[language].get_template(f"{kind}/{part}").render(values)
            for part in ("subject.txt", "body.txt", "body.html")
        )
        return Letter(language, " ".join(subject.split()), text, html)

    def _moment(self, at: int, now: int, words: Translator) -> str:
        """A time that is still true when the mail is read later: with its date and distance from UTC."""
        local = datetime.fromtimestamp(at, self._zone)
        offset = local.utcoffset()
        seconds = int(offset.total_seconds()) if offset else 0
        told = {"time": f"{local.hour}:{local.minute:02d}", "date": date(at, now, seconds, words)}
        return words.text("%(time)s on %(date)s") % told + f" ({_zone_name(seconds)})"


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

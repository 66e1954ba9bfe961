"""Is every message translated? `python -m sparekey.language.check` lists what is missing.

`--update` refreshes the catalogues first: new messages come in empty, unused ones go, the result is compiled.
Development only: needs Babel, imported where it is used.
"""

from __future__ import annotations

import argparse
import re
import sys
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from sparekey.language.catalogue import DOMAIN, LANGUAGES, SOURCE
from sparekey.language.collect import Message, collect

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog

ROOT = Path(__file__).resolve().parents[1]
"""The folder of the package `sparekey`, whose sources are read."""
LOCALE = Path(__file__).resolve().parent / "locale"
"""Where the catalogues live."""

ABOUT = "Lists every message that a language does not say."
"""The first line of `--help`."""

_PLACEHOLDER = re.compile(r"%(?:\(\w+\)[a-z]|%)")
_FIXED_DATE = datetime(2026, 1, 1, tzinfo=UTC)


def problems(code: str, messages: list[Message], locale: Path = LOCALE) -> list[str]:
    """What is wrong with one catalogue, one line each; an empty list when all is well."""
    source = _source(locale, code)
    if not source.is_file():
        return [f"{code}: no catalogue {source.name}"]
    catalogue = _read(source, code)
    wanted = {message.one: message for message in messages}
    lines = []
    for one, message in sorted(wanted.items()):
        entry = catalogue.get(one)
        if entry is None or (bool(message.many) and not entry.pluralizable):
            lines.append(f"{code}: missing: {one!r} ({message.file})")
        elif entry.fuzzy:
            lines.append(f"{code}: fuzzy: {one!r}")
        else:
            lines += [f"{code}: {line}" for line in _wrong(one, message.many, entry.string)]
    for entry in catalogue:
        if entry.id and _one(entry.id) not in wanted:
            lines.append(f"{code}: obsolete: {entry.id!r}")
    lines += [f"{code}: obsolete: {key!r}" for key in catalogue.obsolete]
    compiled = source.with_suffix(".mo")
    if not compiled.is_file():
        lines.append(f"{code}: {compiled.name} is missing, this language would silently speak English")
    elif compiled.read_bytes() != _compiled(catalogue):
        lines.append(f"{code}: {compiled.name} is older than {source.name}")
    return lines


def update(code: str, messages: list[Message], locale: Path = LOCALE) -> None:
    """Rewrites one catalogue: adds new messages empty, drops those no longer used, compiles the result."""
    from babel.messages.pofile import write_po

    source = _source(locale, code)
    source.parent.mkdir(parents=True, exist_ok=True)
    old = _read(source, code) if source.is_file() else None
    fresh = _empty(code)
    for message in messages:
        places = [(message.file, 1)]
        entry = old.get(message.one) if old is not None else None
        if message.many:
            forms = _forms(entry.string) if entry and entry.pluralizable else [""] * fresh.num_plurals
            fresh.add((message.one, message.many), tuple(forms), locations=places)
        elif fresh.get(message.one) is None or not fresh[message.one].pluralizable:
            fresh.add(message.one, _one(entry.string) if entry else "", locations=places)
    with source.open("wb") as stream:
        write_po(stream, fresh, width=110, sort_output=True, include_lineno=False)
    source.with_suffix(".mo").write_bytes(_compiled(_read(source, code)))


def main(arguments: list[str] | None = None) -> int:
    """Exit code 0 when every language says everything, else 1 with the list on standard error."""
    parser = argparse.ArgumentParser(prog="sparekey.language.check", description=ABOUT)
    parser.add_argument("--update", action="store_true", help="refresh and compile the catalogues first")
    wants_update = parser.parse_args(arguments).update
    messages = collect(ROOT)
    lines: list[str] = []
    for code in LANGUAGES:
        if code == SOURCE:
            continue
        if wants_update:
            update(code, messages)
        lines += problems(code, messages)
    for line in lines:
        sys.stderr.write(f"{line}\n")
    if lines:
        sys.stderr.write(f"{len(lines)} to mend: run with --update, edit the .po file, run it again\n")
    return 1 if lines else 0


def _wrong(one: str, many: str, string: object) -> list[str]:
    forms = _forms(string)
    if not forms or not all(forms):
        return [f"empty: {one!r}"]
    allowed = set(_PLACEHOLDER.findall(one)) | set(_PLACEHOLDER.findall(many))
    needed = allowed if not many else set()
    return [
        f"placeholders differ: {one!r}"
        for form in forms
        if not needed <= set(_PLACEHOLDER.findall(form)) <= allowed
    ]


def _forms(text: object) -> list[str]:
    return [str(form) for form in text] if isinstance(text, (tuple, list)) else [str(text or "")]


def _one(text: object) -> str:
    return _forms(text)[0]


def _source(locale: Path, code: str) -> Path:
    return locale / code / "LC_MESSAGES" / f"{DOMAIN}.po"


def _empty(code: str) -> Catalog:
    from babel.messages.catalog import Catalog

    return Catalog(
        locale=code,
        domain=DOMAIN,
        project="sparekey",
        version="1",
        header_comment="# The words of sparekey. Refresh with: python -m sparekey.language.check --update",
        creation_date=_FIXED_DATE,
        revision_date=_FIXED_DATE,
        last_translator="sparekey",
        language_team=code,
        msgid_bugs_address="see CONTRIBUTING.md",
        fuzzy=False,
    )


def _read(source: Path, code: str) -> Catalog:
    from babel.messages.pofile import read_po

    with source.open("rb") as stream:
        return read_po(stream, locale=code, domain=DOMAIN, abort_invalid=True)


def _compiled(catalogue: Catalog) -> bytes:
    from babel.messages.mofile import write_mo

    stream = BytesIO()
    write_mo(stream, catalogue)
    return stream.getvalue()


if __name__ == "__main__":
    raise SystemExit(main())

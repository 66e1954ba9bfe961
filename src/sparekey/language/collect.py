"""Collects every message from the source: Python calls, and Jinja templates of pages and mails.

Development only; nothing at run time imports this.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sparekey.language.things import of_camera, of_recorder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_SINGLE = frozenset({"_", "N_"})
_SPEAKERS = frozenset({"words", "translator"})
_PLURAL = frozenset({"plural", "forms"})
_TEMPLATES = (".html", ".txt")
_JINJA_KEYWORDS = ("_", "gettext", "ngettext")
_JINJA_OPTIONS = {"trimmed": "true", "silent": "false", "newstyle_gettext": "true"}


@dataclass(frozen=True, order=True)
class Message:
    """One message to translate: `many` is its plural form or "", `file` stands below the source root."""

    one: str
    many: str
    file: str


def collect(root: Path) -> list[Message]:
    """Every message below `root`, sorted. Raises SyntaxError or a Jinja error for a broken source."""
    found: set[Message] = set()
    for path in sorted(root.rglob("*")):
        if path.suffix == ".py":
            found.update(_python(path.read_text("utf-8"), path.relative_to(root).as_posix()))
        elif path.suffix in _TEMPLATES and path.is_file():
            found.update(_template(path.read_text("utf-8"), path.relative_to(root).as_posix()))
    return sorted(
        {
            Message(said(message.one), said(message.many), message.file)
            for message in found
            for said in (of_recorder, of_camera)
        }
    )


def _python(source: str, file: str) -> Iterator[Message]:
    for node in ast.walk(ast.parse(source, file)):
        if not isinstance(node, ast.Call):
            continue
        name, owner = (
            _named(node.func),
            _named(node.func.value) if isinstance(node.func, ast.Attribute) else "",
        )
        speaks = owner in _SPEAKERS  # not `form.text("user")`
        if (name in _SINGLE or (name == "text" and speaks)) and len(node.args) == 1:
            if isinstance(node.args[0], ast.JoinedStr):
                raise SyntaxError(f"{file}:{node.lineno}: an f-string cannot be translated, use %(name)s")
            one = _literal(node.args[0])
            if one:
                yield Message(one, "", file)
        elif name in _PLURAL and owner and len(node.args) == 3:
            one, many = _literal(node.args[0]), _literal(node.args[1])
            if one and many:
                yield Message(one, many, file)


def _named(node: ast.expr) -> str:
    """The last name in `words`, `reader.words`, `pages.words(request)`."""
    if isinstance(node, ast.Call):
        return _named(node.func)
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _literal(node: ast.expr) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _template(source: str, file: str) -> Iterator[Message]:
    from io import BytesIO

    from jinja2.ext import babel_extract

    if "{{" not in source and "{%" not in source:  # a word list or a licence, not a template
        return
    options: dict[str, Any] = dict(_JINJA_OPTIONS)
    stream = BytesIO(source.encode())
    for _line, _name, message, _comments in babel_extract(stream, _JINJA_KEYWORDS, (), options):
        texts = [message] if isinstance(message, str) else [part for part in message or () if part]
        if texts:
            yield Message(texts[0], texts[1] if len(texts) > 1 else "", file)

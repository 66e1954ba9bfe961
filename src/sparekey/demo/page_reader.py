"""Reads a page as a browser does: words, links, pictures, and forms with what is already in them."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

_VOID = frozenset({"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"})
_UNSEEN = frozenset({"script", "style", "template", "title", "head"})


@dataclass
class Form:
    """One form. `values`: what it would send untouched. `boxes`: its checkboxes with their values.

    `names`: every field that a person may fill in. `needed`: those that must not stay empty. `files`: those
    that take a file. `choices`: what can be chosen in a list or by round buttons.
    `buttons`: (name, value, text) of each button that sends it. `repeated`: all values of a field that the form has
    several times. `passkey`: what it asks the browser's authenticator, as JSON, and whether to "make" or to "sign".
    """

    action: str
    method: str
    encoding: str
    values: dict[str, str] = field(default_factory=dict)
    boxes: dict[str, str] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)
    needed: set[str] = field(default_factory=set)
    files: set[str] = field(default_factory=set)
    choices: dict[str, list[str]] = field(default_factory=dict)
    buttons: list[tuple[str, str, str]] = field(default_factory=list)
    repeated: dict[str, list[str]] = field(default_factory=dict)
    passkey: tuple[str, str] = ("", "")

    def take(self, name: str, value: str) -> None:
        """One more value that it would send untouched."""
        if name in self.values:
            self.repeated.setdefault(name, [self.values[name]]).append(value)
        self.values[name] = value


@dataclass
class Sheet:
    """What is on a page. `links`: (address, words). `pictures`: addresses. `drawings`: their titles.

    `squares`: the strokes of each drawn QR code, as its SVG path has them.
    """

    language: str = ""
    title: str = ""
    headings: list[str] = field(default_factory=list)
    words: str = ""
    links: list[tuple[str, str]] = field(default_factory=list)
    pictures: list[str] = field(default_factory=list)
    drawings: list[str] = field(default_factory=list)
    squares: list[str] = field(default_factory=list)
    forms: list[Form] = field(default_factory=list)


def read(html: str) -> Sheet:
    """The sheet of a page."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    reader.sheet.words = _squeezed("".join(reader.seen))
    return reader.sheet


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.sheet = Sheet()
        self.seen: list[str] = []
        self._open: list[str] = []
        self._form: Form | None = None
        self._list = ""
        self._collected: list[tuple[str, list[str], dict[str, str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "html":
            self.sheet.language = given.get("lang", "")
        elif tag == "form":
            self._form = Form(
                given.get("action", ""),
                given.get("method", "get").lower(),
                given.get("enctype", "application/x-www-form-urlencoded"),
                passkey=(given.get("data-passkey", ""), given.get("data-kind", "")),
            )
            self.sheet.forms.append(self._form)
        elif tag == "img":
            self.sheet.pictures.append(given.get("src", ""))
        elif tag in ("input", "textarea", "select"):
            self._field(tag, given)
        elif tag == "option" and self._list and self._form is not None:
            self._option(self._form, given)
        elif tag == "path" and "svg" in self._open and "stroke" in given:
            self.sheet.squares.append(given.get("d", ""))
        if tag in ("a", "h1", "title", "button"):
            self._collected.append((tag, [], given))
        if tag not in _VOID:
            self._open.append(tag)
        if tag not in ("a", "strong", "em", "span", "abbr", "b", "i"):
            self.handle_data(" ")

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop() != tag:
            pass
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._list = ""
        for place in range(len(self._collected) - 1, -1, -1):
            name, parts, given = self._collected[place]
            if name == tag:
                del self._collected[place]
                self._collect(tag, _squeezed("".join(parts)), given)
                break

    def handle_data(self, data: str) -> None:
        for _, parts, _ in self._collected:
            parts.append(data)
        if not _UNSEEN.intersection(self._open):
            self.seen.append(data)

    def _collect(self, tag: str, text: str, given: dict[str, str]) -> None:
        if tag == "a":
            self.sheet.links.append((given.get("href", ""), text))
        elif tag == "h1":
            self.sheet.headings.append(text)
        elif tag == "title" and "svg" in self._open:
            self.sheet.drawings.append(text)
        elif tag == "title":
            self.sheet.title = text
        elif tag == "button" and self._form is not None and given.get("type", "submit") == "submit":
            self._form.buttons.append((given.get("name", ""), given.get("value", ""), text))

    def _field(self, tag: str, given: dict[str, str]) -> None:
        name, kind = given.get("name", ""), given.get("type", "text") if tag == "input" else tag
        form = self._form
        if form is None or not name or "disabled" in given or kind in ("submit", "button"):
            return
        if kind == "checkbox":
            form.boxes[name] = given.get("value", "on")
            if "checked" in given:
                form.take(name, form.boxes[name])
        elif kind == "radio":
            form.choices.setdefault(name, []).append(given.get("value", "on"))
            if "checked" in given:
                form.values[name] = form.choices[name][-1]
        elif kind == "file":
            form.files.add(name)
        else:
            form.take(name, given.get("value", ""))
            self._list = name if kind == "select" else self._list
        if kind != "hidden":
            form.names.add(name)
        if "required" in given:
            form.needed.add(name)

    def _option(self, form: Form, given: dict[str, str]) -> None:
        choices = form.choices.setdefault(self._list, [])
        choices.append(given.get("value", ""))
        if len(choices) == 1 or "selected" in given:
            form.values[self._list] = choices[-1]


def _squeezed(text: str) -> str:
    return " ".join(text.split())

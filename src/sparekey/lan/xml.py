"""XML from strangers on the network, read safely into a small tree, and text made safe to put into XML.

Namespaces in XML 1.0. Document types, entities and processing instructions are refused; depth, elements, attributes
and bytes are bounded. The only error is InputError. `xml.sax.saxutils` is not used: it loads a whole web client.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NoReturn
from xml.parsers import expat

from sparekey.core.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

SCOPE_LIMIT = 64
"""Namespace prefixes in scope at once."""
NOT_XML = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that no document can hold."""
_SPLIT = "\n"  # cannot stand in a name, and becomes a space in an attribute


@dataclass(frozen=True)
class Limits:
    """What one document may cost. `size`: bytes; `depth`: elements inside one another; `nodes`: elements in all;
    `attributes`: of one element.
    """

    size: int = 256 * 1024
    depth: int = 32
    nodes: int = 4096
    attributes: int = 32


@dataclass(frozen=True)
class Element:
    """One element. `space`: its namespace, empty for none. `attributes`: by local name, or by
    `{namespace}name`. `text`: what stands directly inside it, stripped. `prefixes`: the namespaces in scope, by
    prefix, for values that hold names.
    """

    space: str
    name: str
    attributes: Mapping[str, str] = field(default_factory=dict)
    text: str = ""
    children: tuple[Element, ...] = ()
    prefixes: Mapping[str, str] = field(default_factory=dict, repr=False, compare=False)

    def all(self, name: str, space: str | None = None) -> Iterator[Element]:
        """The children of this local name; of any namespace when none is given."""
        return (
            child for child in self.children if child.name == name and (space is None or space == child.space)
        )

    def first(self, name: str, space: str | None = None) -> Element | None:
        """The first such child."""
        return next(self.all(name, space), None)

    def need(self, name: str, space: str | None = None) -> Element:
        """The first such child. Raises InputError (`xml`) when there is none."""
        child = self.first(name, space)
        if child is None:
            raise InputError("xml", f"the document has no {name}")
        return child

    def says(self, name: str, space: str | None = None) -> str:
        """The text of the first such child, empty when there is none."""
        child = self.first(name, space)
        return "" if child is None else child.text

    def qualified(self, name: str) -> tuple[str, str]:
        """A name used as a value, `prefix:local`, as (namespace, local name). The namespace of a prefix that was
        never declared is the prefix with its colon: nobody's namespace looks like that.
        """
        prefix, colon, local = name.rpartition(":")
        return self.prefixes.get(prefix, prefix + colon), local


DEFAULT = Limits()


def read_xml(data: bytes | str, limits: Limits = DEFAULT, *, partial: bool = False) -> Element:
    """The root of a document in UTF-8, whatever encoding it declares; white space and NUL around it are passed over.

    `partial`: of a document that breaks off, give what was complete. Raises InputError (`xml`, `oversize`).
    """
    if len(data) > limits.size:
        raise InputError("oversize", "this document is larger than any that is expected here")
    try:  # read as text first: the parser would follow a byte order mark into other encodings
        text = data if isinstance(data, str) else data.decode("utf-8-sig")
        clean = text.strip(" \t\r\n\0").encode()
    except UnicodeError:
        raise InputError("xml", "this text is not UTF-8") from None
    if len(clean) > limits.size:
        raise InputError("oversize", "this document is larger than any that is expected here")
    tree = _Tree(limits)
    try:
        tree.parser.Parse(clean, True)
    except expat.ExpatError:
        if not partial:
            raise InputError("xml", "this is not well-formed XML, or only a part of it") from None
        tree.break_off()
    if tree.root is None:
        raise InputError("xml", "the document is empty")
    return tree.root


def escape(text: str) -> str:
    """Text for an element or a double-quoted attribute. Characters that XML cannot hold become question marks."""
    return (
        NOT_XML.sub("?", text)
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace('"', "&quot;")
    )


class _Open:
    """An element that is not closed yet."""

    __slots__ = ("attributes", "children", "name", "prefixes", "space", "text")

    def __init__(
        self, space: str, name: str, attributes: dict[str, str], prefixes: Mapping[str, str]
    ) -> None:
        self.space = space
        self.name = name
        self.attributes = attributes
        self.prefixes = prefixes
        self.text: list[str] = []
        self.children: list[Element] = []

    def close(self) -> Element:
        text = "".join(self.text).strip()
        return Element(
            self.space, self.name, self.attributes, text, tuple(self.children), prefixes=self.prefixes
        )


class _Tree:
    def __init__(self, limits: Limits) -> None:
        self.root: Element | None = None
        self._limits = limits
        self._path: list[_Open] = []
        self._nodes = 0
        self._declared: dict[str, str] = {}
        self.parser = expat.ParserCreate("utf-8", _SPLIT)
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.parser.StartNamespaceDeclHandler = self._declare
        self.parser.StartDoctypeDeclHandler = self._refuse
        self.parser.EntityDeclHandler = self._refuse
        self.parser.ProcessingInstructionHandler = self._refuse

    def break_off(self) -> None:
        """Close what is open. The innermost is dropped, unless it has children: its text may be half."""
        innermost = True
        while self._path:
            if innermost and not self._path[-1].children and len(self._path) > 1:
                self._path.pop()
            else:
                self._end("")
            innermost = False

    def _declare(self, prefix: str | None, space: str | None) -> None:
        self._declared[prefix or ""] = space or ""

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._nodes += 1
        if len(self._path) >= self._limits.depth:
            raise InputError("xml", "the document is nested too deeply")
        if self._nodes > self._limits.nodes or len(attributes) > self._limits.attributes:
            raise InputError("xml", "the document has too many parts")
        scope: Mapping[str, str] = self._path[-1].prefixes if self._path else {}
        if self._declared:
            scope = {**scope, **self._declared}
            self._declared = {}
            if len(scope) > SCOPE_LIMIT:
                raise InputError("xml", "the document has too many parts")
        space, _, local = name.rpartition(_SPLIT)
        self._path.append(_Open(space, local, {_attribute(k): v for k, v in attributes.items()}, scope))

    def _end(self, _name: str) -> None:
        element = self._path.pop().close()
        if self._path:
            self._path[-1].children.append(element)
        else:
            self.root = element

    def _text(self, text: str) -> None:
        self._path[-1].text.append(text)

    def _refuse(self, *_declaration: object) -> NoReturn:
        raise InputError("xml", "the document uses a part of XML that nothing here needs")


def _attribute(name: str) -> str:
    space, split, local = name.rpartition(_SPLIT)
    return f"{{{space}}}{local}" if split else local

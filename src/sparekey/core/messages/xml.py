"""A request as XML, for people and programs that expect an XML export (spec/files.md section 7).

The readable elements are for the eye; `Data` decides. Where they disagree, nothing is taken.
"""

from __future__ import annotations

from xml.parsers import expat

from sparekey.core.errors import InputError
from sparekey.core.messages.armour import from_base64, to_lines
from sparekey.core.messages.request import Request, read_request

XML_LIMIT = 256 * 1024
"""Bytes of a document, at most."""
DEPTH_LIMIT = 4
"""Elements inside one another, at most."""
ROOT = "SparekeyRequest"
DATA = "Data"


def write_xml(request: Request) -> str:
    """The document's text. No value needs escaping: serials, models and numbers have none of XML's
    characters.
    """
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', f'<{ROOT} version="1">']
    lines += [f"  <{name}>{value}</{name}>" for name, value in _told(request).items()]
    lines += [f"  <{DATA}>", *to_lines(request.encoded), f"  </{DATA}>", f"</{ROOT}>"]
    return "\n".join(lines) + "\n"


def read_xml(document: str | bytes) -> Request:
    """The request in a document.

    UTF-8 only. Refused with InputError: a document type, entities, processing instructions, more than four
    levels, more than 256 KiB, another root or version, an element of ours twice or disagreeing with `Data`.
    Elements and attributes that are not ours are passed over.
    """
    try:  # read as text first: the parser would follow a byte order mark into other encodings
        data = (document if isinstance(document, str) else document.decode()).encode()
    except UnicodeError:
        raise InputError("xml", "this text is not UTF-8") from None
    if len(data) > XML_LIMIT:
        raise InputError("oversize", "this file is too large")
    reader = _Reader()
    try:
        reader.parser.Parse(data, True)
    except expat.ExpatError:
        raise InputError("xml", "this is not well-formed XML, or only a part of it") from None
    if DATA not in reader.found:
        raise InputError("xml", "the document holds no request")
    request = read_request(from_base64("".join(reader.found.pop(DATA).split())))
    told = _told(request)
    shown = {name: text.strip() for name, text in reader.found.items()}
    if any(name not in told or told[name].strip() != text for name, text in shown.items()):
        raise InputError("xml-disagrees", "what the file shows and what it holds are not the same")
    return request


def _told(request: Request) -> dict[str, str]:
    header = request.header
    told = {
        "Kind": header.kind.name.lower(),
        "Serial": header.identity.serial,
        "Model": header.identity.model,
        "Firmware": header.identity.firmware,
        "Number": header.number,
    }
    return told if header.made is None else {**told, "Made": str(header.made)}


_OURS = {"Kind", "Serial", "Model", "Firmware", "Number", "Made", DATA}


class _Reader:
    def __init__(self) -> None:
        self.found: dict[str, str] = {}
        self._path: list[str] = []
        self.parser = expat.ParserCreate("utf-8")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.parser.StartDoctypeDeclHandler = self._refuse
        self.parser.ProcessingInstructionHandler = self._refuse

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._path.append(name)
        if len(self._path) > DEPTH_LIMIT:
            raise InputError("xml", "the document is nested too deeply")
        if len(self._path) == 1 and (name != ROOT or attributes.get("version") != "1"):
            raise InputError("xml", "this is not a request of version 1")
        if len(self._path) == 2 and name in _OURS:
            if name in self.found:
                raise InputError("xml", "the document says something twice")
            self.found[name] = ""

    def _end(self, _name: str) -> None:
        self._path.pop()

    def _text(self, text: str) -> None:
        if len(self._path) == 2 and self._path[1] in self.found:
            self.found[self._path[1]] += text

    def _refuse(self, *_declaration: object) -> None:
        raise InputError("xml", "the document uses a part of XML that no request needs")

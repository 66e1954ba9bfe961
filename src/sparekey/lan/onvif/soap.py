"""SOAP 1.2 envelopes and faults (SOAP 1.2 Part 1; ONVIF Core Specification, section 5.11).

Written by template, escaped and read by `sparekey.lan.xml`.
"""

from __future__ import annotations

from dataclasses import dataclass

from sparekey.core.errors import InputError
from sparekey.lan.onvif.names import ADDRESSING, DEVICE, ENVELOPE, ERROR, SCHEMA, SECURITY
from sparekey.lan.xml import NOT_XML, Element, Limits, escape, read_xml

REQUEST = Limits(size=64 * 1024, depth=16, nodes=1024)
"""What one request may cost."""

_OPEN = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    f'<env:Envelope xmlns:env="{ENVELOPE}" xmlns:tds="{DEVICE}" xmlns:tt="{SCHEMA}">'
)
_CLOSE = "</env:Envelope>\n"
_UNDERSTOOD = {SECURITY, *ADDRESSING}


@dataclass(frozen=True)
class Fault:
    """What SOAP says instead of an answer.

    `code`: the local name in SOAP's namespace, such as `Sender`. `subcodes`: local names in ONVIF's, the outer one
    first. `reason`: one English sentence; ONVIF prescribes it. A fault that was read holds what the other side sent.
    """

    code: str
    subcodes: tuple[str, ...] = ()
    reason: str = ""


VERSION_MISMATCH = Fault("VersionMismatch", (), "SOAP version mismatch")
MUST_UNDERSTAND = Fault("MustUnderstand", (), "SOAP header blocks not understood")
WELL_FORMED = Fault("Sender", ("WellFormed",), "Well-formed Error")
NO_TAG = Fault("Sender", ("Tag",), "No Tag")
INVALID_ARGS = Fault("Sender", ("InvalidArgs",), "Invalid Args")
INVALID_ARGUMENT = Fault("Sender", ("InvalidArgVal",), "Argument Value Invalid")
UNKNOWN_ACTION = Fault("Sender", ("UnknownAction",), "Unknown Action")
PROHIBITED = Fault("Sender", ("OperationProhibited",), "Operation not Permitted")
NOT_AUTHORIZED = Fault("Sender", ("NotAuthorized",), "Sender not Authorized")
NOT_SUPPORTED = Fault("Receiver", ("ActionNotSupported",), "Optional Action Not Implemented")
NO_SUCH_SERVICE = Fault(
    "Receiver",
    ("ActionNotSupported", "NoSuchService"),
    "The requested WSDL service category is not supported by the device.",
)
ACTION_FAILED = Fault("Receiver", ("Action",), "Action Failed")


@dataclass(frozen=True)
class Envelope:
    """A message taken out of its envelope: the header blocks, and the one element in the body."""

    header: tuple[Element, ...]
    body: Element


def tag(name: str, text: str) -> str:
    """One element with text; `name` with its prefix, as `tt:Username`."""
    return f"<{name}>{escape(text)}</{name}>"


def travels(text: str) -> bool:
    """Whether an element can carry `text` and the other side reads the same: nothing that XML cannot hold or makes
    into something else, no white space around it.
    """
    return text == text.strip() and not NOT_XML.search(text)


def boolean(value: bool) -> str:
    """As XML Schema writes it."""
    return "true" if value else "false"


def write_envelope(body: str, header: str = "") -> bytes:
    """A whole message from markup that is already escaped. The prefixes `env`, `tds` and `tt` are declared."""
    inside = f"<env:Header>{header}</env:Header>" if header else ""
    return f"{_OPEN}{inside}<env:Body>{body}</env:Body>{_CLOSE}".encode()


def write_fault(fault: Fault) -> bytes:
    """A whole message that says `fault`."""
    subcode = ""
    for name in reversed(fault.subcodes):
        subcode = f"<env:Subcode><env:Value>ter:{name}</env:Value>{subcode}</env:Subcode>"
    return write_envelope(
        f'<env:Fault xmlns:ter="{ERROR}"><env:Code><env:Value>env:{fault.code}</env:Value>{subcode}</env:Code>'
        f'<env:Reason><env:Text xml:lang="en">{escape(fault.reason)}</env:Text></env:Reason></env:Fault>'
    )


def fault_status(fault: Fault) -> int:
    """The HTTP status that carries a fault (SOAP 1.2 Part 2, section 7.5.2.2)."""
    return 400 if fault.code == "Sender" else 500


def read_request(data: bytes) -> Envelope | Fault:
    """What a client sends, or the fault to answer it with. Raises nothing."""
    try:
        root = read_xml(data, REQUEST)
    except InputError:
        return WELL_FORMED
    if (root.space, root.name) != (ENVELOPE, "Envelope"):
        return VERSION_MISMATCH
    envelope = _opened(root)
    if envelope is None:
        return NO_TAG
    for block in envelope.header:
        if _must_be_understood(block) and block.space not in _UNDERSTOOD:
            return MUST_UNDERSTAND
    return envelope


def read_answer(data: bytes) -> Element | Fault:
    """What a device answers: the element in the body, or its fault. Raises InputError (`soap`, or the reader's)."""
    root = read_xml(data)
    envelope = _opened(root) if (root.space, root.name) == (ENVELOPE, "Envelope") else None
    if envelope is None:
        raise InputError("soap", "the device answered with something that is not a SOAP message")
    if (envelope.body.space, envelope.body.name) == (ENVELOPE, "Fault"):
        return _read_fault(envelope.body)
    return envelope.body


def only(parent: Element, name: str, space: str) -> Element | None:
    """The one child of this name; None where there is none, and where there are several."""
    found = list(parent.all(name, space))
    return found[0] if len(found) == 1 else None


def text_of(parent: Element, name: str, space: str = SCHEMA) -> str | None:
    """The text of the one child of this name that holds nothing but text; None where there is no such child."""
    found = only(parent, name, space)
    return None if found is None or found.children else found.text


def _must_be_understood(block: Element) -> bool:
    return block.attributes.get(f"{{{ENVELOPE}}}mustUnderstand", "").strip() in {"1", "true"}


def _opened(root: Element) -> Envelope | None:
    body = only(root, "Body", ENVELOPE)
    if body is None or len(body.children) != 1:
        return None
    header = only(root, "Header", ENVELOPE)
    return Envelope(header.children if header else (), body.children[0])


def _read_fault(element: Element) -> Fault:
    values = []
    at = only(element, "Code", ENVELOPE)
    while at is not None:
        values.append(at.says("Value", ENVELOPE).rpartition(":")[2])
        at = only(at, "Subcode", ENVELOPE)
    reason = only(element, "Reason", ENVELOPE)
    said = reason.says("Text", ENVELOPE) if reason else ""
    return Fault(values[0] if values else "", tuple(values[1:]), said)

"""Every message in words. Nothing here is checked against a key: it says what the message says of itself."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import singledispatch

from sparekey.core.crypto import key_id
from sparekey.core.errors import InputError
from sparekey.core.messages.enrol_reply import ReplyFile
from sparekey.core.messages.header import Kind
from sparekey.core.messages.key_file import KeyFile
from sparekey.core.messages.link_answer import LinkAnswer
from sparekey.core.messages.pairing import Pairing
from sparekey.core.messages.request import Request
from sparekey.core.messages.response import Response
from sparekey.core.messages.text import Answers, Requests, Responses
from sparekey.core.messages.trust import Trust, TrustFile
from sparekey.core.methods.security_code import Spoken
from sparekey.core.methods.spoken import shown_day, shown_start

HOUR = 3600
_ASKS = {
    Kind.MAIL: "asks the desk to mail a code to the address that is sealed inside",
    Kind.SUPPORT: "asks support for a file or a key",
    Kind.TECHNICIAN: "asks for the technician's unlock, which erases everything",
    Kind.ENROL: "makes the device known to the desk",
    Kind.NOTICE: "tells the desk what happened, so that it can tell the owner",
}
Lines = list[tuple[str, str]]
"""What is told: a word or two, and what there is to say."""


def told_of_numbers(spoken: Spoken, day: int) -> Lines:
    """What the copied numbers of a security code say."""
    lines = [
        ("What it is", "what is read out to support for a security code: nothing in it is secret"),
        ("Device", f"serial {spoken.serial}"),
        ("Start time", f"{shown_start(spoken.started)}, by the device's own clock"),
        ("Request number", spoken.number),
        ("Date", shown_day(day)),
    ]
    return [*lines, ("MAC", spoken.mac)] if spoken.mac else lines


@singledispatch
def tell(found: object) -> Lines:
    """What a message says of itself."""
    raise TypeError(type(found).__name__)


@tell.register
def _request(request: Request) -> Lines:
    header = request.header
    device = header.identity
    return [
        ("What it is", f"a request: it {_ASKS[header.kind]}"),
        ("Device", f"{device.model}, serial {device.serial}, firmware {device.firmware}"),
        ("Request number", header.number),
        ("Made", _moment(header.made) if header.made else "the device's clock was not set"),
        ("Valid for", _hours(header.valid)),
        ("For the desk", header.desk.hex()),
        ("Sealed to its key", header.key.hex()),
        ("Device's TLS key", _grouped(header.tls)),
        ("Known in the log as", request.hash.hex()),
        ("What it hides", "a sealed part that only the desk can open: nothing in it can be shown here"),
    ]


@tell.register
def _response(response: Response) -> Lines:
    answer = response.answer
    erases = answer.action.value == "erase-and-default"
    return [
        ("What it is", "a response file from a desk, for one device and one request"),
        ("Device", f"serial {answer.serial}"),
        ("It allows", "to ERASE the device and start again" if erases else "to set a new password, once"),
        ("Cameras too", "yes" if answer.cameras else "no"),
        ("Issued", _moment(answer.issued)),
        ("Valid until", _moment(answer.expires)),
        ("Approved by", ", ".join(key.hex() for key in answer.approvers) or "the desk's own rules"),
        ("From the desk", answer.desk.hex()),
        ("Answers the request", answer.request.hex()),
        ("Checked here", "no: only the device can tell whether it is genuine"),
    ]


@tell.register
def _key_file(file: KeyFile) -> Lines:
    return [
        ("What it is", "a key file: whoever has it can set a new password on this device. Keep it safe"),
        ("Device", f"serial {file.serial}"),
        ("Made", _moment(file.made) if file.made else "the device's clock was not set"),
        ("Generation", f"{file.generation}; it stops working at the next recovery"),
        ("What it hides", "a secret that is not shown here"),
    ]


@tell.register
def _trust_file(file: TrustFile) -> Lines:
    return [*_trust(file.unproved), ("Checked here", "no: a device checks it with its maker's root key")]


def _trust(trust: Trust) -> Lines:
    lines = [
        ("What it is", "a trust file: it tells a device which desk may help its owner"),
        ("Desk", f"{trust.name} ({trust.desk.hex()})"),
        ("Its address", trust.prefix),
        ("Version", str(trust.version)),
    ]
    lines += [
        (f"Keys for {purpose.name.lower()}", ", ".join(key_id(key).hex() for key in keys))
        for purpose, keys in trust.sealing
    ]
    lines.append(("Signs with", ", ".join(key_id(key).hex() for key in trust.signing)))
    lines.append(("Revoked keys", ", ".join(key.hex() for key in trust.revoked) or "none"))
    lines.append(("Log", ", ".join(sorted({key.name for key in trust.logs})) or "none"))
    return lines


@tell.register
def _pairing(pairing: Pairing) -> Lines:
    return [
        (
            "What it is",
            "a pairing code: a phone that scans it lists this device among its own. It works once",
        ),
        ("Device", f"serial {pairing.serial}"),
        ("What it hides", "a one-time token that is not shown here"),
    ]


@tell.register
def _reply(_reply: ReplyFile) -> Lines:
    return [("What it is", "a desk's answer to an enrolment: give it to the device that asked")]


@tell.register
def _requests(found: Requests) -> Lines:
    return _many("requests", found.items)


@tell.register
def _responses(found: Responses) -> Lines:
    return _many("response files", found.items)


@tell.register
def _answers(found: Answers) -> Lines:
    return _many("answers to the letters of devices", found.items)


@tell.register
def _answer(answer: LinkAnswer) -> Lines:
    return [("Device", f"its letter {answer.request.hex()} was answered “{answer.verdict.value}”")]


def _many(what: str, items: tuple[object, ...]) -> Lines:
    broken = sum(isinstance(item, InputError) for item in items)
    lines: Lines = [("What it is", f"{len(items)} {what} in one file"), ("Cannot be read", str(broken))]
    for place, item in enumerate(items, 1):
        if isinstance(item, InputError):
            lines.append((f"Number {place}", f"cannot be read: {item.hint}"))
        else:
            lines += [(f"Number {place}", told) for name, told in tell(item) if name == "Device"]
    return lines


def _moment(seconds: int) -> str:
    try:
        return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M UTC")
    except (ValueError, OverflowError, OSError):
        return "a time that no calendar has"


def _hours(seconds: int) -> str:
    return f"{seconds // HOUR} hours" if seconds >= HOUR else f"{seconds // 60} minutes"


def _grouped(data: bytes) -> str:
    text = data.hex()
    return " ".join(text[start : start + 8] for start in range(0, len(text), 8))

"""Whatever somebody pasted, opened or scanned: what is it, and what does it say (spec/files.md section 8)?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sparekey.core.errors import InputError
from sparekey.core.messages.armour import BATCH_ARMOUR_LIMIT, FileKind, kind_of, unwrap
from sparekey.core.messages.batch import read_requests, read_responses
from sparekey.core.messages.enrol_reply import ReplyFile, is_reply_link, read_reply, read_reply_link
from sparekey.core.messages.key_file import KeyFile, read_key_file
from sparekey.core.messages.link import read_link
from sparekey.core.messages.link_answer import LinkAnswer, read_carried_batch
from sparekey.core.messages.pairing import Pairing, is_pairing, read_pairing
from sparekey.core.messages.request import Request, read_request
from sparekey.core.messages.response import Response, read_response
from sparekey.core.messages.trust import TrustFile, parse_trust
from sparekey.core.messages.xml import read_xml


@dataclass(frozen=True)
class Requests:
    """A file for many devices, each item in its place."""

    items: tuple[Request | InputError, ...]


@dataclass(frozen=True)
class Responses:
    """Answers for many devices, each item in its place."""

    items: tuple[Response | InputError, ...]


@dataclass(frozen=True)
class Answers:
    """What a desk answered to the letters of one file, each item in its place."""

    items: tuple[LinkAnswer | InputError, ...]


Found = Request | Requests | Response | Responses | ReplyFile | Answers | KeyFile | TrustFile | Pairing
"""What a text can hold. It parsed; no signature, MAC or seal was looked at."""

_READERS: dict[FileKind, Callable[[bytes], Found]] = {
    FileKind.REQUEST: read_request,
    FileKind.REQUESTS: lambda data: Requests(tuple(read_requests(data))),
    FileKind.RESPONSE: read_response,
    FileKind.RESPONSES: lambda data: Responses(tuple(read_responses(data))),
    FileKind.REPLY: read_reply,
    FileKind.ANSWERS: lambda data: Answers(tuple(read_carried_batch(data))),
    FileKind.KEY: read_key_file,
    FileKind.TRUST: parse_trust,
}


def read_any(given: str | bytes) -> Found:
    """Recognise a link, its last part alone, an armoured file, or the XML of a request. Raises InputError,
    and nothing else, for everything that is none of these.
    """
    text = as_text(given)
    if text.lstrip().startswith("<"):
        return read_xml(text)
    if "-----BEGIN " in text:
        kind = kind_of(text)
        return _READERS[kind](unwrap(kind, text))
    if is_reply_link(text):
        return read_reply_link(text)
    return read_pairing(text) if is_pairing(text) else read_link(text)


def as_text(given: str | bytes) -> str:
    """What was pasted or opened, as text. Raises InputError (`oversize`, `not-text`)."""
    if len(given) > BATCH_ARMOUR_LIMIT:
        raise InputError("oversize", "this file is too large")
    if isinstance(given, bytes):
        try:
            given = given.decode()
        except UnicodeDecodeError:
            raise InputError("not-text", "this file holds no text; open the one that was saved") from None
    return given.removeprefix("\ufeff")

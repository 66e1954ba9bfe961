"""Vectors of what people paste, open and scan."""

from __future__ import annotations

from collections.abc import Iterator

from sparekey.core import crypto
from sparekey.core.codec import encode
from sparekey.core.codes import to_base32
from sparekey.core.messages.armour import FileKind, wrap
from sparekey.core.messages.batch import make_batch
from sparekey.core.messages.enrol_reply import make_reply, reply_link
from sparekey.core.messages.header import Kind
from sparekey.core.messages.link_answer import LinkAnswer, LinkVerdict
from sparekey.core.messages.pairing import pairing_link
from sparekey.core.messages.request import read_request
from sparekey.core.messages.response import make_response
from sparekey.core.messages.trust import sign_trust
from sparekey.core.messages.xml import write_xml
from tests.core.messages_samples import (
    ANSWER,
    DEVICE_KEY,
    FILE_SECRET,
    KEY_FILE,
    PAIRING,
    PROOF,
    REPLY,
    ROOT,
    SERIAL,
    SIGNING,
    TRUST,
)
from tests.vectors.messages.part import PREFIX, changed, request
from tests.vectors.vector import vector


def texts() -> Iterator[str]:
    data = request(Kind.SUPPORT)
    xml, armoured = write_xml(read_request(data)), wrap(FileKind.REQUEST, data, {"Device": SERIAL})
    link = PREFIX + to_base32(data)

    def request_in(text: str) -> dict[str, object]:
        return {"text": text, "holds": "request", "bytes": data}

    for name, text in (
        ("a link", link),
        ("a link in small letters", link.lower()),
        ("a link on two lines", link[:70] + "\r\n" + link[70:]),
        ("the last part of a link", to_base32(data)),
        ("an armoured request", armoured),
        ("an armoured request in a mail", "Hello,\r\n" + armoured.replace("\n", " \r\n") + "Bye\r\n"),
        ("XML", xml),
        ("XML that shows nothing", xml[: xml.index("  <Kind>")] + xml[xml.index("  <Data>") :]),
        ("XML with an element of somebody else", xml.replace("  <Data>", "  <Note>ours</Note><Data>")),
    ):
        yield vector(name, "ok", request_in(text))
    batch = make_batch([data, b"broken", data])
    many: dict[str, object] = {
        "text": wrap(FileKind.REQUESTS, batch, {}),
        "holds": "requests",
        "items": [data, None, data],
    }
    yield vector("three requests, one broken", "ok", many)
    hashed = LinkAnswer(LinkVerdict.TAKEN, request=crypto.sha256(data)).encoded
    answers: dict[str, object] = {
        "text": wrap(
            FileKind.ANSWERS, make_batch([hashed, LinkAnswer(LinkVerdict.OLD).encoded, b"broken"]), {}
        ),
        "holds": "answers",
        "items": [hashed, None, None],
    }
    yield vector("three answers, one that names no letter, one broken", "ok", answers)
    for name, kind, holds, inside in (
        ("a key file", FileKind.KEY, "key-file", KEY_FILE.encoded),
        ("a trust file", FileKind.TRUST, "trust", sign_trust(TRUST, ROOT)),
        ("a response", FileKind.RESPONSE, "response", make_response(ANSWER, FILE_SECRET, SIGNING, PROOF)),
        ("an enrolment reply", FileKind.REPLY, "reply", make_reply(REPLY, DEVICE_KEY)),
    ):
        yield vector(name, "ok", {"text": wrap(kind, inside, {}), "holds": holds, "bytes": inside})
    reply = make_reply(REPLY, DEVICE_KEY)
    answer = reply_link(PREFIX, reply)
    small = answer.lower()
    for name, text in (
        ("an enrolment reply as a link", answer),
        ("an enrolment reply as a link in small letters on two lines", small[:70] + "\n" + small[70:]),
    ):
        yield vector(name, "ok", {"text": text, "holds": "reply", "bytes": reply})
    pairing = pairing_link(PREFIX, PAIRING)
    yield vector("a pairing link", "ok", {"text": pairing, "holds": "pairing", "bytes": PAIRING.encoded})
    short_key = wrap(FileKind.KEY, changed(KEY_FILE.encoded, {4: bytes(31)}), {})
    for name, slug, text in (
        ("nothing", "empty", ""),
        ("a link cut short", "base32", link[:-1]),
        ("armour without its end", "armour", armoured[:-20]),
        ("armour with a character missing", "armour", armoured.replace("=\n-----END", "\n-----END")),
        ("armour twice", "armour", armoured + armoured),
        ("armour of something else", "armour", armoured.replace("SPAREKEY", "ANOTHER")),
        ("a batch of nobody", "batch-size", wrap(FileKind.REQUESTS, encode([]), {})),
        ("a batch with a text in it", "batch", wrap(FileKind.REQUESTS, encode(["text"]), {})),
        ("a key file with a short secret", "field", short_key),
        (
            "a pairing with a short token",
            "field",
            PREFIX[:-2] + "P/" + to_base32(changed(PAIRING.encoded, {4: b""})),
        ),
        ("XML that shows another serial", "xml-disagrees", xml.replace("0001</Serial>", "0002</Serial>")),
        ("XML that says it twice", "xml", xml.replace("  <Data>", "  <Kind>support</Kind><Data>")),
        ("XML with a document type", "xml", xml.replace("<Sparekey", "<!DOCTYPE a><Sparekey", 1)),
        ("XML with an instruction", "xml", xml.replace("<Sparekey", "<?a b?><Sparekey", 1)),
        ("XML with an unknown entity", "xml", xml.replace("<Data>", "<Data>&a;")),
        ("XML of five levels", "xml", xml.replace("<Data>", "<A><B><C><D/></C></B></A><Data>")),
        (
            "XML of another version",
            "xml",
            xml.replace('<SparekeyRequest version="1"', '<SparekeyRequest version="2"'),
        ),
        ("XML without data", "xml", xml.replace("Data>", "Date>")),
    ):
        yield vector(name, f"malformed {slug}", {"text": text})

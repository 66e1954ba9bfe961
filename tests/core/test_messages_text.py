"""XML, links, and finding out what somebody pasted."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sparekey.core.errors import InputError
from sparekey.core.messages import text as texts
from sparekey.core.messages.armour import FileKind, wrap
from sparekey.core.messages.batch import make_batch
from sparekey.core.messages.enrol_reply import ReplyFile, make_reply, read_reply, reply_link
from sparekey.core.messages.header import Kind
from sparekey.core.messages.link import link, read_link
from sparekey.core.messages.pairing import pairing_link
from sparekey.core.messages.request import Request, seal_body
from sparekey.core.messages.response import Response, make_response
from sparekey.core.messages.text import Requests, Responses, read_any
from sparekey.core.messages.trust import TrustFile, sign_trust
from sparekey.core.messages.xml import XML_LIMIT, read_xml, write_xml
from tests.core.messages_samples import (
    ANSWER,
    BODIES,
    DEVICE_KEY,
    FILE_SECRET,
    FULL_TRUST,
    KEY_FILE,
    PAIRING,
    PROOF,
    PUBLIC,
    REPLY,
    ROOT,
    SIGNING,
    header,
)

REQUEST = seal_body(header(Kind.SUPPORT), BODIES[Kind.SUPPORT], PUBLIC[Kind.SUPPORT.purpose])
RESPONSE = make_response(ANSWER, FILE_SECRET, SIGNING, PROOF)
PREFIX = "HTTPS://DESK.EXAMPLE.COM/R/"
XML = write_xml(REQUEST)


def test_xml_shows_the_request_and_reads_back() -> None:
    assert '<SparekeyRequest version="1">' in XML
    assert "<Serial>PX-3216-0001</Serial>" in XML
    assert "<Kind>support</Kind>" in XML
    for document in (XML, XML.encode(), "\ufeff" + XML, XML.replace("\n", "\r\n"), XML.replace("  ", "")):
        assert read_xml(document) == REQUEST
    without = seal_body(
        replace(REQUEST.header, made=None), BODIES[Kind.SUPPORT], PUBLIC[Kind.SUPPORT.purpose]
    )
    assert "Made" not in write_xml(without)
    assert read_xml(write_xml(without)) == without


def test_xml_may_say_less_or_more_than_we_do() -> None:
    start = XML.index("<Kind>")
    bare = XML[:start] + XML[XML.index("<Data>") :]
    assert read_xml(bare) == REQUEST
    more = XML.replace("<Data>", "<!-- a note --><Extra lang='en'>x<Serial>y</Serial></Extra><Data>")
    assert read_xml(more) == REQUEST


@pytest.mark.meets("asvs-2.2.3")
@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("PX-3216-0001</Serial>", "PX-3216-0002</Serial>"),
        ("<Kind>support", "<Kind>mail"),
        ("<Made>1700000000", "<Made>1700000001"),
        ("<Data>", "<Made>1</Made><Data>"),
        ('version="1"', 'version="2"'),
        (' version="1">', ">"),
        ("SparekeyRequest", "Request"),
        ("<Data>", "<Data/><Data>"),
        ("<Data>", "<Other>"),
        ("Data>", "Other>"),
        ("<Data>", "<Data><A><B><C/></B></A>"),
        ("<Data>", "<Data>!"),
        ("</SparekeyRequest>", ""),
        ("<Sparekey", "<!DOCTYPE a><Sparekey"),
        ("<Sparekey", '<!DOCTYPE a [<!ENTITY x "y">]><Sparekey'),
        ("<Sparekey", '<!DOCTYPE a SYSTEM "http://192.0.2.1/x"><Sparekey'),
        ("<Sparekey", "<?php x ?><Sparekey"),
        ("<Data>", "<Data>&x;"),
        ("<Data>", "\x00<Data>"),
        ("<Data>", "\ud800<Data>"),
        ("</Sparekey", " " * XML_LIMIT + "</Sparekey"),
    ],
)
def test_xml_that_disagrees_or_does_more_than_it_needs_is_not_read(old: str, new: str) -> None:
    with pytest.raises(InputError):
        read_xml(XML.replace(old, new))


def test_xml_in_another_encoding_is_not_read() -> None:
    with pytest.raises(InputError):
        read_xml(XML.encode("utf-16"))
    with pytest.raises(InputError):
        read_xml(XML.encode() + b"\xff")


def test_a_link_is_read_however_it_was_pasted() -> None:
    text = link(PREFIX, REQUEST)
    for pasted in (text, text.lower(), text[:60] + "\n" + text[60:], text.rpartition("/")[2]):
        assert read_link(pasted) == REQUEST
    for wrong in ("", PREFIX, "A" * 2000, "A" * 5000, text[:-1], "é"):
        with pytest.raises(InputError):
            read_link(wrong)


def test_anything_of_ours_is_recognised() -> None:
    text = link(PREFIX, REQUEST)
    armoured = wrap(FileKind.REQUEST, REQUEST.encoded, {"Device": "PX-3216-0001"})
    for given in (
        text,
        text.rpartition("/")[2],
        armoured,
        armoured.encode(),
        b"\xef\xbb\xbf" + armoured.encode(),
        XML,
    ):
        assert read_any(given) == REQUEST
    assert read_any(link("HTTPS://DESK.EXAMPLE.COM/P/R/", REQUEST)) == REQUEST
    assert read_any(pairing_link(PREFIX, PAIRING)) == PAIRING
    assert read_any(wrap(FileKind.KEY, KEY_FILE.encoded, {})) == KEY_FILE
    found = read_any(wrap(FileKind.RESPONSE, RESPONSE, {}))
    assert isinstance(found, Response)
    assert found.answer == ANSWER
    trust = read_any(wrap(FileKind.TRUST, sign_trust(FULL_TRUST, ROOT), {}))
    assert isinstance(trust, TrustFile)
    assert trust.unproved == FULL_TRUST
    reply = read_any(wrap(FileKind.REPLY, make_reply(REPLY, DEVICE_KEY), {}))
    assert isinstance(reply, ReplyFile)


def test_files_for_many_devices_are_recognised() -> None:
    many = read_any(wrap(FileKind.REQUESTS, make_batch([REQUEST.encoded, b"broken"]), {}))
    assert isinstance(many, Requests)
    assert isinstance(many.items[0], Request)
    assert isinstance(many.items[1], InputError)
    answers = read_any(wrap(FileKind.RESPONSES, make_batch([RESPONSE]), {}))
    assert isinstance(answers, Responses)


@pytest.mark.parametrize(
    "given",
    [
        "",
        " ",
        b"",
        b"\x89PNG\r\n",
        b"\xff\xfe",
        "<",
        "hello",
        "\ud800",
        "-----BEGIN SPAREKEY",
        "HTTPS://X/P/",
        "😀",
    ],
)
def test_what_is_none_of_ours_is_told(given: str | bytes) -> None:
    with pytest.raises(InputError):
        read_any(given)


def test_what_is_too_large_is_not_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(texts, "BATCH_ARMOUR_LIMIT", 10)
    with pytest.raises(InputError, match="oversize"):
        read_any("x" * 11)


def test_a_reply_is_read_as_a_link_however_it_was_pasted() -> None:
    data = make_reply(REPLY, DEVICE_KEY)
    text = reply_link("HTTPS://DESK.EXAMPLE.COM/R/", data)
    assert text.startswith("HTTPS://DESK.EXAMPLE.COM/E/")
    for pasted in (text, text.lower(), f" {text[:40]}\n{text[40:]} "):
        assert read_any(pasted) == read_reply(data)
    with pytest.raises(InputError):
        read_any(text[:-3])

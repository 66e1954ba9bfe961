"""Envelopes and faults: what comes in is judged, what goes out is what the Core Specification says."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sparekey.core.errors import InputError
from sparekey.lan.onvif import soap
from sparekey.lan.onvif.names import ADDRESSING, DEVICE, ENVELOPE, SECURITY
from sparekey.lan.onvif.soap import Envelope, Fault

GET_USERS = f'<GetUsers xmlns="{DEVICE}"/>'


def enveloped(body: str = GET_USERS, header: str = "", space: str = ENVELOPE) -> bytes:
    return f'<e:Envelope xmlns:e="{space}">{header}<e:Body>{body}</e:Body></e:Envelope>'.encode()


def block(space: str, must: str) -> str:
    return f'<e:Header><x:Block xmlns:x="{space}" e:mustUnderstand="{must}"/></e:Header>'


def test_a_message_comes_out_of_its_envelope() -> None:
    envelope = soap.read_request(enveloped(header=block(SECURITY, "1")))
    assert isinstance(envelope, Envelope)
    assert (envelope.body.space, envelope.body.name) == (DEVICE, "GetUsers")
    assert [each.name for each in envelope.header] == ["Block"]


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (b"<e:Envelope", soap.WELL_FORMED),
        (b"\xff\xfe<\x00a\x00", soap.WELL_FORMED),
        (b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', soap.WELL_FORMED),
        (enveloped("<a>" * 40 + "</a>" * 40), soap.WELL_FORMED),
        (enveloped("<a/>" * 2000), soap.WELL_FORMED),
        (enveloped(f"<a>{'x' * soap.REQUEST.size}</a>"), soap.WELL_FORMED),
        (enveloped(space="http://schemas.xmlsoap.org/soap/envelope/"), soap.VERSION_MISMATCH),
        (b"<html/>", soap.VERSION_MISMATCH),
        (enveloped(""), soap.NO_TAG),
        (enveloped(GET_USERS * 2), soap.NO_TAG),
        (f'<e:Envelope xmlns:e="{ENVELOPE}"/>'.encode(), soap.NO_TAG),
        (enveloped(header=block("urn:example:strange", "true")), soap.MUST_UNDERSTAND),
    ],
)
def test_what_is_no_message_is_answered_with_the_generic_fault(data: bytes, fault: Fault) -> None:
    assert soap.read_request(data) == fault


@pytest.mark.parametrize(
    ("space", "must"), [("urn:example:strange", "0"), (ADDRESSING[0], "1"), (ADDRESSING[1], "1")]
)
def test_headers_that_need_nothing_of_us_are_passed_over(space: str, must: str) -> None:
    assert isinstance(soap.read_request(enveloped(header=block(space, must))), Envelope)


def test_a_fault_has_its_codes_inside_one_another_and_comes_back_as_it_was() -> None:
    fault = Fault("Sender", ("InvalidArgVal", "UsernameMissing"), "Username <not> recognized.")
    written = soap.write_fault(fault)
    inner = "<env:Subcode><env:Value>ter:UsernameMissing</env:Value></env:Subcode>"
    outer = f"<env:Subcode><env:Value>ter:InvalidArgVal</env:Value>{inner}</env:Subcode>"
    assert f"<env:Code><env:Value>env:Sender</env:Value>{outer}</env:Code>".encode() in written
    assert b'xmlns:ter="http://www.onvif.org/ver10/error"' in written
    assert soap.read_answer(written) == fault


@pytest.mark.parametrize(
    ("fault", "status"), [(soap.NOT_AUTHORIZED, 400), (soap.NOT_SUPPORTED, 500), (soap.MUST_UNDERSTAND, 500)]
)
def test_the_http_status_is_the_one_of_the_soap_binding(fault: Fault, status: int) -> None:
    assert soap.fault_status(fault) == status


@pytest.mark.parametrize("data", [b"", b"<html/>", enveloped(""), enveloped(GET_USERS * 2)])
def test_an_answer_that_is_none_is_an_input_error(data: bytes) -> None:
    with pytest.raises(InputError):
        soap.read_answer(data)


def test_a_bare_fault_is_still_a_fault() -> None:
    assert soap.read_answer(enveloped(f'<e:Fault xmlns:e="{ENVELOPE}"/>')) == Fault("")


@given(st.text())
def test_text_survives_or_is_known_not_to(text: str) -> None:
    envelope = soap.read_request(soap.write_envelope(soap.tag("tds:Model", text)))
    assert isinstance(envelope, Envelope)
    assert not soap.travels(text) or envelope.body.text == text


PIECES = st.sampled_from(
    [
        "<e:Envelope>", f'<e:Envelope xmlns:e="{ENVELOPE}">', "</e:Envelope>", "<e:Body>", "</e:Body>", "<e:Header>",
        "</e:Header>", "<e:Fault>", "</e:Fault>", "<e:Code>", "</e:Code>", "<e:Subcode>", "</e:Subcode>", GET_USERS,
        "&amp;", "&x;", "<![CDATA[", "]]>", "<!--", "-->", "<?x?>", "\0", "text",
    ]
)  # fmt: skip


@given(st.one_of(st.binary(), st.lists(PIECES).map(lambda pieces: "".join(pieces).encode())))
def test_nothing_from_outside_makes_the_reader_raise_anything_else(data: bytes) -> None:
    assert isinstance(soap.read_request(data), (Envelope, Fault))
    try:
        soap.read_answer(data)
    except InputError:
        return

"""Reading: what was written comes back, what comes back would be written the same, and nothing else is ever
raised.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sparekey.core.codec import encode
from sparekey.core.codes import (
    ALPHABET,
    code_from_bits,
    from_base32,
    read_code,
    read_number,
    read_saved,
    saved_from_bits,
    spell,
    to_base32,
)
from sparekey.core.errors import InputError
from sparekey.core.messages.armour import FileKind, unwrap, wrap
from sparekey.core.messages.batch import make_batch, read_requests, read_responses
from sparekey.core.messages.enrol_reply import make_reply, read_reply
from sparekey.core.messages.header import Header, Kind, read_header
from sparekey.core.messages.key_file import KeyFile, read_key_file
from sparekey.core.messages.link import link, read_link
from sparekey.core.messages.pairing import SERIES_LIMIT, make_pairing, pairing_link, read_pairing
from sparekey.core.messages.request import Request, read_request, seal_body
from sparekey.core.messages.response import make_response, read_response
from sparekey.core.messages.text import read_any
from sparekey.core.messages.trust import parse_trust, sign_trust
from sparekey.core.messages.xml import read_xml, write_xml
from sparekey.core.values import Identity
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

PREFIX = "HTTPS://DESK.EXAMPLE.COM/R/"
REQUEST = seal_body(header(Kind.SUPPORT), BODIES[Kind.SUPPORT], PUBLIC[Kind.SUPPORT.purpose])
READERS: dict[str, tuple[Callable[[bytes], object], bytes]] = {
    "request": (read_request, REQUEST.encoded),
    "requests": (read_requests, make_batch([REQUEST.encoded, REQUEST.encoded])),
    "response": (read_response, make_response(ANSWER, FILE_SECRET, SIGNING, PROOF)),
    "responses": (read_responses, make_batch([make_response(ANSWER, FILE_SECRET, SIGNING, PROOF)])),
    "key file": (read_key_file, KEY_FILE.encoded),
    "trust file": (parse_trust, sign_trust(FULL_TRUST, ROOT)),
    "reply": (read_reply, make_reply(REPLY, DEVICE_KEY)),
    "header": (read_header, header(Kind.NOTICE).encoded),
}
TEXTS = [
    link(PREFIX, REQUEST),
    pairing_link(PREFIX, PAIRING),
    write_xml(REQUEST),
    wrap(FileKind.REQUEST, REQUEST.encoded, {"Device": "PX-3216-0001"}),
    wrap(FileKind.KEY, KEY_FILE.encoded, {}),
    wrap(FileKind.TRUST, sign_trust(FULL_TRUST, ROOT), {}),
    wrap(FileKind.REQUESTS, make_batch([REQUEST.encoded]), {}),
]
names = st.text("ABCdef019 ._/-", min_size=1, max_size=24)
identities = st.builds(Identity, names, names, names)
numbers = st.text(ALPHABET, min_size=8, max_size=8)
walls = st.none() | st.integers(0, 1 << 40)


def quiet(read: Callable[[], object]) -> None:
    """It reads, or it says InputError."""
    try:
        read()
    except InputError:
        return


@given(st.integers(0, (1 << 35) - 1))
def test_every_code_reads_back_in_both_spellings(bits: int) -> None:
    code = code_from_bits(bits)
    assert read_code(code.shown) == read_code(code.shown_digits) == code
    assert code.bits == bits
    assert len(spell(code, "cs")) == 8


@pytest.mark.meets("nist-recovery-saved")
@given(st.integers(0, (1 << 65) - 1))
def test_every_saved_code_reads_back(bits: int) -> None:
    code = saved_from_bits(bits)
    assert read_saved(code.shown.lower()) == code
    assert code.bits == bits


@given(st.text())
@example("\ud800")
@example("ß" * 8)
def test_reading_what_was_typed_never_breaks(typed: str) -> None:
    quiet(lambda: read_code(typed))
    quiet(lambda: read_saved(typed))
    quiet(lambda: read_number(typed))


@given(st.text(ALPHABET + "OIL- ", max_size=20))
def test_no_text_is_a_code_in_both_spellings_or_a_saved_one_too(typed: str) -> None:
    found = []
    for read in (read_code, read_saved):
        try:
            found.append(read(typed).text)
        except InputError:
            continue
    assert len(found) <= 1


@given(st.binary(max_size=3000))
def test_bytes_have_exactly_one_text(data: bytes) -> None:
    text = to_base32(data)
    assert from_base32(text) == data
    assert unwrap(FileKind.KEY, wrap(FileKind.KEY, data, {"A": "b"})) == data


@given(st.text(ALPHABET, max_size=40))
def test_a_text_that_reads_is_the_one_that_is_written(text: str) -> None:
    try:
        data = from_base32(text)
    except InputError:
        return
    assert to_base32(data) == text


@given(
    st.sampled_from(Kind),
    st.binary(min_size=8, max_size=8),
    identities,
    numbers,
    st.binary(min_size=32, max_size=32),
    st.integers(1, 14 * 86_400),
    walls,
)
def test_every_header_reads_back(
    kind: Kind, ident: bytes, identity: Identity, number: str, tls: bytes, valid: int, made: int | None
) -> None:
    written = Header(kind, ident, ident, identity, number, tls, valid, made)
    assert read_header(written.encoded) == written
    request = read_request(encode([written.encoded, bytes(60)]))
    assert read_link(link(PREFIX, request)) == read_xml(write_xml(request)) == request


@given(
    names,
    st.integers(1, 1 << 62),
    st.binary(min_size=32, max_size=32),
    st.binary(min_size=16, max_size=16),
    walls,
)
def test_every_key_file_and_pairing_reads_back(
    serial: str, generation: int, secret: bytes, salt: bytes, made: int | None
) -> None:
    file = KeyFile(serial, generation, secret, salt, made)
    assert read_key_file(file.encoded) == file
    pairing = make_pairing(
        secret,
        desk=secret[:8],
        token=salt,
        serial=serial,
        series=min(generation, SERIES_LIMIT),
        age=made or 0,
    )
    assert read_pairing(pairing_link(PREFIX, pairing)) == pairing


@pytest.mark.parametrize("name", READERS)
@given(data=st.data())
def test_changed_bytes_read_or_are_told(name: str, data: st.DataObject) -> None:
    read, good = READERS[name]
    changed = bytearray(good)
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.integers(0, len(changed)))
        edit = data.draw(st.sampled_from(("set", "cut", "add")))
        if edit == "set":
            changed[place : place + 1] = bytes([data.draw(st.integers(0, 255))])
        elif edit == "cut":
            del changed[place:]
        else:
            changed[place:place] = data.draw(st.binary(max_size=8))
    quiet(lambda: read(bytes(changed)))


@pytest.mark.parametrize("name", READERS)
@given(raw=st.binary(max_size=200))
def test_any_bytes_read_or_are_told(name: str, raw: bytes) -> None:
    quiet(lambda: READERS[name][0](raw))


@given(st.data())
def test_changed_texts_read_or_are_told(data: st.DataObject) -> None:
    text = data.draw(st.sampled_from(TEXTS))
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    put = data.draw(
        st.text(max_size=10) | st.sampled_from(("<!DOCTYPE a>", "&amp;", "-----END ", "\n\n", "/P/", "<a>"))
    )
    changed = text[:start] + put + text[end:]
    quiet(lambda: read_any(changed))
    quiet(lambda: read_any(changed.encode(errors="surrogatepass")))


@given(st.text() | st.binary())
def test_any_text_reads_or_is_told(given_text: str | bytes) -> None:
    quiet(lambda: read_any(given_text))
    quiet(lambda: read_xml(given_text))


@given(st.lists(st.binary(max_size=60), min_size=1, max_size=20))
def test_T26_a_batch_keeps_every_item_in_its_place(items: list[bytes]) -> None:
    mixed = [*items, REQUEST.encoded]
    read = read_requests(make_batch(mixed))
    assert len(read) == len(mixed)
    assert isinstance(read[-1], Request)

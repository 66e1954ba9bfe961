"""Armour, batches, key files, pairing links, enrolment replies."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sparekey.core.codec import Value, decode, encode
from sparekey.core.codes import to_base32
from sparekey.core.errors import InputError, MisuseError, UntrustedError
from sparekey.core.messages import armour, batch
from sparekey.core.messages.armour import FileKind, kind_of, unwrap, wrap
from sparekey.core.messages.batch import BATCH_MOST, make_batch, read_requests, read_responses
from sparekey.core.messages.enrol_reply import REPLY_LIMIT, check_reply, make_reply, read_reply
from sparekey.core.messages.header import Kind
from sparekey.core.messages.key_file import KEY_FILE_LIMIT, read_key_file
from sparekey.core.messages.notice import AGE_LIMIT
from sparekey.core.messages.pairing import (
    PAIRING_LIMIT,
    SERIES_LIMIT,
    paired_code,
    pairing_link,
    read_pairing,
)
from sparekey.core.messages.request import Request, read_request, seal_body
from sparekey.core.messages.response import Response, make_response
from tests.core.messages_samples import (
    ANSWER,
    BODIES,
    DEVICE_KEY,
    FILE_SECRET,
    KEY_FILE,
    PAIRING,
    PROOF,
    PUBLIC,
    REPLY,
    SIGNING,
    fixed,
    header,
)


def sealed(kind: Kind = Kind.SUPPORT) -> Request:
    return seal_body(header(kind), BODIES[kind], PUBLIC[kind.purpose])


def with_field(data: bytes, changed: dict[int, Value]) -> bytes:
    fields = decode(data)
    assert isinstance(fields, dict)
    return encode({**fields, **changed})


@pytest.mark.parametrize("kind", FileKind)
def test_every_file_says_what_it_is_and_reads_back(kind: FileKind) -> None:
    text = wrap(kind, bytes(range(100)), {"Device": "PX-3216-0001", "Saved": "3 May"})
    assert kind_of(text) is kind
    assert "Device: PX-3216-0001\n" in text
    assert unwrap(kind, "Hello,\r\n" + text.replace("\n", " \r\n") + "-- \r\n") == bytes(range(100))
    assert kind.extension.startswith(".sparekey-")


def test_no_other_line_end_counts() -> None:
    text = wrap(FileKind.KEY, b"\x00\x01\x02", {})
    assert unwrap(FileKind.KEY, "\ufeff" + text.replace("\n", "\r")) == b"\x00\x01\x02"
    with pytest.raises(InputError):
        unwrap(FileKind.KEY, text.replace("\n", "\u2028"))


@pytest.mark.meets("asvs-1.3.3")
def test_what_a_file_tells_stays_on_its_lines() -> None:
    for told in ({"Device": "A\n-----END SPAREKEY KEY FILE-----"}, {"": "x"}, {"A\n": "x"}):
        with pytest.raises(MisuseError):
            wrap(FileKind.KEY, b"x", told)


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: text.replace("BEGIN", "BEGUN"),
        lambda text: text.replace("-----END", "----END"),
        lambda text: text + text,
        lambda text: text.replace("\n\n", "\n"),
        lambda text: text.replace("AAEC", "AAE"),
        lambda text: text.replace("AAEC", "AAE\u00e9"),
        lambda text: text.replace("Aw==", "Ax=="),
        lambda text: "\n".join(reversed(text.splitlines())),
        lambda text: text + " " * armour.ARMOUR_LIMIT,
    ],
)
def test_a_damaged_file_is_not_read(damage: object) -> None:
    assert callable(damage)
    text = wrap(FileKind.KEY, b"\x00\x01\x02\x03", {})
    with pytest.raises(InputError):
        unwrap(FileKind.KEY, damage(text))


def test_a_text_without_a_block_of_ours_has_no_kind() -> None:
    for text in ("", "-----BEGIN CERTIFICATE-----"):
        with pytest.raises(InputError):
            kind_of(text)


def test_T26_three_broken_requests_do_not_hurt_the_rest() -> None:
    good = [sealed(kind) for kind in Kind]
    items = [request.encoded for request in good]
    items[2:2] = [b"", bytes(2000), good[0].encoded[:-1]]
    read = read_requests(make_batch(items))
    assert [item for item in read if isinstance(item, Request)] == good
    assert [isinstance(item, InputError) for item in read] == [False] * 2 + [True] * 3 + [False] * 3


def test_answers_for_many_devices_travel_in_one_file() -> None:
    data = make_response(ANSWER, FILE_SECRET, SIGNING, PROOF)
    first, second = read_responses(make_batch([data, data[:-1]]))
    assert isinstance(first, Response)
    assert isinstance(second, InputError)


@pytest.mark.meets("asvs-15.1.3")
def test_a_batch_has_a_count_and_a_size(monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(read_requests(make_batch([b""] * BATCH_MOST))) == BATCH_MOST
    for many in ([], [b""] * (BATCH_MOST + 1)):
        with pytest.raises(MisuseError):
            make_batch(many)
        with pytest.raises(InputError, match="batch-size"):
            read_requests(encode(many))
    monkeypatch.setattr(batch, "BATCH_LIMIT", 10)
    with pytest.raises(MisuseError):
        make_batch([bytes(20)])
    with pytest.raises(InputError, match="oversize"):
        read_requests(encode([bytes(20)]))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x81",
        encode({1: 1}),
        encode(["text"]),
        encode([[b"inner"]]),
        encode([b"item"]) + b"\x00",
        encode([b"item"])[:-1],
        b"\x98\x01\x40",
        b"\x81\x58\x01\x00",
        b"\x81\x59\x00\xff" + bytes(255),
        b"\x81\x5b" + bytes(8),
        b"\x81\x5f\x40\xff",
        b"\x9b" + b"\xff" * 8,
        b"\x9a\xff\xff\xff\xff",
    ],
)
def test_T26_a_broken_batch_is_not_read(data: bytes) -> None:
    with pytest.raises(InputError):
        read_requests(data)


def test_a_batch_of_two_is_no_request() -> None:
    for items in ([sealed().encoded, sealed().encoded], [bytes(60), bytes(60)]):
        with pytest.raises(InputError):
            read_request(make_batch(items))


def test_a_key_file_reads_back_and_hides_its_secret() -> None:
    for file in (KEY_FILE, replace(KEY_FILE, made=None)):
        assert read_key_file(file.encoded) == file
    assert repr(KEY_FILE.secret) not in repr(KEY_FILE)


@pytest.mark.parametrize(
    "changed", [{1: 2}, {2: "\u00e9"}, {3: 0}, {4: bytes(31)}, {5: bytes(15)}, {6: -1}, {7: 1}]
)
def test_a_key_file_that_no_device_writes_is_not_read(changed: dict[int, Value]) -> None:
    with pytest.raises(InputError):
        read_key_file(with_field(KEY_FILE.encoded, changed))


def test_a_key_file_has_a_size() -> None:
    with pytest.raises(InputError, match="oversize"):
        read_key_file(bytes(KEY_FILE_LIMIT + 1))


def test_a_pairing_link_is_read_however_it_was_pasted() -> None:
    link = pairing_link("HTTPS://DESK.EXAMPLE.COM/R/", PAIRING)
    assert link.startswith("HTTPS://DESK.EXAMPLE.COM/P/")
    assert link == link.upper()
    for text in (link, link.lower(), link[:50] + "\r\n " + link[50:], link.rpartition("/")[2]):
        assert read_pairing(text) == PAIRING
    assert repr(PAIRING.token) not in repr(PAIRING)


def test_the_longest_pairing_fits_a_qr_code_of_version_10() -> None:
    segno = pytest.importorskip("segno")
    longest = replace(PAIRING, serial="S" * 48, series=SERIES_LIMIT, age=AGE_LIMIT)
    assert len(longest.encoded) <= PAIRING_LIMIT
    prefix = "HTTPS://" + "A" * 84 + "/R/"
    text = pairing_link(prefix, longest)
    assert segno.make(text, error="L", mode="alphanumeric", boost_error=False, micro=False).version <= 10


@pytest.mark.parametrize(
    "text", ["", "HTTPS://DESK.EXAMPLE.COM/P/", "0" * 300, "A" * 600, "HTTPS://DESK/P/é"]
)
def test_what_is_no_pairing_link_is_not_read(text: str) -> None:
    with pytest.raises(InputError):
        read_pairing(text)


@pytest.mark.parametrize(
    "changed",
    [{1: 2}, {2: b""}, {3: bytes(9)}, {4: bytes(15)}, {5: "\u00e9"}, {6: 0}, {7: -1}, {8: b""}, {9: 1}],
)
def test_a_pairing_that_no_device_writes_is_not_read(changed: dict[int, Value]) -> None:
    with pytest.raises(InputError):
        read_pairing(to_base32(with_field(PAIRING.encoded, changed)))


@pytest.mark.meets("asvs-9.1.1")
def test_T43_a_pairing_is_good_for_the_device_that_made_it_alone() -> None:
    assert PAIRING.holds(DEVICE_KEY)
    assert not PAIRING.holds(fixed("another K"))
    for changed in (
        replace(PAIRING, serial="PX-3216-0002"),
        replace(PAIRING, series=PAIRING.series + 1),
        replace(PAIRING, age=PAIRING.age + 1),
        replace(PAIRING, token=bytes(16)),
        replace(PAIRING, proof=bytes(16)),
    ):
        assert not changed.holds(DEVICE_KEY)


def test_the_code_of_a_pairing_comes_from_key_and_token() -> None:
    code = paired_code(DEVICE_KEY, PAIRING.token)
    assert code != paired_code(DEVICE_KEY, bytes(16))
    assert code != paired_code(fixed("another K"), PAIRING.token)


def test_an_enrolment_reply_is_taken_by_the_device_that_enrolled() -> None:
    file = read_reply(make_reply(REPLY, DEVICE_KEY))
    assert check_reply(file, REPLY.request, DEVICE_KEY) == REPLY
    for request, key in ((bytes(32), DEVICE_KEY), (REPLY.request, fixed("another K"))):
        with pytest.raises(UntrustedError) as caught:
            check_reply(file, request, key)
        assert caught.value.slug == "enrol-reply"


@pytest.mark.parametrize(
    "data",
    [
        encode(7),
        encode([b"one"]),
        encode(["text", bytes(32)]),
        encode([b"\xa0", bytes(31)]),
        encode([b"\xa0", "text"]),
        encode([encode({1: 1, 2: bytes(32), 3: bytes(16), 4: b"t", 5: 0}), bytes(32)]),
        encode([encode({1: 1, 2: bytes(32), 3: bytes(16), 4: b"t", 5: 1, 6: 1}), bytes(32)]),
        bytes(REPLY_LIMIT + 1),
    ],
)
def test_what_is_no_enrolment_reply_is_not_read(data: bytes) -> None:
    with pytest.raises(InputError):
        read_reply(data)

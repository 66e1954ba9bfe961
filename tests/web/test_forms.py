from __future__ import annotations

import asyncio
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request
from starlette.types import Message

from sparekey.core.errors import InputError
from sparekey.web.forms import SENTENCES, Form, Limits, Upload, read

LIMITS = Limits(fields=3, name=8, value=16, files=1, file=32)
URLENCODED = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data; boundary=edge"


def form(body: bytes, kind: str = URLENCODED, limits: Limits = LIMITS, size: int = 7) -> Form:
    pieces = [body[i : i + size] for i in range(0, len(body), size)] or [b""]

    async def receive() -> Message:
        piece = pieces.pop(0)
        return {"type": "http.request", "body": piece, "more_body": bool(pieces)}

    headers = [(b"content-type", kind.encode("latin-1"))]
    request = Request({"type": "http", "method": "POST", "path": "/", "headers": headers}, receive)
    return asyncio.run(read(request, limits))


def part(disposition: str, data: bytes) -> bytes:
    return b"--edge\r\nContent-Disposition: " + disposition.encode() + b"\r\n\r\n" + data + b"\r\n"


def slug(body: bytes, kind: str = URLENCODED) -> str:
    with pytest.raises(InputError) as raised:
        form(body, kind)
    assert raised.value.slug in SENTENCES
    return raised.value.slug


def test_fields_are_read() -> None:
    found = form(b"user=+Jan+%C5%A0&pw=+a+b+&tick=yes")
    assert found.text("user") == "Jan Š"
    assert found.exact("pw") == " a b "
    assert found.checked("tick")
    assert not found.checked("other")
    assert found.text("other") == ""
    assert found.file("other") is None


def test_a_value_is_not_in_the_repr() -> None:
    assert "hunter2" not in repr(form(b"pw=hunter2"))


@pytest.mark.meets("asvs-15.3.7")
def test_the_same_field_twice_is_a_list_or_an_error() -> None:
    found = form(b"a=1&a=2")
    assert found.every("a") == ("1", "2")
    with pytest.raises(InputError, match="form-field"):
        found.text("a")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"a=%ff", "form-encoding"),
        (b"a=\xff", "form-encoding"),
        (b"a=%00", "form-field"),
        (b"a=%1b[0m", "form-field"),
        (b"a=%c2%85", "form-field"),
        (b"%00=a", "form-field"),
        (b"a=1&b=2&c=3&d=4", "form-size"),
        (b"&&&&&&&&", "form-size"),
        (b"a=" + b"b" * 17, "form-size"),
        (b"a" * 9 + b"=b", "form-size"),
    ],
)
def test_odd_forms_are_refused(body: bytes, expected: str) -> None:
    assert slug(body) == expected


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/json", "", "multipart/form-data", "multipart/mixed"]
)
def test_only_forms_are_read(kind: str) -> None:
    assert slug(b"a=b", kind) == "form-encoding"


@pytest.mark.parametrize("size", [1, 2, 7, 1000])
def test_a_file_comes_with_its_name(size: int) -> None:
    body = part('form-data; name="a"', "Š".encode()) + part(
        'form-data; name="key"; filename="C:\\keys\\my.sparekey-key"', b"\x00\x01\r\n--ed"
    )
    found = form(body + b"--edge--\r\n", MULTIPART, size=size)
    assert found.text("a") == "Š"
    assert found.file("key") == Upload("my.sparekey-key", b"\x00\x01\r\n--ed")


def test_no_file_chosen_is_no_file() -> None:
    body = part('form-data; name="key"; filename=""', b"") + b"--edge--\r\n"
    assert form(body, MULTIPART).file("key") is None


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"", "form-encoding"),
        (b"no boundary", "form-encoding"),
        (part('form-data; name="a"', b"b"), "form-encoding"),
        (part("attachment", b"b") + b"--edge--\r\n", "form-encoding"),
        (part("form-data", b"b") + b"--edge--\r\n", "form-encoding"),
        (part('form-data; name="a"', b"\xff") + b"--edge--\r\n", "form-encoding"),
        (part('form-data; name="a"', b"b" * 65) + b"--edge--\r\n", "form-size"),
        (part('form-data; name="a"', b"b" * 17) + b"--edge--\r\n", "form-size"),
        (part('form-data; name="a"', b"\x00") + b"--edge--\r\n", "form-field"),
        (4 * part('form-data; name="a"', b"b") + b"--edge--\r\n", "form-size"),
        (part('form-data; name="a"; filename="b"', b"b" * 33) + b"--edge--\r\n", "file-size"),
        (2 * part('form-data; name="a"; filename="b"', b"b") + b"--edge--\r\n", "form-size"),
        (part('form-data; name="aaaaaaaaa"; filename="b"', b"b") + b"--edge--\r\n", "form-size"),
        (b"--edge\r\n" + b"x: y\r\n" * 9 + b"\r\nb\r\n--edge--\r\n", "form-encoding"),
    ],
)
def test_odd_multipart_is_refused(body: bytes, expected: str) -> None:
    assert slug(body, MULTIPART) == expected


@given(st.binary(max_size=200), st.sampled_from([URLENCODED, MULTIPART]))
def test_any_bytes_give_a_form_or_our_error(body: bytes, kind: str) -> None:
    with suppress(InputError):
        form(body, kind)


PIECES = (
    b"--edge", b"\r\n", b"--", b"Content-Disposition: ", b'form-data; name="a"', b"; ", b'filename="b"', b":",
    b"x", b"\x00", b"=",
)  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=30))
def test_almost_multipart_gives_a_form_or_our_error(pieces: list[bytes]) -> None:
    with suppress(InputError):
        form(b"".join(pieces), MULTIPART)

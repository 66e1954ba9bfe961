"""Replies as cameras send them: seventeen forms, one of them as the standard says."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sparekey.core.errors import InputError
from sparekey.lan.http_reply import HEAD_LIMIT, Reply, ReplyReader

REPLIES: dict[str, tuple[bytes, int, bytes]] = {
    "as the standard says": (b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", 200, b"hello"),
    "a space before the colon": (b"HTTP/1.1 200 OK\r\nContent-Length : 5\r\n\r\nhello", 200, b"hello"),
    "the same length twice": (
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\nhello", 200, b"hello",
    ),
    "a length beside chunks": (
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 9\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
        200, b"hello",
    ),
    "a lower-case version": (b"http/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", 200, b"hello"),
    "a header without a colon": (b"HTTP/1.1 200 OK\r\nnonsense\r\nContent-Length: 5\r\n\r\nhello", 200, b"hello"),
    "a short body": (b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhello", 200, b"hello"),
    "no length": (b"HTTP/1.0 200 OK\r\nServer: x\r\n\r\nhello", 200, b"hello"),
    "bare line feeds": (b"HTTP/1.1 200 OK\nContent-Length: 5\n\nhello", 200, b"hello"),
    "no reason": (b"HTTP/1.1 401\r\nContent-Length: 5\r\n\r\nhello", 401, b"hello"),
    "an empty line first": (b"\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", 200, b"hello"),
    "a folded header": (b"HTTP/1.1 200 OK\r\nServer: a\r\n b\r\nContent-Length:\r\n 5\r\n\r\nhello", 200, b"hello"),
    "an interim reply": (
        b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", 200, b"hello",
    ),
    "bytes that are no UTF-8": (
        b"HTTP/1.1 200 \xff\r\nServer: \xc4\xe3\r\nContent-Length: 5\r\n\r\nhello", 200, b"hello",
    ),
    "chunks that break off": (
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n3 ;x=y\r\nhel\r\n002\r\nlo\r\n", 200, b"hello",
    ),
    "the length listed twice": (b"HTTP/1.1 200 OK\r\nContent-Length: 5, 5\r\n\r\nhello", 200, b"hello"),
    "more behind the body": (b"HTTP/1.1 500 Oh\r\nContent-Length: 5\r\n\r\nhello\r\nHTTP/1.1", 500, b"hello"),
}  # fmt: skip
SHORT = {"a short body", "chunks that break off"}


def read(data: bytes, method: str = "GET", step: int | None = None, limit: int = 1000) -> Reply:
    reader = ReplyReader(method, limit)
    size = step or max(1, len(data))
    for at in range(0, len(data), size):
        if reader.feed(data[at : at + size]):
            break
    return reader.reply()


def test_there_are_seventeen() -> None:
    assert len(REPLIES) == 17


@pytest.mark.parametrize("name", REPLIES)
@pytest.mark.parametrize("step", [None, 1, 7])
def test_what_cameras_send_is_taken(name: str, step: int | None) -> None:
    data, status, body = REPLIES[name]
    reply = read(data, step=step)
    assert (reply.status, reply.body, reply.short) == (status, body, name in SHORT)


def test_headers_are_found_by_any_case() -> None:
    reply = read(b"HTTP/1.1 401 No\r\nWWW-Authenticate: a\r\nwww-AUTHENTICATE : b\r\nServer: x\r\n y\r\n\r\n")
    assert reply.all("www-authenticate") == ["a", "b"]
    assert (reply.header("server"), reply.header("date")) == ("x y", "")
    assert "body" not in repr(reply)


@pytest.mark.parametrize(
    ("method", "start"),
    [("HEAD", b"HTTP/1.1 200 OK"), ("GET", b"HTTP/1.1 204 None"), ("GET", b"HTTP/1.1 304 Same")],
)
def test_some_replies_have_no_body(method: str, start: bytes) -> None:
    reader = ReplyReader(method)
    assert reader.feed(start + b"\r\nContent-Length: 5\r\n\r\nhello")
    assert (reader.reply().body, reader.reply().short) == (b"", False)
    assert reader.feed(b"more")


@pytest.mark.parametrize(
    ("data", "slug"),
    [
        (b"", "http"),
        (b"SSH-2.0-dropbear_2019.78\r\n", "http"),
        (b"RTSP/1.0 200 OK\r\n\r\n", "http"),
        (b"HTTP/1.1 2000 OK\r\n\r\n", "http"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n", "http"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello", "http"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nhello", "http"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 1001\r\n\r\n", "oversize"),
        (b"HTTP/1.1 200 OK\r\n\r\n" + bytes(1001), "oversize"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffff\r\n" + bytes(1001), "oversize"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nhello\r\n", "http"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;" + b"x" * 300, "http"),
        (b"HTTP/1.1 200 OK\r\n" + b"a: b\r\n" * 101 + b"\r\n", "oversize"),
        (b"HTTP/1.1 200 OK\r\na: " + b"b" * HEAD_LIMIT, "oversize"),
        (b"HTTP/1.1 100 Continue\r\n\r\n" * 2000, "oversize"),
    ],
)
def test_T14_what_is_no_reply_is_our_error(data: bytes, slug: str) -> None:
    for step in (None, 100):
        with pytest.raises(InputError) as caught:
            read(data, step=step)
        assert caught.value.slug == slug


@given(st.sampled_from(sorted(REPLIES)), st.data())
def test_T14_any_bytes_give_a_reply_or_our_error(name: str, draw: st.DataObject) -> None:
    data = bytearray(REPLIES[name][0])
    for _ in range(draw.draw(st.integers(0, 3))):
        at = draw.draw(st.integers(0, len(data) - 1))
        data[at : at + 1] = draw.draw(st.binary(max_size=3))
    step = draw.draw(st.integers(1, 99))
    results = []
    for size in (None, step):
        try:
            results.append(read(bytes(data), step=size))
        except InputError as error:
            results.append(Reply(0, (("slug", error.slug),)))
    assert results[0].status == results[1].status or 0 in {result.status for result in results}

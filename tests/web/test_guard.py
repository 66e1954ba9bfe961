from __future__ import annotations

import asyncio
import logging
from dataclasses import replace

import pytest
from starlette.responses import PlainTextResponse
from starlette.types import Message, Receive, Scope, Send

from sparekey.core.codes import ALPHABET
from sparekey.web import guard
from sparekey.web.guard import Guard
from sparekey.web.headers import POLICY, SECURITY
from tests.web.asgi import FORM, HOST, call, filled, get
from tests.web.gallery import BODY_LIMIT, app, gallery

SENT = {"origin": f"https://{HOST}", **FORM}


@pytest.mark.meets("asvs-13.4.6")
@pytest.mark.parametrize("host", ["evil.example.net", "", None, "desk.example.com"])
def test_a_foreign_host_learns_nothing(host: str | None) -> None:
    answer = call(app, "GET", "/login", host=host)
    assert answer.status == 421
    assert "This is not the right address" in answer.text
    for secret in ("Front door", "PX-3216", "7F2K-0042", "set-cookie"):
        assert secret not in answer.text
    assert "set-cookie" not in answer.headers


@pytest.mark.meets("asvs-15.3.7")
def test_two_hosts_are_no_host() -> None:
    assert call(app, "GET", "/login", [("host", HOST)]).status == 421


@pytest.mark.meets("asvs-3.5.1", "asvs-13.4.4")
@pytest.mark.parametrize(
    "mark",
    [
        {},
        {"origin": "https://evil.example.net"},
        {"origin": "null"},
        {"origin": f"http://{HOST}"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "https://evil.example.net", "sec-fetch-site": "same-origin"},
    ],
)
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "TRACE"])
def test_a_foreign_page_cannot_post(method: str, mark: dict[str, str]) -> None:
    answer = call(app, method, "/post", {**FORM, **mark}, b"user=admin")
    assert answer.status == 403
    assert "Nothing was changed" in answer.text


@pytest.mark.meets("asvs-15.3.7")
def test_two_origins_are_no_origin() -> None:
    pairs = [("origin", f"https://{HOST}"), ("origin", "https://evil.example.net")]
    assert call(app, "POST", "/post", pairs).status == 403


def test_our_own_form_passes() -> None:
    headers, body = filled(app, "/login", {"user": " admin ", "password": " keep spaces "})
    assert call(app, "POST", "/post", headers, body).text == "admin| keep spaces |"


def test_the_browsers_own_word_passes_without_an_origin() -> None:
    headers, body = filled(app, "/login", {"user": "admin", "password": "x"})
    del headers["origin"]
    assert call(app, "POST", "/post", {**headers, "sec-fetch-site": "same-origin"}, body).status == 200


def test_programs_pass_on_their_paths_and_browsers_do_not() -> None:
    assert call(app, "POST", "/link/call", {}, b"\x01").text == "called"
    assert call(app, "POST", "/link/call", {"origin": f"https://{HOST}"}).text == "called"
    assert call(app, "POST", "/link/call", {"origin": "https://evil.example.net"}).status == 403
    assert call(app, "POST", "/link/call", {"sec-fetch-site": "cross-site"}).status == 403


@pytest.mark.parametrize("length", ["4097", "99999999999999999999", "many", "-1", "1_0", "²"])
def test_a_body_that_says_it_is_too_big_is_not_read(length: str) -> None:
    answer = call(app, "POST", "/post", {**SENT, "content-length": length}, [b"a", b"b"])
    assert answer.status == 413
    assert "This is too big" in answer.text


@pytest.mark.meets("asvs-5.2.1")
def test_a_body_that_grows_too_big_is_cut_off() -> None:
    answer = call(app, "POST", "/post", SENT, [b"a=" + b"a" * BODY_LIMIT, b"a" * 10])
    assert answer.status == 413


def test_a_body_at_the_limit_passes() -> None:
    pieces = [b"a=", b"b" * (BODY_LIMIT - 2)]
    assert call(app, "POST", "/post", SENT, pieces).status == 403  # read whole; the hidden field is missing


def test_T14_large_bodies_of_many_senders_fit_into_the_memory_together(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Who does not fit hears so; what is small passes beside them, and the next one when there is room again."""
    large, small = "/post", "/login"
    found = _guard_in(gallery().build_middleware_stack())
    found._rules = replace(found._rules, larger=((large, 20_000),))
    monkeypatch.setattr(guard, "_IN_HAND", 25_000)
    inside = list[tuple[int, int, int]]()

    async def nested(scope: Scope, receive: Receive, send: Send) -> None:
        size, more = 0, True
        while more:
            message = await receive()
            size, more = size + len(message["body"]), message.get("more_body", False)
        if size == 10_001:
            found._app = plain
            statuses = [
                (await asyncio.to_thread(call, found, "POST", path, SENT, b"a" * count)).status
                for path, count in ((large, 16_000), (large, 9_000), (small, 3))
            ]
            inside.append((statuses[0], statuses[1], statuses[2]))
        await PlainTextResponse("read")(scope, receive, send)

    async def plain(scope: Scope, receive: Receive, send: Send) -> None:
        while (await receive()).get("more_body", False):
            pass
        await PlainTextResponse("read")(scope, receive, send)

    found._app = nested
    assert call(found, "POST", large, SENT, b"a" * 10_001).status == 200
    assert inside == [(503, 200, 200)]
    assert call(found, "POST", large, SENT, b"a" * 16_000).status == 200


@pytest.mark.parametrize("target", ["/" + "a" * 2048, "/login?" + "a" * 2049])
def test_a_long_address_is_refused(target: str) -> None:
    assert get(app, target).status == 414


@pytest.mark.meets(
    "asvs-3.2.1",
    "asvs-3.4.3",
    "asvs-3.4.4",
    "asvs-3.4.5",
    "asvs-3.4.6",
    "asvs-3.4.8",
    "asvs-3.5.8",
    "asvs-3.6.1",
    "asvs-4.1.1",
    "asvs-14.2.2",
    "asvs-14.3.2",
)
def test_every_answer_carries_the_headers() -> None:
    for answer in (
        get(app, "/login"),
        get(app, "/nothing/here"),
        call(app, "GET", "/", host="evil.example.net"),
    ):
        for name, value in SECURITY:
            assert answer.headers[name] == value
    assert "'unsafe-inline'" not in POLICY
    assert "strict-transport-security" not in get(app, "/login").headers, (
        "a device has a certificate of its own"
    )


def test_an_answer_keeps_headers_of_its_own() -> None:
    async def own(scope: Scope, receive: Receive, send: Send) -> None:
        headers = {"cache-control": "public", "content-security-policy": "default-src 'self'"}
        await PlainTextResponse("x", headers=headers)(scope, receive, send)

    guard = gallery().middleware_stack or gallery().build_middleware_stack()
    found = _guard_in(guard)
    found._app = own
    answer = get(found, "/login")
    assert answer.headers["cache-control"] == "public"
    assert answer.headers["content-security-policy"] == "default-src 'self'"
    assert answer.headers["x-content-type-options"] == "nosniff"


def _guard_in(stack: object) -> Guard:
    while not isinstance(stack, Guard):
        stack = stack.app  # type: ignore[attr-defined]
    return stack


@pytest.mark.meets("asvs-13.4.2", "asvs-16.3.4", "asvs-16.5.1", "asvs-16.5.4")
def test_a_bug_gets_an_apology_and_leaks_nothing(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        answer = get(app, "/broken")
    assert answer.status == 500
    assert "You did nothing wrong." in answer.text
    assert "hunter2" not in answer.text + caplog.text
    assert "Traceback" not in answer.text + caplog.text
    (record,) = caplog.records
    reference = record.getMessage().rpartition(" ")[2]
    assert set(reference) <= set(ALPHABET)
    assert f"{reference[:4]}-{reference[4:]}" in answer.text
    assert "ValueError at tests.web.gallery:" in record.getMessage()


@pytest.mark.meets("asvs-16.5.4")
def test_a_bug_in_the_page_of_a_problem_still_gets_a_sentence(caplog: pytest.LogCaptureFixture) -> None:
    guard = _guard_in(gallery().build_middleware_stack())
    guard._pages = None  # type: ignore[assignment]
    answer = get(guard, "/broken")
    assert (answer.status, answer.headers["content-type"]) == (500, "text/plain; charset=utf-8")
    assert "Something broke on our side" in answer.text
    assert "AttributeError" in caplog.text


def test_nothing_more_is_sent_once_an_answer_has_begun() -> None:
    async def half(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        raise ValueError("the password is hunter2")

    guard = _guard_in(gallery().build_middleware_stack())
    guard._app = half
    with pytest.raises(ConnectionAbortedError) as raised:
        get(guard, "/login")
    assert raised.value.__cause__ is None
    assert raised.value.__suppress_context__


def test_a_browser_that_went_away_is_no_bug(caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(ValueError, match="not enough values"):  # nothing was sent at all
        call(app, "POST", "/post", {**SENT, "content-length": "10"}, [])
    assert not caplog.records


def test_websockets_are_closed() -> None:
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        return {"type": "websocket.connect"}

    guard = _guard_in(gallery().build_middleware_stack())
    asyncio.run(guard({"type": "websocket"}, receive, send))
    assert sent == [{"type": "websocket.close", "code": 1008}]

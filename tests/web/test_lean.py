"""What the device's pages stand on says the same as Starlette, whose names it has."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from starlette import datastructures, requests, responses, routing
from starlette.applications import Starlette

from sparekey.web.lean import headers as lean_headers
from sparekey.web.lean import request as lean_request
from sparekey.web.lean import response as lean_response
from sparekey.web.lean import router as lean_router

SCOPE: dict[str, Any] = {
    "type": "http", "asgi": {"version": "3.0", "spec_version": "2.3"}, "http_version": "1.1", "method": "GET",
    "scheme": "https", "root_path": "", "path": "/users/edit", "raw_path": b"/users/edit",
    "query_string": b"name=a%20b&name=c+d&empty=&x=%C4%8D", "server": ("192.0.2.20", 8543),
    "client": ("192.0.2.77", 50000),
    "headers": [
        (b"host", b"[2001:db8::20]:8543"), (b"x-twice", b"1"), (b"x-twice", b"2"), (b"x-latin", b"\xe9"),
        (b"cookie", b"a=1; b = two ;a=3; __Host-Http-session=abc; bare; =x"),
    ],
}  # fmt: skip


def with_body(*messages: dict[str, Any]) -> Callable[[], Any]:
    left = list(messages)

    async def receive() -> dict[str, Any]:
        return left.pop(0)

    return receive


def sent(app: Any, scope: dict[str, Any] | None = None, receive: Any = None) -> list[dict[str, Any]]:
    """The messages of an answer."""
    out: list[dict[str, Any]] = []

    async def forever() -> dict[str, Any]:
        await asyncio.sleep(3600)
        return {"type": "http.disconnect"}

    async def send(message: dict[str, Any]) -> None:
        out.append({**message, "headers": sorted(message.get("headers", ()))})

    asyncio.run(app({**SCOPE, **(scope or {})}, receive or forever, send))
    return out


def both(make: Callable[[Any], Any]) -> tuple[Any, Any]:
    return make(lean_response), make(responses)


def cookies(kit: Any) -> Any:
    answer = kit.Response("x", 200)
    answer.set_cookie(
        "__Host-Http-a", "0af", max_age=60, path="/", secure=True, httponly=True, samesite="strict"
    )
    answer.set_cookie("a", "0af", path="/", httponly=True, samesite="lax")
    return answer


def changed(kit: Any) -> Any:
    answer = kit.PlainTextResponse("č", 403, headers={"X-One": "1"})
    answer.headers["x-one"] = "2"
    answer.headers.append("set-cookie", "y")
    answer.headers.update({"Content-Type": "text/css"})
    answer.headers.setdefault("x-one", "3")
    answer.headers.setdefault("x-new", "4")
    return answer


@pytest.mark.parametrize(
    "make",
    [
        lambda kit: kit.Response(status_code=404),
        lambda kit: kit.Response(status_code=204),
        lambda kit: kit.Response(b"\x00", 200, media_type="application/cbor"),
        lambda kit: kit.Response("a", media_type="text/plain; charset=utf-8", headers={"x": "1"}),
        lambda kit: kit.Response("a", headers={"content-type": "text/css", "cache-control": "no-cache"}),
        lambda kit: kit.HTMLResponse("<p>č</p>", 503, headers={"Retry-After": "3"}),
        lambda kit: kit.PlainTextResponse("", 403),
        lambda kit: kit.RedirectResponse("/users?name=a b&x=č", 303),
        lambda kit: kit.RedirectResponse("https://[fe80::1%25eth0]:8543/.sparekey/x", 303),
        cookies,
        changed,
    ],
)
def test_an_answer_is_starlettes(make: Callable[[Any], Any]) -> None:
    ours, theirs = both(make)
    assert (ours.status_code, ours.body) == (theirs.status_code, theirs.body)
    assert sent(ours) == sent(theirs)
    assert sorted(ours.headers.items()) == sorted(theirs.headers.items())


def parts() -> Iterator[bytes]:
    yield b"one"
    yield b"two"


def test_a_cookie_is_taken_away_as_by_starlette() -> None:
    ours, theirs = both(lambda kit: kit.Response())
    for answer in (ours, theirs):
        answer.delete_cookie("b", path="/", secure=True, httponly=True, samesite="strict")
    taken = theirs.headers["set-cookie"]
    assert ours.headers["set-cookie"] == re.sub(r"expires=[^;]*; ", "", taken), "Max-Age=0 says it all"


def test_an_answer_in_parts_is_starlettes() -> None:
    ours, theirs = both(lambda kit: sent(kit.StreamingResponse(parts(), media_type="video/mp4")))
    assert ours[0] == theirs[0]
    assert [each["body"] for each in ours[1:]] == [b"one", b"two", b""]
    assert [each["body"] for each in theirs[1:]] == [b"one", b"two", b""]


def test_nothing_is_read_for_somebody_who_is_gone() -> None:
    read: list[int] = []

    def endless() -> Iterator[bytes]:
        while len(read) < 1000:
            read.append(1)
            yield b"x"

    sent(lean_response.StreamingResponse(endless()), receive=with_body({"type": "http.disconnect"}))
    assert len(read) < 1000


@pytest.mark.parametrize("path", ["/users/edit", "/a b", "/č"])
def test_a_request_reads_as_starlettes(path: str) -> None:
    scope = {**SCOPE, "path": path}
    ours, theirs = lean_request.Request(scope), requests.Request(scope)
    assert ours.method == theirs.method
    assert (ours.url.scheme, ours.url.hostname) == (theirs.url.scheme, theirs.url.hostname)
    assert ours.url.query == theirs.url.query
    assert ours.url.path == path
    assert tuple(ours.client or ()) == tuple(theirs.client or ())
    assert {name: ours.cookies[name] for name in ("a", "b", "__Host-Http-session")} == {
        name: theirs.cookies[name] for name in ("a", "b", "__Host-Http-session")
    }
    assert ours.query_params == dict(theirs.query_params)
    for name in ("x-twice", "X-Twice", "none", "x-latin"):
        assert ours.headers.get(name) == theirs.headers.get(name)
        assert ours.headers.getlist(name) == theirs.headers.getlist(name)
        assert (name in ours.headers) == (name in theirs.headers)
    assert list(ours.headers) == list(theirs.headers)
    with pytest.raises(KeyError):
        ours.headers["none"]
    assert lean_request.Request({**scope, "client": None}).client is None


def test_headers_of_a_message_are_written_in_place() -> None:
    ours: dict[str, Any] = {"headers": [(b"a", b"1")]}
    theirs: dict[str, Any] = {"headers": [(b"a", b"1")]}
    lean_headers.MutableHeaders(scope=ours).setdefault("B", "2")
    datastructures.MutableHeaders(scope=theirs).setdefault("B", "2")
    assert ours == theirs


def test_a_body_is_read_once_and_kept() -> None:
    async def read(kit: Any) -> list[bytes]:
        receive = with_body(
            {"type": "http.request", "body": b"on", "more_body": True},
            {"type": "http.request", "body": b"e", "more_body": False},
        )
        request = kit.Request(SCOPE, receive)
        return [
            await request.body(),
            await request.body(),
            b"".join([part async for part in request.stream()]),
        ]

    assert asyncio.run(read(lean_request)) == asyncio.run(read(requests)) == [b"one"] * 3


def test_a_body_that_breaks_off_or_was_read_is_told() -> None:
    async def breaks() -> None:
        await lean_request.Request(SCOPE, with_body({"type": "http.disconnect"})).body()

    async def twice() -> None:
        request = lean_request.Request(SCOPE, with_body({"type": "http.request"}))
        for _ in range(2):
            async for _part in request.stream():
                pass

    with pytest.raises(lean_request.ClientDisconnect):
        asyncio.run(breaks())
    with pytest.raises(RuntimeError):
        asyncio.run(twice())
    with pytest.raises(RuntimeError):
        asyncio.run(lean_request.Request(SCOPE).body())


PATHS = (
    "/",
    "/users",
    "/users/",
    "/users/a",
    "/users/a/b",
    "/static/1/web/x.css",
    "/static/1",
    "/x.y",
    "/xzy",
    "/n/12/on",
    "/n/x/on",
    "/n/-1/on",
)


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT"])
def test_a_route_catches_what_starlettes_does(path: str, method: str) -> None:
    async def told(request: Any) -> Any:
        return responses.PlainTextResponse(f"{request.url.path} {dict(request.path_params)}")

    async def lean_told(request: Any) -> Any:
        return lean_response.PlainTextResponse(f"{request.url.path} {dict(request.path_params)}")

    patterns = (
        ("/", ["GET"]), ("/users", ["GET"]), ("/users", ["POST"]), ("/users/{name}", ["GET"]),
        ("/static/{hash}/{path:path}", ["GET"]), ("/x.y", ["GET"]), ("/n/{number:int}/on", ["GET"]),
    )  # fmt: skip
    theirs = Starlette(routes=[routing.Route(each, told, methods=how) for each, how in patterns])
    theirs.router.redirect_slashes = False

    def failed(_request: Any, error: Exception) -> Any:
        assert isinstance(error, lean_router.Stop)
        return lean_response.Response(status_code=error.status_code)

    routes = [lean_router.Route(each, lean_told, methods=how) for each, how in patterns]
    ours = lean_router.Router(lambda _: routes, (), failed)
    scope = {"path": path, "method": method}
    got, wanted = sent(ours, scope), sent(theirs, scope)
    assert got[0]["status"] == wanted[0]["status"]
    if got[0]["status"] == 200:
        assert got[1]["body"] == wanted[1]["body"]


def test_an_error_after_the_first_byte_is_not_answered_again() -> None:
    class Breaks:
        async def __call__(self, _scope: Any, _receive: Any, send: Any) -> None:
            await send({"type": "http.response.start", "status": 200, "headers": []})
            raise ValueError("broken")

    async def page(_request: Any) -> Any:
        return Breaks()

    app = lean_router.Router(
        lambda _: [lean_router.Route("/users/edit", page, methods=["GET"])],
        (ValueError,),
        lambda *_: lean_response.Response(),
    )
    with pytest.raises(ValueError, match="broken"):
        sent(app)

"""A real Chromium that gets its pages from an ASGI application in this process, without any network."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, ConsoleMessage, Page, Route, sync_playwright
from starlette.types import ASGIApp

from tests.web.asgi import HOST, call

CHROMIUM = "/usr/bin/chromium"


@contextmanager
def chromium() -> Iterator[Browser]:
    """The browser itself."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-background-networking"]
        )
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def opened(browser: Browser, app: ASGIApp, path: str, **options: Any) -> Iterator[Page]:
    """A page of `app` in a fresh browser profile; any error in a script fails the test."""
    screen: Any = {"viewport": {"width": 1280, "height": 720}}
    context = browser.new_context(base_url=f"https://{HOST}", **(screen | options))
    complaints: list[str] = []
    with ThreadPoolExecutor(1) as thread:  # Playwright's own event loop is running in this one

        def answer(route: Route) -> None:
            request = route.request
            address = urlsplit(request.url)
            target = address.path + (f"?{address.query}" if address.query else "")
            headers = {name: value for name, value in request.all_headers().items() if name[0] != ":"}
            headers.pop("content-length", None)
            headers.pop("host", None)
            body = request.post_data_buffer or b""
            found = thread.submit(call, app, request.method, target, headers, body).result()
            status, body, fields = found.status, found.body, dict(found.headers)
            target = fields.pop("location", "")
            if target:  # the browser would fetch the target past this route: let a page lead there
                body = f'<meta http-equiv="refresh" content="0;url={target}">'.encode()
                status, fields = 200, fields | {"content-type": "text/html", "content-length": str(len(body))}
            route.fulfill(status=status, headers=fields, body=body)

        context.route("**/*", answer)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("pageerror", lambda error: complaints.append(str(error)))

        def hear(message: ConsoleMessage) -> None:
            # A form that has to be filled in again comes with a status that Chromium mentions.
            if message.type == "error" and "status of 422" not in message.text:
                complaints.append(f"{message.text} {message.location}")

        page.on("console", hear)
        page.goto(path)
        try:
            yield page
        finally:
            context.close()
    assert complaints == [], complaints

"""A browser without a window: keeps cookies, follows redirects, fills in only the forms that a page shows."""

from __future__ import annotations

from dataclasses import dataclass
from email.message import Message
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

import httpx2

from sparekey.demo.page_reader import read
from sparekey.demo.verdicts import UnlikeError, expect

if TYPE_CHECKING:
    import ssl
    from collections.abc import Collection, Mapping

    from sparekey.demo.page_reader import Form, Sheet

ANSWER_LIMIT = 10.0
"""Seconds in which a page must come."""

Sent = dict[str, str | list[str]]
"""What a form sends: a field that it has several times has several values."""
File = tuple[str, bytes]
"""A file to hand in: its name and content."""

_AGENT = "Mozilla/5.0 (sparekey demo check)"


@dataclass(frozen=True)
class Page:
    """A page as it came, and what is on it. `saved_as`: the name of a file that came instead of a page."""

    url: str
    status: int
    body: bytes
    sheet: Sheet
    saved_as: str = ""

    @property
    def path(self) -> str:
        """Where we are, without host and query."""
        return urlsplit(self.url).path or "/"

    @property
    def words(self) -> str:
        """Everything that can be read on it, in one line."""
        return self.sheet.words

    def says(self, *texts: str) -> Page:
        """The same page. Raises UnlikeError unless all `texts` can be read on it."""
        for text in texts:
            expect(text in self.words, f"{self.path} does not say “{text}”; it says: {self.words[:300]}")
        return self

    def is_at(self, path: str) -> Page:
        """The same page. Raises UnlikeError unless we are at `path`, and it is no refusal."""
        expect(
            self.path == path and self.status == 200,
            f"instead of {path} there came {self.path} ({self.status}): {self.words[:300]}",
        )
        return self

    def refuses(self, *texts: str, status: int = 403) -> Page:
        """The same page. Raises UnlikeError unless it is a refusal of this kind that says all `texts`."""
        expect(
            self.status == status,
            f"{self.path} should refuse ({status}), but answers {self.status}: {self.words[:300]}",
        )
        return self.says(*texts)

    def is_file(self, ending: str) -> Page:
        """The same. Raises UnlikeError unless it is a file to save whose name ends so."""
        name = self.saved_as or f"a page: {self.words[:300]}"
        expect(
            self.status == 200 and self.saved_as.endswith(ending), f"instead of a file *{ending} came {name}"
        )
        return self

    def form(self, action: str) -> Form:
        """The form that posts to `action`. Raises UnlikeError when the page has none."""
        for form in self.sheet.forms:
            if form.action == action:
                return form
        raise UnlikeError(f"{self.path} has no form for {action}; it says: {self.words[:300]}")


class Browser:
    """One person's browser. `trusted`: the TLS context for https. `transport`: instead of the network."""

    def __init__(self, trusted: ssl.SSLContext, transport: httpx2.BaseTransport | None = None) -> None:
        self._client = httpx2.Client(
            verify=trusted,
            transport=transport,
            follow_redirects=True,
            timeout=ANSWER_LIMIT,
            trust_env=False,
            headers={"user-agent": _AGENT, "accept-language": "en", "accept": "text/html,*/*"},
        )

    def close(self) -> None:
        """Close the window: the cookies are gone."""
        self._client.close()

    def cookie(self, name: str) -> str:
        """What this browser holds under a name, or nothing."""
        return str(self._client.cookies.get(name) or "")

    @property
    def cookies(self) -> dict[str, str]:
        """Everything that this browser holds."""
        return {name: value or "" for name, value in self._client.cookies.items()}

    def open(self, url: str) -> Page:
        """Type an address."""
        return self._page("GET", url, {"sec-fetch-site": "none"})

    def follow(self, page: Page, path: str) -> Page:
        """Click a link that leads to `path`. Raises UnlikeError when the page shows none."""
        for href, _ in page.sheet.links:
            if urlsplit(urljoin(page.url, href)).path == path:
                return self._page("GET", urljoin(page.url, href), {"referer": page.url})
        raise UnlikeError(f"{page.path} has no link to {path}; it says: {page.words[:300]}")

    def send(
        self,
        page: Page,
        action: str,
        typed: Mapping[str, str] | None = None,
        ticked: Collection[str] = (),
        files: Mapping[str, File] | None = None,
    ) -> Page:
        """Fill in the form for `action` and press its first button; hidden fields go along as they came.

        Raises UnlikeError for a field that the form lacks, for a choice that it does not offer, and for a
        field that the browser would ask to fill in.
        """
        form, typed, files = page.form(action), typed or {}, files or {}
        strange = (set(typed) - form.names) | (set(ticked) - set(form.boxes)) | (set(files) - form.files)
        expect(not strange, f"the form for {action} has no field {', '.join(sorted(strange))}")
        unknown = [name for name, value in typed.items() if value not in form.choices.get(name, [value])]
        expect(not unknown, f"the form for {action} does not offer this choice of {', '.join(unknown)}")
        values = form.values | dict(typed) | {name: form.boxes[name] for name in ticked}
        empty = [name for name in form.needed if not values.get(name) and name not in files]
        expect(not empty, f"the form for {action} also asks for {', '.join(sorted(empty))}")
        expect(form.buttons, f"the form for {action} has no button")
        return self._press(page, form, form.buttons[0], values, files)

    def press(self, page: Page, action: str, button: str, typed: Mapping[str, str]) -> Page:
        """Press the button that is named `button`, with fields left empty that the browser would ask for.

        What no script stops, the server must be ready for. Raises UnlikeError when there is no such button.
        """
        form = page.form(action)
        for found in form.buttons:
            if found[0] == button:
                return self._press(page, form, found, form.values | dict(typed))
        raise UnlikeError(f"the form for {action} has no button {button or 'without a name'}")

    def _press(
        self,
        page: Page,
        form: Form,
        button: tuple[str, str, str],
        values: dict[str, str],
        files: Mapping[str, File] | None = None,
    ) -> Page:
        name, value, _ = button
        parts = urlsplit(page.url)
        headers = {
            "origin": f"{parts.scheme}://{parts.netloc}",
            "referer": page.url,
            "sec-fetch-site": "same-origin",
        }
        sent: Sent = {**values, **({name: value} if name else {})}
        sent |= {name: form.repeated[name] for name in form.repeated if values[name] == form.values[name]}
        uploads = None
        if form.encoding == "multipart/form-data":  # a file field that stays empty is sent all the same
            uploads = {field: (files or {}).get(field, ("", b"")) for field in form.files}
        return self._page(form.method.upper(), urljoin(page.url, form.action), headers, sent, uploads)

    def _page(
        self,
        method: str,
        url: str,
        headers: dict[str, str],
        form: Sent | None = None,
        files: dict[str, File] | None = None,
    ) -> Page:
        try:
            asked = {"params": form} if method == "GET" else {"data": form, "files": files}
            answer = self._client.request(method, url, headers=headers, **asked)
        except httpx2.HTTPError as error:
            raise UnlikeError(f"{urlsplit(url).path} does not answer ({type(error).__name__})") from None
        is_page = answer.headers.get("content-type", "").startswith("text/html")
        return Page(
            str(answer.url),
            answer.status_code,
            answer.content,
            read(answer.text if is_page else ""),
            _file_name(answer.headers.get("content-disposition", "")),
        )


def _file_name(disposition: str) -> str:
    """Under which name a browser saves it (RFC 6266), or "" when it shows it."""
    message = Message()
    message["content-disposition"] = disposition
    return (message.get_filename() or "nameless") if disposition.startswith("attachment") else ""

"""The hidden field that proves that a form came from our own page in the same browser (spec/security.md).

It stands beside the check of `Origin` in `guard.py`: for a forged post both would have to fail.
"""

from __future__ import annotations

import hmac
import re
from typing import TYPE_CHECKING

from sparekey.core.errors import MisuseError, UntrustedError
from sparekey.web import cookies

if TYPE_CHECKING:
    from starlette.requests import HTTPConnection
    from starlette.responses import Response

    from sparekey.host.entropy import Entropy

FIELD = "token"
"""The name of the hidden field."""
COOKIE = "browser"
"""The cookie that tells one browser from another. It grants nothing and ends with the browser."""

_BROWSER = re.compile(r"[0-9a-f]{32}")


class Token:
    """Makes and checks the hidden field: HMAC-SHA256 of the browser's cookie and the form's purpose."""

    def __init__(self, key: bytes, entropy: Entropy) -> None:
        """`key`: at least 32 secret bytes; processes that serve the same pages share it."""
        self._entropy = entropy
        self.rekey(key)

    def rekey(self, key: bytes) -> None:
        """From now on another key: every page that is open must be opened again."""
        if len(key) < 32:
            raise MisuseError("token-key", "the key of form tokens has at least 32 bytes")
        self._key = key

    def browser(self, request: HTTPConnection) -> str | None:
        """The mark of this browser, or None when it has none yet or a strange one."""
        value = cookies.read(request, COOKIE)
        return value if value is not None and _BROWSER.fullmatch(value) else None

    def new_browser(self) -> str:
        """A fresh mark."""
        return self._entropy.bytes(16).hex()

    def remember(self, response: Response, request: HTTPConnection, browser: str) -> None:
        """Gives a mark to the browser. Lax: a page opened from a mail must not end forms in other tabs."""
        cookies.put(response, request, COOKIE, browser, same_site="lax")

    def make(self, browser: str, purpose: str) -> str:
        """The field's value for one browser and one purpose."""
        return hmac.digest(self._key, f"{browser}\n{purpose}".encode(), "sha256").hex()

    def check(self, request: HTTPConnection, value: str, purpose: str) -> None:
        """Raises UntrustedError (`form-token`) unless `value` was made for this browser and purpose."""
        browser = self.browser(request)
        expected = self.make(browser or "", purpose)
        if not hmac.compare_digest(expected.encode(), value.encode()) or browser is None:
            raise UntrustedError("form-token")

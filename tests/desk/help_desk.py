"""The public pages of support on a desk in one process, and a browser that keeps its cookies and fills in forms."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from datetime import UTC
from urllib.parse import urlencode

from starlette.types import ASGIApp

from sparekey.desk.help.room import Help
from sparekey.desk.source import Sources
from sparekey.profiles import names
from sparekey.web.face import face
from sparekey.web.form_token import Token
from sparekey.web.guard import Rules
from sparekey.web.page import Band, Pages
from sparekey.web.statics import Statics
from tests.desk.casework import Casework
from tests.web.asgi import FORM, Answer, call

HOST = "desk.example.com"
BOUNDARY = "pages-of-support"


def face_of(casework: Casework, host: str = HOST, *, shop: bool = False) -> ASGIApp:
    """The pages behind their guard."""
    room = Help(
        cases=casework.cases,
        sources=Sources(bytes(32)),
        key=bytes(32),
        profiles=names(),
        clock=casework.clock,
        zone=UTC,
        shop=shop,
    )
    pages = Pages(
        room.packages,
        statics=Statics(room.packages),
        token=Token(bytes(32), casework.entropy),
        band=lambda: Band("Example support"),
        look="desk",
    )
    rules = Rules(own_names=lambda: {f"{host}:443", host}, larger=room.larger)
    return face(room.routes(pages), pages=pages, rules=rules, entropy=casework.entropy)


@dataclass
class Person:
    """Somebody with a browser."""

    app: ASGIApp
    language: str = "en"
    cookies: dict[str, str] = field(default_factory=dict)

    def get(self, path: str) -> Answer:
        """Open a page."""
        return self._kept(call(self.app, "GET", path, self._headers(), host=HOST))

    def send(
        self,
        page: str,
        action: str,
        fields: dict[str, str] | None = None,
        file: tuple[str, bytes] | None = None,
    ) -> Answer:
        """Fill in the form of a page, send it, and follow where it leads."""
        shown = self.get(page).text
        token = re.search(
            rf'action="{re.escape(action)}"[^>]*>\s*<input[^>]* value="([0-9a-f]{{64}})"', shown
        )
        assert token, shown
        filled = {"token": token[1], **(fields or {})}
        headers = {"origin": f"https://{HOST}", **self._headers()}
        multipart = f'action="{action}" enctype="multipart/form-data"' in shown
        if multipart:
            headers["content-type"] = f"multipart/form-data; boundary={BOUNDARY}"
        body = _multipart(filled, file) if multipart else urlencode(filled).encode()
        sent = call(self.app, "POST", action, FORM | headers, body, host=HOST)
        answer = self._kept(sent)
        return self.get(answer.headers["location"]) if answer.status == 303 else answer

    def _headers(self) -> dict[str, str]:
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        return {"accept-language": self.language, **({"cookie": cookie} if cookie else {})}

    def _kept(self, answer: Answer) -> Answer:
        self.cookies |= answer.cookies
        return answer


def words(answer: Answer) -> str:
    """What a page says, without its tags."""
    main = answer.text.partition("<main")[2].partition("</main>")[0]
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", main)).split())


def _multipart(fields: dict[str, str], file: tuple[str, bytes] | None) -> bytes:
    parts = [
        f'--{BOUNDARY}\r\ncontent-disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    name, data = file or ("", b"")
    head = f'--{BOUNDARY}\r\ncontent-disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
    return b"".join(parts) + head.encode() + data + f"\r\n--{BOUNDARY}--\r\n".encode()

"""The pages of the web app: where it starts, the scanner, and what makes it installable."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import TYPE_CHECKING

from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from sparekey.web.headers import POLICY, SECURITY

if TYPE_CHECKING:
    from starlette.requests import Request

    from sparekey.web.page import Pages

_DECODER = POLICY.replace("script-src 'self'", "script-src 'self' 'wasm-unsafe-eval'")
_APP = "manifest-src 'self'; worker-src 'self'"
SCANS = f"{_DECODER}; {_APP}; media-src 'self' blob:"
"""Content-Security-Policy of the scanner: the decoder is WebAssembly, and nothing else may be made from text."""
STARTS = f"{POLICY}; {_APP}"
"""Content-Security-Policy of the app's other pages."""

_CAMERA = dict(SECURITY)["permissions-policy"].replace("camera=()", "camera=(self)")
_COLOUR = "#0b6e6e"
_KEPT = ("phone/", "web/")
"""What the app needs without a network; the decoder too, since somebody on a ladder has none."""


class PhonePages:
    """The routes below `/app`. `prefix`: this desk's, as it stands in QR codes; `name`: how people know it."""

    def __init__(self, pages: Pages, *, prefix: str, name: str) -> None:
        self._pages = pages
        self._prefix = prefix
        self._name = name
        self._worker = files("sparekey.desk.phone").joinpath("worker.js").read_text("utf-8")

    def routes(self) -> list[Route]:
        """All of them."""
        return [
            Route("/app", self._start),
            Route("/APP", _lower),
            Route("/app/scan", self._scan),
            Route("/app/phones", self._phones),
            Route("/app/manifest.webmanifest", self._manifest),
            Route("/app/worker.js", self._serve_worker),
        ]

    async def _start(self, request: Request) -> Response:
        words = self._pages.words(request)
        more = [
            ("/app/scan#camera", words.text("Reset device password")),
            ("/devices", words.text("My devices")),
            ("/app/phones", words.text("How phones are added and removed")),
            ("/", words.text("Other ways to get help")),
        ]
        page = self._pages.page(request, "phone/start.html", more=more)
        page.headers["content-security-policy"] = STARTS
        return page

    async def _scan(self, request: Request) -> Response:
        page = self._pages.page(request, "phone/scan.html", prefix=self._prefix)
        page.headers["content-security-policy"] = SCANS
        page.headers["permissions-policy"] = _CAMERA
        return page

    async def _phones(self, request: Request) -> Response:
        return self._pages.page(request, "phone/phones.html")

    async def _manifest(self, request: Request) -> Response:
        words, static = self._pages.words(request), self._pages.statics.url
        sizes = [("192x192", "phone/icon-192.png"), ("512x512", "phone/icon-512.png")]
        icons = [{"src": static(path), "sizes": size, "type": "image/png"} for size, path in sizes]
        manifest = {
            "id": "/app",
            "name": self._name,
            "short_name": "sparekey",
            "description": words.text("Get back into your recorder or camera."),
            "lang": words.code,
            "start_url": "/app",
            "scope": "/",
            "display": "standalone",
            "background_color": "#ffffff",
            "theme_color": _COLOUR,
            "icons": [*icons, {**icons[1], "purpose": "maskable"}],
            "shortcuts": [{"name": words.text("Reset device password"), "url": "/app/scan#camera"}],
        }
        return JSONResponse(manifest, media_type="application/manifest+json")

    async def _serve_worker(self, _request: Request) -> Response:
        statics = self._pages.statics
        kept = [statics.url(path) for path in statics.paths if path.startswith(_KEPT)]
        script = self._worker.replace("{{ version }}", statics.hash).replace("{{ files }}", json.dumps(kept))
        headers = {"service-worker-allowed": "/app", "cache-control": "no-cache"}
        return Response(script, media_type="text/javascript", headers=headers)


async def _lower(_request: Request) -> Response:
    """QR codes are upper case, so that they stay small."""
    return RedirectResponse("/app", 301)

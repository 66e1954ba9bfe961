"""Style sheets and scripts, under an address that changes with their content: browsers may keep them."""

from __future__ import annotations

import hashlib
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from sparekey.core.errors import MisuseError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import Route

    from sparekey.web.answers import Answers

_TYPES = {
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
    "png": "image/png",
    "wasm": "application/wasm",
    "json": "application/json",
    "webmanifest": "application/manifest+json",
}
"""The kinds of files that are served; anything else in a folder (licences, notes) is not."""


class Statics:
    """The `static/` folders of some packages, in memory: `web/house.css` is `house.css` of `sparekey.web`.

    One hash covers all files: a script may import its neighbour by a relative address.
    """

    def __init__(self, packages: Mapping[str, str] | None = None) -> None:
        """`packages`: short name -> package, beside "web" which is always there."""
        self._files: dict[str, bytes] = {}
        for prefix, package in {"web": "sparekey.web", **(packages or {})}.items():
            folder = Path(import_module(package).__path__[0], "static")
            if folder.is_dir():
                self._files.update((f"{prefix}/{name}", data) for name, data in _walk(folder, ""))
        digest = hashlib.sha256()
        for path, data in sorted(self._files.items()):
            digest.update(f"{path}\n{len(data)}\n".encode() + data)
        self.hash = digest.hexdigest()[:16]
        """Changes when any file changes."""

    @property
    def paths(self) -> tuple[str, ...]:
        """Every file that is served, as `url` takes it, sorted."""
        return tuple(sorted(self._files))

    def url(self, path: str) -> str:
        """The address of a file, for templates. Raises MisuseError for a file that is not there."""
        if path not in self._files:
            raise MisuseError("no-static", path)
        return f"/static/{self.hash}/{path}"

    def route(self, answers: Answers, missing: Callable[[Request], Response]) -> Route:
        """Serves them all. `missing`: the page for an address without a file."""

        async def serve(request: Request) -> Response:
            return self._serve(request, answers) or missing(request)

        return answers.route("/static/{hash}/{path:path}", serve, methods=["GET"])

    def _serve(self, request: Request, answers: Answers) -> Response | None:
        path = request.path_params["path"]
        data = self._files.get(path)
        if data is None:
            return None
        # While versions are mixed (a desk of several nodes is updated) the other hash still gets a file.
        current = request.path_params["hash"] == self.hash
        cache = "public, max-age=31536000, immutable" if current else "no-cache"
        return answers.whole(data, headers={"content-type": _TYPES[_ending(path)], "cache-control": cache})


def _walk(folder: Path, prefix: str) -> Iterator[tuple[str, bytes]]:
    for entry in folder.iterdir():
        if entry.is_dir():
            yield from _walk(entry, f"{prefix}{entry.name}/")
        elif _ending(entry.name) in _TYPES:
            yield f"{prefix}{entry.name}", entry.read_bytes()


def _ending(name: str) -> str:
    return name.rpartition(".")[2]

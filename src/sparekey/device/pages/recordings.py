"""What was recorded: a list, and each piece to look at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sparekey.device.pages.inside import Inside
from sparekey.device.recordings.port import Media
from sparekey.language.catalogue import N_
from sparekey.language.moments import duration, moment
from sparekey.web.lean import Response, StreamingResponse

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.routing import BaseRoute

    from sparekey.core.record import Account
    from sparekey.device.pages.door import Door
    from sparekey.device.recordings.port import Segment

SHOWN = 100
"""Segments on the page, the newest."""
_GONE = (
    N_("This recording is not here any more"),
    N_("Newer recordings took its place, or it was damaged."),
    "/recordings",
    N_("See the recordings"),
)
_PLAYER = "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'"
"""What the browser's own player needs."""


@dataclass(frozen=True)
class Row:
    """One segment, in words."""

    href: str
    camera: str
    when: str
    length: str


def routes(door: Door) -> list[BaseRoute]:
    """The pages of this group."""
    inside = Inside(door)
    kept = door.agent.recordings

    def show(request: Request, _account: Account) -> Response:
        segments = kept.segments()
        return door.pages.page(
            request,
            "device/recordings.html",
            rows=[_row(door, request, segment) for segment in segments[:SHOWN]],
            count=len(segments),
        )

    def play(request: Request, _account: Account) -> Response:
        name = request.path_params["name"]
        segment = next((segment for segment in kept.segments() if segment.name == name), None)
        content = kept.play(name) if segment else None
        if segment is None or content is None:
            return door.told(request, 404, *_GONE)
        headers = {"content-length": str(segment.size), "content-security-policy": _PLAYER}
        return StreamingResponse(content, media_type=segment.media.value, headers=headers)

    return [inside.get("/recordings", show), inside.get("/recordings/{name}", play)]


def _row(door: Door, request: Request, segment: Segment) -> Row:
    words, now = door.pages.words(request), door.agent.now().moment.clock
    length = duration(segment.seconds, words) if segment.media is Media.MP4 else words.text("one picture")
    when = moment(segment.started, now, door.offset(segment.started), words)
    return Row(f"/recordings/{segment.name}", segment.camera, when, length)

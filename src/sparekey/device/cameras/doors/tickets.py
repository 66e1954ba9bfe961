"""Who may pass a camera's door: a ticket that opens it once, and the visit that follows. In memory only."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sparekey.core.crypto import sha256

if TYPE_CHECKING:
    from collections.abc import Callable

    from sparekey.host.entropy import Entropy
    from sparekey.lan.target import Target

LASTS = 60
"""Seconds in which a ticket must be used."""
VISITS_LIMIT = 32
"""Tickets, and visits, at the same time; beyond that the oldest ends."""
COOKIES_LIMIT = 32
COOKIE_LIMIT = 4096
"""Characters of one cookie of a camera."""


@dataclass
class Visit:
    """One browser at one camera. `holder`: the recorder's session that it hangs on. `target`: where the camera is, by
    IP address: it was looked up and checked once. `cookies`: the camera's own, which no browser ever gets.
    """

    camera: int
    holder: str = field(repr=False)
    target: Target
    born: int
    cookies: dict[str, str] = field(default_factory=dict, repr=False)

    def keep_cookie(self, name: str, value: str, *, ends: bool) -> None:
        """Remember a cookie of the camera, or forget it."""
        self.cookies.pop(name, None)
        if not ends and len(name) + len(value) <= COOKIE_LIMIT and len(self.cookies) < COOKIES_LIMIT:
            self.cookies[name] = value


class Tickets:
    """Safe to call from several threads. `uptime`: seconds since boot. `holds`: whether a recorder's session still
    stands for an administrator.
    """

    def __init__(self, entropy: Entropy, uptime: Callable[[], int], holds: Callable[[str], bool]) -> None:
        self._entropy = entropy
        self._uptime = uptime
        self._holds = holds
        self._lock = threading.Lock()
        self._tickets: dict[bytes, Visit] = {}
        self._visits: dict[bytes, Visit] = {}

    def issue(self, camera: int, holder: str, target: Target) -> str:
        """A ticket to one camera's door."""
        return self._put(self._tickets, Visit(camera, holder, target, self._uptime()))

    def redeem(self, ticket: str, camera: int) -> str | None:
        """The cookie of a new visit; None when the ticket is used, too old, or another door's."""
        with self._lock:
            visit = self._tickets.pop(_key(ticket), None)
        if visit is None or visit.camera != camera or self._uptime() - visit.born >= LASTS:
            return None
        return self._put(self._visits, visit) if self._holds(visit.holder) else None

    def visit(self, cookie: str | None, camera: int) -> Visit | None:
        """Whose visit to this camera a cookie is, while whoever opened it is signed in to the recorder."""
        if not cookie:
            return None
        with self._lock:
            visit = self._visits.get(_key(cookie))
        if visit is None or visit.camera != camera:
            return None
        if not self._holds(visit.holder):
            with self._lock:
                self._visits.pop(_key(cookie), None)
            return None
        return visit

    def is_visited(self, camera: int) -> bool:
        """Whether a ticket or a visit to this camera is still good."""
        with self._lock:
            waiting = [v for v in self._tickets.values() if self._uptime() - v.born < LASTS]
            kept = [*waiting, *self._visits.values()]
        return any(visit.camera == camera and self._holds(visit.holder) for visit in kept)

    def _put(self, place: dict[bytes, Visit], visit: Visit) -> str:
        token = self._entropy.bytes(32).hex()
        with self._lock:
            while len(place) >= VISITS_LIMIT:
                place.pop(next(iter(place)))
            place[_key(token)] = visit
        return token


def _key(token: str) -> bytes:
    return sha256(token.encode())

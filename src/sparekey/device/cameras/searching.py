"""Which cameras are in the recorder's network: it asks, in every language it knows, and changes nothing."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sparekey.core.errors import InputError, UnavailableError
from sparekey.lan.discovery.merge import merge
from sparekey.lan.discovery.search import Search
from sparekey.lan.interfaces import interfaces
from sparekey.lan.target import Target, read_target

if TYPE_CHECKING:
    from sparekey.device.cameras.room import CameraRoom
    from sparekey.lan.discovery.found import Found

FOUND_LIMIT = 256
"""Answers that are looked at in one search."""


@dataclass(frozen=True)
class Seen:
    """A camera that answered and is not in the list. Everything here was said by a stranger. `at`: where to call it."""

    at: str
    name: str
    host: str
    mac: str
    factory: bool


class Searching:
    """One search at a time."""

    def __init__(self, room: CameraRoom) -> None:
        self._room = room
        self._lock = threading.Lock()

    def search(self) -> list[Seen]:
        """Ask, and listen for some seconds. Empty also when a search is under way, or there is no network."""
        from sparekey.device.cameras.talk import wait_for

        if not self._lock.acquire(blocking=False):
            return []
        try:
            answers: list[Found] = []

            def take(found: Found) -> None:
                if len(answers) < FOUND_LIMIT:
                    answers.append(found)

            wait_for(Search(self._room.agent.entropy, take).run(interfaces()))
        except UnavailableError:
            return []
        finally:
            self._lock.release()
        return self.sorted_out(answers)

    def sorted_out(self, answers: list[Found]) -> list[Seen]:
        """Each camera once, without those that are known, and without what the recorder may not call."""
        known = {read_target(camera.page).host for camera in self._room.cameras.all()}
        seen: dict[str, Seen] = {}
        for found in merge(answers):
            for at in (*found.links, f"https://{Target(found.sender, 443).authority}/"):
                try:
                    named = read_target(at)
                    target = self._room.reach.target(at)
                except (InputError, UnavailableError):
                    continue
                if target.host not in known:
                    url = f"{'https' if named.tls else 'http'}://{target.authority}/"
                    name = found.name or " ".join(filter(None, (found.brand, found.model))) or target.host
                    told = Seen(url, name[:64], target.host, found.mac, found.activated is False)
                    seen.setdefault(target.host, told)
                break
        return list(seen.values())

"""A camera in memory for the recorder's own tests: what it is told is all that happens."""

from __future__ import annotations

from sparekey.device.cameras.talk import Heard, Look
from sparekey.lan.http_digest import Credential


class MemoryCamera:
    """A `Talk` with users. `silent`: it does not answer. `after`: it falls silent after so many calls more."""

    def __init__(self, password: str = "", user: str = "admin") -> None:
        self.users = {user: password} if password else {}
        self.silent = False
        self.after: int | None = None
        self.refuses = False
        self.keeps_old = ""
        self.tried: list[str] = []

    def look(self) -> Look:
        if self._gone():
            return Look(Heard.SILENT)
        return Look(Heard.RIGHT, not self.users)

    def sign_in(self, by: Credential) -> Heard:
        if self._gone():
            return Heard.SILENT
        self.tried.append(by.password.text)
        return Heard.RIGHT if self._knows(by) else Heard.WRONG

    def set_password(self, by: Credential, user: str, password: str) -> Heard:
        if self._gone():
            return Heard.SILENT
        if not self._knows(by):
            return Heard.WRONG
        if self.refuses:
            return Heard.REFUSED
        self.users[user] = password
        return Heard.SILENT if self._gone() else Heard.RIGHT

    def add_user(self, by: Credential, user: str, password: str) -> Heard:
        return self.set_password(by, user, password)

    def activate(self, user: str, password: str) -> Heard:
        if self._gone():
            return Heard.SILENT
        if self.users:
            return Heard.REFUSED
        self.users[user] = password
        return Heard.RIGHT

    def _knows(self, by: Credential) -> bool:
        own = self.users.get(by.user)
        return own is not None and by.password.text in (own, self.keeps_old or own)

    def _gone(self) -> bool:
        if self.after is not None:
            self.after -= 1
            self.silent = self.silent or self.after < 0
        return self.silent

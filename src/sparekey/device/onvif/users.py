"""ONVIF's own users: generated passwords, encrypted in the storage, ended by every recovery and every erase
(spec/state.md section 5).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sparekey.core.codes import to_base32
from sparekey.core.crypto import NONCE_LENGTH, lock, unlock
from sparekey.core.effects import Happened
from sparekey.core.errors import UntrustedError
from sparekey.core.keys import keeping_key
from sparekey.core.values import Face
from sparekey.device.erase import Room
from sparekey.lan.onvif.device import Level, Limits, User, UserRefusal, with_created, with_deleted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from sparekey.device.agent import Agent
    from sparekey.host.sqlite_store import SqliteFile

SCHEMA = (
    "CREATE TABLE onvif_users (name TEXT PRIMARY KEY, level TEXT NOT NULL, generation INTEGER NOT NULL,"
    " locked BLOB NOT NULL) STRICT, WITHOUT ROWID"
)
LIMITS = Limits(users=10, longest_name=32, shortest_password=12, longest_password=64)
"""What other systems may set. What is generated here has 100 random bits."""

_ALL = "SELECT name, level, locked FROM onvif_users WHERE generation = ? ORDER BY name"
_KIND = "onvif password"
_ENTROPY = 13
_LENGTH = 20
_GROUP = 5


class OnvifUsers:
    """Safe to call from several threads. A change is one transaction: all of it, or nothing."""

    def __init__(self, file: SqliteFile, agent: Agent) -> None:
        self._file = file
        self._agent = agent
        agent.add(Room("onvif users", self._erase, self._is_empty, self._end_before))

    def any(self) -> bool:
        """Whether there is one: without, the service is off."""
        now = self._agent.record.generation
        return bool(self._file.rows("SELECT 1 FROM onvif_users WHERE generation = ? LIMIT 1", (now,)))

    def all(self) -> tuple[User, ...]:
        """Everybody by name, with passwords. Whoever's does not open is not there."""
        rows = self._file.rows(_ALL, (self._agent.record.generation,))
        users = (self._user(str(name), str(level), locked) for name, level, locked in rows)
        return tuple(user for user in users if user is not None)

    def change(
        self,
        to: Callable[[tuple[User, ...]], tuple[User, ...] | UserRefusal],
        what: Happened,
        names: Iterable[str],
        face: Face = Face.NETWORK,
    ) -> UserRefusal | None:
        """Replace everybody by what `to` makes of them, unless it refuses. The audit page says before that `what`
        happened to each of `names`. Raises UnavailableError.
        """
        refusal = to(self.all())
        if isinstance(refusal, UserRefusal):
            return refusal
        for name in names:
            self._agent.note(what, face, name)
        generation = self._agent.record.generation
        with self._file.writing() as connection:
            rows = connection.execute(_ALL, (generation,)).fetchall()
            before = [self._user(str(name), str(level), locked) for name, level, locked in rows]
            after = to(tuple(user for user in before if user is not None))
            if isinstance(after, UserRefusal):
                return after
            connection.execute("DELETE FROM onvif_users")
            connection.executemany(
                "INSERT INTO onvif_users (name, level, generation, locked) VALUES (?, ?, ?, ?)",
                [(user.name, user.level.value, generation, self._locked(user)) for user in after],
            )
        return None

    def generate(self, name: str, level: Level, face: Face = Face.NETWORK) -> User | UserRefusal:
        """A new user with a password that is shown once. The first one is an administrator, whoever asks for less."""
        text = to_base32(self._agent.entropy.bytes(_ENTROPY))[:_LENGTH].lower()
        password = "-".join(text[at : at + _GROUP] for at in range(0, _LENGTH, _GROUP))
        user = User(name, level if self.any() else Level.ADMINISTRATOR, password)
        made = self.change(
            lambda users: with_created(users, (user,), LIMITS), Happened.SYSTEM_ADDED, (name,), face
        )
        return made or user

    def remove(self, name: str, face: Face = Face.NETWORK) -> UserRefusal | None:
        """Remove one; the last one may go, and the service with it."""

        def without(users: tuple[User, ...]) -> tuple[User, ...] | UserRefusal:
            return () if [user.name for user in users] == [name] else with_deleted(users, (name,))

        return self.change(without, Happened.SYSTEM_REMOVED, (name,), face)

    def _user(self, name: str, level: str, locked: object) -> User | None:
        try:
            data = unlock(self._key(), _bound(name), locked if isinstance(locked, bytes) else b"")
        except UntrustedError:
            return None
        return User(name, Level(level), data.decode())

    def _locked(self, user: User) -> bytes:
        nonce = self._agent.entropy.bytes(NONCE_LENGTH)
        return lock(self._key(), nonce, _bound(user.name), (user.password or "").encode())

    def _key(self) -> bytes:
        return keeping_key(self._agent.keys.device_key, _KIND)

    def _end_before(self, generation: int) -> None:
        with self._file.writing() as connection:
            connection.execute("DELETE FROM onvif_users WHERE generation < ?", (generation,))

    def _is_empty(self) -> bool:
        return not self._file.rows("SELECT 1 FROM onvif_users LIMIT 1")

    def _erase(self) -> None:
        with self._file.writing() as connection:
            connection.execute("DELETE FROM onvif_users")


def _bound(name: str) -> bytes:
    return f"{_KIND}\n{name}\npassword".encode()

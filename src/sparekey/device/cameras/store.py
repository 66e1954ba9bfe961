"""The cameras table of a recorder. Passwords are in it encrypted only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sparekey.device.cameras.camera import (
    CAMERAS_LIMIT,
    TRIES_REST,
    Camera,
    Change,
    Control,
    Stage,
    State,
)
from sparekey.device.cameras.safe import Place

if TYPE_CHECKING:
    from sparekey.core.values import Secret
    from sparekey.device.cameras.safe import Safe
    from sparekey.host.sqlite_store import SqliteFile

    Follows = tuple[str, Secret, int, int]
    """What `stage` is told."""

SCHEMA = (
    "CREATE TABLE cameras (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, page TEXT NOT NULL UNIQUE,"
    " service TEXT NOT NULL, control TEXT NOT NULL, brand TEXT NOT NULL, model TEXT NOT NULL, mac TEXT NOT NULL,"
    " user TEXT NOT NULL, credential BLOB, pin BLOB, in_the_open INTEGER NOT NULL, state TEXT NOT NULL,"
    " seen_age INTEGER, seen_wall INTEGER, wrong INTEGER NOT NULL, wrong_age INTEGER NOT NULL,"
    " door INTEGER NOT NULL UNIQUE, staged BLOB, stage TEXT, for_user TEXT, generation INTEGER,"
    " tries INTEGER, due INTEGER, why TEXT, owner TEXT NOT NULL DEFAULT '', result TEXT NOT NULL DEFAULT '',"
    " result_generation INTEGER NOT NULL DEFAULT 0) STRICT"
)

_ALL = (
    "SELECT id, name, page, service, control, brand, model, mac, user, credential IS NOT NULL, pin, in_the_open,"
    " state, seen_age, seen_wall, wrong, wrong_age, door, owner, result, result_generation,"
    " stage, for_user, generation, tries, due, why FROM cameras"
)
_PASSWORD = {
    Place.CREDENTIAL: "SELECT credential FROM cameras WHERE id = ?",
    Place.STAGED: "SELECT staged FROM cameras WHERE id = ?",
}


class Cameras:
    """Safe to call from several threads. Every call is one transaction, on the disk when it returns."""

    def __init__(self, file: SqliteFile, safe: Safe) -> None:
        self._file = file
        self._safe = safe

    def all(self) -> list[Camera]:
        """Every camera, in the order in which they were added."""
        return [_camera(row) for row in self._file.rows(f"{_ALL} ORDER BY id")]

    def get(self, number: int) -> Camera | None:
        """One camera, if it is still there."""
        rows = self._file.rows(f"{_ALL} WHERE id = ?", (number,))
        return _camera(rows[0]) if rows else None

    def add(self, camera: Camera) -> Camera | None:
        """A new camera; its `id` and `door` are chosen here. None when there is one at this address, or no room."""
        with self._file.writing() as connection:
            doors = {door for (door,) in connection.execute("SELECT door FROM cameras")}
            known = connection.execute("SELECT 1 FROM cameras WHERE page = ?", (camera.page,)).fetchone()
            if known or len(doors) >= CAMERAS_LIMIT:
                return None
            # The least recently used door: a browser may still hold a page of the camera that had it before.
            free = [door for door in range(CAMERAS_LIMIT) if door not in doors]
            (last,) = connection.execute(
                "SELECT max(seq) FROM sqlite_sequence WHERE name = 'cameras'"
            ).fetchone()
            door = next((door for door in free if door >= (last or 0) % CAMERAS_LIMIT), free[0])
            told = (
                camera.name,
                camera.page,
                camera.service,
                camera.control.value,
                camera.brand,
                camera.model,
            )
            more = (camera.mac, camera.user, camera.pin, int(camera.in_the_open), camera.state.value)
            (number,) = connection.execute(
                "INSERT INTO cameras (name, page, service, control, brand, model, mac, user, pin, in_the_open,"
                " state, seen_age, seen_wall, wrong, wrong_age, door)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0, ?) RETURNING id",
                (*told, *more, camera.seen_age, camera.seen_wall, door),
            ).fetchone()
        return self.get(int(number))

    def remove(self, number: int) -> None:
        """Forget a camera and its passwords."""
        self._write("DELETE FROM cameras WHERE id = ?", number)

    def forget_all(self) -> None:
        """Forget every camera: a part of an erase. Doing so twice is fine."""
        with self._file.writing() as connection:
            connection.execute("DELETE FROM cameras")

    def is_empty(self) -> bool:
        """Whether none is left."""
        return not self._file.rows("SELECT 1 FROM cameras LIMIT 1")

    def rename(self, number: int, name: str, mac: str) -> None:
        """Call it something else; correct its MAC address."""
        self._write("UPDATE cameras SET name = ?, mac = ? WHERE id = ?", name, mac, number)

    def agree(self, number: int) -> None:
        """The owner agreed that a new password travels to this camera unencrypted."""
        self._write("UPDATE cameras SET in_the_open = 1 WHERE id = ?", number)

    def note(self, number: int, state: State, age: int, wall: int | None) -> None:
        """How it was just now. Whoever is offline was not seen."""
        if state is State.OFFLINE:
            self._write("UPDATE cameras SET state = ? WHERE id = ?", state.value, number)
            return
        self._write(
            "UPDATE cameras SET state = ?, seen_age = ?, seen_wall = ? WHERE id = ?",
            *(state.value, age, wall, number),
        )

    def pin(self, number: int, pin: bytes | None) -> None:
        """Remember the TLS key that answers at its address."""
        self._write("UPDATE cameras SET pin = ? WHERE id = ?", pin, number)

    def count_try(self, number: int, age: int) -> None:
        """A password is about to be tried: it counts as wrong until `keep` or `was_right` says otherwise."""
        self._write(
            "UPDATE cameras SET wrong = CASE WHEN ? - wrong_age >= ? THEN 1 ELSE wrong + 1 END, wrong_age = ?"
            " WHERE id = ?",
            *(age, TRIES_REST, age, number),
        )

    def was_right(self, number: int) -> None:
        """The last password that was tried signed in."""
        self._write("UPDATE cameras SET wrong = 0 WHERE id = ?", number)

    def password(self, number: int, place: Place) -> Secret | None:
        """A stored password, or None."""
        rows = self._file.rows(_PASSWORD[place], (number,))
        locked = rows[0][0] if rows else None
        return self._safe.unlock(number, place, locked) if isinstance(locked, bytes) else None

    def keep(self, number: int, user: str, password: Secret) -> None:
        """What the recorder signs in with from now on, since it was just seen to work."""
        locked = self._safe.lock(number, Place.CREDENTIAL, password)
        self._write(
            "UPDATE cameras SET user = ?, credential = ?, wrong = 0, state = ?,"
            " owner = CASE WHEN owner = '' THEN ? ELSE owner END WHERE id = ?",
            *(user, locked, State.OK.value, user, number),
        )

    def stage(self, number: int, user: str, password: Secret, generation: int, due: int) -> None:
        """Lay a new password for a user of the camera down, encrypted, before anything of it is sent."""
        locked = self._safe.lock(number, Place.STAGED, password)
        self._write(
            "UPDATE cameras SET staged = ?, stage = ?, for_user = ?, generation = ?, tries = 0, due = ?, why = ''"
            " WHERE id = ?",
            *(locked, Stage.STAGED.value, user, generation, due, number),
        )

    def result(self, number: int, result: str, generation: int) -> None:
        """What became of a change."""
        self._write(
            "UPDATE cameras SET result = ?, result_generation = ? WHERE id = ?", result, generation, number
        )

    def sending(self, number: int) -> None:
        """The next thing is that the staged password is sent."""
        self._write("UPDATE cameras SET stage = ? WHERE id = ?", Stage.SENT.value, number)

    def wait(self, number: int, due: int, why: str) -> None:
        """It did not work now: once more from an age on."""
        self._write(
            "UPDATE cameras SET tries = tries + 1, due = ?, why = ? WHERE id = ? AND stage IS NOT NULL",
            *(due, why, number),
        )

    def changed(self, number: int, user: str, follows: Follows | None = None) -> None:
        """The staged password was verified: it is the one from now on, in the same transaction as the old one goes, and
        as a change that follows is laid down.
        """
        with self._file.writing():
            password = self.password(number, Place.STAGED)
            if password is not None:
                self.keep(number, user, password)
            self.drop_change(number)
            if follows is not None:
                self.stage(number, *follows)

    def drop_change(self, number: int) -> None:
        """Forget a change that is not complete."""
        self._write(
            "UPDATE cameras SET staged = NULL, stage = NULL, for_user = NULL, generation = NULL, tries = NULL,"
            " due = NULL, why = NULL WHERE id = ?",
            number,
        )

    def _write(self, statement: str, *values: object) -> None:
        with self._file.writing() as connection:
            connection.execute(statement, values)


def _camera(row: tuple[object, ...]) -> Camera:
    (number, name, page, service, control, brand, model, mac, user, kept, pin, in_the_open, state) = row[:13]
    (seen_age, seen_wall, wrong, wrong_age, door, owner, result, result_generation) = row[13:21]
    (stage, user_meant, generation, tries, due, why) = row[21:]
    change = None
    if stage is not None:
        change = Change(
            Stage(stage), str(user_meant), _whole(generation), _whole(tries), _whole(due), str(why or "")
        )
    return Camera(
        id=_whole(number),
        name=str(name),
        page=str(page),
        service=str(service),
        control=Control(control),
        brand=str(brand),
        model=str(model),
        mac=str(mac),
        user=str(user),
        kept=bool(kept),
        pin=pin if isinstance(pin, bytes) else None,
        in_the_open=bool(in_the_open),
        state=State(state),
        seen_age=seen_age if isinstance(seen_age, int) else None,
        seen_wall=seen_wall if isinstance(seen_wall, int) else None,
        wrong=_whole(wrong),
        wrong_age=_whole(wrong_age),
        door=_whole(door),
        change=change,
        owner=str(owner),
        result=str(result),
        result_generation=_whole(result_generation),
    )


def _whole(value: object) -> int:
    return value if isinstance(value, int) else 0

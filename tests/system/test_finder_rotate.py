"""`sparekey rotate` against cameras that speak ONVIF on real sockets, and against what breaks in the middle."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from sparekey.lan.onvif.device import User, UserRefusal
from tests.lan.onvif.camera import ADMIN, Camera
from tests.system.onvif_door import door
from tests.system.test_finder_commands import Installer, free_port


class Dies(Camera):
    """Breaks off in the middle of the call that sets a password, after it did so."""

    def set_users(self, users: tuple[User, ...]) -> UserRefusal | None:
        super().set_users(users)
        raise ConnectionAbortedError


def works(camera: Camera) -> list[str | None]:
    return [user.password for user in camera.everybody if user.name == ADMIN.user]


def place(port: int) -> str:
    return f"http://127.0.0.1:{port}/onvif/device_service"


def logins(installer: Installer, *rows: tuple[int, str]) -> tuple[str, str]:
    lines = [f"{place(port)},{ADMIN.user},{password}\n" for port, password in rows]
    return "--logins", installer.secret("logins.csv", "".join(lines))


@pytest.fixture
def installer(tmp_path: Path) -> Installer:
    return Installer(tmp_path, "")


def saved(path: Path) -> dict[str, str]:
    with path.open(newline="", encoding="utf-8") as file:
        return {row["url"]: row["password"] for row in csv.DictReader(file)}


def test_B07_each_camera_gets_its_own_password_after_a_dry_run(installer: Installer) -> None:
    one, other, wrong = Camera(), Camera(), Camera()
    out, report = installer.folder / "new.csv", installer.folder / "report.csv"
    with door(one) as first, door(other, ahead=4000) as second, door(wrong) as third:
        given = logins(installer, (first, ADMIN.password.text), (second, ADMIN.password.text), (third, "no"))
        told = installer.run("rotate", *given, code=1)
        assert "without encryption" in told
        told = installer.run("rotate", *given, "--cleartext", code=1)
        assert told.count("would change") == 2
        assert works(one) == works(other) == works(wrong) == [ADMIN.password.text]
        told = installer.run(
            "rotate", *given, "--cleartext", "--yes", "--save", str(out), "--report", str(report), code=1
        )
    made = saved(out)
    assert set(made) == {place(first), place(second)}
    assert [works(one), works(other)] == [[made[place(first)]], [made[place(second)]]]
    assert works(wrong) == [ADMIN.password.text]
    assert len(set(made.values())) == 2
    assert "tried once" in told
    assert out.stat().st_mode & 0o077 == 0
    for text in (told, report.read_text("utf-8")):
        assert not any(password in text for password in made.values())
    assert report.read_text("utf-8").count("done") == 2


def test_what_broke_off_is_listed_and_goes_on_with_the_same_password(installer: Installer) -> None:
    camera, out = Dies(), installer.folder / "new.csv"
    with door(camera) as port:
        given = logins(installer, (port, ADMIN.password.text))
        told = installer.run("rotate", *given, "--cleartext", "--yes", "--save", str(out), code=4)
        assert "--resume" in told
        (password,) = works(camera)
        assert list(saved(out).values()) == [password]
        again = installer.folder / "again.csv"
        installer.run("rotate", "--resume", "--cleartext", "--save", str(again))
        assert list(saved(again).values()) == [password] == works(camera)
        nothing = installer.folder / "nothing.csv"
        installer.run("rotate", "--resume", "--cleartext", "--save", str(nothing))
        assert not nothing.exists()


def test_the_options_that_make_no_sense_together_are_refused(installer: Installer) -> None:
    open_file = installer.secret("open.csv", f"192.0.2.64,{ADMIN.user},word\n")
    Path(open_file).chmod(0o644)
    for words in (
        ["rotate"],
        ["rotate", "192.0.2.64", "--logins", open_file],
        ["rotate", "--logins", open_file],
        ["rotate", "--logins", open_file, "--yes"],
        ["rotate", "--resume", "192.0.2.64", "--save", str(installer.folder / "x.csv")],
        ["rotate", "not an address", "--password-file", installer.secret("p", "word")],
        ["rotate", "192.0.2.64", "--password-file", installer.secret("p", "word"), "--save", "new.txt"],
    ):
        assert "word\n" not in installer.run(*words, code=2)


def test_nobody_there_is_told_and_is_no_crash(installer: Installer) -> None:
    given = logins(installer, (free_port(), ADMIN.password.text))
    told = installer.run("rotate", *given, "--cleartext", code=4)
    assert "no connection" in told

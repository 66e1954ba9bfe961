"""New passwords for devices that do as devices do: lock, break off, keep the old one, take both."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from sparekey.core.errors import InputError, UnavailableError
from sparekey.core.values import Secret
from sparekey.finder import logins, making, rotation
from sparekey.finder.changes import Changes, Stage
from sparekey.finder.journal import Journal
from sparekey.finder.kit import Kit
from sparekey.finder.logins import Device, grouped, read_logins
from sparekey.finder.many import End
from sparekey.finder.meeting import names
from sparekey.finder.rotation import MOST_WRONG, Rotation
from sparekey.finder.talk import Heard, Said
from sparekey.lan.http_digest import Credential
from sparekey.language.catalogue import translator
from sparekey.testing.clock import FixedClock
from sparekey.testing.entropy import FixedEntropy

PLACE = "192.0.2.64:8543"
OLD = Credential("admin", Secret("the old one"))


@dataclass
class Fake:
    """A device. `works`: its passwords. `tries`: every login that it saw."""

    works: list[str] = field(default_factory=lambda: [OLD.password.text])
    place: str = PLACE
    least: int = 8
    most: int = 16
    tries: list[str] = field(default_factory=list)
    busy: bool = False
    closed: int = 0

    def close(self) -> None:
        self.closed += 1

    async def check(self, login: Credential) -> Said:
        self.tries.append(login.password.text)
        if self.busy:
            return Said(Heard.BUSY, "busy")
        return Said(Heard.RIGHT) if login.password.text in self.works else Said(Heard.WRONG, "wrong")

    async def change(self, login: Credential, password: Secret) -> Said:
        if login.password.text not in self.works:
            return Said(Heard.WRONG, "wrong")
        self.works = [password.text]
        return Said(Heard.RIGHT)


class KeepsOld(Fake):
    async def change(self, login: Credential, password: Secret) -> Said:
        return Said(Heard.RIGHT)


class TakesBoth(Fake):
    async def change(self, login: Credential, password: Secret) -> Said:
        self.works.append(password.text)
        return Said(Heard.RIGHT)


class Refuses(Fake):
    async def change(self, login: Credential, password: Secret) -> Said:
        return Said(Heard.REFUSED, "too weak")


class LosesTheAnswer(Fake):
    async def change(self, login: Credential, password: Secret) -> Said:
        self.works = [password.text]
        raise UnavailableError("camera-silent", "the device did not answer in time")


class LosesTheCall(Fake):
    async def change(self, login: Credential, password: Secret) -> Said:
        raise UnavailableError("camera-silent", "the device did not answer in time")


class LocksAfterwards(Fake):
    async def check(self, login: Credential) -> Said:
        self.busy = bool(self.tries) and login.password.text not in self.works
        return await super().check(login)


def kit(journal: Journal | None = None) -> Kit:
    return Kit(journal or Journal(None), FixedClock(), FixedEntropy(), translator("en"))


def play(fake: Fake, *given: Credential, journal: Journal, does: bool = True) -> tuple[End, str]:
    async def meets(_kit: Kit, _address: str, _open: bool) -> Fake:
        return fake

    rotates = Rotation(kit(journal), does=does, settles=0, meets=meets)
    end, _, why = asyncio.run(rotates.one(Device(PLACE, given or (OLD,))))
    return end, why


def test_the_new_one_works_and_the_old_one_does_not() -> None:
    fake, journal = Fake(), Journal(None)
    assert play(fake, journal=journal) == (End.DONE, "")
    (change,) = Changes(journal).all()
    assert (change.stage, fake.works) == (Stage.VERIFIED, [change.new])
    assert fake.tries == [OLD.password.text, change.new, OLD.password.text]
    assert len(change.new) == 16


def test_a_dry_run_signs_in_once_and_changes_nothing() -> None:
    fake, journal = Fake(), Journal(None)
    assert play(fake, journal=journal, does=False) == (End.DONE, "")
    assert fake.works == fake.tries == [OLD.password.text]
    assert Changes(journal).all() == []


def test_each_login_is_tried_once_and_it_stops_before_a_lock() -> None:
    fake, journal = Fake(["none of them"]), Journal(None)
    given = [Credential("admin", Secret(f"guess {number}")) for number in range(10)]
    end, why = play(fake, *given, journal=journal)
    assert end is End.REFUSED
    assert why.startswith("Three logins were wrong.")
    assert fake.tries == [login.password.text for login in given[:MOST_WRONG]]
    locked = Fake(busy=True)
    assert play(locked, *given, journal=journal) == (End.REFUSED, "busy")
    assert len(locked.tries) == 1
    assert play(Fake(["another"]), journal=journal)[1].startswith("None of these logins")


def test_what_a_device_refuses_leaves_the_old_one_and_no_trace() -> None:
    journal = Journal(None)
    assert play(Refuses(), journal=journal) == (End.REFUSED, "too weak")
    end, why = play(KeepsOld(), journal=journal)
    assert (end, why.startswith("The device said yes, but")) == (End.REFUSED, True)
    assert Changes(journal).all() == []


def test_a_device_that_takes_both_is_never_called_done() -> None:
    fake, journal = TakesBoth(), Journal(None)
    end, why = play(fake, journal=journal)
    assert end is End.REFUSED
    assert "OLD ONE WORKS TOO" in why
    assert Changes(journal).all()[0].stage is Stage.CHANGED


def test_a_device_that_locks_before_the_old_one_was_seen_dead_is_looked_at_again() -> None:
    fake, journal = LocksAfterwards(), Journal(None)
    end, why = play(fake, journal=journal)
    assert end is End.FAILED
    assert "--resume" in why
    calm = Fake(fake.works)
    assert play(calm, journal=journal) == (End.DONE, "")


@pytest.mark.parametrize("fake", [LosesTheAnswer(), LosesTheCall()])
def test_what_broke_off_goes_on_with_the_same_password(fake: Fake) -> None:
    journal = Journal(None)
    end, why = play(fake, journal=journal)
    assert end is End.FAILED
    assert "broke off" in why
    (kept,) = Changes(journal).all()
    assert kept.stage is Stage.SENT
    assert play(Fake(fake.works), journal=journal, does=False)[0] is End.FAILED
    back = Fake(fake.works)
    assert play(back, journal=journal) == (End.DONE, "")
    assert back.works == [kept.new]
    assert play(Fake(["whatever"]), journal=journal) == (End.DONE, ""), (
        "what is verified is not touched again"
    )


def test_both_are_kept_where_neither_works() -> None:
    fake, journal = LosesTheCall(), Journal(None)
    play(fake, journal=journal)
    end, why = play(Fake(["a third one"]), journal=journal)
    assert (end, why.startswith("Neither")) == (End.REFUSED, True)
    assert len(Changes(journal).all()) == 1


def test_the_journal_knows_a_device_by_every_name_that_people_use() -> None:
    assert names("192.0.2.64") == names("https://192.0.2.64:8543/") == names(" 192.0.2.64:8543 ")
    assert names("192.0.2.64")[1] == "http://192.0.2.64/onvif/device_service"
    assert names("https://192.0.2.64/onvif/device_service") == ("https://192.0.2.64/onvif/device_service",)
    for text in ("", "two words", "ftp://192.0.2.64/", "http://"):
        with pytest.raises(InputError):
            names(text)


def test_made_passwords_differ_and_have_one_of_each() -> None:
    entropy = FixedEntropy()
    made = [making.make(entropy, 8, 16) for _ in range(200)]
    assert len(set(made)) == 200
    for one in made:
        assert len(one) == 16
        assert set(one) <= set(making.ALPHABET)
        assert any(c.isdigit() for c in one)
        assert any(c.isupper() for c in one)
        assert any(c.islower() for c in one)
    for least, most in ((8, 8), (30, 20)):
        with pytest.raises(InputError, match="limits"):
            making.make(entropy, least, most)


def secret_file(folder: Path, data: bytes, mode: int = 0o600) -> Path:
    path = folder / "logins.csv"
    path.write_bytes(data)
    path.chmod(mode)
    return path


def test_logins_are_read_with_and_without_a_header_and_from_what_was_saved(tmp_path: Path) -> None:
    rows = b'192.0.2.64,admin,"a, b"\r\n192.0.2.64,admin,other\n192.0.2.64,admin,other\n'
    expected = [
        Device("192.0.2.64", (Credential("admin", Secret("a, b")), Credential("admin", Secret("other"))))
    ]
    assert read_logins(secret_file(tmp_path, rows)) == expected
    assert read_logins(secret_file(tmp_path, b"\xef\xbb\xbfAddress,user,Password\n" + rows)) == expected
    saved = b"title,url,username,password,notes\nGate,https://192.0.2.20:8543/,admin,word,\n"
    (device,) = read_logins(secret_file(tmp_path, saved))
    assert names(device.address) == names("192.0.2.20")


@pytest.mark.parametrize(
    "data",
    [b"", b"\n\n", b"192.0.2.64,admin\n", b"192.0.2.64,,word\n", b",admin,word\n", b"a,b,c,d\n", b'a,b,"c\n',
     b"\xff\xfe\x00", b'192.0.2.64,admin,"two\nlines"\n', b"address,user,password\n"],
)  # fmt: skip
def test_a_file_that_holds_something_else_is_refused_without_telling_it(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(InputError, match="logins") as caught:
        read_logins(secret_file(tmp_path, data))
    assert "word" not in str(caught.value).replace("password", "")


def test_a_file_that_others_can_read_is_not_taken(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="chmod 600"):
        read_logins(secret_file(tmp_path, b"192.0.2.64,admin,word\n", 0o644))
    with pytest.raises(UnavailableError):
        read_logins(tmp_path / "not-there.csv")


def test_more_logins_than_anybody_has_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="at most"):
        read_logins(secret_file(tmp_path, b"192.0.2.64,admin,word\n" * (logins.MOST + 1)))


def test_a_change_never_shows_its_passwords() -> None:
    fake, journal = Fake(), Journal(None)
    play(fake, journal=journal)
    (change,) = Changes(journal).all()
    assert change.new not in repr(change)
    assert OLD.password.text not in repr(change)
    assert rotation.CHANGED
    assert grouped([]) == []

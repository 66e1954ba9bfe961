"""New passwords for cameras: staged, sent, verified; whatever breaks in between is gone on with; nothing is lost."""

from __future__ import annotations

import pytest

from sparekey.core.errors import Refusal, UnavailableError
from sparekey.core.values import Secret
from sparekey.device.cameras.camera import Camera, Result, State
from sparekey.device.cameras.changing import BACKOFF, OWN_USER, generated
from sparekey.device.cameras.safe import Place
from sparekey.testing.entropy import FixedEntropy
from tests.device.cameras.camera import MemoryCamera
from tests.device.cameras.conftest import Site
from tests.device.recorder import NEW, OLD, choose

HOST, OTHER = "192.0.2.41", "192.0.2.42"
FIRST = "the camera's first password"


def plugged(site: Site, host: str = HOST) -> tuple[Camera, MemoryCamera]:
    """A camera whose password the recorder knows."""
    behind = MemoryCamera(FIRST)
    camera = site.put(host, behind)
    site.agent.cameras.keep(camera.id, "admin", Secret(FIRST))
    return camera, behind


def stored(site: Site, camera: Camera, place: Place = Place.CREDENTIAL) -> str | None:
    found = site.agent.cameras.password(camera.id, place)
    return found.text if found else None


def exactly_one_works(site: Site, camera: Camera, behind: MemoryCamera) -> None:
    """What the camera takes is known to the recorder, as kept or as staged."""
    known = {stored(site, camera), stored(site, camera, Place.STAGED)}
    assert behind.users["admin"] in known


def test_P18_each_camera_gets_a_password_of_its_own(site_of_recommended: Site) -> None:
    site = site_of_recommended
    first, behind = plugged(site)
    second, other = plugged(site, OTHER)
    site.room.give_all(None, site.agent.record.generation)
    for camera, each in ((first, behind), (second, other)):
        kept = site.kept(camera)
        assert (kept.result, kept.state, kept.change) == (Result.OWN.value, State.OK, None)
        assert each.users == {"admin": stored(site, camera)}
        assert FIRST in each.tried, "the old one was seen to fail"
    assert behind.users != other.users


def test_P18_the_cameras_get_the_recorders_password_and_the_recorder_keeps_none_of_it(
    site_of_hikvision: Site,
) -> None:
    site = site_of_hikvision
    camera, behind = plugged(site)
    site.room.give_all(Secret(OLD), site.agent.record.generation)
    kept = site.kept(camera)
    assert (kept.result, kept.user, kept.owner, kept.change) == (Result.SHARED.value, OWN_USER, "admin", None)
    assert behind.users["admin"] == OLD
    assert behind.users[OWN_USER] == stored(site, camera)
    assert stored(site, camera) != OLD
    everything = b"".join(path.read_bytes() for path in site.folder.glob("device.sqlite*"))
    assert OLD.encode() not in everything
    site.room.give_all(Secret(NEW), site.agent.record.generation)
    assert behind.users["admin"] == NEW, "also when nobody types what the camera had"
    assert site.kept(camera).result == Result.SHARED.value


def test_P18_a_camera_that_is_off_gets_one_of_its_own_later_also_after_a_restart(
    site_of_hikvision: Site,
) -> None:
    site = site_of_hikvision
    camera, behind = plugged(site)
    behind.silent = True
    site.room.give_all(Secret(OLD), site.agent.record.generation)
    kept = site.kept(camera)
    assert (kept.result, kept.state) == (Result.WAITING.value, State.OFFLINE)
    assert behind.users == {"admin": FIRST}
    site.reboot()
    site.room.round()
    behind.silent = False
    site.room.round()
    assert behind.users == {"admin": FIRST}, "not before its time"
    site.clock.forward(BACKOFF[-1])
    site.room.round()
    assert site.kept(camera).result == Result.OWN.value
    assert behind.users["admin"] == stored(site, camera) not in (OLD, FIRST)


@pytest.mark.parametrize("calls", range(14))
@pytest.mark.parametrize("shared", [False, True])
def test_P18_cut_at_any_call_nothing_is_lost_and_it_ends_well(
    site_of_hikvision: Site, calls: int, *, shared: bool
) -> None:
    site = site_of_hikvision
    camera, behind = plugged(site)
    behind.after = calls
    site.room.give_all(Secret(OLD) if shared else None, site.agent.record.generation)
    known = {FIRST, OLD, stored(site, camera), stored(site, camera, Place.STAGED)}
    assert behind.users["admin"] in known
    if not shared:
        exactly_one_works(site, camera, behind)
    behind.after, behind.silent = None, False
    site.reboot()
    for _ in range(3):
        site.clock.forward(BACKOFF[-1])
        site.room.round()
    kept = site.kept(camera)
    assert kept.change is None
    assert kept.result in (Result.OWN.value, Result.SHARED.value)
    assert behind.users[kept.user] == stored(site, camera)
    assert behind.users["admin"] == (OLD if kept.result == Result.SHARED.value else stored(site, camera))


@pytest.mark.parametrize("calls", range(1, 6))
@pytest.mark.parametrize("shared", [False, True])
def test_P18_asking_again_never_writes_over_a_password_that_may_have_been_sent(
    site_of_hikvision: Site, calls: int, *, shared: bool
) -> None:
    site = site_of_hikvision
    camera, behind = plugged(site)
    behind.after = calls
    site.room.give_all(None, site.agent.record.generation)
    behind.after, behind.silent = None, False
    site.room.give_all(Secret(OLD) if shared else None, site.agent.record.generation)
    kept = site.kept(camera)
    assert kept.change is None
    assert behind.users[kept.user] == stored(site, camera)
    assert behind.users["admin"] == (OLD if shared else stored(site, camera))


def test_P18_a_camera_that_lies_is_told_of(site_of_recommended: Site) -> None:
    site = site_of_recommended
    camera, behind = plugged(site)
    behind.keeps_old = FIRST
    site.room.give_all(None, site.agent.record.generation)
    assert site.kept(camera).result == Result.BOTH.value
    refusing, other = plugged(site, OTHER)
    other.refuses = True
    site.room.give_all(None, site.agent.record.generation)
    assert site.kept(refusing).result == Result.REFUSED.value
    assert stored(site, refusing) == FIRST


def test_P18_a_camera_whose_password_is_not_known_is_left_alone(site_of_recommended: Site) -> None:
    site = site_of_recommended
    behind = MemoryCamera(FIRST)
    camera = site.put(HOST, behind)
    site.room.give_all(None, site.agent.record.generation)
    assert site.kept(camera).result == Result.UNKNOWN.value
    assert behind.tried == []
    site.agent.cameras.keep(camera.id, "admin", Secret("another one"))
    site.room.give_all(None, site.agent.record.generation)
    kept = site.kept(camera)
    assert (kept.result, kept.state, kept.change) == (Result.UNKNOWN.value, State.WRONG_PASSWORD, None)
    assert behind.users == {"admin": FIRST}


def test_P18_a_recovery_that_is_refused_changes_no_camera(site_of_hikvision: Site) -> None:
    site = site_of_hikvision
    camera, behind = plugged(site)
    assert site.room.recover(lambda: Refusal.EXPIRED, Secret(NEW), shared=True) is Refusal.EXPIRED
    assert site.kept(camera).change is None
    assert behind.users == {"admin": FIRST}


def test_P18_a_recovery_that_a_full_disk_stops_leaves_nothing_for_the_next_one(
    site_of_hikvision: Site,
) -> None:
    site = site_of_hikvision
    camera, behind = plugged(site)

    def stopped() -> Refusal | None:
        raise UnavailableError("store")

    with pytest.raises(UnavailableError):
        site.room.recover(stopped, Secret(NEW), shared=True)
    assert site.kept(camera).change is None
    choose(site.choosing())
    site.room.round()
    assert behind.users == {"admin": FIRST}, "the recovery that came about did not ask for the cameras"


def test_P18_power_fails_before_the_recovery_is_stored_and_no_camera_changes(site_of_hikvision: Site) -> None:
    site = site_of_hikvision
    camera, behind = plugged(site)
    site.room.changing.stage(site.agent.record.generation + 1)
    site.clock.forward(BACKOFF[-1])
    site.room.round()
    assert behind.users == {"admin": FIRST}
    site.reboot()
    assert site.kept(camera).change is None


def test_P26_a_camera_back_at_factory_state_is_set_up_in_one_step(site_of_recommended: Site) -> None:
    site = site_of_recommended
    camera, behind = plugged(site)
    behind.users.clear()
    site.room.round()
    assert site.kept(camera).state is State.FACTORY
    browser = site.signed_in()
    assert "at factory state" in browser.get("/camera/remote").words
    browser.get(f"/camera/remote/{camera.id}")
    page = browser.press(f"/camera/remote/{camera.id}/activate")
    assert page.path == f"/camera/remote/{camera.id}"
    assert "in order" in page.words
    assert behind.users == {"admin": stored(site, camera)}
    assert stored(site, camera) not in (None, FIRST)


def test_P18_the_page_says_what_becomes_of_each_camera(site_of_recommended: Site) -> None:
    site = site_of_recommended
    camera, _ = plugged(site)
    _, other = plugged(site, OTHER)
    other.silent = True
    browser = site.signed_in()
    browser.get("/camera/passwords")
    assert browser.press("/camera/passwords", {"current": "wrong"}).status == 422
    assert site.kept(camera).result == ""
    browser.get("/camera/passwords")
    words = browser.press("/camera/passwords", {"current": OLD}).words
    assert "1 of 2 cameras have their new password" in words or "1 of 2 camera has" in words
    assert f"{HOST}: has a new password of its own" in words
    assert f"{OTHER}: does not answer: it gets a password of its own later, by itself" in words
    browser.get("/camera/passwords/show")
    shown = browser.press("/camera/passwords/show", {"current": OLD}).words
    assert str(stored(site, camera)) in shown
    browser.get("/camera/passwords/show")
    assert str(stored(site, camera)) not in browser.press("/camera/passwords/show", {"current": "no"}).words


@pytest.mark.meets("asvs-13.2.3", "etsi-5.1-1")
def test_generated_passwords_are_of_three_kinds_and_hold_nothing_that_is_confused() -> None:
    entropy = FixedEntropy()
    made = {generated(entropy).text for _ in range(200)}
    assert len(made) == 200
    for text in made:
        assert len(text) == 16
        assert text.isalnum()
        assert not set(text) & set("lIO01")
        assert any(c.islower() for c in text)
        assert any(c.isupper() for c in text)
        assert any(c.isdigit() for c in text)

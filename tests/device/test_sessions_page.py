"""Configuration: who is signed in, and how that is ended."""

from __future__ import annotations

import re

import pytest

from sparekey.core.values import Face
from tests.device.recorder import OLD, Recorder
from tests.device.test_users import GUARD, add, sign_in

BOX = re.compile(r'name="session" value="([0-9a-f]{64})"')


@pytest.mark.meets("asvs-7.4.4", "asvs-7.5.2")
def test_one_sees_the_own_places_and_ends_one_with_the_password(recorder: Recorder) -> None:
    owner = recorder.signed_in()
    other = sign_in(recorder, "admin", OLD, "192.0.2.61")
    recorder.clock.forward(5 * 60)
    page = owner.get("/sessions")
    assert "192.0.2.61" in page.words
    assert "(here)" in page.words
    assert "5 min" in page.words
    (mark,) = BOX.findall(page.html)
    assert owner.press("/sessions", {"session": mark, "current": "wrong"}).status == 422
    assert other.get("/home").path == "/home"
    owner.get("/sessions")
    assert owner.press("/sessions", {"session": mark, "current": OLD}).path == "/sessions"
    assert "Nobody else is signed in." in owner.page.words
    assert other.get("/home").path == "/login"
    assert owner.get("/home").path == "/home"


@pytest.mark.meets("asvs-7.4.5", "asvs-7.5.2")
def test_an_administrator_ends_all_others(recorder: Recorder) -> None:
    owner = recorder.signed_in()
    add(owner)
    guard, again = sign_in(recorder, "guard", GUARD), sign_in(recorder, "admin", OLD, "192.0.2.61")
    assert len(BOX.findall(owner.get("/sessions").html)) == 2
    assert owner.press("/sessions", {"current": OLD}).status == 422
    assert "Choose at least one." in owner.page.words
    assert owner.press("/sessions", {"all": "yes", "current": OLD}).path == "/sessions"
    assert [one.get("/home").path for one in (guard, again, owner)] == ["/login", "/login", "/home"]


@pytest.mark.meets("asvs-8.2.2")
def test_others_see_and_end_their_own_alone(recorder: Recorder) -> None:
    owner = recorder.signed_in()
    add(owner)
    guard = sign_in(recorder, "guard", GUARD)
    (theirs,) = BOX.findall(owner.get("/sessions").html)
    page = guard.get("/sessions")
    assert "Nobody else is signed in." in page.words
    assert "admin" not in page.words
    form = page.form("/sessions")
    for chosen in ({"all": "yes"}, {"session": theirs}, {"session": "00" * 32}):
        guard.post("/sessions", {**form.values, **chosen, "current": GUARD})
        assert guard.get("/home").path == "/home"
        assert owner.get("/home").path == "/home"


def test_who_signed_in_at_the_screen_is_told_as_such(recorder: Recorder) -> None:
    owner = recorder.signed_in()
    recorder.agent.sign_in("admin", OLD, source="screen", face=Face.SCREEN)
    page = owner.get("/sessions")
    assert "The recorder's screen" in page.words
    assert len(BOX.findall(page.html)) == 1

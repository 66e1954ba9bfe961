"""The rules for users that every adapter of the port shares: all of a change, or nothing."""

from __future__ import annotations

import pytest

from sparekey.lan.onvif.device import (
    Level,
    Limits,
    User,
    UserRefusal,
    with_changed,
    with_created,
    with_deleted,
)

ADMIN = User("admin", Level.ADMINISTRATOR, "sesame-7410")
GUARD = User("guard", Level.OPERATOR, "nightwatch-3")
BOTH = (ADMIN, GUARD)
LIMITS = Limits(users=3, longest_name=8, shortest_password=8, longest_password=12)


def user(name: str = "new", password: str | None = "long-enough", level: Level = Level.USER) -> User:
    return User(name, level, password)


def test_new_users_come_after_the_old() -> None:
    assert with_created(BOTH, (user(),), LIMITS) == (*BOTH, user())


@pytest.mark.parametrize(
    ("added", "refusal"),
    [
        ((user("admin"),), UserRefusal.CLASH),
        ((user(), user()), UserRefusal.CLASH),
        ((user(), user("newer")), UserRefusal.TOO_MANY),
        ((user(""),), UserRefusal.NAME_TOO_SHORT),
        ((user("ninechars"),), UserRefusal.NAME_TOO_LONG),
        ((user(password=None),), UserRefusal.PASSWORD_TOO_WEAK),
        ((user(password=""),), UserRefusal.PASSWORD_TOO_WEAK),
        ((user(password="seven77"),), UserRefusal.PASSWORD_TOO_WEAK),
        ((user(password="thirteen-char"),), UserRefusal.PASSWORD_TOO_LONG),
    ],
)
def test_new_users_that_cannot_be(added: tuple[User, ...], refusal: UserRefusal) -> None:
    assert with_created(BOTH, added, LIMITS) is refusal


def test_a_change_keeps_the_order() -> None:
    admin, guard = user("admin", "another-one", Level.ADMINISTRATOR), user("guard")
    assert with_changed(BOTH, (guard, admin), LIMITS) == (admin, guard)


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ((user("guard"), user("nobody")), UserRefusal.UNKNOWN),
        ((user("nobody", None),), UserRefusal.UNKNOWN),
        ((user("guard", None),), UserRefusal.PASSWORD_TOO_WEAK),
        ((user("guard", "thirteen-char"),), UserRefusal.PASSWORD_TOO_LONG),
        ((user("admin"),), UserRefusal.LAST_ADMINISTRATOR),
    ],
)
def test_changes_that_cannot_be(changed: tuple[User, ...], refusal: UserRefusal) -> None:
    assert with_changed(BOTH, changed, LIMITS) is refusal


def test_deleted_users_are_gone() -> None:
    assert with_deleted(BOTH, ("guard",)) == (ADMIN,)


@pytest.mark.parametrize(
    ("names", "refusal"),
    [
        (("guard", "nobody"), UserRefusal.UNKNOWN),
        (("guard", "guard"), UserRefusal.UNKNOWN),
        (("admin",), UserRefusal.LAST_ADMINISTRATOR),
    ],
)
def test_deletions_that_cannot_be(names: tuple[str, ...], refusal: UserRefusal) -> None:
    assert with_deleted(BOTH, names) is refusal


def test_no_password_shows_in_a_user() -> None:
    assert "sesame" not in repr(ADMIN)

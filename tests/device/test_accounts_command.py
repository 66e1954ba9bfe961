"""The store behind a maker's program: what it asks, how strictly it reads, and what it makes of a change."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sparekey.core.crypto import hash_password
from sparekey.core.effects import RevokeAccount, SetPassword
from sparekey.core.errors import UnavailableError
from sparekey.core.record import Account, Record
from sparekey.core.values import Role
from sparekey.device.accounts.command import NAMES_LIMIT, UNCERTAIN, CommandAccounts
from sparekey.device.accounts.phc import phc
from sparekey.device.accounts.program import GARBLED, SLOW
from sparekey.testing.device import CHEAP
from tests.ports.accounts_bench import Faulty, InProcess

RECORD = Record(accounts=(Account("admin", None, Role.ADMIN),))
OLD, NEW, THIRD = (hash_password(password, bytes(16), CHEAP) for password in ("old", "new", "third"))
SET = SetPassword("admin", NEW)


class Canned:
    """Says what it was given, and remembers what it was asked."""

    def __init__(self, *answers: object) -> None:
        self.answers = list(answers)
        self.asked: list[dict[str, Any]] = []

    def ask(self, question: bytes) -> bytes:
        assert question.isascii()
        assert question.endswith(b"\n")
        assert question.count(b"\n") == 1
        self.asked.append(json.loads(question))
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer if isinstance(answer, bytes) else json.dumps(answer).encode()


def shows(kept: object) -> dict[str, object]:
    return {"version": 1, "hash": kept if kept is None or isinstance(kept, str) else phc(kept)}  # type: ignore[arg-type]


DONE: dict[str, object] = {"version": 1}


def test_questions_are_as_the_specification_says() -> None:
    program = Canned(
        {"version": 1, "right": True}, shows(OLD), DONE, shows(NEW), shows(NEW), DONE, shows(None)
    )
    store = CommandAccounts(program)
    assert store.verify(RECORD, "admin", 'p"á\n')
    assert store.carry_out(SET)
    assert store.carry_out(RevokeAccount("admin"))
    program.answers = [DONE, {"version": 1, "names": []}]
    assert store.erase()
    assert program.asked == [
        {"version": 1, "operation": "verify", "name": "admin", "password": 'p"á\n'},
        {"version": 1, "operation": "shown", "name": "admin"},
        {"version": 1, "operation": "set", "name": "admin", "hash": phc(NEW)},
        {"version": 1, "operation": "shown", "name": "admin"},
        {"version": 1, "operation": "shown", "name": "admin"},
        {"version": 1, "operation": "revoke", "name": "admin"},
        {"version": 1, "operation": "shown", "name": "admin"},
        {"version": 1, "operation": "erase"},
        {"version": 1, "operation": "list"},
    ]


def test_what_is_done_already_is_not_ordered_again() -> None:
    program = Canned(shows(NEW))
    assert CommandAccounts(program).carry_out(SET)
    assert [asked["operation"] for asked in program.asked] == ["shown"]


@pytest.mark.parametrize("answer", [DONE, UnavailableError(SLOW), b"garbage"])
def test_T21_only_what_is_shown_afterwards_counts(answer: object) -> None:
    assert CommandAccounts(Canned(shows(OLD), answer, shows(NEW))).carry_out(SET)
    assert not CommandAccounts(Canned(shows(OLD), answer, shows(OLD))).carry_out(SET)
    assert not CommandAccounts(Canned(shows(None), answer, shows(None))).carry_out(SET)
    assert not CommandAccounts(Canned(shows(OLD), answer, shows(OLD))).carry_out(RevokeAccount("admin"))
    for before, after in ((OLD, THIRD), (OLD, None), (None, THIRD)):
        with pytest.raises(UnavailableError) as error:
            CommandAccounts(Canned(shows(before), answer, shows(after))).carry_out(SET)
        assert error.value.slug == UNCERTAIN


def test_a_store_that_cannot_say_what_was_may_still_be_set() -> None:
    assert CommandAccounts(Canned(b"torn", DONE, shows(NEW))).carry_out(SET)
    with pytest.raises(UnavailableError) as error:
        CommandAccounts(Canned(b"torn", DONE, shows(OLD))).carry_out(SET)
    assert error.value.slug == UNCERTAIN, "whether the old one was shown before is not known"
    with pytest.raises(UnavailableError) as error:
        CommandAccounts(Canned(shows(OLD), DONE, b"torn")).carry_out(SET)
    assert error.value.slug == GARBLED


@pytest.mark.meets("asvs-16.5.2")
def test_T21_a_store_that_hangs_is_left_alone() -> None:
    program = Canned(UnavailableError(SLOW))
    with pytest.raises(UnavailableError):
        CommandAccounts(program).carry_out(SET)
    assert program.answers == []


READERS: list[tuple[str, Callable[[CommandAccounts], object], dict[str, object]]] = [
    ("verify", lambda store: store.verify(RECORD, "admin", "x"), {"version": 1, "right": False}),
    ("shown", lambda store: store.carry_out(SET), {"version": 1, "hash": phc(NEW)}),
    ("list", lambda store: store.names(RECORD), {"version": 1, "names": ["admin"]}),
    ("erase", lambda store: store.erase(), {"version": 1, "names": ["admin"]}),
]


VERSIONS: tuple[object, ...] = (0, 2, "1", 1.0, True, None, [1])
VALUES: tuple[object, ...] = (7, 1.5, {}, [7], "text", [["admin"]])


@pytest.mark.meets("asvs-1.3.2")
@pytest.mark.parametrize(("operation", "read", "good"), READERS, ids=[row[0] for row in READERS])
def test_reading_is_strict(
    operation: str, read: Callable[[CommandAccounts], object], good: dict[str, object]
) -> None:
    ahead = [DONE] if operation == "erase" else []
    tail = [DONE, shows(OLD)] if operation == "shown" else []

    def said(answer: object) -> None:
        read(CommandAccounts(Canned(*ahead, answer, *tail)))

    text = json.dumps(good)
    field = next(name for name in good if name != "version")
    said(good)
    said(f" \n{text}\r\n".encode())
    for bad in (
        b"",
        b"null",
        b"[]",
        b"7",
        text.encode() + b"x",
        text.encode() + text.encode(),
        text[:-1].encode(),
        text.encode("utf-16"),
        text.replace("}", ', "note": "\xff"}').encode("latin-1"),
        text.replace("}", ', "note": NaN}').encode(),
        text.replace("}", f', "{field}": null}}').encode(),
        text.replace("}", ', "version": 1}').encode(),
        b"[" * 60_000,
        b'{"version": ' + b"1" * 10_000 + b"}",
        good | {"extra": 1},
        {"version": 1},
        {field: good[field]},
        *({**good, "version": version} for version in VERSIONS),
        *({**good, field: value} for value in VALUES),
    ):
        with pytest.raises(UnavailableError) as error:
            said(bad)
        assert error.value.slug in (GARBLED, UNCERTAIN), bad


@given(st.binary(max_size=200) | st.text(max_size=100).map(str.encode))
def test_any_answer_is_an_answer_or_unavailable(answer: bytes) -> None:
    with pytest.raises(UnavailableError):
        CommandAccounts(Canned(answer)).verify(RECORD, "admin", "x")


@pytest.mark.parametrize(
    "names",
    [["admin", "admin"], [".."], ["-x"], ["a b"], [""], ["a" * 33], ["správce"], "admin", {"admin": 1}],
)
def test_names_are_names(names: object) -> None:
    with pytest.raises(UnavailableError):
        CommandAccounts(Canned({"version": 1, "names": names})).names(RECORD)
    many = [f"n{number}" for number in range(NAMES_LIMIT + 1)]
    assert len(CommandAccounts(Canned({"version": 1, "names": many[1:]})).names(RECORD)) == NAMES_LIMIT
    with pytest.raises(UnavailableError):
        CommandAccounts(Canned({"version": 1, "names": many})).names(RECORD)


@pytest.mark.parametrize(
    ("name", "password"),
    [
        *((name, "x") for name in ("", "..", "-rf", "a/b", "a\n", "a" * 33)),
        ("admin", "\ud800"),
        ("admin", "x" * 1025),
    ],
)
def test_what_nobody_can_have_is_asked_about_nobody(name: str, password: str) -> None:
    record = Record(accounts=(*RECORD.accounts, Account(name, None), Account("nobody", None)))
    program = Canned({"version": 1, "right": True})
    assert not CommandAccounts(program).verify(record, name, password)
    assert program.asked == [{"version": 1, "operation": "verify", "name": "nobody", "password": ""}]


@pytest.mark.meets("asvs-6.3.8")
def test_unknown_names_cost_the_same_call() -> None:
    program = Canned({"version": 1, "right": True}, {"version": 1, "right": False})
    store = CommandAccounts(program)
    assert not store.verify(RECORD, "stranger", "x")
    assert not store.verify(RECORD, "admin", "x")
    assert [set(asked) for asked in program.asked] == [set(program.asked[0])] * 2


def test_a_name_that_cannot_be_asked_about_is_never_stored() -> None:
    program = Canned()
    assert not CommandAccounts(program).carry_out(SetPassword("..", NEW))
    assert CommandAccounts(program).carry_out(RevokeAccount("..")), "it never was there"


def test_T21_an_erase_that_failed_or_lied_is_seen(tmp_path: Path) -> None:
    program = Faulty(InProcess(tmp_path), tmp_path, erase="lie")
    store = CommandAccounts(program)
    assert store.carry_out(SET)
    for fault in ("lie", "dead", "hang", "garbage"):
        program.faults = {"erase": fault}
        assert not store.erase()
        assert store.names(RECORD) == ("admin",)
    program.faults = {"erase": "done, dead"}
    assert store.erase()
    program.faults = {"list": "dead"}
    with pytest.raises(UnavailableError):
        store.erase()
